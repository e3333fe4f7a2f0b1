"""Quantities in other units: by pint, with names from a table, and refused where a question holds more than that."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from ..errors import ToolInputError
from .number_words import number_of
from .unit_names import CURRENCIES
from .unit_sums import are_a_pair, as_pair, converted, notes, number_text, options, region, rounded, sentence, shown
from .unit_words import Named, Quantity, UnitWords, name_of, read

MAX_CHARS = 600
_MAX_STRANGE_WORDS = 40
_ARITHMETIC = re.compile(
    r"\b(?:twice|doubled?|triple|sum|percent|per|times|multipl\w+|divid\w+|dozen|"
    r"a few|several|couple of|half|third|quarter|squared|cubed|cheaper|price|costs?|compared?|bigger|heavier|longer|"
    r"which is|density|bmi|translate|summari[sz]e|draft|transcribe|classify|attached|photo|picture|image|scan|pdf|"
    r"recording|poem|what happened|room for|fit in|how many times)\b|[%*×÷]|\d ?x ?\d"
)


def convert(value: float | str, to: str, source: str | None = None) -> dict[str, Any]:
    """A quantity in another unit: `convert(25, "km", "miles")`, `convert("5'11\\"", "cm")`.

    Raises:
        ToolInputError: a unit is not known, the two do not measure the same, or the value is no finite number.
    """
    if isinstance(value, int | float) and not math.isfinite(value):
        raise ToolInputError(f"a finite number is needed, got {value}")
    if source is None:
        return ask_units(f"{value} in {to}")
    values = (float(value),) if isinstance(value, int | float) else number_of(value)
    return _answer(Quantity(values, name_of(source)), _targets_of(to), UnitWords(f"Q0 in {to}"), "")


def ask_units(question: str) -> dict[str, Any]:
    """The answer to one question about units: a sentence, the value (several in a list) and the unit.

    Where a name means different sizes (gallon, cup, ton), the sentence says which was taken and what the other gives;
    where a number reads two ways (1.250), it says both.

    Raises:
        ToolInputError: nothing is converted, or two things are; units do not fit or are not known; money is asked for;
            or a number or too many words would be left over.
    """
    if not question.strip() or len(question) > MAX_CHARS:
        raise ToolInputError(f"a question of 1 to {MAX_CHARS} characters is needed, got {len(question.strip())}")
    money = CURRENCIES.search(question.lower())
    if money:
        raise ToolInputError(f"{money.group()!r} is money: no rates of exchange are known here")
    clock = re.search(r"\d:\d\d", question)
    if clock:
        raise ToolInputError(f"{clock.group()!r} is a time of the clock; write it such as 3 h 20 min")
    words = read(question)
    quantity = _source(words)
    joined = len(words.units) == 1 or re.search(r"U\d (?:and|&) U\d", words.text)
    targets = [unit for unit in words.units if joined or unit.units != quantity.unit.units]
    _check(words, targets)
    once = {(unit.units, unit.region): unit for unit in reversed(targets)}
    return _answer(quantity, [*reversed(once.values())], words, question)


def _source(words: UnitWords) -> Quantity:
    """What is converted; "square feet to square metres" is one of them, "km to miles: 25" has its number apart."""
    if len(words.quantities) == 1:
        return words.quantities[0]
    if len(words.quantities) > 1:
        said = ", ".join(_said(quantity) for quantity in words.quantities)
        raise ToolInputError(f"understood were {said}; one quantity is converted at a time, ask for one of them")
    paired = re.search(r"U0 (?:to|into|in|->|=>|→|as|is how many|in to|vs|equals?) (?:an? )?U1", words.text)
    if paired and len(words.units) >= 2 and len(words.numbers) <= 1:
        values = number_of(words.numbers.pop()) if words.numbers else (1.0,)
        return Quantity(values, words.units.pop(0))
    asked = re.search(
        r"how many U0 (?:are |is |make |go |fit |does )?(?:there )?(?:in|to|are|is)(?: an?| the| one)? U1", words.text
    )
    if asked and len(words.units) == 2 and not words.numbers:
        return Quantity((1.0,), words.units.pop(1))
    unplaced = [
        " ".join([number, *re.findall(rf"N{n}\s+([a-z]+)", words.text)]) for n, number in enumerate(words.numbers)
    ]
    what = f"; {', '.join(unplaced)} has no unit that is known here" if unplaced else ""
    raise ToolInputError(f"no quantity was understood{what}; write a number and its unit, such as 25 miles in km")


def _check(words: UnitWords, targets: Sequence[Named]) -> None:
    """Nothing may be left over that could change the answer."""
    if words.numbers:
        raise ToolInputError(
            f"understood was {', '.join(_said(quantity) for quantity in words.quantities) or 'no quantity'}, but the "
            f"number {', '.join(words.numbers)} could not be placed; leave it out, or give its unit"
        )
    found = _ARITHMETIC.search(words.text)
    if found:
        raise ToolInputError(f"{found.group()!r} is more than one conversion; ask for the conversion alone")
    more = re.search(r"U\d\s*(?:and|or|&|,) ([a-z]{3,})\W*$", words.text)
    if more and more[1] not in ("please", "thanks", "thank", "pls", "thx", "cheers", "back", "too"):
        raise ToolInputError(f"{more[1]!r} is no unit that is known here; ask without it")
    if not targets:
        raise ToolInputError("into which unit is not understood; say it, such as 25 miles in km")
    strange = re.findall(r"[^\W\d_]{3,}", re.sub(r"[QUN]\d", " ", words.text))
    if len(strange) > _MAX_STRANGE_WORDS:
        raise ToolInputError(f"the question has {len(strange)} words beside its quantity; ask in fewer")


def _targets_of(to: str) -> list[Named]:
    return [name_of(part) for part in re.split(r"\s*(?:,|\band\b|&)\s*", to.strip())]


def _answer(quantity: Quantity, targets: Sequence[Named], words: UnitWords, question: str) -> dict[str, Any]:
    if words.nearest and words.nearest.units[0] not in [unit for target in targets for unit in target.units]:
        raise ToolInputError(f"to the nearest {words.nearest.text} is no way to round another unit; ask for decimals")
    readings = [_reading(quantity, value, targets, words, question) for value in quantity.values]
    answer, values, signs = readings[0]
    if len(readings) > 1:
        answer = f"The number can be read in two ways: {answer} Or: {readings[1][0]}"
    answer = " ".join([answer, *notes(quantity, targets), *words.typos])
    single = len(values) == 1
    return {"answer": answer, "value": values[0] if single else values, "unit": signs[0] if single else signs}


def _reading(
    quantity: Quantity, value: float, targets: Sequence[Named], words: UnitWords, question: str
) -> tuple[str, list[float], list[str]]:
    """The sentence, the values and the signs for one reading of the number."""
    sentences, values, signs = [], [], []
    choices = [options(quantity.unit, target, region(question)) for target in targets]
    if len(targets) == 2 and are_a_pair(words, choices):
        return as_pair(quantity, value, [each[0] for each in choices], words)
    for pairs in choices:
        (main, *others) = [(converted(quantity, value, a, b, words), a, b) for a, b in pairs]
        sentences.append(sentence(quantity, value, main, words))
        values.append(rounded(main[0], words))
        signs.append(main[2].sign)
        different = [each for each in others if shown(each[0], words) != shown(main[0], words)]
        if different:
            taken = main[1].region or main[2].region
            also = "; ".join(sentence(quantity, value, each, words).rstrip(".") for each in different)
            sentences.append(f"Taken as {taken}; otherwise: {also}.")
    return " ".join(sentences), values, signs


def _said(quantity: Quantity) -> str:
    return f"{number_text(quantity.values[0])} {quantity.unit.text}"
