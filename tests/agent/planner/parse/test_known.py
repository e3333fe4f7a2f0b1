"""Ways of asking that mean one thing."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.known import known


@pytest.mark.parametrize(
    ("goal", "ops", "thing"),
    [
        ("Draw a box around every coin", ["find_things"], "coin"),
        ("put frames round all the buttons and say how many there are", ["find_things", "count_things"], "buttons"),
        ("frame the pebbles in heap.jpg please", ["find_things"], "pebbles"),
        ("please box every bead, and how many are there", ["find_things", "count_things"], "bead"),
        ("How many coins are there? Mark a circle around each coin.", ["find_things", "count_things"], "coin"),
    ],
)
def test_framing(goal: str, ops: list[str], thing: str) -> None:
    read = known(goal, ["image"])
    assert read is not None
    assert [wish.op for wish in read.wishes] == ops
    assert {wish.argument("thing") for wish in read.wishes} == {thing}


@pytest.mark.parametrize(
    ("goal", "kinds"),
    [
        ("Draw a box around every coin", []),
        ("Draw a box", ["image"]),
        ("Find all lorries and draw a box around each", ["image"]),  # what each is stands elsewhere
        ("put frames round them", ["image"]),
        ("How many boxes lie around the house?", ["image"]),
        ("what does the frame cost", ["image"]),
        ("is the picture frame in the box of the shop", ["image"]),
    ],
)
def test_what_is_no_such_goal(goal: str, kinds: list[str]) -> None:
    assert known(goal, kinds) is None


@pytest.mark.parametrize(
    ("goal", "which"),
    [
        ("What is written on the third line?", "the third line"),
        ("please read me the 4th line of the letter", "the 4th line"),
        ("what does the last line say", "the last line"),
    ],
)
def test_a_line_that_is_asked_for(goal: str, which: str) -> None:
    understood = known(goal, ("image",))
    assert understood is not None
    (wish,) = understood.wishes
    assert (wish.op, wish.limit("nth")) == ("read_text", which)


def test_a_line_and_more_is_left_to_the_reader() -> None:
    assert known("what is the total on the third line", ("image",)) is None
    assert known("What is written on the third line?", ("image", "image")) is None
