"""Limits that code enforces."""

from __future__ import annotations

import time
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver

from prefrontal import Agent, ModelCard, ModelIndex, Workspace
from prefrontal.agent.middleware import Budget, WithinBudget, budget
from prefrontal.agent.scripted import ScriptedChatModel, calling
from prefrontal.errors import ModelUnavailableError


def card(id: str, size: int) -> ModelCard:
    return ModelCard.from_row({"id": id, "task": "translation", "bytes": size})


def test_the_gate_counts_what_has_to_be_downloaded(zoo: list[ModelCard]) -> None:
    limits = Budget(download_bytes=1_000_000_000)
    limits.gate(zoo[0])  # lies here: free
    limits.gate(card("lab/one", 700_000_000))
    limits.gate(card("lab/one", 700_000_000))  # the same again, as after a broken download
    with pytest.raises(ModelUnavailableError) as refused:
        limits.gate(card("lab/two", 400_000_000))
    assert str(refused.value) == (
        "lab/two has to be downloaded (400 MB), allowed are 1.0 GB in all; "
        "raise Budget(download_bytes=…) or take a smaller model"
    )
    limits.gate(card("lab/three", 300_000_000))


def test_nought_forbids_downloading_also_what_tells_no_size() -> None:
    with pytest.raises(ModelUnavailableError, match="size unknown"):
        Budget(download_bytes=0).gate(card("lab/unknown", 0))


def test_the_gate_stands_before_a_call(small_index: ModelIndex, workspace: Workspace, zoo: list[ModelCard]) -> None:
    """The model reads that it may not, and goes on."""
    small_index.add([card("lab/huge-en-fr", 3_000_000_000)])
    agent = Agent(ScriptedChatModel(), small_index, workspace, budget=Budget(download_bytes=1_000_000))
    message = agent.toolbox.tool("lab/huge-en-fr").invoke(
        {"name": "lab--huge-en-fr", "args": {"text": "1"}, "id": "1", "type": "tool_call"}
    )
    assert message.status == "error"
    assert message.text.startswith("unavailable: lab/huge-en-fr has to be downloaded (3.0 GB), allowed are 0.0 GB")


def test_seconds_are_looked_at_before_each_turn() -> None:
    @tool
    def nap() -> str:
        """Sleep."""
        time.sleep(0.2)
        return "slept"

    model = ScriptedChatModel(calling("nap"), "never said")
    app = create_agent(model, [nap], middleware=[WithinBudget(Budget(seconds=0.1))])
    state = app.invoke({"messages": "Sleep"})
    assert state["messages"][-1].text.startswith("Stopped: the budget of 0 seconds is used up;")
    assert len(model.sent) == 1


def test_each_goal_of_a_thread_has_the_whole_budget() -> None:
    model = ScriptedChatModel("one", "two", "three")
    app = create_agent(model, [], middleware=[WithinBudget(Budget(turns=1))], checkpointer=InMemorySaver())
    thread: Any = {"configurable": {"thread_id": "1"}}
    assert [app.invoke({"messages": "Say"}, thread)["messages"][-1].text for _ in range(3)] == ["one", "two", "three"]


def test_a_run_taken_up_in_another_process_is_not_charged_for_the_time_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    within = WithinBudget(Budget(seconds=5))
    state: Any = {"messages": [], "began": time.time() - 3600, "process": "another", "turns": 3}
    assert within.before_model(state, None)["turns"] == 4
    state["process"] = budget._PROCESS
    assert within.before_model(state, None)["jump_to"] == "end"
