"""`Step`: told from messages, told as an event, and read back from one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from prefrontal import Agent, ModelCard, ModelIndex, Workspace
from prefrontal.agent.scripted import ScriptedChatModel, calling, calls
from prefrontal.agent.step import Step, searched, steps_of

BROKEN, FRENCH = "lab--corrupt-en-fr", "prefrontal--numbers-en-fr"
DAMAGED = "unavailable: lab/corrupt-en-fr cannot be loaded: its weights are damaged; download or copy the model again"
FOUND: Any = {"id": "lab/ocr", "tool": "lab--ocr", "task": "image-to-text", "score": 0.5, "why": "right task",
              "does": "Reads.", "labels": [], "languages": [], "bytes": 7}  # fmt: skip
SEARCH: Any = {"query": "read a page", "task": "image-to-text", "candidates": [FOUND], "seconds": 0.25}
OTHER: Any = {"id": "lab/far", "task": "image-to-text", "why": "its folder is gone"}

Reach = Callable[..., list[Step]]


@pytest.fixture
def reach(small_index: ModelIndex, workspace: Workspace, corrupt: ModelCard) -> Reach:
    """The steps of a real run with such turns, over an index with a translator that is broken."""
    small_index.add([corrupt])

    def steps(*turns: AIMessage) -> list[Step]:
        agent = Agent(ScriptedChatModel(*turns, "Done."), small_index, workspace)
        return [step for step in agent.run("translation of numbers en fr").steps if step.thought]

    return steps


def there_and_back(step: Step) -> Step:
    """Over a line of JSON, as one process tells another."""
    line = json.dumps(step.to_event("call-1"))
    call = {"type": "call", "id": "call-1", "thought": step.thought, "arguments": step.action["arguments"]}
    return Step.from_event(json.loads(line), json.loads(json.dumps(call)))


def test_a_search_there_and_back(reach: Reach) -> None:
    (step,) = reach(calling("search_models", thought="I look.", query="numbers en fr", task="translation"))
    back = there_and_back(step)
    assert back.to_event() == step.to_event()
    assert str(back) == str(step)
    assert (back.kind, back.thought, back.action) == ("search", "I look.", step.action)
    assert "prefrontal/numbers-en-fr" in [found["id"] for found in back.candidates]
    assert set(back.candidates[0]) == {"id", "task", "score", "why"}, "an event tells no more of a model"


def test_a_search_without_candidates_there_and_back() -> None:
    step = searched({**SEARCH, "candidates": [], "others": [OTHER]}, "I look.")
    assert step.observation == "found nothing that runs here"
    assert there_and_back(step) == step
    assert step.to_event()["others"] == [OTHER]


def test_a_search_among_all_tasks_there_and_back() -> None:
    step = searched({"query": "read a page", "task": None, "candidates": []})
    assert step.action == {"tool": "search_models", "arguments": {"query": "read a page"}}
    assert there_and_back(step) == step
    assert step.to_event() == {
        "type": "search", "query": "read a page", "task": None, "candidates": [], "seconds": 0.0, "thought": "",
    }  # fmt: skip


def test_a_call_that_worked_there_and_back(reach: Reach) -> None:
    (step,) = reach(calling(FRENCH, thought="I say it.", text="12"))
    assert (step.ok, step.outputs, step.result) == (True, {"text": "douze"}, "result-1")
    assert there_and_back(step) == replace(step, outputs={}), "all but the outputs, which its text tells"
    event = step.to_event("call-1")
    assert event.pop("seconds") == step.seconds > 0
    assert event == {
        "type": "result", "id": "call-1", "tool": FRENCH, "text": "douze [result-1]", "model": step.model,
        "task": "translation", "result": "result-1",
    }  # fmt: skip


def test_a_call_that_failed_there_and_back(reach: Reach) -> None:
    (step,) = reach(calling("calculate", thought="I reckon.", expression="1 +"))
    assert (step.ok, step.model, step.result) == (False, {}, "")
    assert there_and_back(step) == step
    assert step.to_event("call-1") == {
        "type": "error", "id": "call-1", "tool": "calculate", "text": step.observation,
    }  # fmt: skip


def test_a_call_that_another_model_took_over_there_and_back(reach: Reach) -> None:
    """It is one step: of who answered, with the thought behind the call, and with what failed before."""
    (step,) = reach(calling(BROKEN, thought="I say it.", text="12"))
    assert (step.ok, step.action["tool"], step.model["id"]) == (True, FRENCH, "prefrontal/numbers-en-fr")
    assert step.failed_before == (DAMAGED,)
    assert there_and_back(step) == replace(step, outputs={})
    assert step.to_event("call-1")["failed_before"] == [DAMAGED]


def test_a_call_of_a_tool_that_is_no_model_tells_no_model() -> None:
    call = calling("shop", thought="I ask.", item="tea")
    (step,) = steps_of([call, ToolMessage("7 euros", name="shop", tool_call_id=call.tool_calls[0]["id"])])
    assert step == Step("call", "I ask.", {"tool": "shop", "arguments": {"item": "tea"}}, "7 euros")
    assert step.to_event("c") == {"type": "result", "id": "c", "tool": "shop", "text": "7 euros"}
    assert there_and_back(step) == step


def test_searches_stand_before_the_turn_that_they_were_made_for() -> None:
    """The first message of a conversation that goes on is not its message 0."""
    call = calling("shop", item="tea")
    messages = [
        HumanMessage("Buy"),
        call,
        ToolMessage("7 euros", tool_call_id=call.tool_calls[0]["id"]),
        AIMessage("7"),
    ]
    searches: Any = [{**SEARCH, "query": str(place), "at": place} for place in (1, 11, 13)]
    told = [step.action["arguments"].get("query", "a call") for step in steps_of(messages, searches, start=10)]
    assert told == ["11", "a call", "13"]


def test_calls_of_one_turn_stand_in_the_order_of_the_turn() -> None:
    """Tools run side by side: who is done first answers first."""
    turn = calls(("shop", {"item": "tea"}), ("shop", {"item": "rice"}), ("shop", {"item": "no answer"}))
    tea, rice, _ = (call["id"] for call in turn.tool_calls)
    answers = [ToolMessage("9", tool_call_id=rice), ToolMessage("7", tool_call_id=tea)]
    assert [step.observation for step in steps_of([turn, *answers])] == ["7", "9"]


def test_a_malformed_call_is_a_step_too() -> None:
    bad: Any = {"name": "shop", "args": "{", "id": "x", "error": "no JSON", "type": "invalid_tool_call"}
    said = AIMessage("I ask.", invalid_tool_calls=[bad])
    (step,) = steps_of([said, ToolMessage("wrong input: no JSON", tool_call_id="x", status="error")])
    assert (step.ok, step.thought, step.action) == (False, "I ask.", {"tool": "shop", "arguments": {}})


def test_a_step_shows_itself() -> None:
    assert str(searched(SEARCH, "I look.")).splitlines() == [
        "Thought  I look.",
        "Search   “read a page” among image-to-text (0.25 s)",
        "         1. lab/ocr 0.50: right task",
    ]
