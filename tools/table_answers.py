"""Numbers, names and lists out of a table in the words of a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from .table_filters import Filter

_PREFIXED = ("$", "£", "US$")
_CURRENCY = ("€", "$", "£", "US$", "CHF", "zł", "kr")
_PERIODS = ("in ", "on ", "after ", "from ", "before ", "until ")
_MOST_SHOWN = 30


def bare(value: Any, places: int | None = None) -> Any:
    """The plain value: whole numbers as such, rounded as is taught (2.5 gives 3), days as 2026-03-05."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    from .arithmetic import calculate

    number = float(f"{value:.12g}") if isinstance(value, float) else value
    if places is not None:
        scale = 10**places if places >= 0 else 1 / 10**-places
        number = int(calculate(f"floor({abs(number) * scale!r} + 0.5)")) / scale * (1 if number >= 0 else -1)
    return int(number) if float(number).is_integer() and abs(number) < 2**53 else number


def told(value: Any, unit: str = "", places: int | None = None) -> str:
    """A value in a sentence: two decimals at most unless more were asked for, and its unit."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.day} {value:%B} {value.year}"
    if not isinstance(value, int | float):
        return "nothing" if value is None else str(value)
    plain = bare(value, 2 if places is None else places)
    figure = str(plain)
    if isinstance(plain, float):
        money = unit in _CURRENCY and places is None
        figure = f"{plain:.2f}" if money else f"{plain:.{max(places or 0, 2)}f}".rstrip("0").rstrip(".")
    if unit in _PREFIXED:
        return f"-{unit}{figure[1:]}" if figure.startswith("-") else f"{unit}{figure}"
    return f"{figure}{'' if unit in ('%', '') else ' '}{unit}"


def joined(parts: Sequence[str]) -> str:
    """ "a, b and c"; the rest of a long list is counted."""
    shown = [*parts[:_MOST_SHOWN], f"{len(parts) - _MOST_SHOWN} more"] if len(parts) > _MOST_SHOWN + 1 else [*parts]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def clause(filters: Sequence[Filter]) -> str:
    """The conditions as they close a sentence's subject: ` for “North” in July, without “torn”`."""
    kept = [each for each in filters if not each.negated]
    parts: list[str] = []
    for at, each in enumerate(kept):
        again = at > 0 and kept[at - 1].column is each.column and each.adds
        lead = " or " if again else " " if each.said.startswith(_PERIODS) else " with "
        parts.append(lead + (_shortened(each) if again else each.said))
    without = [each.said for each in filters if each.negated]
    return "".join(parts) + (f" without {joined(without)}" if without else "")


def _shortened(each: Filter) -> str:
    return each.said.removeprefix(f"{each.column.spoken} ").removeprefix("in ").removeprefix("on ")


def has(number: int) -> str:
    return "has" if number == 1 else "have"


def verb(word: str, number: int = 1) -> str:
    """ "is", or "are" for several and for "hours"."""
    return "are" if number > 1 or (word.endswith("s") and not word.endswith("ss")) else "is"


def sentence(text: str, notes: Sequence[str]) -> str:
    """The text with what was left out, as one sentence."""
    return f"{text[:1].upper()}{text[1:]}{''.join(f', {note}' for note in notes)}."
