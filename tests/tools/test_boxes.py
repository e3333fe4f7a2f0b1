"""A thing that a detector frames twice is given once, and what a checkpoint bids to doubt is not given."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from prefrontal.tools.boxes import SAME, Bounds, agreed, distinct, overlap


def found(score: float, *sides: float, label: str = "coin") -> dict[str, Any]:
    return {"label": label, "score": score, "box": dict(zip(("xmin", "ymin", "xmax", "ymax"), sides, strict=True))}


@pytest.mark.parametrize(
    ("sides", "share"),
    [
        ((0, 0, 10, 10), 1.0),
        ((0, 0, 10, 5), 0.5),
        ((5, 0, 15, 10), 1 / 3),
        ((10, 0, 20, 10), 0.0),  # they touch
        ((30, 30, 40, 40), 0.0),
        ((3, 3, 3, 3), 0.0),  # nothing in it
    ],
)
def test_overlap_is_intersection_over_union(sides: tuple[float, ...], share: float):
    one, other = found(1, 0, 0, 10, 10)["box"], found(1, *sides)["box"]

    assert overlap(one, other) == pytest.approx(share)
    assert overlap(other, one) == pytest.approx(share)


def test_of_two_boxes_on_one_thing_the_surer_stays_and_the_order_too():
    weak, other, sure = found(0.6, 0, 0, 100, 100), found(0.7, 200, 0, 300, 100), found(0.9, 2, 1, 101, 102)

    assert distinct([weak, other, sure]) == [other, sure]


def test_another_label_is_another_thing():
    boxes = [found(0.9, 0, 0, 10, 10, label="cup"), found(0.8, 0, 0, 10, 10, label="saucer")]

    assert distinct(boxes) == boxes


def test_things_before_each_other_stay_two():
    """Two people, one half behind the other: they overlap by a third."""
    boxes = [found(0.9, 0, 0, 60, 200, label="person"), found(0.8, 30, 0, 90, 200, label="person")]

    assert overlap(boxes[0]["box"], boxes[1]["box"]) < SAME
    assert distinct(boxes) == boxes


def test_a_twin_of_a_twin_is_compared_with_what_stays_only():
    """B is A's twin and C is B's, but C frames something else than A."""
    first, twin, third = found(0.9, 0, 0, 100, 100), found(0.8, 15, 0, 115, 100), found(0.7, 30, 0, 130, 100)

    assert distinct([first, twin, third]) == [first, third]


def test_nothing_found_stays_nothing():
    assert distinct([]) == []


COINS = Bounds(surest=0.7, others=0.4, longest=1.5)


def test_one_thing_beyond_doubt_speaks_for_the_others():
    sure, worn, stain = found(0.9, 10, 10, 30, 30), found(0.45, 50, 10, 70, 30), found(0.3, 50, 50, 70, 70)

    assert COINS.kept([worn, sure, stain], 100, 100) == [worn, sure]


def test_without_one_there_are_none():
    boxes = [found(0.65, 10, 10, 30, 30), found(0.6, 50, 10, 70, 30)]

    assert COINS.kept(boxes, 100, 100) == []
    assert COINS.kept([], 100, 100) == []


def test_what_is_too_long_is_none_and_speaks_for_none():
    long, round_enough = found(0.9, 10, 10, 60, 30), found(0.65, 10, 60, 38, 80)

    assert COINS.kept([long, round_enough], 100, 100) == []
    assert Bounds(others=0.4).kept([long, round_enough], 100, 100) == [long, round_enough]


def test_where_most_are_too_long_the_others_are_none():
    long, tall, disc = found(0.6, 10, 10, 60, 30), found(0.5, 70, 10, 90, 60), found(0.9, 10, 60, 30, 80)

    assert COINS.kept([long, disc], 100, 100) == [disc]
    assert COINS.kept([long, tall, disc], 100, 100) == []


@pytest.mark.parametrize("sides", [(0, 10, 10, 40), (90, 10, 100, 40), (10, 0, 40, 10), (10, 91, 40, 99)])
def test_a_part_of_a_thing_at_the_border_may_be_long(sides: tuple[float, ...]):
    part = found(0.9, *sides)

    assert COINS.kept([part], 100, 100) == [part]


def test_bounds_are_read_from_a_configuration():
    said = {"surest": 0.7, "others": 0.4, "longest": 1.5}

    assert Bounds.of(SimpleNamespace(box_bounds=said)) == COINS
    assert Bounds.of(SimpleNamespace(box_bounds={"both_ways": True})) == Bounds(both_ways=True)


@pytest.mark.parametrize(
    "said", [None, {}, [0.7], {"surest": "0.7"}, {"surest": True}, {"surest": 0.7, "code": 1}, {"both_ways": 1}]
)
def test_a_configuration_that_says_no_bounds_has_none(said: Any):
    assert Bounds.of(SimpleNamespace(box_bounds=said)) is None
    assert Bounds.of(SimpleNamespace()) is None


def test_two_looks_that_agree_have_their_mean():
    first, other = found(0.9, 0, 0, 20, 20), found(0.5, 50, 0, 70, 20)
    again, new = found(0.7, 1, 0, 21, 20), found(0.6, 0, 50, 20, 70)

    scores = [(item["box"]["xmin"], item["score"]) for item in agreed([first, other], [again, new])]
    assert scores == [(0, pytest.approx(0.8)), (50, pytest.approx(0.25)), (0, pytest.approx(0.3))]
    assert agreed([], []) == []
