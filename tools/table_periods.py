"""Days, months, years and weekdays in a question, and which days of a column they are."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .table_columns import Column
from .table_filters import TESTS, Filter, rows_where, spanning, touches
from .table_question import Mark, Question
from .table_words import DATE_COMPARISONS, MONTHS, WEEKDAYS

_MONTH = (
    {name: at for at, name in enumerate(MONTHS, 1)} | {name[:3]: at for at, name in enumerate(MONTHS, 1)} | {"sept": 9}
)
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_DATES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})"),
)
_SAID_DATE = {">": "after", ">=": "from", "<": "before", "<=": "until", "=": "in"}
_AROUND_MAY = frozenset("in of since and between to until till before after during from for by through or".split())


@dataclass(frozen=True)
class Period:
    """A day, month, quarter, year or weekday: what is 0 was not said."""

    year: int = 0
    month: int = 0
    day: int = 0
    quarter: int = 0
    weekdays: tuple[int, ...] = ()

    def holds(self, day: date) -> bool:
        return (
            self.year in (0, day.year)
            and self.month in (0, day.month)
            and self.day in (0, day.day)
            and self.quarter in (0, (day.month + 2) // 3)
            and (not self.weekdays or day.weekday() in self.weekdays)
        )

    def first(self) -> date:
        return date(self.year, self.month or self.quarter * 3 - 2 if self.quarter else self.month or 1, self.day or 1)

    def last(self) -> date:
        if self.day:
            return self.first()
        month = self.month or self.quarter * 3 or 12
        return (date(self.year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)

    @property
    def is_named(self) -> bool:
        """Whether it has a place in a calendar but for the year."""
        return bool(self.month or self.quarter) and not self.weekdays


def mark_periods(question: Question) -> None:
    """Dates, months with their year and day, years after "in", weekdays, quarters."""
    at = 0
    while at < len(question.words):
        found = _period_at(question, at) if question.free[at] else None
        if found:
            end, period = found
            question.put(Mark("period", at, end, period))
            at = end
        else:
            at += 1
    _lend(question)


def _period_at(question: Question, at: int) -> tuple[int, Period] | None:
    for read in (_whole_date, _day_month, _month_day, _weekday, _quarter, _year):
        if found := read(question, at):
            return found if question.is_free(at, found[0]) and _exists(found[1]) else None
    return None


def _exists(period: Period) -> bool:
    try:
        replace(period, year=period.year or 2024).first()
    except ValueError:
        return False
    return True


def _whole_date(question: Question, at: int) -> tuple[int, Period] | None:
    found = next((m for pattern in _DATES if (m := pattern.fullmatch(question.folded[at]))), None)
    parts = found.groupdict() if found else {}
    return (at + 1, Period(int(parts["y"]), int(parts["m"]), int(parts.get("d") or 0))) if found else None


def _month(question: Question, at: int) -> int:
    """The number of a month's name; "may" is one only where a month would stand."""
    word = question.folded[at] if at < len(question.words) else ""
    if word == "may" and question.before(at) not in _AROUND_MAY and not _DAY.fullmatch(question.before(at) or "-"):
        return 0
    return _MONTH.get(word, 0)


def _year_number(question: Question, at: int) -> int:
    word = question.folded[at] if at < len(question.words) else ""
    return int(word) if re.fullmatch(r"(?:19|20)\d\d", word) else 0


def _day_month(question: Question, at: int) -> tuple[int, Period] | None:
    day = _DAY.fullmatch(question.folded[at])
    after = at + 2 if at + 1 < len(question.words) and question.folded[at + 1] == "of" else at + 1
    month = _month(question, after) if day else 0
    if not day or not month or not 0 < int(day[1]) < 32:
        return None
    year = _year_number(question, after + 1)
    return after + 1 + bool(year), Period(year, month, int(day[1]))


def _month_day(question: Question, at: int) -> tuple[int, Period] | None:
    month = _month(question, at)
    if not month:
        return None
    next_word = question.folded[at + 1] if at + 1 < len(question.words) else ""
    if (day := _DAY.fullmatch(next_word)) and 0 < int(day[1]) < 32:
        year = _year_number(question, at + 2)
        return at + 2 + bool(year), Period(year, month, int(day[1]))
    after = at + 1 + (next_word in ("of", "in") and bool(_year_number(question, at + 2)))
    year = _year_number(question, after)
    return (after + 1 if year else at + 1), Period(year, month)


def _weekday(question: Question, at: int) -> tuple[int, Period] | None:
    base = question.stems[at]
    days = {"weekend": (5, 6), "weekday": (0, 1, 2, 3, 4)}.get(base, ())
    if base in WEEKDAYS:
        days = (WEEKDAYS.index(base),)
    grouped = base == "weekday" and question.before(at) in ("per", "by", "each", "every")
    return (at + 1, Period(weekdays=days)) if days and not grouped else None


def _quarter(question: Question, at: int) -> tuple[int, Period] | None:
    found = re.fullmatch(r"q([1-4])", question.folded[at])
    year = _year_number(question, at + 1) if found else 0
    return (at + 1 + bool(year), Period(year, quarter=int(found[1]))) if found else None


def _year(question: Question, at: int) -> tuple[int, Period] | None:
    """A year alone: where there is a column of dates, or "in" before it."""
    year = _year_number(question, at)
    dated = bool(question.sheet.dates())
    said = dated and question.before(at) in ("in", "during", "of", "for", "year", "and", "or", *DATE_COMPARISONS)
    return (at + 1, Period(year)) if year and said else None


def _lend(question: Question) -> None:
    """ "between 5 and 10 March", "in July and August 2026": the earlier one has what the later one has."""
    marks = question.of("period")
    for mark in reversed(marks):
        at = mark.start
        if at < 2 or question.folded[at - 1] not in ("and", "to", "or", "until", "till", "-", "–", "through"):
            continue
        day = _DAY.fullmatch(question.folded[at - 2])
        if day and question.is_free(at - 2, at - 1) and mark.what.day and 0 < int(day[1]) < 32:
            question.put(Mark("period", at - 2, at - 1, replace(mark.what, day=int(day[1]))))
        earlier = next((other for other in marks if other.end == at - 1), None)
        if earlier and earlier.what.is_named and not earlier.what.year and mark.what.is_named:
            earlier.what = replace(earlier.what, year=mark.what.year)


def period_filters(question: Question) -> list[Filter]:
    """The conditions that days, months, years and weekdays make."""
    marks = question.of("period")
    filters: list[Filter] = []
    skip: Mark | None = None
    for at, mark in enumerate(marks):
        if mark is skip:
            continue
        following = marks[at + 1] if at + 1 < len(marks) else None
        column = _date_column(question, mark)
        if column is None:
            continue
        lead = question.before(mark.start)
        said = " ".join(question.words[mark.start : mark.end])
        middle = tuple(question.folded[mark.end : following.start]) if following else ()
        if following and (lead, *middle) in (("between", "and"), ("from", "to"), ("from", "until"), ("from", "till")):
            skip = following
            question.free[mark.start - 1] = False
            low, high = _placed(question, column, mark.what), _placed(question, column, following.what)
            rows = rows_where(question, column, lambda cell, a=low, b=high: a.first() <= cell <= b.last())
            until = " ".join(question.words[following.start : following.end])
            filters.append(Filter(column, rows, f"from {said} to {until}", mark.start - 1, following.end))
        elif lead in DATE_COMPARISONS and not mark.what.weekdays and (lead != "from" or not mark.what.year):
            question.free[mark.start - 1] = False
            sign, when = DATE_COMPARISONS[lead], _placed(question, column, mark.what)
            edge = when.last() if sign in (">", "<=") else when.first()
            rows = rows_where(question, column, lambda cell, sign=sign, edge=edge: TESTS[sign](cell, edge))
            filters.append(Filter(column, rows, f"{_SAID_DATE[sign]} {said}", mark.start - 1, mark.end))
        else:
            when = _placed(question, column, mark.what) if mark.what.is_named else mark.what
            rows = rows_where(question, column, when.holds)
            lead = "on" if mark.what.day or mark.what.weekdays else "in"
            filters.append(Filter(column, rows, f"{lead} {said}", mark.start, mark.end, adds=True))
    return filters


def _date_column(question: Question, mark: Mark) -> Column | None:
    """The column of dates that is meant; None, and the words free again, if there is none."""
    dates = question.sheet.dates()
    named = [c for m in question.of("column") for c in m.columns if c.kind == "date" and len(m.columns) == 1]
    fitting = list({id(c): c for c in named}.values()) or dates
    for m in question.of("column"):
        if m.columns == fitting and touches(question, m, spanning(mark, mark.start - 1, mark.end)):
            m.kind = "absorbed"
    if len(fitting) == 1 and not fitting[0].unsure:
        return fitting[0]
    if fitting and fitting[0].unsure:
        raise question.sheet.refusal(f"in the column “{fitting[0].name}” it cannot be told {fitting[0].unsure}")
    if fitting:
        names = " and ".join(f"“{c.name}”" for c in fitting)
        raise question.sheet.refusal(f"more than one column has dates, {names}; say which is meant")
    question.free[mark.start : mark.end] = [True] * (mark.end - mark.start)
    question.marks.remove(mark)
    return None


def _placed(question: Question, column: Column, period: Period) -> Period:
    """With the year that all dates of the column have, where none was said."""
    if period.year:
        return period
    years = sorted({cell.year for row in question.sheet.rows if (cell := column.cells[row]) and period.holds(cell)})
    every = sorted({column.cells[row].year for row in question.sheet.rows if column.cells[row] is not None})
    if len(years) > 1 or (not years and len(every) > 1):
        shown = ", ".join(map(str, years or every))
        raise question.sheet.refusal(
            f"the dates of “{column.name}” are of several years ({shown}); say which year is meant"
        )
    return replace(period, year=(years or every)[0])
