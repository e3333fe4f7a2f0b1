"""What happens in a run, as small plain records: the same that the run's steps tell afterwards."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.tools import tool

from prefrontal import Agent, ModelCard, ModelIndex, Workspace
from prefrontal.agent.events import Calls, events_of
from prefrontal.agent.messages import unreached
from prefrontal.agent.middleware import FailOver, RetrieveModels
from prefrontal.agent.run import run_of
from prefrontal.agent.scripted import ScriptedChatModel, calling, calls
from prefrontal.agent.step import Step
from prefrontal.agent.toolbox import Toolbox

BROKEN, FRENCH = "lab--corrupt-en-fr", "prefrontal--numbers-en-fr"
GOAL = "translation of numbers en fr"


@tool
def shop(item: str) -> str:
    """What an item costs."""
    return f"{item} costs 7 euros"


def followed(index: ModelIndex, workspace: Workspace, *turns: Any) -> tuple[list[dict[str, Any]], tuple[Step, ...]]:
    """The events of a graph's updates, and the steps of the run that its last state tells."""
    toolbox = Toolbox(index, workspace)
    app = create_agent(
        ScriptedChatModel(*turns, "Done."), [shop], middleware=[RetrieveModels(toolbox), FailOver(toolbox)]
    )
    events: list[dict[str, Any]] = []
    known: Calls = {}
    state: dict[str, Any] = {}
    for mode, chunk in app.stream({"messages": GOAL}, stream_mode=["updates", "values"]):
        if mode == "values":
            state = chunk
        else:
            events += events_of(chunk, known)
    return events, run_of(state, workspace).steps


def told(steps: tuple[Step, ...], ids: list[str]) -> list[dict[str, Any]]:
    """The steps as events; searches have no id."""
    numbers = iter(ids)
    return [step.to_event("" if step.kind == "search" else next(numbers)) for step in steps]


def test_the_events_are_the_steps(small_index: ModelIndex, workspace: Workspace) -> None:
    """A search that nobody asked for, one that the model made, a call that worked, one that failed, a foreign tool."""
    events, steps = followed(
        small_index, workspace,
        calling("search_models", thought="I look.", query="numbers en fr", task="translation"),
        calling(FRENCH, thought="I say it.", text="12"),
        calling("calculate", thought="I reckon.", expression="1 +"),
        calling("shop", thought="I ask.", item="tea"),
    )  # fmt: skip
    made = [event for event in events if event["type"] == "call"]
    assert [call["tool"] for call in made] == [FRENCH, "calculate", "shop"]
    rest = [event for event in events if event["type"] not in ("call", "answer")]
    assert rest == told(steps, [call["id"] for call in made])
    assert [event["type"] for event in rest if event["type"] != "search"] == ["result", "error", "result"]
    assert [event["thought"] for event in rest if event["type"] == "search"].count("I look.") == 1
    assert events[-1] == {"type": "answer", "text": "Done.", "reached": True}
    assert json.loads(json.dumps(events)) == events


def test_each_event_with_its_call_gives_the_step_back(small_index: ModelIndex, workspace: Workspace) -> None:
    turns = [calling(FRENCH, thought="I say it.", text="12"), calling("shop", thought="I ask.", item="tea")]
    events, steps = followed(small_index, workspace, *turns)
    made = {event["id"]: event for event in events if event["type"] == "call"}
    back = [
        Step.from_event(event, made.get(event.get("id", ""), {}))
        for event in events
        if event["type"] not in ("call", "answer")
    ]
    assert [str(step) for step in back] == [str(step) for step in steps]


def test_who_takes_over_is_told_as_it_happens(
    small_index: ModelIndex, workspace: Workspace, corrupt: ModelCard
) -> None:
    """A run has one step for it; while it happens nobody knows yet that another model will make up for it."""
    small_index.add([corrupt])
    events, steps = followed(small_index, workspace, calling(BROKEN, thought="I say it.", text="12"))
    events = [event for event in events if event["type"] != "search"]
    assert [(event["type"], event.get("tool")) for event in events] == [
        ("call", BROKEN), ("error", BROKEN), ("call", FRENCH), ("result", FRENCH), ("answer", None),
    ]  # fmt: skip
    (step,) = (step for step in steps if step.kind == "call")
    assert events[3] == step.to_event(events[2]["id"])
    assert events[3]["failed_before"] == [events[1]["text"]]


def test_a_call_is_told_before_its_result_and_carried_to_its_update() -> None:
    known: Calls = {}
    call = calls(("shop", {"item": "tea"}), thought="I ask.")
    id = call.tool_calls[0]["id"]
    assert list(events_of({"model": {"messages": [call]}}, known)) == [
        {"type": "call", "id": id, "tool": "shop", "arguments": {"item": "tea"}, "thought": "I ask."}
    ]
    answer = ToolMessage("7 euros", name="shop", tool_call_id=id)
    result = {"type": "result", "id": id, "tool": "shop", "text": "7 euros"}
    assert list(events_of({"tools": {"messages": [answer]}}, known)) == [result]
    assert list(events_of({"tools": {"messages": [answer]}})) == [result], "also where the call was not seen"


@pytest.mark.parametrize(
    ("message", "events"),
    [
        (AIMessage("It is 42."), [{"type": "answer", "text": "It is 42.", "reached": True}]),
        (unreached("Stopped.", "budget"), [{"type": "answer", "text": "Stopped.", "reached": False}]),
        (AIMessage("  "), []),
    ],
)
def test_an_answer(message: AIMessage, events: list[dict[str, Any]]) -> None:
    assert list(events_of({"model": {"messages": [message]}})) == events


def test_updates_without_messages_are_no_events() -> None:
    assert list(events_of({"guard": None, "__interrupt__": (), "budget": {"turns": 1}})) == []


@pytest.mark.parametrize(
    "turn",
    [
        calling("search_models", words="numbers en fr"),
        AIMessage("", invalid_tool_calls=[
            {"name": "search_models", "args": "{", "id": "x", "error": "no JSON", "type": "invalid_tool_call"}
        ]),
    ],
    ids=["wrong arguments", "no JSON"],
)  # fmt: skip
def test_a_malformed_search_is_the_models_to_mend(small_index: ModelIndex, workspace: Workspace, turn: Any) -> None:
    run = Agent(ScriptedChatModel(turn, "Done."), small_index, workspace).run(GOAL)
    assert (run.reached, run.answer) == (True, "Done.")


def test_a_search_that_failed_says_why(small_index: ModelIndex, workspace: Workspace) -> None:
    events, steps = followed(small_index, workspace, calling("search_models", query="smell", task="image-to-smell"))
    (step,) = (step for step in steps if not step.ok)
    assert "'image-to-smell' is not a known task" in step.observation
    assert [event for event in events if step.observation in event.values()]
