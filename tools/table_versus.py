"""Which of two cells has more: "bakery v drinks, which took in more money", "which costs more, butter or jam"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .table_columns import Column, Sheet, sheet_of
from .table_follow import marked
from .table_question import Mark, Question, columns_of_kind

if TYPE_CHECKING:
    import pandas as pd

_MORE = re.compile(r"\b(?:more|most|higher|highest|bigger|biggest|larger|largest|greater|dearer|pricier)\b", re.I)
_LESS = re.compile(r"\b(?:less|least|fewer|fewest|lower|lowest|smaller|smallest|cheaper)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,|/|\bor\b|\bv\b\.?|\bvs\b\.?|\bversus\b|\band\b|\bagainst\b|\bthan\b)\s*", re.IGNORECASE)
_MONEY = re.compile(
    r"\b(?:money|cash|cost\w*|price\w*|dearer|cheaper|pricier|expensive|takings|took in)\b", re.IGNORECASE
)
_ALLOWED_OPS = frozenset(("sum", "mean", "howmuch"))


@dataclass(frozen=True, slots=True)
class Versus:
    """The question which of two cells is the one, and the question for the number of each."""

    which: str
    each: tuple[str, str]
    cells: tuple[str, str]
    more: bool


def versus(table: pd.DataFrame, text: str) -> Versus | None:
    """Two cells of one column that a question sets against each other; None where it asks something else, or where it
    is not clear which numbers are compared."""
    more, less = bool(_MORE.search(text)), bool(_LESS.search(text))
    if more == less or re.search(r"\d", text):
        return None
    sheet = sheet_of(table)
    question = marked(text, sheet)
    values = question.of("value")
    if (
        len(values) != 2
        or question.of("period", "negation", "group", "compare", "number")
        or not _alone(question, values)
    ):
        return None
    column = _column(values)
    measure = _measure(sheet, question, text) if column else None
    if column is None or measure is None or question.ops() - _ALLOWED_OPS:
        return None
    cells = [" ".join(question.words[mark.start : mark.end]) for mark in values]
    rows = [[row for row in sheet.rows if str(column.cells[row]) in mark.cells[id(column)]] for mark in values]
    single = all(len(some) == 1 for some in rows)
    if not single and measure.is_rate and "mean" not in question.ops():
        return None
    reduced = "average" if "mean" in question.ops() else "" if single else "total"
    number = f"{reduced} {measure.name}".strip()
    end = "highest" if more else "lowest"
    which = f"which {column.name} has the {end} {number} of {' or '.join(cells)}"
    return Versus(which, (f"{number} of {cells[0]}", f"{number} of {cells[1]}"), (cells[0], cells[1]), more)


def _alone(question: Question, values: list[Mark]) -> bool:
    """Whether nothing but "or", "v" or a comma stands between the two."""
    one, other = (re.escape(question.words[at]) for at in (values[0].end - 1, values[1].start))
    joint = rf"{one}\W*?{_BETWEEN.pattern}(?:the )?\W*?{other}"
    return re.search(joint, question.text, re.IGNORECASE) is not None


def _column(values: list[Mark]) -> Column | None:
    shared = [column for column in values[0].columns if column in values[1].columns]
    return shared[0] if len(shared) == 1 else None


def _measure(sheet: Sheet, question: Question, text: str) -> Column | None:
    named = [mark.columns[0] for mark in question.of("column") if len(mark.columns) == 1 and mark.columns[0].numeric]
    kinds = ("price", "amount") if _MONEY.search(text) else ()
    for found in (named, *(columns_of_kind(sheet, kind) for kind in kinds), sheet.measures()):
        unlike = {id(column): column for column in found}
        if unlike:
            return next(iter(unlike.values())) if len(unlike) == 1 else None
    return None
