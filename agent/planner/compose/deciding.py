"""What is said of a number by a rule of the goal: a comparison behind the plan for the rest."""

from __future__ import annotations

from dataclasses import replace

from ....tools.tasks import find_task
from ..parse.conditional import Conditional
from ..plan import Plan
from ..plan_step import PlanStep, node

_NUMBERS = frozenset({"table-query", "convert-units", "automatic-speech-recognition", "image-classification"})


def said_if(plan: Plan, rule: Conditional, goal: str) -> Plan:
    """The plan with the rule behind it; where what is asked gives no number, the plan says that the rule has no place."""
    if plan.problem or plan.unplaced or not plan.steps:
        return replace(plan, goal=goal)
    numbers = [place for place, step in enumerate(plan.steps) if _gives_number(step)]
    named = [place for place in numbers if rule.noun and rule.noun in _nouns(plan.steps[place])]
    numbers = named or numbers
    told = [place for place in numbers if plan.steps[place].asked]
    if not numbers or len(told) > 1:  # of which of several is not said
        return replace(plan, goal=goal, unplaced=(f"say {rule.then}",))
    arguments = {"numbers": [node(numbers[-1])], "how": rule.how, "then": rule.then, "otherwise": rule.otherwise}
    kept = {name: value for name, value in arguments.items() if value}
    words = f"say “{rule.then}” if it is {rule.how}"
    step = PlanStep(
        "compare-numbers", kept, words, confidence=round(plan.sure, 2), why="a rule of the goal", covers=goal
    )
    return replace(plan, goal=goal, steps=(*plan.steps, step))


def _gives_number(step: PlanStep) -> bool:
    row = find_task(step.task)
    return step.task in _NUMBERS or (row is not None and row.output.kind == "number")


def _nouns(step: PlanStep) -> set[str]:
    """What a step counts."""
    return {str(step.arguments.get(name, "")).lower() for name in ("what", "label")}
