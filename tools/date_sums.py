"""Reckoning with dates, and the sentence that says what came out."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from ..errors import ToolInputError
from .date_asks import Ask
from .date_words import Span
from .near_days import MONTHS, WEEKDAYS

_NO_HOLIDAYS = "Working days are Monday to Friday; public holidays are not known here."


@dataclass(frozen=True)
class Result:
    """The answer in words, as a value, and what the value is."""

    answer: str
    value: Any
    unit: str


def day_name(day: date) -> str:
    """3 May 2027"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def full_name(day: date) -> str:
    """Monday, 3 May 2027"""
    return f"{WEEKDAYS[day.weekday()]}, {day_name(day)}"


def counted(number: int, unit: str) -> str:
    """ "1 day", "2 days", "1,234 days" """
    return f"{number:,} {unit.removesuffix('s') if number == 1 else unit}"


def weekday(days: Sequence[date], ask: Ask, today: date) -> Result:
    day = days[0]
    name = WEEKDAYS[day.weekday()]
    is_ = "was" if day < today else "is"
    return Result(f"{_verdict(day, ask)}{day_name(day)} {is_} a {name}{_rather(day, ask)}.", name, "weekday")


def on_date(days: Sequence[date], ask: Ask, today: date) -> Result:
    return Result(f"{_verdict(days[0], ask)}It is {full_name(days[0])}.", days[0].isoformat(), "date")


def added(day: date, spans: Sequence[Span], ask: Ask) -> Result:
    """The date that lies the spans before or after a day, one after the other."""
    end, notes = day, []
    for span, sign in zip(spans, ask.signs, strict=True):
        for unit, number in span.parts:
            before, end = end, _moved(end, unit, sign * number, ask.working)
            notes += _clipped(before, end, unit)
    if ask.working or any(unit == "working days" for span in spans for unit, _ in span.parts):
        notes.append(_NO_HOLIDAYS)
    way = " and ".join(
        f"{_span_text(span)}{' (Monday to Friday)' if ask.working and 'working' not in span.text else ''} "
        f"{'after' if sign > 0 else 'before'}"
        for span, sign in zip(spans, ask.signs, strict=True)
    )
    answer = f"{_verdict(end, ask)}{way} {full_name(day)}, it is {full_name(end)}."
    return Result(" ".join([answer[0].upper() + answer[1:], *notes]), end.isoformat(), "date")


def between(days: Sequence[date], ask: Ask, today: date) -> Result:
    """How long it is from one day to another, in the units asked for."""
    first, last = sorted(days)
    if ask.working:
        return _working_between(first, last, ask)
    units = ask.units or ("days",)
    number = (last - first).days + ask.inclusive
    length = relativedelta(last + timedelta(days=int(ask.inclusive)), first)
    parts = _PARTS.get(units[0], _PARTS["days"])(number, length)
    span = f"From {full_name(first)} to {full_name(last)}"
    also = [] if len(units) == 1 and units[0] == "days" else [counted(number, "days")]
    if ask.inclusive:
        also.append("both days counted")
    elif units == ("days",):
        also.append(f"{number + 1:,} when both days are counted")
    told = f"{span} it is {parts}{f' ({_listed(also)})' if also else ''}."
    value = _VALUES.get(units[0], _VALUES["days"])(number, length)
    return Result(told, int(value) if ask.whole else value, units[0])


def age(days: Sequence[date], ask: Ask, today: date) -> Result:
    """Full years from a day of birth to another day."""
    born, day = sorted(days)
    length = relativedelta(day, born)
    years = counted(length.years, "years") if length.years else _mixed(0, length)
    exact = f" ({_mixed(0, length)})" if length.years and (length.months or length.days) else ""
    is_ = "was" if day < today else "is"
    told = f"Somebody born on {day_name(born)} {is_} {years} old on {full_name(day)}{exact}."
    return Result(told, length.years, "years")


def week(days: Sequence[date], ask: Ask, today: date) -> Result:
    year, number, _ = days[0].isocalendar()
    monday = days[0] - timedelta(days=days[0].weekday())
    told = (
        f"{full_name(days[0])} lies in ISO week {number} of {year} ({day_name(monday)} to "
        f"{day_name(monday + timedelta(days=6))})."
    )
    return Result(told, number, "ISO week")


def day_of_year(days: Sequence[date], ask: Ask, today: date) -> Result:
    number, last = days[0].timetuple().tm_yday, 365 + isleap(days[0].year)
    return Result(f"{full_name(days[0])} is day {number} of the {last} days of its year.", number, "day of the year")


def leap_year(year: int) -> Result:
    found = isleap(year)
    why = f"29 February {year} {'exists' if found else 'does not exist'}"
    return Result(f"{year} is {'a' if found else 'no'} leap year: {why}.", found, "leap year")


# What answers each kind of question about days that are known.
KINDS: dict[str, Callable[[Sequence[date], Ask, date], Result]] = {
    "weekday": weekday, "date": on_date, "between": between, "age": age, "week": week, "day of the year": day_of_year,
}  # fmt: skip


def _moved(day: date, unit: str, number: int, working: bool) -> date:
    try:
        if unit == "working days" or (working and unit == "days"):
            return _working(day, number)
        steps = {"days": {"days": number}, "weeks": {"weeks": number}, "fortnights": {"weeks": 2 * number},
                 "months": {"months": number}, "years": {"years": number},
                 "decades": {"years": 10 * number}}  # fmt: skip
        return day + relativedelta(None, None, **steps[unit])
    except (OverflowError, ValueError) as error:
        raise ToolInputError(f"{number} {unit} from {day_name(day)} lies outside of the years 1 to 9999") from error


def _span_text(span: Span) -> str:
    return _listed([counted(number, unit) for unit, number in span.parts])


def _working(day: date, number: int) -> date:
    if abs(number) > 100_000:
        raise OverflowError
    step = timedelta(days=1 if number > 0 else -1)
    for _ in range(abs(number)):
        day += step
        while day.weekday() > 4:
            day += step
    return day


def _clipped(before: date, after: date, unit: str) -> list[str]:
    if unit not in ("months", "years", "decades") or after.day == before.day:
        return []
    month = f"{MONTHS[after.month - 1]} {after.year}"
    return [f"{month} has only {monthrange(after.year, after.month)[1]} days: its last one was taken."]


def _working_between(first: date, last: date, ask: Ask) -> Result:
    days = range(0 if ask.inclusive else 1, (last - first).days + 1)
    number = sum((first.toordinal() + n - 1) % 7 < 5 for n in days)
    how = "both days counted" if ask.inclusive else "the first day not counted, the last one counted"
    told = (
        f"From {full_name(first)} to {full_name(last)} it is {counted(number, 'working days')} ({how}). {_NO_HOLIDAYS}"
    )
    return Result(told, number, "working days")


def _mixed(number: int, length: relativedelta) -> str:
    parts = [counted(n, unit) for n, unit in ((length.years, "years"), (length.months, "months")) if n]
    return _listed([*parts, counted(length.days, "days")] if length.days or not parts else parts)


def _weeks(number: int, length: relativedelta) -> str:
    whole, rest = divmod(number, 7)
    return _listed([counted(whole, "weeks"), *([counted(rest, "days")] if rest else [])])


def _months(number: int, length: relativedelta) -> str:
    parts = [counted(12 * length.years + length.months, "months")]
    return _listed([*parts, *([counted(length.days, "days")] if length.days else [])])


_PARTS: dict[str, Callable[[int, relativedelta], str]] = {
    "days": lambda number, length: counted(number, "days"),
    "weeks": _weeks,
    "months": _months,
    "years": _mixed,
}
# Weeks as they are, months and years whole: a part of a month is no number.
_VALUES: dict[str, Callable[[int, relativedelta], float]] = {
    "days": lambda number, length: number,
    "weeks": lambda number, length: number // 7 if number % 7 == 0 else round(number / 7, 2),
    "months": lambda number, length: 12 * length.years + length.months,
    "years": lambda number, length: length.years,
}


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _verdict(day: date, ask: Ask) -> str:
    """ "Yes, " or "No, ", where one weekday is claimed and nothing but that is asked."""
    if len(ask.claimed) != 1 or (ask.kind != "weekday" and not ask.claims):
        return ""
    return "Yes, " if day.weekday() == ask.claimed[0] else "No, "


def _rather(day: date, ask: Ask) -> str:
    wrong = len(ask.claimed) == 1 and day.weekday() != ask.claimed[0]
    return f", not a {WEEKDAYS[ask.claimed[0]]}" if wrong else ""
