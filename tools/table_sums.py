"""Sums of two columns, rounding, and columns that are called like an operation, in the words of a question."""

from __future__ import annotations

import re

from . import table_words as words
from .table_columns import Column, unit_of
from .table_question import Mark, Question

_ROUNDING = re.compile(
    r"\b(?:(?:rounded|round)(?: it)?(?: off)? (?:to|as) (?:the |a )?(?:nearest )?(?:whole|full) \w+"
    r"|(?:to|in|as) (?:the |a )?(?:nearest )?(?:whole|full) \w+|(?:rounded |round )?to the nearest (?P<to>\w+)"
    r"|(?:rounded |round )?(?:to |with |at )?(?P<places>\d|no|one|two|three|four|five|zero) "
    r"(?:decimals?(?: places?)?|digits after the point)|rounded)\b"
)
_TENS = {"ten": -1, "tens": -1, "hundred": -2, "hundreds": -2, "thousand": -3, "thousands": -3, "10": -1, "100": -2,
         "1000": -3, "integer": 0, "cent": 2, "cents": 2, "tenth": 1, "hundredth": 2}  # fmt: skip
_SIGNS = {"minus": "−", "plus": "+", "times": "×", "over": "÷"}


def mark_rounding(question: Question) -> int | None:
    """To how many places is to be rounded; None where nothing is said."""
    joined = " ".join(question.folded)
    found = _ROUNDING.search(joined)
    if not found:
        return None
    start = joined[: found.start()].count(" ")
    end = start + found.group().count(" ") + 1
    to, places = found["to"] or "", found["places"] or ""
    number = 0 if places == "no" else words.NUMBERS.get(places, int(places) if places.isdigit() else None)
    if (to and to not in _TENS and not unit_of(to)) or (places and number is None):
        return None
    question.put(Mark("filler", start, end))
    return number if places else _TENS.get(to, 0)


def mark_doubles(question: Question) -> None:
    """A column that is called Total or Count is meant where the sentence has no other numbers."""
    numeric = [m for m in question.of("column") if any(c.numeric for c in m.columns)]
    grouped = {m.start for g in question.of("group") for m in numeric if g.end <= m.start <= g.end + 1}
    if any(m.start not in grouped for m in numeric):
        return
    for column in question.sheet.columns:
        at = next((at for at, base in enumerate(question.stems) if (base,) == column.words), None)
        if at is None or any(m.kind == "column" and m.start <= at < m.end for m in question.marks):
            continue
        covering = [m for m in question.marks if m.start <= at < m.end]
        alone = all(m.end - m.start == 1 and m.what in ("sum", "mean", "median", "share") for m in covering)
        if alone and column.numeric:
            for m in covering:
                question.marks.remove(m)
            question.put(Mark("column", at, at + 1, columns=[column]))


def mark_arithmetic(question: Question) -> None:
    """ "price minus cost" becomes a column of its own."""
    for op in [m for m in question.of("op") if m.what in _SIGNS]:
        left = next((m for m in question.of("column") if m.end == op.start), None)
        right = next((m for m in question.of("column") if op.end <= m.start <= op.end + 1), None)
        if left and right and left.columns[0].numeric and right.columns[0].numeric:
            one, two = left.columns[0], right.columns[0]
            _name_result(question, left)
            left.end, left.columns = right.end, [_derived(one, two, op.what)]
            right.kind = op.kind = "absorbed"
        else:
            op.kind = "absorbed"
            question.free[op.start : op.end] = [True] * (op.end - op.start)


def _derived(one: Column, two: Column, op: str) -> Column:
    def cell(a: float | None, b: float | None) -> float | None:
        if a is None or b is None or (op == "over" and b == 0):
            return None
        return {"minus": a - b, "plus": a + b, "times": a * b, "over": a / b if b else 0}[op]

    unit = one.unit if one.unit == two.unit and op != "over" else (one.unit or two.unit) if op == "times" else ""
    cells = [cell(a, b) for a, b in zip(one.cells, two.cells, strict=True)]
    return Column(f"{one.spoken} {_SIGNS[op]} {two.spoken}", ("derived",), (), unit, "number", cells)


def _name_result(question: Question, left: Mark) -> None:
    """The word that a sum is given: "profit = price minus cost", "profit (price minus cost)"."""
    at = left.start - 1
    if at > 0 and question.folded[at] in ("=", "as", "is", "meaning", "means", "i.e", "ie", "being", "namely"):
        for other in question.of("compare"):
            if other.start == at:
                other.kind = "absorbed"
        question.free[at] = False
        at -= 1
    elif not re.search(rf"\(\s*{re.escape(question.words[left.start])}", question.text):
        return
    if at >= 0 and question.free[at]:
        question.put(Mark("filler", at, at + 1))
