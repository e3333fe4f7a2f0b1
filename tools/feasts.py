"""Feasts whose day is the same everywhere, as dates: "christmas day 2025" is 25 December 2025.

Easter and what hangs on it are reckoned by the Gregorian calendar (dateutil); feasts that countries keep on different
days are left to `date_asks`, which refuses them by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from .near_days import MONTH

# Names -> the day and the month; the longest of two that begin alike stands first.
_NO_DAY = r"(?! (?:party|dinner|lunch|market|cards?|presents?|trees?|holidays?|break))"
_FIXED = {
    r"(?:christmas|xmas)[ -]eve": "24 december",
    rf"(?:christmas|xmas)(?: day)?{_NO_DAY}": "25 december",
    r"boxing day": "26 december",
    r"new year'?s eve|hogmanay": "31 december",
    r"new year'?s(?: day)?": "1 january",
    rf"(?:st\.? |saint )?valentine'?s?(?: day)?{_NO_DAY}": "14 february",
    r"(?:st\.?|saint) (?:patrick|paddy)'?s day|paddy'?s day": "17 march",
    r"april fools?'?(?: day)?": "1 april",
    r"hallowe'?en": "31 october",
}
# Names -> days after Easter Sunday.
_MOVING = {
    r"good friday": -2, r"easter monday": 1, r"easter(?: (?:sunday|day))?(?! (?:eggs?|holidays?|break|week))": 0,
    r"ascension(?: day)?": 39, r"whit monday|pentecost monday": 50, r"(?:pentecost|whit sunday)": 49,
}  # fmt: skip
_YEAR = r"(?:,? (?:of |in )?(?P<year>(?:19|20)\d\d)\b)?"
# "St Patrick's day, 17 March" says its day itself.
_DATED = rf"\W{{0,3}}(?:(?:19|20)\d\d\W{{1,3}})?(?:on )?(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ ./]|{MONTH} \d)"
_YEAR_FIRST = re.compile(
    rf"\b((?:19|20)\d\d),? (?:the )?(\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH})(?!,? \d{{4}})", re.IGNORECASE
)


def with_dates(text: str, today: date) -> str:
    """The text with such a feast as its date; what has its date beside it is left out for that date.

    Args:
        today: an Easter without a year is the next one.
    """
    text = text.replace("’", "'")
    for name, day in _FIXED.items():
        text = _exchanged(text, name, lambda year, day=day: f"{day} {year}" if year else day)
    for name, after in _MOVING.items():
        text = _exchanged(text, name, lambda year, after=after: _said(_moving(year, after, today)))
    return _YEAR_FIRST.sub(r"\2 \1", text)


def _exchanged(text: str, name: str, dated: Callable[[str], str]) -> str:
    text = re.sub(rf"(?<![\w-])(?:{name})(?![\w-])(?={_DATED})", "", text, flags=re.IGNORECASE)
    named = re.compile(rf"(?<![\w-])(?:{name})(?![\w-]){_YEAR}", re.IGNORECASE)
    return named.sub(lambda found: dated(found["year"] or ""), text)


def _moving(year: str, after: int, today: date) -> date:
    from dateutil.easter import easter

    years = [int(year)] if year else [today.year, today.year + 1]
    days = [easter(one) + timedelta(after) for one in years]
    return next((day for day in days if year or day >= today), days[-1])


def _said(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}".lower()
