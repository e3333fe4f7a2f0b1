"""Values flow from step to step: real results of built-in tools become the arguments of the next call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.messages import ToolMessage

from prefrontal import ModelIndex, Workspace
from prefrontal.agent.planner.execute.carrying import Stuck, bare_number, calls_of, value_of
from prefrontal.agent.planner.plan import Plan
from prefrontal.agent.planner.plan_step import Formula, PlanStep
from prefrontal.tools.builtin import builtin_cards
from prefrontal.tools.model_tool import ModelTool

CARDS = {card.task: card for card in builtin_cards()}
BOXES = [{"label": "coin", "score": 0.9, "box": {"xmin": x, "ymin": 0, "xmax": x + 9, "ymax": 9}} for x in (0, 20, 40)]
Call = Callable[..., ToolMessage]


@pytest.fixture
def call(workspace: Workspace) -> Call:
    def made(task: str, **arguments: Any) -> ToolMessage:
        tool = ModelTool(CARDS[task], workspace)
        message = tool.invoke({"type": "tool_call", "id": "1", "name": tool.name, "args": arguments})
        assert isinstance(message, ToolMessage)
        return message

    return made


def next_calls(index: ModelIndex, given: list[ToolMessage], task: str, each: str = "", **arguments: Any) -> list[Any]:
    """The calls of a second step, over what the first one gave."""
    first = PlanStep(given[0].artifact["task"], {}, "")
    return calls_of(Plan("", (first, PlanStep(task, arguments, "", each=each))), 1, lambda place: given, index)


def test_a_result_is_passed_by_its_handle(small_index: ModelIndex, call: Call) -> None:
    joined = call("join", texts=["a", "b"])
    assert value_of(joined) == "a\nb"
    assert next_calls(small_index, [joined], "count-in-text", text="<node-0>", what="lines") == [
        {"text": joined.artifact["result"], "what": "lines"}
    ]


def test_each_value_gets_a_call_of_its_own(small_index: ModelIndex, call: Call) -> None:
    given = [call("join", texts=[text]) for text in ("a", "b")]
    made = next_calls(small_index, given, "translation", each="text", text="<node-0>", target_language="fr")
    assert made == [{"text": answer.artifact["result"], "target_language": "fr"} for answer in given]


@pytest.mark.parametrize(
    ("formula", "expression"),
    [
        (Formula("+", ("<node-0>",)), "3 + 2"),
        (Formula("+", ("<node-0>", "4")), "3 + 2 + 4"),
        (Formula("mean", ("<node-0>",)), "(3 + 2) / 2"),
        (Formula(">", ("<node-0>",)), "3 > 2"),
    ],
)
def test_formulas_over_several_results(small_index: ModelIndex, call: Call, formula: Formula, expression: str) -> None:
    given = [call("count", items=BOXES), call("count", items=BOXES[:2])]
    assert next_calls(small_index, given, "calculate", expression=formula) == [{"expression": expression}]


def test_numbers_to_compare(small_index: ModelIndex, call: Call) -> None:
    given = [call("count", items=BOXES), call("join", texts=["twenty-four"])]
    assert next_calls(small_index, given, "compare-numbers", numbers="<node-0>", how="more") == [
        {"numbers": [3, 24], "how": "more"}
    ]
    assert next_calls(small_index, given[:1], "compare-numbers", numbers=["<node-0>", "2.5"], how="more") == [
        {"numbers": [3, 2.5], "how": "more"}
    ]


@pytest.mark.parametrize(
    ("task", "arguments", "number"),
    [
        ("dates", {"question": "days from 1 March 2027 to 5 March 2027"}, "4"),
        ("convert-units", {"question": "2 km in m"}, "2000"),
        ("find-amount", {"text": "Eggs 2.50\nTotal 3.70", "about": "total"}, "3.7"),
    ],
)
def test_a_tool_that_answers_in_a_sentence_is_reckoned_with_by_its_number(
    small_index: ModelIndex, call: Call, task: str, arguments: dict[str, str], number: str
) -> None:
    answer = call(task, **arguments)
    assert next_calls(small_index, [answer], "calculate", expression="1 / 2 * (<node-0>)") == [
        {"expression": f"1 / 2 * ({number})"}
    ]
    assert next_calls(small_index, [answer], "convert-units", question="<node-0> miles in km") == [
        {"question": f"{number} miles in km"}
    ]


def test_the_number_beside_an_answer() -> None:
    assert bare_number({"text": "It is 4 days.", "value": 4}) == 4
    assert bare_number({"line": "Total 3.70", "amount": 3.7}) == 3.7
    assert bare_number({"text": "2028 is a leap year.", "value": True}) is None
    assert bare_number({"number": 3}) is None


def test_what_is_no_number_is_refused(small_index: ModelIndex, call: Call) -> None:
    with pytest.raises(Stuck) as caught:
        next_calls(small_index, [call("join", texts=["a red fox"])], "calculate", expression="2 * (<node-0>)")
    assert str(caught.value) == "A number is needed to reckon with, but an earlier step gave 'a red fox'."
    three = [call("count", items=BOXES)] * 3
    with pytest.raises(Stuck) as caught:
        next_calls(small_index, three, "calculate", expression=Formula(">", ("<node-0>",)))
    assert str(caught.value) == "A comparison needs two numbers, but there are 3; pass two files."
