"""Which rows a question means: cells and properties that are named, numbers, periods, and what is left out."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from .table_columns import Column
from .table_filters import Filter, rows_where, touches
from .table_numbers import number_filters
from .table_periods import period_filters
from .table_question import Mark, Question

_JOINING = frozenset(("and", "or", "nor", "&", "plus", "the", "in", "on", "from", "for", "of", "to"))


def conditions(question: Question) -> list[Filter]:
    """The filters of a question, in the order of its words.

    Raises:
        ToolInputError: a condition fits several columns, or none.
    """
    found = [*_values(question), *period_filters(question), *number_filters(question), *_flags(question)]
    found.sort(key=lambda each: each.start)
    _negate(question, found)
    for one, two in pairwise(found):
        if one.column is not two.column and "or" in question.folded[one.end : two.start]:
            raise question.sheet.refusal(f"“or” between {one.said} and {two.said} is not clear; ask for one at a time")
    return found


def _values(question: Question) -> list[Filter]:
    filters: list[Filter] = []
    marks = question.of("value")
    for mark in marks:
        column = _column_of_value(question, mark, marks)
        cells = mark.cells[id(column)]
        last = filters[-1] if filters else None
        if (
            last
            and last.column is column
            and mark.exact
            and rows_where(question, column, lambda cell, cells=cells: str(cell) in cells) == last.rows
        ):  # said again: "graded VG+, proper VG+"
            continue
        if (
            last
            and last.column is column
            and not mark.exact
            and not last.exact
            and not _joined(question, last.end, mark)
        ):
            rows = last.rows & rows_where(question, column, lambda cell, cells=cells: str(cell) in cells)
            filters[-1] = replace(last, rows=rows, end=mark.end, said=_shown_cells(column, rows))
            continue
        if last and last.column is column and not _joined(question, last.end, mark):
            raise question.sheet.refusal(
                f"{last.said} and “{question.words[mark.start]}” cannot both be the {column.spoken}"
            )
        rows = rows_where(question, column, lambda cell, cells=cells: str(cell) in cells)
        said = _shown_cells(column, rows)
        filters.append(Filter(column, rows, said, mark.start, mark.end, adds=True, exact=mark.exact))
    return filters


def _shown_cells(column: Column, rows: frozenset[int]) -> str:
    cells = list(dict.fromkeys(str(column.cells[row]) for row in sorted(rows)))
    shown = " or ".join(f"“{cell}”" for cell in cells[:4])
    return f"{column.spoken} {shown}" + (f" or {len(cells) - 4} more" if len(cells) > 4 else "")


def _joined(question: Question, end: int, mark: Mark) -> bool:
    """Whether nothing but "and", "or" or a comma stands between two values."""
    between = question.folded[end : mark.start]
    comma = not between and re.search(rf"{re.escape(question.words[end - 1])}\s*[,;/&]", question.text)
    return bool(comma) or (bool({"and", "or", "nor", "&"} & set(between)) and set(between) <= _JOINING | {"not"})


def _column_of_value(question: Question, mark: Mark, marks: list[Mark]) -> Column:
    """The column that holds a value: the one that is named beside it, or the only one."""
    beside = [m for m in question.of("column") if touches(question, m, mark)]
    named = [c for m in beside for c in m.columns if id(c) in mark.cells]
    for m in beside:
        if set(map(id, m.columns)) & set(mark.cells) and (len(mark.columns) > 1 or not m.columns[0].numeric):
            m.kind = "absorbed"
    if named:
        return named[0]
    lead = (question.stems[mark.start - 1],) if mark.start else ()
    if led := [c for c in mark.columns if c.words == lead]:
        return led[0]  # "from Bonn" where a column is called From
    if len(mark.columns) > 1:
        shared = [c for c in mark.columns if any(m is not mark and m.columns == [c] for m in marks)]
        if len(shared) == 1:
            return shared[0]
        what = " ".join(question.words[mark.start : mark.end])
        columns = " and ".join(f"“{c.name}”" for c in mark.columns)
        raise question.sheet.refusal(f"“{what}” stands in more than one column, {columns}; say which is meant")
    return mark.columns[0]


def _flags(question: Question) -> list[Filter]:
    """Columns of yes and no that are named as a property: "who has paid"; and cells that are missing."""
    filters: list[Filter] = []
    blanks = [mark for mark in question.of("op") if mark.what == "blank"]
    for mark in question.of("column"):
        if len(mark.columns) != 1:
            continue
        column = mark.columns[0]
        grouped = any(group.end <= mark.start <= group.end + 1 for group in question.of("group"))
        near = [blank for blank in blanks if touches(question, mark, blank)]
        zero = column.numeric and (0 in column.cells or None not in column.cells)  # "no hours" may be none or unknown
        barred = question.before(mark.start) in ("no", "without") and column.kind != "flag" and not zero
        if near or barred:
            for blank in near:
                blank.kind = "absorbed"
            rows = frozenset(row for row in question.sheet.rows if column.cells[row] is None)
            mark.kind = "absorbed"
            for negation in [n for n in question.of("negation") if barred and n.end == mark.start]:
                negation.kind = "absorbed"
            filters.append(Filter(column, rows, f"no {column.spoken}", mark.start, mark.end))
        elif column.kind == "flag" and not grouped:
            mark.kind = "absorbed"
            rows = rows_where(question, column, lambda cell: cell is True)
            filters.append(Filter(column, rows, f"{column.spoken} yes", mark.start, mark.end))
    return filters


def _negate(question: Question, filters: list[Filter]) -> None:
    """ "without the torn nets": what follows a negation, and what is joined to that, is left out."""
    for mark in question.of("negation"):
        following = [each for each in filters if each.start >= mark.end]
        first = following[0] if following else None
        if first is None or first.start - mark.end > 3 or _content_between(question, mark.end, first.start):
            question.free[mark.start : mark.end] = [True] * (mark.end - mark.start)
            question.marks.remove(mark)
            continue
        first.negated = True
        if first.column.kind == "flag" and False in first.column.cells:
            _denied(question, first)
        for one, two in pairwise(following):
            between = set(question.folded[one.end : two.start])
            if not one.negated or two.column is not first.column or not between & {"and", "or", "nor", "&"}:
                break
            two.negated = True
        mark.kind = "absorbed"


def _denied(question: Question, each: Filter) -> None:
    """ "Who has not paid": those of whom it says so; how many cells are empty is told."""
    column = each.column
    each.rows = rows_where(question, column, lambda cell: cell is False)
    unknown = sum(column.cells[row] is None for row in question.sheet.rows)
    each.said = f"{column.spoken} no" + (f" ({unknown} empty)" if unknown else "")
    each.negated = False


def _content_between(question: Question, start: int, end: int) -> bool:
    return any(mark.start >= start and mark.end <= end for mark in question.of("op", "superlative", "group", "number"))
