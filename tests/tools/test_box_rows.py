"""Rows and columns of things, as a person sees them."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

from prefrontal.errors import ToolInputError
from prefrontal.tools.box_rows import filter_boxes, rows_of


def thing(name: str, x: int, y: int) -> dict[str, Any]:
    return {"label": name, "score": 0.9, "box": {"xmin": x, "ymin": y, "xmax": x + 20, "ymax": y + 20}}


# Two rows, not quite level: a b c above d e, which a detector found in another order.
THINGS = [thing("d", 2, 60), thing("b", 50, 4), thing("a", 0, 0), thing("e", 48, 55), thing("c", 100, 9)]


def names(things: list[dict[str, Any]]) -> str:
    return "".join(sorted(item["label"] for item in things))


def test_what_stands_about_level_is_a_row() -> None:
    assert [names(row) for row in rows_of(THINGS)] == ["abc", "de"]
    assert [names(row) for row in rows_of(THINGS, "x")] == ["ad", "be", "c"]
    assert rows_of([]) == []


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        ("top row", "abc"),
        ("the first row", "abc"),
        ("Bottom Row", "de"),
        ("last row", "de"),
        ("not the last row", "abc"),
        ("not top rows", "de"),
        ("left column", "ad"),
        ("rightmost column", "c"),
        ("middle column", "be"),
        ("not middle column", "acd"),
        ("second column", "be"),
    ],
)
def test_one_row_or_all_others(keep: str, kept: str) -> None:
    assert names(filter_boxes(THINGS, keep)) == kept


def test_their_order_stays_and_nothing_is_in_no_row() -> None:
    assert [item["label"] for item in filter_boxes(THINGS, "top row")] == ["b", "a", "c"]
    assert filter_boxes([], "third row") == []


@pytest.mark.parametrize(
    ("keep", "sentence"),
    [
        (
            "the red ones",
            "'the red ones' is no row or column; allowed are such as 'top row', 'not the last row', or, with the "
            "picture, 'left half'",
        ),
        ("third row", "there are 2 rows, so there is no third one"),
        ("middle row", "there are 2 rows, so none is in the middle; say which one by number"),
    ],
)
def test_rows_that_are_not_there(keep: str, sentence: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        filter_boxes(THINGS, keep)
    assert str(caught.value) == sentence


# Of the picture's width: the middles of a and d are in its left half, those of b, c and e in its right one.
PICTURE = Image.new("L", (114, 80))


@pytest.mark.parametrize(("keep", "kept"), [("left half", "ad"), ("top half", "abc"), ("bottom right", "e")])
def test_what_lies_in_a_part_of_the_picture_is_kept(keep: str, kept: str) -> None:
    assert names(filter_boxes(THINGS, keep, image=PICTURE)) == kept


@pytest.mark.parametrize(("keep", "kept"), [("not left half", "bce"), ("not bottom right", "abcd")])
def test_what_lies_in_no_such_part_is_kept(keep: str, kept: str) -> None:
    assert names(filter_boxes(THINGS, keep, image=PICTURE)) == kept


def test_with_a_picture_rows_are_rows_and_other_words_no_part() -> None:
    assert names(filter_boxes(THINGS, "top row", image=PICTURE)) == "abc"
    with pytest.raises(ToolInputError, match="'the red ones' is no region"):
        filter_boxes(THINGS, "the red ones", image=PICTURE)
