"""A question that leans on the one before it: "and cash?", "same for Rohan", "how many of them are late?"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..errors import ToolInputError
from .table_columns import Column, Sheet, sheet_of
from .table_filters import Filter, kept_rows
from .table_naming import mark_names, mark_period_names
from .table_periods import mark_periods
from .table_plan import plan_of
from .table_question import Mark, Question, mark_numbers, mark_parts, mark_phrases

if TYPE_CHECKING:
    import pandas as pd

_LEAD = re.compile(
    r"^\W*(?:(?:and|then|now|ok|okay|so|n|or|also|please|pls|what about|how about|what of|the same|same|thing|again|do|"
    r"it|that|this|for|with|by the way|too)\b\W*)+",
    re.IGNORECASE,
)
_THEM = re.compile(
    r"\b(?:(?:out )?of (?:them|those|these)|among (?:them|those)|that lot|them|those|these|they|she|he|her|him|his)\b"
    r"|(?<=\bhow many )(?=\w+ (?:is|was|would|are|were) (?:that|it)\b)",
    re.IGNORECASE,
)
_ALL = re.compile(r"\ball (?:of )?(?:them|those|these)\b", re.IGNORECASE)
_SHORT = 5  # words of a question that says only what is different now


def followed(table: pd.DataFrame, before: str, text: str) -> list[str]:
    """The questions that a follow-up may mean, the likeliest first.

    Args:
        before: the question that was answered before, as it was asked of the table.
    """
    sheet = sheet_of(table)
    bare = _LEAD.sub("", text).strip(" ?.!,")
    if not bare or _ALL.search(text):
        return []  # of all rows, or of all those of before?
    first, second = marked(before, sheet), marked(bare, sheet)
    if not second.of("value", "period", "column", "op", "superlative", "number", "compare"):
        return []  # thanks, yes
    short = len(second.words) <= _SHORT and not second.of("op", "superlative", "group")
    found = []
    if _THEM.search(text):
        rows = _conditions(before, sheet)
        if not rows and first.of("superlative"):
            return []  # the one that it told, and not all rows
        found.append(f"{_THEM.sub(' ', text.rstrip(' ?.!'))} {rows}")
    elif short and second.of("negation"):
        found.append(f"{before} {bare}")
    elif short:
        found += [_exchanged(first, second), f"{before} {bare}"]
    else:
        found.append(text)
        measures = [_said(first, mark) for mark in first.of("column") if any(c.numeric for c in mark.columns)]
        found.append(f"{bare} {' '.join(measures[-1:])}")
    return list(dict.fromkeys(" ".join(one.split()).strip(" ?") for one in found if one))


def _conditions(before: str, sheet: Sheet) -> str:
    """What narrowed the rows of a question, in words that narrow them again."""
    try:
        filters = plan_of(before, sheet).filters
    except ToolInputError:
        return ""
    return " and ".join(_again(each) for each in filters)


def _again(each: Filter) -> str:
    if each.column.kind == "flag":
        return f"{'not ' if ' no' in each.said else ''}{each.column.spoken}"
    return f"without {each.said}" if each.negated else each.said


def stays_within(table: pd.DataFrame, before: str, question: str) -> bool:
    """Whether a question is about rows of the one before alone, as "of them" says."""
    sheet = sheet_of(table)
    try:
        first, second = plan_of(before, sheet), plan_of(question, sheet)
    except ToolInputError:
        return False
    return set(kept_rows(second.question, second.filters)) <= set(kept_rows(first.question, first.filters))


def leans_back(text: str) -> bool:
    """Whether a question is about the rows of the one before: "how many of them"."""
    return _THEM.search(text) is not None


def columns_named(sheet: Sheet, text: str) -> list[Column]:
    """The columns whose name stands in a text."""
    question = Question(text, sheet)
    mark_names(question)
    return [mark.columns[0] for mark in question.of("column") if len(mark.columns) == 1]


def cells_named(sheet: Sheet, text: str) -> list[str]:
    """The words of a text that name cells of the table."""
    question = Question(text, sheet)
    for mark in (mark_names, mark_phrases, mark_parts):
        mark(question)
    return list(dict.fromkeys(_said(question, mark) for mark in question.of("value")))


def speaks_of(sheet: Sheet, text: str) -> bool:
    """Whether a text has a cell, a column, a number or a period of the table in it."""
    question = marked(text, sheet)
    mark_numbers(question)
    return bool(question.of("value", "column", "period", "number", "superlative"))


def marked(text: str, sheet: Sheet) -> Question:
    """The question with what its words stand for, numbers and the rest of the words left out."""
    question = Question(text, sheet)
    for mark in (mark_names, mark_phrases, mark_period_names, mark_periods, mark_parts):
        mark(question)
    return question


def _said(question: Question, mark: Mark) -> str:
    return " ".join(question.words[mark.start : mark.end])


def _exchanged(first: Question, second: Question) -> str:
    """The first question with a cell, a period or a column of the second in place of its own; "" when none fits."""
    for kind in ("value", "period", "column"):
        new = second.of(kind)
        old = [mark for mark in first.of(kind) if new and _alike(mark, new[0])]
        if len(new) == 1 and len(old) == 1:
            words = [*first.words[: old[0].start], _said(second, new[0]), *first.words[old[0].end :]]
            return " ".join(words)
    return ""


def _alike(one: Mark, two: Mark) -> bool:
    if one.kind == "value":
        return bool(set(map(id, one.columns)) & set(map(id, two.columns)))
    return one.kind == "period" or {c.numeric for c in one.columns} == {c.numeric for c in two.columns}
