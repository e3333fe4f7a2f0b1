"""Conditions on the rows of a table, and the rows that fulfil them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .table_columns import Column
from .table_question import Mark, Question

TESTS: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
}
LINKS = frozenset("is are was were the of a an = has have had be in being as value with equals".split())


@dataclass
class Filter:
    """Rows that fulfil a condition on one column; those that `adds` are joined, others cut each other down."""

    column: Column
    rows: frozenset[int]
    said: str
    start: int
    end: int
    adds: bool = False
    negated: bool = False
    exact: bool = True


def kept_rows(question: Question, filters: list[Filter]) -> list[int]:
    """The rows that fulfil all filters."""
    rows = set(question.sheet.rows)
    for column in {id(each.column): each.column for each in filters}.values():
        here = [each for each in filters if each.column is column]
        joined = [each.rows for each in here if each.adds and not each.negated]
        rows &= frozenset().union(*joined) if joined else rows
        for each in here:
            if each.negated:
                rows -= each.rows
            elif not each.adds:
                rows &= each.rows
    return sorted(rows)


def rows_where(question: Question, column: Column, test: Callable[[Any], bool]) -> frozenset[int]:
    sheet = question.sheet
    return frozenset(row for row in sheet.rows if column.cells[row] is not None and test(column.cells[row]))


def touches(question: Question, one: Mark, two: Mark) -> bool:
    first, second = sorted((one, two), key=lambda mark: mark.start)
    return first.end <= second.start and set(question.folded[first.end : second.start]) <= LINKS


def spanning(mark: Mark, start: int, end: int) -> Mark:
    return Mark(mark.kind, start, end, mark.what, mark.columns, mark.cells)
