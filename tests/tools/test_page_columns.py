"""Pieces of lines are joined, and columns are read one after the other."""

from __future__ import annotations

import numpy as np

from prefrontal.tools.page_columns import Line, reading_order

HEIGHT = 10.0


def piece(left: int, right: int, row: float) -> Line:
    x = np.arange(left, right, dtype=float)
    return Line(left, right, row, row, x, np.full(len(x), row), np.ones(len(x)))


def spans(lines: list[Line]) -> list[tuple[int, int, int]]:
    return [(line.left, line.right, round(line.middle)) for line in lines]


def test_a_price_is_joined_to_its_article_however_far() -> None:
    rows = [20 * number for number in range(1, 6)]
    pieces = [piece(0, 150 + row, row) for row in rows] + [piece(560, 600, row + 2) for row in rows]
    assert [(left, right) for left, right, _ in spans(reading_order(pieces, HEIGHT, 0.0))] == [(0, 600)] * 5


def test_two_columns_under_a_title() -> None:
    rows = [60, 80, 100, 120]
    title = piece(0, 500, 20)
    pieces = [piece(400, 640, row) for row in rows] + [piece(0, 260, row) for row in rows] + [title]
    expected = [(0, 500, 20), *((0, 260, row) for row in rows), *((400, 640, row) for row in rows)]
    assert spans(reading_order(pieces, HEIGHT, 0.0)) == expected


def test_the_pieces_of_a_falling_line_are_joined_along_it() -> None:
    pieces = [piece(0, 100, 50), piece(500, 600, 65), piece(0, 100, 70), piece(500, 600, 85)]
    assert spans(reading_order(pieces, HEIGHT, 0.035)) == [(0, 600, 58), (0, 600, 78)]


def test_nothing_gives_nothing() -> None:
    assert reading_order([], HEIGHT, 0.0) == []


def test_narrow_columns_are_columns_where_their_lines_are_full() -> None:
    rows = [20, 40, 60]
    full = [piece(0, width, row) for row, width in zip(rows, (115, 90, 120), strict=True)]
    pieces = full + [piece(200, 290 + row // 3, row) for row in rows]
    expected = [(line.left, line.right, round(line.middle)) for line in pieces]
    assert spans(reading_order(pieces, HEIGHT, 0.0)) == expected
    labels = [piece(0, width, row) for row, width in zip(rows, (115, 40, 30), strict=True)]
    assert [line.right for line in reading_order(labels + pieces[3:], HEIGHT, 0.0)] == [296, 303, 310]
