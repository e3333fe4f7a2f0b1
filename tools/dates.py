"""Questions about dates in everyday words: weekdays, days between, a date and a span, ages, weeks, leap years.

The words are read into dates, spans and asks (`date_words`, `date_asks`), reckoned with (`date_sums`), and refused
where anything of the question is left over: a wrong date costs more than none.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from ..errors import ToolInputError
from .date_asks import Ask, from_today, refuse_by_name, understand
from .date_sums import KINDS, Result, added, day_name, leap_year
from .date_words import Mention, Words, read
from .feasts import with_dates
from .near_days import MONTH, MONTHS, WEEKDAY, WEEKDAYS

MAX_CHARS = 600
_MAX_STORY_WORDS, _MAX_ASKING_WORDS = 45, 14
# "US" in capitals only, for "us" are we.
_US = re.compile(r"\b(?:US|USA|[Aa]merican?|[Mm]{2}/[Dd]{2})\b")
_DAY_FIRST = re.compile(r"\b(?:UK|British|European?|German|French|Indian|Australian|[Dd]{2}/[Mm]{2})\b")
# A month or a weekday that is no date, such as "in March": it is a date that nobody can place.
_LOOSE_MONTH = re.compile(rf"\b(?:in|of|by|since|until|from|to|till|during|last|next|this) ({MONTH})(?! [a-z]+ing)\b")


# "The Monday after 3 May", "the week before 3 May": neither a span nor the day itself.
_UNPLACED = re.compile(r"\b(after|before|following|prior to|preceding|later than|earlier than) (?:the )?D\d")


def ask_date(question: str, today: date | None = None) -> dict[str, Any]:
    """The answer to one question about dates: a sentence, its value (ISO date, weekday or number) and the unit.

    Dates without a year are the next ones to come from `today`, or the last ones where the question looks back; where
    a date can be read with the day or the month first and that matters, the sentence says both.

    Raises:
        ToolInputError: nothing known is asked, two things are, a date does not exist or is vague, something of the
            question would be left over, or times, time zones or holidays are asked about.
    """
    today = today or date.today()
    if not question.strip() or len(question) > MAX_CHARS:
        raise ToolInputError(f"a question of 1 to {MAX_CHARS} characters is needed, got {len(question.strip())}")
    question = with_dates(question, today)
    refuse_by_name(question)
    words = read(question)
    ask = understand(words)
    _check_words(words, ask)
    results: dict[str, Result] = {}
    for label, month_first, choice in _scenarios(words, question):
        try:
            results[label] = _result(words, ask, today, month_first, choice)
        except (OverflowError, ValueError) as error:
            raise ToolInputError("a date of the question lies outside of the years 1583 to 9999; correct it") from error
    return _told(list(results.items()), words)


def _scenarios(words: Words, text: str) -> list[tuple[str, bool, int]]:
    """(what is read how, month first, which of two days "next Friday" is), each that the question leaves open."""
    numeric = [mention for mention in words.dates if len(mention.orders) == 2]
    decided = {_order_of(mention) for mention in words.dates if "/" in mention.text or "-" in mention.text} - {None}
    hints = {True for _ in _US.findall(text)} | {False for _ in _DAY_FIRST.findall(text)}
    orders = [False, True] if numeric else [False]
    for certain in (decided, hints):
        if len(certain) == 1 and len(orders) == 2:
            orders = [bool(order) for order in certain]
    if len(orders) == 2:
        yearless = [mention.text for mention in numeric if all(year is None for year, _, _ in mention.orders)]
        if yearless:
            raise ToolInputError(
                f"{yearless[0]!r} can be read with the day or the month first, and has no year; write it in words, "
                "such as 5 June 2027"
            )
        return [("with the day first", False, 0), ("with the month first", True, 0)]
    if any(mention.rule and "next " in mention.text for mention in words.dates):
        return [("the first to come", orders[0], 0), ("the one of next week", orders[0], 1)]
    return [("", orders[0], 0)]


def _order_of(mention: Mention) -> bool | None:
    """Whether a date in figures can only have its month first; None where it does not tell."""
    parts = re.fullmatch(r"(?:[a-z]+\W+)*(\d{1,2})([/-])(\d{1,2})(?:\2'?\d{2,4})?", mention.text)
    if not parts or len(mention.orders) != 1 or parts[1] == parts[3]:
        return None
    return int(parts[3]) > 12


def _result(words: Words, ask: Ask, today: date, month_first: bool, choice: int) -> Result:
    if ask.kind == "leap year":
        return _leap(words, ask, today)
    mentions, today = _stated_today(words, ask, today, month_first)
    days, notes = _days(mentions, ask, today, month_first, choice)
    _check_numbers(words, ask)
    if ask.kind == "sum":
        days = _wanted(days, 1, words, ask, today)
        result = added(days[0], words.spans, ask)
    else:
        _no_spans(words, ask)
        wanted = 2 if ask.kind in ("between", "age") else 1
        result = KINDS[ask.kind](_wanted(days, wanted, words, ask, today), ask, today)
    return replace(result, answer=" ".join([result.answer, *notes]))


def _stated_today(words: Words, ask: Ask, today: date, month_first: bool) -> tuple[list[Mention], date]:
    """ "Today is 3 May 2027" sets the day from which the others are seen."""
    pairs = re.finditer(r"\bD(\d)(?=,? ?(?:is|=|:|\(|) ?(?:the )?D(\d))", words.text)
    found = next((p for p in pairs if "today" in words.dates[int(p[1])].text and words.dates[int(p[2])].orders), None)
    if not found:
        return words.dates, today
    stated = words.dates[int(found[2])]
    today = _one(stated, ask, today, month_first, 0)[0]
    dropped = found.groups()
    if ask.kind == "between" and len(words.dates) == 3 and not from_today(words):
        dropped = dropped[:1]  # then it is one of the two days that are counted between
    return [mention for n, mention in enumerate(words.dates) if str(n) not in dropped], today


def _days(
    mentions: Sequence[Mention], ask: Ask, today: date, month_first: bool, choice: int
) -> tuple[list[date], list[str]]:
    """The day of each mention; one without a year lies next to one that has it, the first before the second."""
    days: list[date] = []
    notes: list[str] = []
    taken: dict[int, list[str]] = {}
    known = [mention for mention in mentions if mention.orders and mention.orders[0][0] is not None]
    for place, mention in enumerate(mentions):
        yearless = bool(mention.orders) and mention.orders[0][0] is None
        near, past = today, ask.past
        if yearless and known and mention is not known[0]:
            near, past = _one(known[0], ask, today, month_first, choice)[0], place < mentions.index(known[0])
        elif yearless and days:
            near, past = days[-1], False
        day = _one(mention, replace(ask, past=past), near, month_first, choice)[0]
        days.append(day)
        if yearless and ask.year_shift is None:
            taken.setdefault(day.year, []).append(_shown(mention.text))
        notes += _named_weekday(mention, day, ask)
    told = [f"No year was given with {' and '.join(texts)}: {year} was taken." for year, texts in taken.items()]
    return days, [*told, *notes]


def _shown(text: str) -> str:
    """With capitals for months and weekdays, as read in small letters."""
    return re.sub(rf"\b(?:{MONTH}|{WEEKDAY})\b", lambda found: found.group().capitalize(), text)


def _named_weekday(mention: Mention, day: date, ask: Ask) -> list[str]:
    if mention.weekday is None or mention.weekday == day.weekday():
        return []
    told = f"{day_name(day)} is a {WEEKDAYS[day.weekday()]}, not a {WEEKDAYS[mention.weekday]}"
    if ask.kind != "weekday":
        raise ToolInputError(f"{told}; correct the date, or give its year")
    return [f"It is no {WEEKDAYS[mention.weekday]}."]


def _one(mention: Mention, ask: Ask, near: date, month_first: bool, choice: int) -> tuple[date]:
    """The day of a mention, seen from another one."""
    if mention.rule:
        days = mention.rule(near)
        if not days:
            raise ToolInputError(f"{mention.text!r} does not exist; correct it")
        return (days[min(choice, len(days) - 1)],)
    year, month, day = mention.orders[min(int(month_first), len(mention.orders) - 1)]
    if year is None and ask.year_shift is not None:
        year = near.year + ask.year_shift
    if year is not None:
        return (_existing(_full_year(year, mention.text, ask, near), month, day, mention.text),)
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(2000, month)[1]:
        _existing(None, month, day, mention.text)
    years = range(near.year, near.year - 9, -1) if ask.past else range(near.year, near.year + 9)
    found = [date(y, month, day) for y in years if day <= monthrange(y, month)[1]]
    return (next(d for d in found if (d <= near if ask.past else d >= near)),)


def _full_year(year: int, text: str, ask: Ask, near: date) -> int:
    """27 is 2027; a year of two digits lies less than fifty years away, or in the past where somebody was born."""
    if year >= 100 or re.search(rf"(?<!\d)0*{year:04d}(?!\d)", text):
        return year
    full = near.year // 100 * 100 + year
    if full > near.year + (0 if ask.past or ask.kind == "age" else 50):
        return full - 100
    return full


def _existing(year: int | None, month: int, day: int, text: str) -> date:
    if not 1 <= month <= 12:
        raise ToolInputError(f"{text!r} is no date: there is no month {month}")
    if year is not None and year < 1583:
        raise ToolInputError(f"{text!r} lies before the Gregorian calendar; only years from 1583 on are reckoned with")
    last = monthrange(year or 2000, month)[1]
    if not 1 <= day <= last:
        named = f"{MONTHS[month - 1]} {year or ''}".strip()
        raise ToolInputError(f"{_shown(text)!r} does not exist: {named} has {last} days")
    return date(year or 2000, month, day)


def _wanted(days: list[date], wanted: int, words: Words, ask: Ask, today: date) -> list[date]:
    """As many days as the question needs: today for one that is missing, each day once where one is needed."""
    if wanted == 1:
        days = list(dict.fromkeys(days))
        if not days and ask.kind == "sum" and re.search(r"\bin S|S\d ago|S\d (?:later|hence|from D)", words.text):
            return [today]
    elif len(days) == 1 and (ask.kind == "age" or from_today(words)):
        days = [*days, today]
    if len(days) != wanted:
        raise _left_over(words, ask, f"{wanted} date{'s' if wanted > 1 else ''} would be needed, {len(days)} are there")
    return days


def _no_spans(words: Words, ask: Ask) -> None:
    if words.spans:
        raise _left_over(words, ask, f"{words.spans[0].text!r} could not be placed")


def _check_numbers(words: Words, ask: Ask) -> None:
    if words.numbers:
        raise _left_over(words, ask, f"the number {', '.join(words.numbers)} could not be placed")
    if ask.kind == "sum" and (not words.spans or not all(ask.signs)):
        span = words.spans[0].text if words.spans else "a span"
        raise _left_over(words, ask, f"whether {span!r} is added or taken away could not be told")


def _check_words(words: Words, ask: Ask) -> None:
    """A vague month, or so many unknown words that something else may be meant."""
    if ask.kind == "leap year":
        return
    loose = _LOOSE_MONTH.search(words.text)
    if loose:
        raise _left_over(words, ask, f"{loose.group()!r} is no day; give the day of the month")
    if ask.year_shift is not None and not any(m.orders and m.orders[0][0] is None for m in words.dates):
        raise _left_over(words, ask, "which day of this, the last or the next year is meant could not be told")
    until = re.search(r"\bfrom D\d.*?\b(?:until|till)\b(.*)", words.text)
    if until and not re.search(r"D\d|\b(?:today|now|then)\b", until[1]):
        raise _left_over(words, ask, f"the day of “{until[1].strip(' ?.')}” is not known; give its date")
    unplaced = _UNPLACED.search(words.text)
    if unplaced and ask.kind in ("weekday", "date", "week", "day of the year", "age") and not words.spans:
        raise _left_over(words, ask, f"how long {unplaced[1]} it could not be told")
    sought = ask.kind != "weekday" or re.search(r"W\d (?:after|before|following|of|in|on or)\b", words.text)
    if words.weekdays and sought and not ask.claims:
        raise _left_over(words, ask, f"{WEEKDAYS[words.weekdays[0]]} could not be placed; give its date")
    strange = re.findall(r"[^\W\d_]{3,}", re.sub(r"[DSWN]\d", " ", words.text))
    most = _MAX_STORY_WORDS if ask.found else _MAX_ASKING_WORDS
    if len(strange) > most:
        raise _left_over(words, ask, f"it has {len(strange)} words beside its dates; ask in fewer")


def _left_over(words: Words, ask: Ask, what: str) -> ToolInputError:
    known = [f"the date {_shown(m.text)!r}" for m in words.dates] + [f"the span {s.text!r}" for s in words.spans]
    asked = _ASKED.get(ask.kind, ask.kind)
    return ToolInputError(f"understood was {', '.join(known) or 'no date'}, and that {asked} is asked; but {what}")


_ASKED = {"weekday": "a weekday", "date": "a date", "sum": "a date some time before or after another",
          "week": "a week", "between": "the time between two dates", "age": "an age",
          "day of the year": "the day of the year"}  # fmt: skip


def _leap(words: Words, ask: Ask, today: date) -> Result:
    years = [int(n) for n in words.numbers if re.fullmatch(r"\d{4}", n)]
    if len(years) == 1 and len(words.numbers) == 1 and not words.dates and not words.spans:
        if re.search(r"\b(?:next|following)\b", words.text):
            later = next(year for year in range(years[0] + 1, years[0] + 9) if isleap(year))
            return Result(f"The next leap year after {years[0]} is {later}.", later, "year")
        return leap_year(years[0])
    if not words.numbers and not words.spans and len(words.dates) <= 1:
        if re.search(r"\bnext\b", words.text) and ask.year_shift is None:
            later = next(year for year in range(today.year + 1, today.year + 9) if isleap(year))
            return Result(f"The next leap year after {today.year} is {later}.", later, "year")
        if ask.year_shift is not None:
            return leap_year(today.year + ask.year_shift)
    raise ToolInputError("one year is needed to tell whether it is a leap year, such as 2028")


def _told(results: list[tuple[str, Result]], words: Words) -> dict[str, Any]:
    """One answer, or both where the two readings differ."""
    first = results[0][1]
    answer = first.answer
    if len(results) > 1 and results[1][1].value != first.value:
        open_ = next((m.text for m in words.dates if len(m.orders) == 2), None) or words.dates[0].text
        answer = f"{_shown(open_[0].upper() + open_[1:])} can be read in two ways. " + " ".join(
            f"{label[0].upper()}{label[1:]}: {result.answer}" for label, result in results
        )
    return {"answer": answer, "value": first.value, "unit": first.unit}
