"""Long pictures are widened for detectors that squash, boxes stay where they were, each thing is given once, and what a
checkpoint doubts is not given.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from prefrontal.tools.runners.detecting import LONGEST, detect, widened


def found(score: float, *sides: float) -> dict[str, Any]:
    return {"label": "coin", "score": score, "box": dict(zip(("xmin", "ymin", "xmax", "ymax"), sides, strict=True))}


class Recorded:
    """A pipeline that gives the boxes it was made with, and keeps what it was called with."""

    def __init__(self, boxes: list[dict[str, Any]], **processor: Any) -> None:
        self.boxes, self.options = boxes, {}
        self.seen: Any = None
        self.model = SimpleNamespace(config=SimpleNamespace())
        self.image_processor = SimpleNamespace(**{"do_resize": True, "do_pad": False, **processor})

    def __call__(self, picture: Any, **options: Any) -> list[dict[str, Any]]:
        self.seen, self.options = picture, options
        return self.boxes


SQUARE = {"size": {"height": 640, "width": 640}}


@pytest.mark.parametrize(
    ("size", "after"),
    [((800, 100), (800, 500)), ((100, 800), (500, 800)), ((160, 100), (160, 100)), ((400, 300), (400, 300))],
)
def test_only_long_pictures_are_widened(size: tuple[int, int], after: tuple[int, int]):
    picture = Image.new("RGB", size, "red")

    assert widened(picture).size == after
    assert (widened(picture) is picture) == (size == after)


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "1"])
def test_what_is_added_has_the_colour_of_the_border(mode: str):
    picture = Image.new("L", (200, 40), 255)
    picture.paste(0, (60, 10, 140, 30))

    wide = np.asarray(widened(picture.convert(mode)))

    assert (wide[:40] == np.asarray(picture.convert("RGB"))).all()
    assert (wide[40:] == 255).all()


@pytest.mark.parametrize(
    "processor",
    [
        {"size": {"shortest_edge": 800, "longest_edge": 1333}},
        {**SQUARE, "do_pad": True},
        {**SQUARE, "do_resize": False},
        {},
    ],
)
def test_a_detector_that_keeps_the_shape_gets_the_picture_as_it_is(processor: dict[str, Any]):
    pipe, picture = Recorded([found(0.9, 0, 0, 900, 90)], **processor), Image.new("RGB", (800, 80))

    assert detect(pipe, picture, {}) == pipe.boxes
    assert pipe.seen is picture


def test_boxes_stay_in_the_picture():
    inside, over, beside = found(0.9, 10, 10, 50, 50), found(0.8, 100, 10, 150, 90), found(0.7, 10, 100, 50, 140)
    pipe = Recorded([inside, over, beside], **SQUARE)

    boxes = detect(pipe, Image.new("RGB", (800, 80)), {"threshold": 0.3})

    assert pipe.seen.size == (800, round(800 / LONGEST))
    assert pipe.options == {"threshold": 0.3}
    assert boxes == [inside, found(0.8, 100, 10, 150, 80)]


def test_each_thing_is_given_once():
    pipe = Recorded([found(0.6, 0, 0, 100, 100), found(0.9, 1, 1, 100, 100)], **SQUARE)

    assert detect(pipe, Image.new("RGB", (200, 200)), {}) == [found(0.9, 1, 1, 100, 100)]


def test_the_bounds_of_a_checkpoint_hold_where_the_caller_names_no_threshold():
    sure, worn, long = found(0.9, 20, 20, 60, 60), found(0.45, 80, 20, 120, 60), found(0.8, 20, 100, 120, 140)
    pipe = Recorded([sure, worn, long], **SQUARE)
    pipe.model.config.box_bounds = {"surest": 0.7, "others": 0.4, "longest": 1.5}
    picture = Image.new("RGB", (200, 200))

    assert detect(pipe, picture, {}) == [sure, worn]
    assert pipe.options == {"threshold": 0.4}
    assert detect(pipe, picture, {"threshold": 0.1}) == [sure, worn, long]
    assert pipe.options == {"threshold": 0.1}


class Sided(Recorded):
    """Sees the red square of a picture, surely when it is at the left, and a stain at the left in any picture."""

    def __call__(self, picture: Any, **options: Any) -> list[dict[str, Any]]:
        rows, columns = np.nonzero(np.asarray(picture)[..., 0] > 200)
        left = int(columns.min())
        square = found(0.9 if left < 100 else 0.6, left, int(rows.min()), left + 40, int(rows.min()) + 40)
        return [square, found(0.7, 5, 150, 45, 190)]


def test_a_picture_is_looked_at_both_ways_where_the_checkpoint_says_so():
    pipe, picture = Sided([], **SQUARE), Image.new("RGB", (200, 200))
    picture.paste("red", (20, 20, 60, 60))
    pipe.model.config.box_bounds = {"surest": 0.7, "others": 0.4, "both_ways": True}

    (square,) = detect(pipe, picture, {})
    assert square["score"] == pytest.approx(0.75)
    assert square["box"] == {"xmin": 20, "ymin": 20, "xmax": 60, "ymax": 60}
    assert len(detect(pipe, picture, {"threshold": 0.3})) == 2
