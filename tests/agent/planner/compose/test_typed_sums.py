"""Sums that the ops of a goal and the kinds of its numbers settle."""

from __future__ import annotations

import pytest
from benches import asked, bench, calls, planned

from prefrontal.agent.planner.compose.bench import Lacking
from prefrontal.agent.planner.compose.typed_sums import typed_sum


@pytest.mark.parametrize(
    ("goal", "op", "expression"),
    [
        ("our Nan's teapot was 40 quid, now it's 25% off, so?", "discount", "40 * (1 - 25 / 100)"),
        ("he wants 80 for the job and 20% vat on top, bless him", "raise_by", "80 * (1 + 20 / 100)"),
        ("the lot is 250 so how much is the 8% tax", "percent_of", "250 * 8 / 100"),
    ],
)
def test_a_per_cent_of_the_one_number(goal: str, op: str, expression: str) -> None:
    assert calls(planned(goal, asked(op, goal.split()[-1]))) == [("calculate", {"expression": expression})]


def test_the_share_of_each() -> None:
    goal = "supper for us six came to 90, 10 percent tip on that, so each of us six owes"
    wishes = asked("tip", "10 percent tip"), asked("split", "each", people="six")
    plan = planned(
        "supper came to 90, 10 percent tip on that, and six of us share",
        wishes[0],
        asked("split", "share", people="six"),
    )
    assert calls(plan) == [("calculate", {"expression": "(90 * (1 + 10 / 100)) / 6"})]
    assert planned(goal, *wishes).problem  # "six" is said twice


@pytest.mark.parametrize(
    ("goal", "op"),
    [
        ("540 with 8% vat included, what is it net", "discount"),
        ("20 percent here and 30 percent there of 900 quid", "percent_of"),
        ("a coat for 90 had 10% off and then 5% vat on top", "raise_by"),
    ],
)
def test_what_these_do_not_settle_is_refused(goal: str, op: str) -> None:
    made = bench(goal, asked(op, goal.split()[-1]))
    with pytest.raises(Lacking):
        typed_sum(made, made.understanding.wishes[0])


@pytest.mark.parametrize(
    ("goal", "expression"),
    [
        ("a lamp was 45, now 30% off, how much do I save", "45 * 30 / 100"),
        ("a lamp was 45, now 30% off, what do I pay", "45 * (1 - 30 / 100)"),
    ],
)
def test_what_comes_off_is_not_what_is_left(goal: str, expression: str) -> None:
    assert calls(planned(goal, asked("discount", "30% off"))) == [("calculate", {"expression": expression})]


def test_the_per_cent_and_what_it_makes() -> None:
    goal = "vat of 8% on 250, and then the total with the vat"
    plan = planned(goal, asked("percent_of", "vat of"), asked("raise_by", "the total with"))
    assert [(step.arguments["expression"], step.told) for step in plan.steps] == [
        ("250 * 8 / 100", "named 8 % of 250"),
        ("250 * (1 + 8 / 100)", "named with it"),
    ]
