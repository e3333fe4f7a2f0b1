"""What is said of a number by a rule stands behind the plan for the rest."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.compose.deciding import said_if
from prefrontal.agent.planner.parse.conditional import Conditional
from prefrontal.agent.planner.plan import Plan
from prefrontal.agent.planner.plan_step import PlanStep

GOAL = "Count the buttons. If there are more than 20 say too many, otherwise say fine."
RULE = Conditional("Count the buttons.", "> 20", "too many", "fine", "buttons")
FIND = PlanStep("object-detection", {"image": "image-1"}, "Count", noun="buttons", asked=False)


def counted(what: str, items: str = "<node-0>", asked: bool = True) -> PlanStep:
    return PlanStep("count", {"items": items, "label": what}, "Count", asked=asked)


def test_the_number_is_compared_with_the_bound() -> None:
    plan = said_if(Plan(RULE.goal, (FIND, counted("buttons")), sure=0.8), RULE, GOAL)
    step = plan.steps[-1]
    assert (plan.goal, len(plan.steps), plan.unplaced) == (GOAL, 3, ())
    assert (step.task, step.covers, step.confidence) == ("compare-numbers", GOAL, 0.8)
    assert step.arguments == {"numbers": ["<node-1>"], "how": "> 20", "then": "too many", "otherwise": "fine"}


def test_what_is_not_said_is_no_argument() -> None:
    rule = Conditional("Count the buttons.", "> 20", "too many")
    assert said_if(Plan(rule.goal, (counted("buttons"),)), rule, GOAL).steps[-1].arguments == {
        "numbers": ["<node-0>"],
        "how": "> 20",
        "then": "too many",
    }


def test_of_several_numbers_the_one_that_counts_the_noun() -> None:
    steps = (counted("buttons"), counted("needles", "<node-0>"))
    assert said_if(Plan(RULE.goal, steps), RULE, GOAL).steps[-1].arguments["numbers"] == ["<node-0>"]
    loose = Conditional(RULE.goal, "> 20", "too many")
    unclear = said_if(Plan(RULE.goal, steps), loose, GOAL)
    assert (unclear.steps, unclear.unplaced) == (steps, ("say too many",))


def test_of_numbers_on_the_way_the_last_one() -> None:
    steps = (counted("buttons", asked=False), PlanStep("calculate", {"expression": "2 * <node-0>"}, "double it"))
    rule = Conditional("Count the buttons and double it.", "> 20", "too many")
    assert said_if(Plan(rule.goal, steps), rule, GOAL).steps[-1].arguments["numbers"] == ["<node-1>"]


def test_a_rule_has_no_place_where_there_is_no_number() -> None:
    steps = (PlanStep("summarization", {"text": "text-1"}, "Sum it up"),)
    plan = said_if(Plan("Sum it up.", steps), RULE, GOAL)
    assert (plan.goal, plan.steps, plan.unplaced) == (GOAL, steps, ("say too many",))


@pytest.mark.parametrize(
    "plan",
    [
        Plan("Count the buttons.", problem="There is nothing to do."),
        Plan("Count the buttons.", (counted("buttons"),), unplaced=("sing",)),
        Plan("Count the buttons.", replies=("Good morning.",)),
    ],
    ids=["a problem", "words without a place", "no steps"],
)
def test_a_plan_that_cannot_run_is_left_as_it_is(plan: Plan) -> None:
    said = said_if(plan, RULE, GOAL)
    assert (said.goal, said.steps, said.problem, said.unplaced) == (GOAL, plan.steps, plan.problem, plan.unplaced)
