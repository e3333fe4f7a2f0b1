"""A plan is carried out turn by turn, and where it stands is told from the messages alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage

from prefrontal import ModelIndex, Workspace
from prefrontal.agent.messages import SEARCH
from prefrontal.agent.planner.execute.progress import Progress, finished
from prefrontal.agent.planner.plan import Plan
from prefrontal.agent.planner.plan_step import PlanStep
from prefrontal.agent.toolbox import Toolbox

SALES = "region,amount\nNorth,10\nSouth,20\nNorth,30\n"


def carried_out(plan: Plan, index: ModelIndex, workspace: Workspace) -> list[AIMessage]:
    """All turns of a plan, with the real tools that they call."""
    toolbox = Toolbox(index, workspace)
    messages: list[BaseMessage] = []
    turns: list[AIMessage] = []
    while not turns or turns[-1].tool_calls:
        turns.append(Progress(index, workspace, plan, "g1", messages).next_turn())
        for call in turns[-1].tool_calls:
            messages.append(answered(toolbox, dict(call)))
    return turns


def answered(toolbox: Toolbox, call: dict[str, Any]) -> ToolMessage:
    if call["name"] == SEARCH:
        record = toolbox.search(call["args"]["query"], 5, call["args"]["task"])
        return ToolMessage("found", tool_call_id=call["id"], artifact=record)
    tool = toolbox.named(call["name"], [card.id for card in toolbox.index])
    assert tool is not None
    message = tool.invoke({**call, "type": "tool_call"})
    assert isinstance(message, ToolMessage)
    return message


def step(task: str, asked: bool = True, **arguments: Any) -> PlanStep:
    return PlanStep(task, arguments, f"do {task}", asked=asked, why="a tool does it")


def test_each_step_is_looked_for_called_and_told(small_index: ModelIndex, workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(SALES)
    table = workspace.add(tmp_path / "sales.csv").handle
    plan = Plan(
        "What is the total amount? Halve it.",
        (step("table-query", table=table, question="total amount"), step("calculate", expression="1 / 2 * (<node-0>)")),
        replies=("Good day.",),
    )
    turns = carried_out(plan, small_index, workspace)
    assert [call["name"] for turn in turns for call in turn.tool_calls] == [SEARCH, "table-query", SEARCH, "calculate"]
    assert [call["id"] for turn in turns for call in turn.tool_calls] == [
        "g1-0-search", "g1-0-0-0", "g1-1-search", "g1-1-0-0",
    ]  # fmt: skip
    assert turns[0].text == "Step 1 of 2, table-query: a tool does it."
    assert turns[-1].text == "Good day. The total amount is 60. 1 / 2 * (60) = 30."


def test_what_only_others_need_is_not_told(small_index: ModelIndex, workspace: Workspace) -> None:
    steps = step("join", asked=False, texts=["one two", "three"]), step("count-in-text", text="<node-0>", what="words")
    assert carried_out(Plan("", steps), small_index, workspace)[-1].text == "There are 3 words."


def test_a_step_that_fails_stops_only_what_needs_it(small_index: ModelIndex, workspace: Workspace) -> None:
    steps = (
        step("join", texts=["a red fox"]),
        step("calculate", expression="2 * (<node-0>)"),
        step("calculate", expression="3 + (<node-1>)"),
        step("calculate", expression="6 * 7"),
    )
    said = carried_out(Plan("", steps, left_out=("Nothing here can do “fly”.",)), small_index, workspace)[-1]
    assert said.text == (
        "A number is needed to reckon with, but an earlier step gave 'a red fox'. Nothing here can do “fly”. "
        "Found so far: The text reads: “a red fox”. 6 * 7 = 42."
    )
    assert said.additional_kwargs["prefrontal"] == {"reached": False, "reason": "step failed"}


def test_a_tool_that_refuses_is_quoted(small_index: ModelIndex, workspace: Workspace) -> None:
    said = carried_out(Plan("", (step("dates", question="which weekday is it"),)), small_index, workspace)[-1]
    assert said.text == (
        "Step 1, dates, could not be done: understood was no date, and that a weekday is asked; but 1 date would be "
        "needed, 0 are there"
    )


def test_a_plan_that_leaves_something_out_is_reached_only_in_part() -> None:
    whole = finished(Plan(""), "There are 24 coins.")
    assert (whole.text, whole.additional_kwargs) == ("There are 24 coins.", {})
    part = finished(Plan("", left_out=("I book no flights.", "I bake no cakes.")), "There are 24 coins.")
    assert part.text == "There are 24 coins. Not done: I book no flights. I bake no cakes."
    assert part.additional_kwargs["prefrontal"] == {"reached": False, "reason": "only in part"}
