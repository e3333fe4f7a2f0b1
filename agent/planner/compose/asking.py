"""Wishes that a tool reads in words itself: dates and units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from ....errors import ToolInputError
from ....tools.builtin import FUNCTIONS
from ..parse.wishes import Wish
from .bench import Bench, Lacking, Result, unhurried
from .reckoning import FIGURES, REFERS, plain_number

_DECIMALS = re.compile(r"\b(?:\d+|one|two|three)\s*(?:decimals?|decimal places?|places|dp|digits)\b", re.IGNORECASE)
_UNITS = "RESULT {} in {}"
# Where another question may begin, or a reason: "…, and which day is that cos I'm away".
_CLAUSES = re.compile(
    r"[.;?!]\s+|\n+|\s+-+>?\s+(?=\d)|,?\s+(?:and|n|also|plus|then)\s+(?=(?:also\s+)?(?:what|which|how|is|when|when's|whats|\d))"
    r"|,?\s+(?:cos|because|becoz|as|since|so that|also|but)\s+",
    re.IGNORECASE,
)
_THAT_DAY = re.compile(
    r"\b(?P<lead>after|from|before|since|until|till|to|on|of|is|'s|does)\s+(?:that|it|then|this|the same)\b(?:\s+(?:date|day|one|deadline|appointment|meeting|event))?|\bthat(?: date| day| one| deadline| appointment| meeting| event)?\b",
    re.IGNORECASE,
)


_INTO = re.compile(r"^\W*(?:(?:and|what|is|that|it|how much|now|then|so)\b\W*)*(?:in|to|into|as)\b", re.IGNORECASE)
_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)?(?: of)? [A-Za-z]{3,9},? \d{4}|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4}")


def asked_of(task: str, kind: str, why: str) -> Any:
    """A builder for tools that take a question in words: the smallest part of the goal that they understand."""

    def build(bench: Bench, wish: Wish) -> Result:
        made = _made(bench, wish)
        problem = ""
        for question in _questions(bench, wish, task, made):
            try:
                FUNCTIONS[task](question=question.replace("RESULT", "12"))
            except ToolInputError as error:
                problem = problem or str(error)
                continue
            if "RESULT" in question and made is not None:
                filled = str(made.reference) if made.places else str(plain_number(made))
                question = question.replace("RESULT", filled)
            return Result(kind, (bench.add(task, {"question": question}, wish, why, covers=question),))
        several = _each_clause(bench, task) or _own_clause(bench, wish, task)
        if several:
            covers = bench.goal if len(several) > 1 else several[0]
            return Result(kind, tuple(bench.add(task, {"question": one}, wish, why, covers=covers) for one in several))
        raise Lacking(problem[0].upper() + problem[1:])

    return build


def _made(bench: Bench, wish: Wish) -> Result | None:
    """What the question is about where it names no number itself: "in metres?", "how many hours is that?"."""
    if wish.source in ("wish", "before"):
        return bench.made(wish)
    own = FIGURES.search(_DECIMALS.sub(" ", bench.goal))
    return None if own or bench.files else bench.earlier("number")


def _questions(bench: Bench, wish: Wish, task: str, made: Result | None) -> Iterator[str]:
    """What the tool may be asked, the least first."""
    texts = list(dict.fromkeys((_with(bench.segment(wish), made), *bench.questions(wish))))
    if task == "dates" and (day := _day_before(bench)):
        for text in texts:
            if _THAT_DAY.search(text):
                yield _THAT_DAY.sub(lambda found: f"{found['lead']} {day}" if found["lead"] else day, text, count=1)
    elif task == "dates" and _leans_on_a_day(bench):
        raise Lacking("Which day is meant could not be told: none is named, and none came before; give its date.")
    if task == "convert-units" and made is not None and not made.thing and _INTO.match(bench.goal):
        raise Lacking("In which unit the number before is was not said; say it with its unit, such as 21 km in metres.")
    if made is not None and len(wish.all("unit")) > 1:
        yield _UNITS.format(*wish.all("unit")[:2])
    yield from texts


def _clauses(goal: str) -> list[str]:
    return [clause.strip(" ,.;") for clause in _CLAUSES.split(unhurried(goal)) if clause and clause.strip(" ,.;")]


def _own_clause(bench: Bench, wish: Wish, task: str) -> list[str]:
    """The clause of the wish, where the goal has other things to do."""
    words = [piece.text for piece in wish.words]
    own = [clause for clause in _clauses(bench.goal) if any(word in clause for word in words)]
    return [clause for clause in own if _answers(task, clause)][:1]


def _each_clause(bench: Bench, task: str) -> list[str]:
    """Several questions in one breath, where every clause with a figure is one: "40 feet in m and 26500 kg in t"."""
    found: list[str] = []
    for clause in _clauses(bench.goal):
        named = _DAY.findall(found[-1]) if found and task == "dates" else []
        with_day = (
            _THAT_DAY.sub(lambda m, day=named[-1]: f"{m['lead'] or ''} {day}".strip(), clause) if named else clause
        )
        answered = [one for one in dict.fromkeys((with_day, clause)) if _answers(task, one)]
        if answered:
            found.append(answered[0])
        elif FIGURES.search(clause):
            return []
    return found if len(found) > 1 else []


def _answers(task: str, question: str) -> bool:
    try:
        FUNCTIONS[task](question=question)
    except ToolInputError:
        return False
    return True


def _day_before(bench: Bench) -> str:
    """The day that the turn before told, as it is written; "" when it told none."""
    told = bench.earlier("date")
    if told is None:
        return ""
    day = date.fromisoformat(str(told.value))
    return f"{day.day} {day:%B} {day.year}"


def _leans_on_a_day(bench: Bench) -> bool:
    """ "Three weeks after that", and no day in the goal that it could be after."""
    return bool(
        re.search(
            r"\b(?:after|from|before|since|until) (?:that|it|then|this)\b(?! (?:day|date)? ?\d)", bench.goal, re.I
        )
    ) and not re.search(
        r"\d{4}|\d{1,2}[./-]\d{1,2}|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", bench.goal, re.I
    )


def _with(text: str, made: Result | None) -> str:
    """The question with a result in the place of "that"."""
    if made is None or FIGURES.search(_DECIMALS.sub(" ", text)):
        return text
    known = f"RESULT {made.thing}" if made.thing and not made.places else "RESULT"
    return REFERS.sub(known, text, count=1) if REFERS.search(text) else f"{known} {text}"
