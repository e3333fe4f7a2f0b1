"""Dates, spans of time, weekdays and numbers in a text, each taken out of it and named by a letter in its place.

`read("90 days after 3 May")` leaves the text "S0 after D0" with the span and the date beside it: what a question asks
can then be told from the order of the letters and the few words between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .near_days import FOREIGN_MONTHS, MONTH, RELATIVE, WEEKDAY, month_number, weekday_number
from .number_words import in_figures

_UNIT_NAMES = {
    "working days": r"(?:(?:working|business|work)[ -]?days?|week[ -]?days)",
    "days": r"(?:calendar |full |whole )?(?:days?|nights?|d)",
    "weeks": r"(?:weeks?|wks?|w)",
    "fortnights": r"fortnights?",
    "months": r"(?:calendar )?(?:months?|mths?|mos?)",
    "years": r"(?:years?|yrs?|y)",
    "decades": r"decades?",
}
_UNIT = "|".join(f"(?:{pattern})" for pattern in _UNIT_NAMES.values())
_AMOUNT = rf"(?<![\w.,/-])(?:(\d{{1,6}})[\s-]?)({_UNIT})\b"
_SPANS = re.compile(rf"{_AMOUNT}(?:(?:,? and |, |,? plus | ){_AMOUNT})*")
_ORDINALS = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth
twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first""".split()
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True)).replace("-", "[ -]")
_DAY = r"(?P<d>\d{1,2})(?:\s?(?:st|nd|rd|th))?"
# A year of two digits is none when it counts something: "3 May 90 days later".
_YEAR = (
    r"(?P<y>\d{4}\b|'\d\d\b|\d\d\b(?=\W*$|[,;?!)]|\.(?!\d)| (?:is|was|a|on|to|until|till?|and|falls?|fell|plus|"
    r"minus|-|for|what|which|"
    r"how|with|or|it|i|we|my|in|please|pls|then|between|inclusive|both|counting|exactly|\+)(?: |$)))"
)
_NAMED_DAY = rf"(?:(?P<w>{WEEKDAY})\b\.?,? (?:the |on )?)?"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_NAMED_DAY}(?<![\d./-])(?P<y>\d{{4}})(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})(?![\d/-])",
        rf"{_NAMED_DAY}(?<![\d./-])(?P<a>\d{{1,2}})(?P<s>[-/.])(?P<b>\d{{1,2}})(?P=s)(?P<y>\d{{4}}|'?\d\d)(?![\d/-])",
        rf"{_NAMED_DAY}(?:the )?(?<![\d.,:/-]){_DAY}(?:[ -]day)?(?: of |[ .-]{{0,2}})(?P<n>{MONTH})(?:,? |-|"
        rf"/)?{_YEAR}",
        rf"{_NAMED_DAY}(?:the )?(?<![\d.,:/-]){_DAY}(?:[ -]day)?(?: of |[ .-]{{0,2}})(?P<n>{MONTH})",
        rf"{_NAMED_DAY}(?<![a-z])(?P<n>{MONTH})[ -]?(?:the )?{_DAY}(?:,? |/)(?P<y>\d{{4}}\b|'\d\d\b)",
        rf"{_NAMED_DAY}(?<![a-z])(?P<n>{MONTH})[ -]?(?:the )?{_DAY}(?![\d:])",
        rf"{_NAMED_DAY}(?<![\d./-])(?P<a>\d{{1,2}})(?P<s>\.) ?(?P<b>\d{{1,2}})\.(?!\d)",
        rf"{_NAMED_DAY}(?<![\d./-])(?P<a>\d{{1,2}})(?P<s>/)(?P<b>\d{{1,2}})(?![\d/])",
    )
)
# "from 14 to 20 March": the first takes the month, and the year, of the second.
_HALF_RANGE = re.compile(
    rf"\b((?:between|from)(?: the)?) (\d{{1,2}})(?:st|nd|rd|th)?(?= (?:to|until|till?|and|through)(?: the)? \d{{1,2}}"
    rf"(?:st|nd|rd|th)?(?: of)? ({MONTH}(?:,? \d{{4}})?))"
)


_FOREIGN = re.compile(
    r"(?P<day>\d{1,2})(?:\.|er)? (?:de )?(?P<month>"
    rf"{'|'.join(sorted(FOREIGN_MONTHS, key=len, reverse=True))})\b(?: de(?= \d))?"
)


@dataclass(frozen=True)
class Mention:
    """A date as a text has it: a year, month and day, in both orders where both can be read; or a rule from today."""

    text: str
    orders: tuple[tuple[int | None, int, int], ...] = ()  # (year, month, day): with the day first, with the month first
    weekday: int | None = None
    rule: Callable[[date], tuple[date, ...]] | None = None


@dataclass(frozen=True)
class Span:
    """A length of time: "2 years and 3 months"."""

    text: str
    parts: tuple[tuple[str, int], ...]  # (unit, how many)


@dataclass
class Words:
    """A text with D0, S0, W0, N0 where dates, spans, weekdays and other numbers stood, and what they were."""

    text: str
    dates: list[Mention] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    weekdays: list[int] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)


def read(text: str) -> Words:
    """Every date, span, weekday and number of the text, in this order of precedence."""
    words = Words(_plain(text))
    for pattern, rule in RELATIVE:
        _take(words, re.compile(pattern), lambda found, rule=rule: _relative(words, found, rule))
    for pattern in _DATES:
        _take(words, pattern, lambda found: _date(words, found))
    _take(words, _SPANS, lambda found: _span(words, found))
    _take(words, _CLAIMED, lambda found: _weekday(words, found))
    _take(words, re.compile(r"(?<![A-Z\d])\d[\d.,/:]*\d|(?<![A-Z\d])\d"), lambda found: _number(words, found))
    _in_order(words)
    return words


def units_named(text: str) -> list[str]:
    """The units of time that a phrase names, in its order: "weeks and days"."""
    return [_unit_of(found.group()) for found in re.finditer(rf"\b(?:{_UNIT})\b", text)]


# Shortened, a weekday is one after these words only: "sat" and "sun" are others.
_CLAIMED = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b(?!')|(?:(?<=\ba )|(?<=\bon )|(?<=\bor ))"
    rf"(?:{WEEKDAY})\b"
)
UNIT_PATTERN = rf"(?:{_UNIT})"


def _plain(text: str) -> str:
    """In lower case and with plain marks; number words before a unit, ordinals beside a month, "a week after"."""
    text = " ".join(text.lower().replace("’", "'").replace("‘", "'").split())
    text = re.sub(r"\s*[–—−]\s*", " - ", text).replace("\u00a0", " ")
    text = _FOREIGN.sub(lambda found: f"{found['day']} {FOREIGN_MONTHS[found['month']].lower()}", text)
    text = re.sub(
        rf"\b({_ORDINAL})(?= (?:day )?(?:of )?{MONTH})",
        lambda found: f"{_place(found.group().replace(' ', '-')) + 1}",
        text,
    )
    text = re.sub(
        rf"({MONTH})(?: the)? ({_ORDINAL})\b",
        lambda found: f"{found[1]} {_place(found[2].replace(' ', '-')) + 1}",
        text,
    )
    text = in_figures(text)
    text = re.sub(r"\b(?:a year and a half|1\.5 years|1 and a half years)\b", "18 months", text)
    text = re.sub(r"\bhalf a year\b", "6 months", text)
    text = re.sub(r"\b(?:those|these|the|both) 2 (?=(?:dates|days)\b)", "the ", text)
    text = re.sub(
        rf"\b(?:an?|the(?= day\b)) (?=(?:{_UNIT})(?: and an? day)? (?!after tom|before yest)"
        r"(?:after|before|later|earlier|from|ago|prior|following|hence))|"
        r"(?<=\bin )an? (?=(?:week|month|year|fortnight|day)\b)|(?:(?<=\badd )|(?<=\bplus ))an? (?=(?:week|month|"
        r"year|day)\b)",
        "1 ",
        text,
    )
    text = re.sub(
        rf"(?<![\d./-])(\d{{1,2}})(?:st|nd|rd|th)? ?- ?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({MONTH}(?:,? \d{{4}})?)",
        r"\1 \3 to \2 \3",
        text,
    )
    return _HALF_RANGE.sub(lambda found: f"{found[1]} {found[2]} {found[3]}", text)


def _place(ordinal: str) -> int:
    return [*_ORDINALS].index(ordinal)


def _in_order(words: Words) -> None:
    """Numbers the letters as they stand in the text: the patterns found dates with a year before those without."""
    lists: dict[str, list[Any]] = {"D": words.dates, "W": words.weekdays}
    for letter, found in lists.items():
        places = [int(n) for n in re.findall(rf"\b{letter}(\d+)", words.text)]
        found[:] = [found[n] for n in places]
        numbers = iter(range(len(places)))
        words.text = re.sub(rf"\b{letter}\d+", lambda _, letter=letter, n=numbers: f"{letter}{next(n)}", words.text)
    words.text = " ".join(words.text.split())


def _take(words: Words, pattern: re.Pattern[str], letter: Callable[[re.Match[str]], str]) -> None:
    words.text = pattern.sub(lambda found: letter(found), words.text)


def _relative(words: Words, found: re.Match[str], rule: Callable[..., tuple[date, ...]]) -> str:
    groups = found.groups()
    words.dates.append(Mention(found.group().strip(), rule=lambda today: rule(today, *groups)))
    return f"D{len(words.dates) - 1}"


def _date(words: Words, found: re.Match[str]) -> str:
    part = found.groupdict()
    year = int(part["y"].lstrip("'")) if part.get("y") else None
    if part.get("n"):
        orders = [(year, month_number(part["n"]), int(part["d"]))]
    elif part.get("m"):
        orders = [(year, int(part["m"]), int(part["d"]))]
    else:
        first, second = int(part["a"]), int(part["b"])
        orders = [(year, second, first), (year, first, second)]
        orders = orders[:1] if part["s"] == "." else [o for o in orders if o[1] <= 12] or orders[:1]
    weekday = weekday_number(part["w"]) if part["w"] else None
    tail = " " if found.group().endswith(" ") else ""
    words.dates.append(Mention(found.group().strip(" ."), tuple(dict.fromkeys(orders)), weekday))
    return f"D{len(words.dates) - 1}{tail}"


def _span(words: Words, found: re.Match[str]) -> str:
    parts = tuple((_unit_of(unit), int(number)) for number, unit in re.findall(_AMOUNT, found.group()))
    words.spans.append(Span(found.group(), parts))
    return f"S{len(words.spans) - 1}"


def _unit_of(name: str) -> str:
    return next(unit for unit, pattern in _UNIT_NAMES.items() if re.fullmatch(pattern, name))


def _weekday(words: Words, found: re.Match[str]) -> str:
    words.weekdays.append(weekday_number(found.group()))
    return f"W{len(words.weekdays) - 1}" + ("s" if found.group().endswith("days") else "")


def _number(words: Words, found: re.Match[str]) -> str:
    words.numbers.append(found.group())
    return f"N{len(words.numbers) - 1}"
