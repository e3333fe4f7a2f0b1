"""The built-ins: exact, small, and an error that says what to do for anything that does not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from prefrontal.errors import ToolInputError
from prefrontal.tools.builtin import FUNCTIONS, builtin_cards, count, crop, draw_boxes, join, pick
from prefrontal.tools.tasks import rows


def box(label: str, score: float, xmin: int, ymin: int, xmax: int, ymax: int) -> dict[str, Any]:
    return {"label": label, "score": score, "box": {"xmin": xmin, "ymin": ymin, "xmax": xmax, "ymax": ymax}}


BOXES = [box("coin", 0.9, 0, 0, 10, 10), box("Coins", 0.8, 30, 20, 35, 24), box("glass", 0.99, 50, 5, 90, 45)]


def said(call, *args: Any, **options: Any) -> str:
    with pytest.raises(ToolInputError) as caught:
        call(*args, **options)
    return str(caught.value)


def test_each_builtin_row_has_a_function_and_a_card() -> None:
    named = [row.id for row in rows() if row.builtin]
    assert sorted(FUNCTIONS) == sorted(named)
    assert [card.task for card in builtin_cards()] == named
    assert all(card.id == f"prefrontal/{card.task}" and card.bytes == 0 for card in builtin_cards())


@pytest.mark.parametrize(
    ("items", "label", "number"),
    [
        (BOXES, None, 3),
        (BOXES, "coin", 2),
        (BOXES, "Coins ", 2),
        (BOXES, "spoon", 0),
        ([], None, 0),
        ({"boxes": BOXES, "seconds": 1}, None, 3),
        (["a", "b"], None, 2),
        (["a", {"label": "glasses"}], "glass", 0),
        ([{"label": "glass"}], "glass", 1),
    ],
)
def test_count(items: Any, label: str | None, number: int) -> None:
    assert count(items, label) == number


@pytest.mark.parametrize("items", [7, "coins", None, {"text": "x"}])
def test_count_wants_a_list(items: Any) -> None:
    assert said(count, items) == (
        f"a list is needed, such as a detector's boxes or its handle result-1, got {type(items).__name__}"
    )


@pytest.mark.parametrize(
    ("by", "index"),
    [(None, 0), ("first", 0), ("last", 2), ("best", 2), ("worst", 1), ("Largest ", 2), ("smallest", 1), ("leftmost", 0),
     ("rightmost", 2), ("topmost", 0), ("bottommost", 2)],
)  # fmt: skip
def test_pick(by: str | None, index: int) -> None:
    assert pick(BOXES, by) is BOXES[index]


def test_pick_among_a_label() -> None:
    assert pick(BOXES, "best", "coin") is BOXES[0]
    assert said(pick, BOXES, "best", "spoon") == "there is nothing to pick from with the label 'spoon'; check the list"
    assert said(pick, []) == "there is nothing to pick from; check the list"
    assert said(pick, BOXES, "reddest").startswith("'reddest' is no way to pick; allowed are first, last, best, ")
    assert said(pick, [{"label": "a"}], "largest") == (
        "the list's things have no 'box' to pick the largest by; pick first or last instead"
    )
    assert "pick first or last instead" in said(pick, ["a", "b"], "best")


@pytest.mark.parametrize(
    ("region", "area"),
    [
        ("left half", (0, 0, 50, 40)),
        ("right half", (50, 0, 100, 40)),
        ("Top", (0, 0, 100, 20)),
        ("lower half", (0, 20, 100, 40)),
        ("top left", (0, 0, 50, 20)),
        ("bottom-right quarter", (50, 20, 100, 40)),
        ("right third", (67, 0, 100, 40)),
        ("left quarter", (0, 0, 25, 40)),
        ("centre", (25, 10, 75, 30)),
    ],
)
def test_crop_a_region(region: str, area: tuple[int, int, int, int]) -> None:
    pixels = np.arange(4000, dtype=np.uint16).reshape(40, 100)
    image = Image.fromarray(pixels)
    left, top, right, bottom = area
    assert np.array_equal(np.asarray(crop(image, region)), pixels[top:bottom, left:right])


def test_crop_a_box() -> None:
    image = Image.new("L", (100, 40))
    assert crop(image, box=BOXES[0]).size == (10, 10)
    assert crop(image, box={"xmin": 90.4, "ymin": -5, "xmax": 500, "ymax": 10}).size == (10, 10)
    assert crop(image, "left half", BOXES[1]).size == (5, 4)
    assert said(crop, image) == "what to cut out is missing; give region, such as 'left half', or box"
    assert said(crop, image, box=[1, 2, 3, 4]) == "a box needs xmin, ymin, xmax and ymax in pixels, got [1, 2, 3, 4]"
    assert "a box needs xmin" in said(crop, image, box={"xmin": "a"})
    assert said(crop, image, box=box("x", 1, 200, 0, 300, 10)) == (
        "the box [200, 0, 300, 10] lies outside of the picture of 100 x 40 pixels; correct it"
    )
    for region in ("", "left right", "upside down"):
        assert said(crop, image, region).startswith(
            f"{region!r} is no region; allowed are left, right, top or bottom half"
        )


def test_draw_boxes_leaves_the_picture_alone() -> None:
    image = Image.new("L", (100, 60), 255)
    drawn = draw_boxes(image, BOXES)
    assert (drawn.mode, drawn.size, image.getextrema()) == ("RGB", (100, 60), (255, 255))
    assert drawn.getpixel((50, 40)) != (255, 255, 255)
    assert drawn.getpixel((45, 55)) == (255, 255, 255)
    assert draw_boxes(image, []).getextrema() == ((255, 255),) * 3
    assert said(draw_boxes, image, [{"label": "a"}]) == (
        "a box needs xmin, ymin, xmax and ymax in pixels, got {'label': 'a'}"
    )


def test_join() -> None:
    assert join(["one ", " two"]) == "one\ntwo"
    assert join(["one", "two"], ", ") == "one, two"
    assert join([{"text": "Anna", "label": "PER"}, {"label": "cat"}, 3], " ") == "Anna cat 3"
    assert said(join, [{"box": 1}]) == (
        "texts are needed, got None; pass texts, or the handle of a result that holds them"
    )
