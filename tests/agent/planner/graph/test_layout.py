"""Where boxes of a drawn plan go: columns from left to right, nothing on top of each other, links straight at it."""

from __future__ import annotations

from itertools import combinations

import pytest

from prefrontal.agent.planner.graph.layout import CURVE, HEAD, Box, Link, lay_out


def laid_out(columns: list[int], ends: list[tuple[int, int]]) -> tuple[list[Box], list[Link], tuple[float, float]]:
    """Boxes of such columns, and links between them; each link is an input of its own."""
    boxes = [Box(column, 100 + 10 * place, 40) for place, column in enumerate(columns)]
    links = [Link(source, target, f"input {place}", 30) for place, (source, target) in enumerate(ends)]
    for link in links:
        boxes[link.target].inputs.append(link.name)
    return boxes, links, lay_out(boxes, links)


CHAIN = [0, 1, 2], [(0, 1), (1, 2)]
FAN = [0, 0, 0, 1, 2], [(0, 3), (1, 3), (2, 3), (3, 4)]
LONG = [0, 1, 2, 3], [(0, 1), (1, 2), (2, 3), (0, 3), (1, 3)]


@pytest.mark.parametrize("graph", [CHAIN, FAN, LONG])
def test_boxes_lie_on_the_page_and_apart(graph: tuple[list[int], list[tuple[int, int]]]) -> None:
    boxes, _, (width, height) = laid_out(*graph)
    for box in boxes:
        assert 0 <= box.x <= box.x + box.width <= width + 0.01
        assert 0 <= box.y <= box.y + box.height <= height + 0.01
    for one, other in combinations(boxes, 2):
        if one.column == other.column:
            upper, lower = sorted((one, other), key=lambda box: box.y)
            assert lower.y >= upper.y + upper.height
        else:
            left, right = sorted((one, other), key=lambda box: box.column)
            assert right.x >= left.x + left.width + CURVE + HEAD + 30, "room for the curve, the arrow and the label"


@pytest.mark.parametrize("graph", [CHAIN, FAN, LONG])
def test_a_link_runs_from_its_box_to_its_input(graph: tuple[list[int], list[tuple[int, int]]]) -> None:
    boxes, links, _ = laid_out(*graph)
    for link in links:
        source, target = boxes[link.source], boxes[link.target]
        assert link.points[0] == pytest.approx((source.x + source.width, source.middle))
        assert link.points[-1] == pytest.approx((target.x, target.middle + target.entry(link.name)))
        assert len(link.points) == 2 * (target.column - source.column), "one pair for each gap that it crosses"


def test_links_that_would_cross_do_not() -> None:
    _, links, _ = laid_out([0, 0, 1, 1], [(0, 3), (1, 2)])
    starts, ends = ([link.points[at][1] for link in links] for at in (0, -1))
    assert (starts[0] < starts[1]) == (ends[0] < ends[1])


def test_a_chain_is_a_straight_line() -> None:
    boxes, _, _ = laid_out(*CHAIN)
    assert [box.middle for box in boxes] == pytest.approx([boxes[0].middle] * 3)


def test_inputs_stand_below_each_other_within_their_box() -> None:
    boxes, links, _ = laid_out(*FAN)
    target = boxes[3]
    entries = [target.entry(name) for name in target.inputs]
    assert entries == sorted(entries)
    assert sum(entries) == pytest.approx(0)
    assert target.height / 2 > max(entries)
    assert [boxes[link.source].y for name in target.inputs for link in links if link.name == name] == sorted(
        box.y for box in boxes[:3]
    )
    assert target.entry("no input") == 0
