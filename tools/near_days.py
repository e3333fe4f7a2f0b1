"""Days that are named from another one: tomorrow, next Friday, a week on Tuesday, the third Sunday of March 2027."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
# In French, German, Spanish and Italian, beside a day: "8 mai 2026".
FOREIGN_MONTHS = {
    name: MONTHS[place % 12]
    for place, name in enumerate(
        """janvier février mars avril mai juin juillet août septembre octobre novembre décembre
        januar februar märz april mai juni juli august september oktober november dezember
        enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
        gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre""".split()
    )
}
# Shortened, or with a slip in the middle: "febuary", "septembre".
MONTH = (
    r"(?:jan(?:[a-z]*ry)?|feb(?:[a-z]*ry)?|mar(?:ch)?|apr(?:[a-z]*l)?|may|june?|july?|aug(?:[a-z]*st)?|"
    r"sept?(?:[a-z]*(?:er|re))?|oct(?:[a-z]*er)?|nov(?:[a-z]*er)?|dec(?:[a-z]*er)?)\b\.?"
)
WEEKDAY = r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_DAY = rf"({WEEKDAY})\b(?!s| the \d| \d)"


def weekday_number(name: str) -> int:
    """0 for a Monday, by its name or its first three letters."""
    return next(n for n, day in enumerate(WEEKDAYS) if day.lower().startswith(name[:3].lower()))


_RANKS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4,
          "5th": 4, "last": -1}  # fmt: skip


def month_number(name: str) -> int:
    """1 for January, by its name or its first three letters."""
    return next(n for n, month in enumerate(MONTHS, 1) if month.lower().startswith(name[:3].lower()))


def _nth(today: date, rank: str, name: str, month: int, year: str | None) -> tuple[date, ...]:
    """The third Sunday, or the last day, of a month, in the year or the next time; none where it has no such day."""
    found = [_nth_of(rank, name, each, month) for each in ([int(year)] if year else [today.year, today.year + 1])]
    return tuple(day for day in found if day and (year or day >= today))[:1]


def _nth_of(rank: str, name: str, year: int, month: int) -> date | None:
    days = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
    fitting = [day for day in days if name == "day" or day.weekday() == weekday_number(name)]
    return fitting[_RANKS[rank]] if _RANKS[rank] < len(fitting) else None


def _plus(days: int) -> Callable[[date], tuple[date, ...]]:
    return lambda today: (today + timedelta(days),)


def _coming(today: date, name: str) -> date:
    """The first such day after today."""
    return today + timedelta((weekday_number(name) - today.weekday() - 1) % 7 + 1)


def _of_week(today: date, name: str, weeks: int) -> date:
    """That day of this week, which begins on a Monday, or of one before or after it."""
    return today + timedelta(7 * weeks + weekday_number(name) - today.weekday())


def _next(today: date, name: str) -> tuple[date, ...]:
    """People mean the first one to come, or the one of next week."""
    return tuple(dict.fromkeys([_coming(today, name), _of_week(today, name, 1)]))


def _last(today: date, name: str) -> tuple[date, ...]:
    return (_coming(today, name) - timedelta(7 if weekday_number(name) != today.weekday() else 14),)


def _weeks_on(today: date, weeks: str, name: str) -> tuple[date, ...]:
    return (_coming(today, name) + timedelta(7 * (int(weeks) if weeks.isdigit() else 1)),)


# Pattern, and what it means on a day; its groups are passed on.
RELATIVE: tuple[tuple[str, Callable[..., tuple[date, ...]]], ...] = (
    (
        rf"\b(?:the )?({'|'.join(_RANKS)}) ({WEEKDAY}|day) (?:of|in) ({MONTH})(?:,? (\d{{4}})\b)?",
        lambda today, rank, name, month, year: _nth(today, rank, name, month_number(month), year),
    ),
    (r"\b(?:the )?day after tom+or+ow\b", _plus(2)),
    (r"\b(?:the )?day before yesterday\b", _plus(-2)),
    (r"\btoday(?:'s date)?\b|(?<=from )now\b", _plus(0)),
    (r"\btom+or+ow\b|\btmrw\b", _plus(1)),
    (r"\byesterday\b", _plus(-1)),
    (rf"\b(an?|\d) weeks? (?:on|from|this)(?: this| coming)? {_DAY}", _weeks_on),
    (rf"\b{_DAY} week\b(?!s)", lambda today, name: _weeks_on(today, "1", name)),
    (rf"\b{_DAY}(?: of)? next week\b", lambda today, name: (_of_week(today, name, 1),)),
    (rf"\bnext week(?:'s)?(?: on)? {_DAY}", lambda today, name: (_of_week(today, name, 1),)),
    (rf"\b{_DAY}(?: of)? this week\b", lambda today, name: (_of_week(today, name, 0),)),
    (rf"\b{_DAY}(?: of)? last week\b", lambda today, name: (_of_week(today, name, -1),)),
    (rf"\b(?:the )?next {_DAY}", _next),
    (rf"\b(?:last|past) {_DAY}", _last),
    (rf"\b(?:this |the )?(?:coming|upcoming|following) {_DAY}", lambda today, name: (_coming(today, name),)),
    (rf"\bthis {_DAY}", lambda today, name: (_coming(today - timedelta(1), name),)),
    (rf"(?<=\bsince ){_DAY}", _last),
    # Bare, a weekday is a day only where one is due; elsewhere it is what somebody claims of a date.
    *(
        (rf"(?<=\b{before} ){_DAY}", lambda today, name: (_coming(today, name),))
        for before in ("until", "till", "til", "after", "before", "when is", "date is", "date on", "date of", "by")
    ),
)
