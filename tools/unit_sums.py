"""Converting by pint, which of several units of one name is meant, and how the result is told."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from ..errors import ToolInputError
from .unit_names import DEFINITIONS, Unit
from .unit_words import REGIONS, Named, Quantity, UnitWords

# Pairs that are told as one: 5 ft 11 in.
_PAIRS = {("ft", "in"), ("lb", "oz"), ("st", "lb"), ("h", "min"), ("min", "s"), ("days", "h"), ("m", "cm"), ("kg", "g"),
          ("yd", "ft"), ("weeks", "days")}  # fmt: skip
_SAYS = (
    (
        {"kB", "MB", "GB", "TB", "PB", "kbit", "Mbit", "Gbit"},
        "Decimal prefixes were taken (1 GB = 1,000 MB); binary ones are written GiB and MiB.",
    ),
    ({"years"}, "A year was taken as 365.25 days."),
)  # fmt: skip


def options(source: Named, target: Named, region: str) -> list[tuple[Unit, Unit]]:
    """Pairs of units that the names can mean and that measure the same, the one to take first.

    Raises:
        ToolInputError: there is none.
    """
    kinds = [unit.kind for unit in source.units if unit.kind in {each.kind for each in target.units}]
    if not kinds:
        raise _misfit(source, target)
    first = [unit for unit in source.units if unit.kind == kinds[0]]
    second = [unit for unit in target.units if unit.kind == kinds[0]]
    pairs = [
        (a, b)
        for a in first
        for b in second
        if not (a.region and b.region) or a.region == b.region or _fixed(source, target)
    ]
    pairs = [(a, b) for a, b in pairs if a.pint != b.pint or source.units == target.units]
    if not pairs:
        raise _misfit(source, target)
    for named, place in ((source, 0), (target, 1)):
        wanted = named.region or region
        fitting = [pair for pair in pairs if pair[place].region == wanted]
        pairs = fitting or pairs
    return pairs


def _misfit(source: Named, target: Named) -> ToolInputError:
    a, b = source.units[0], target.units[0]
    return ToolInputError(
        f"{source.text} measures {a.kind} and {target.text} measures {b.kind}: the one cannot be given in the other"
    )


def _fixed(source: Named, target: Named) -> bool:
    return bool(source.region and target.region)


def region(question: str) -> str:
    """The one region that a question names: "US" in capitals only, for "us" are we."""
    found = {
        REGIONS.get(word.lower(), "") for word in re.findall(r"\b(?:US|UK|[Ii]mperial|British|American)\b", question)
    }
    found |= {"US"} if re.search(r"\bUSA\b", question) else set()
    return found.pop() if len(found) == 1 else ""


@cache
def registry() -> Any:
    """pint's units; made once, which takes a third of a second."""
    from pint import UnitRegistry

    units = UnitRegistry()
    for definition in DEFINITIONS:
        units.define(definition)
    return units


def converted(quantity: Quantity, value: float, source: Unit, target: Unit, words: UnitWords) -> float:
    """The quantity in the target, a temperature as one unless a difference of two is meant.

    Raises:
        ToolInputError: a temperature lies below absolute zero, or no fuel at all is used.
    """
    units = registry()
    if source.kind == "temperature" and not words.difference:
        if units.Quantity(value, source.pint).to("kelvin").magnitude < -1e-9:
            raise ToolInputError(f"{number_text(value)} {source.sign} lies below absolute zero; correct it")
        return float(units.Quantity(value, source.pint).to(target.pint).magnitude)
    names = [f"delta_{unit.pint}" if unit.pint in ("degC", "degF") else unit.pint for unit in (source, target)]
    whole = units.Quantity(math.copysign(abs(value), value), names[0])
    for part, named in quantity.rest:
        whole += units.Quantity(math.copysign(part, value), named.units[0].pint)
    if source.kind == "fuel use" and not whole.check(units.Quantity(1, names[1]).dimensionality):
        if not value:
            raise ToolInputError(f"0 {source.sign} cannot be given in {target.sign}; correct it")
        whole = 1 / whole  # miles per gallon and litres per mile
    return float(whole.to(names[1]).magnitude)


def are_a_pair(words: UnitWords, options: Sequence[Sequence[tuple[Unit, Unit]]]) -> bool:
    """Whether two targets are told as one, such as feet and inches."""
    signs = (options[0][0][1].sign, options[1][0][1].sign)
    return signs in _PAIRS and bool(
        re.search(r"U\d (?:and|&|\+) U\d|U\d,? U\d| in [a-z]+ (?:and|&) [a-z]+$", words.text)
    )


def as_pair(
    quantity: Quantity, value: float, pairs: Sequence[tuple[Unit, Unit]], words: UnitWords
) -> tuple[str, list[float], list[str]]:
    """5 ft 10.87 in: the first whole, the rest in the second."""
    (source, larger), (_, smaller) = pairs
    total = converted(quantity, value, source, smaller, words)
    size = float(registry().Quantity(1, larger.pint).to(smaller.pint).magnitude)
    rest = round(abs(total), words.decimals if words.decimals is not None else 2)
    whole, part = divmod(rest, round(size, 9))
    part = round(part, words.decimals if words.decimals is not None else 2)
    sign = "-" if total < 0 else ""
    equal = "=" if math.isclose(rest, abs(total), rel_tol=1e-9) else "≈"
    told = f"{_source_text(quantity, value, source)} {equal} {sign}{number_text(whole)} {larger.sign}"
    told = f"{told} {number_text(part)} {smaller.sign}."
    return told, [_plain(whole * (-1 if sign else 1)), _plain(part)], [larger.sign, smaller.sign]


def sentence(quantity: Quantity, value: float, result: tuple[float, Unit, Unit], words: UnitWords) -> str:
    """25 mi ≈ 40.23 km."""
    number, source, target = result
    equal = "=" if math.isclose(rounded(number, words), number, rel_tol=1e-9, abs_tol=1e-12) else "≈"
    if words.complete and equal == "≈":
        exact = number_text(_half_up(number, 2))
        number_of = _with_sign(shown(number, words), target)
        return f"{_source_text(quantity, value, source)} are {number_of} and a part of the next ({exact})."
    difference = "a difference of " if words.difference and source.kind == "temperature" else ""
    told = f"{difference}{_source_text(quantity, value, source)} {equal} {_with_sign(shown(number, words), target)}."
    return told[0].upper() + told[1:]


def _source_text(quantity: Quantity, value: float, unit: Unit) -> str:
    parts = [
        f"{_with_sign(number_text(round(value, 6) or value), unit)}",
        *(f"{number_text(part)} {named.units[0].sign}" for part, named in quantity.rest),
    ]
    return " ".join(parts)


def _with_sign(number: str, unit: Unit) -> str:
    """ "1 day", "2 days": signs that are words have a plural."""
    plural = len(unit.sign.split()[-1]) > 3 and unit.sign.endswith("s")
    return f"{number} {unit.sign.removesuffix('s') if number == '1' and plural else unit.sign}"


def rounded(number: float, words: UnitWords) -> float:
    """As asked; otherwise to two decimals, and below 1 to three figures."""
    if words.figures is not None and number:
        return _half_up(number, words.figures - 1 - math.floor(math.log10(abs(number))))
    if words.complete:
        return math.trunc(round(number, 9))
    if words.decimals is not None:
        return _half_up(number, words.decimals)
    if abs(number) >= 1 or not number:
        return _half_up(number, 2)
    return _half_up(number, 2 - math.floor(math.log10(abs(number))))


def _half_up(number: float, decimals: int) -> float:
    """Rounded as people do it: 9.525 is 9.53."""
    if abs(number) >= 1e15:
        return number
    step = Decimal(1).scaleb(-decimals)
    return _plain(float(Decimal(f"{number:.14g}").quantize(step, ROUND_HALF_UP)))


def shown(number: float, words: UnitWords) -> str:
    """A result as a person writes it, rounded as asked."""
    result = rounded(number, words)
    return f"{result:,.{words.decimals}f}" if words.decimals and words.decimals > 0 else number_text(result)


def _plain(number: float) -> float:
    return int(number) if float(number).is_integer() and abs(number) < 2**53 else number


def number_text(number: float) -> str:
    """1,234.5"""
    number = _plain(number)
    if isinstance(number, int):
        return f"{number:,}"
    if abs(number) < 1e-6 or abs(number) >= 1e15:
        return f"{number:g}"
    return f"{number:,.15g}"


def notes(quantity: Quantity, targets: Sequence[Named]) -> list[str]:
    """What has to be said with some units."""
    signs = {unit.sign for named in (quantity.unit, *targets) for unit in named.units[:1]}
    return [said for units, said in _SAYS if signs & units]
