"""Which sorts of models a plan needs, whatever way it goes."""

from prefrontal.agent.planner.compose.sorts import sorts_of
from prefrontal.agent.planner.plan import Plan
from prefrontal.agent.planner.plan_step import PlanStep


def plan(*tasks: str) -> Plan:
    return Plan("goal", tuple(PlanStep(task, {}, task, confidence=1.0, why="") for task in tasks))


def test_two_ways_to_the_same_end_are_of_one_sort() -> None:
    read = plan("split-lines", "image-to-text", "join", "find-amount")
    assert sorts_of(read) == sorts_of(plan("document-question-answering")) == {"read"}
    assert sorts_of(plan("object-detection", "count", "compare-numbers")) == {"detect", "reckon"}


def test_what_has_no_sort_is_one_of_its_own() -> None:
    assert sorts_of(plan("translation", "crop")) == {"translation"}
