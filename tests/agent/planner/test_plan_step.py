"""A step says what it takes from the steps before it, wherever in its arguments that stands."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.plan_step import Formula, PlanStep, node, nodes_in


@pytest.mark.parametrize(
    ("value", "steps"),
    [
        (node(3), [3]),
        (f"{node(0)} and {node(12)}", [0, 12]),
        ([node(1), "image-1", [node(2)]], [1, 2]),
        (Formula("+", (node(4), "7", node(5))), [4, 5]),
        ("node-1 or <node-x>", []),
        (7, []),
        (None, []),
    ],
)
def test_the_steps_that_a_value_names(value: object, steps: list[int]) -> None:
    assert nodes_in(value) == steps


def test_a_step_needs_each_step_before_it_once() -> None:
    step = PlanStep("join", {"texts": [node(2), node(0)], "separator": " ", "again": node(2)}, "join them")
    assert step.needs == [2, 0]
    assert PlanStep("image-to-text", {"image": "image-1"}, "read it").needs == []


def test_a_formula_as_people_read_it() -> None:
    assert str(Formula(">", (node(0), node(1)))) == "<node-0> > <node-1>"
    assert str(Formula("+", (node(0),))) == "+ over <node-0>"
