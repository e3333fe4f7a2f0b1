"""A thread is kept on the disk: over goals, with media in its results, and over a kill -9."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.types import Command

from prefrontal import Agent, ModelIndex, Workspace
from prefrontal.agent.scripted import ScriptedChatModel, calling

DIGITS, FRENCH = "prefrontal--digit-classifier", "prefrontal--numbers-en-fr"
THREAD: Any = {"configurable": {"thread_id": "one"}}
KILLED_RUN = Path(__file__).with_name("killed_run.py")


@pytest.fixture
def saver(tmp_path: Path) -> Iterator[SqliteSaver]:
    connection = sqlite3.connect(tmp_path / "state.sqlite", check_same_thread=False)
    yield SqliteSaver(connection)
    connection.close()


def test_a_run_with_media_is_stored_and_goes_on(
    small_index: ModelIndex, workspace: Workspace, saver: SqliteSaver, digit_seven: Any, tmp_path: Path
) -> None:
    model = ScriptedChatModel(
        calling("crop", image="image-1", region="top half"),
        calling(DIGITS, image="image-2"),
        "Some digit.",
    )
    first = Agent(model, small_index, workspace, checkpointer=saver)
    run = first.invoke({"goal": "crop the picture, which digit is it?", "media": [digit_seven]}, THREAD)
    assert run.reached
    assert run.steps[-1].model["id"] == "prefrontal/digit-classifier"

    model = ScriptedChatModel(calling(FRENCH, text="7"), "sept")
    again = Agent(model, small_index, Workspace(workspace.folder), checkpointer=saver)
    second = again.invoke("And 7 in French?", THREAD)
    assert second.reached
    assert (second.goal, second.answer) == ("And 7 in French?", "sept")
    assert [step.model["id"] for step in second.steps if step.kind == "call"] == ["prefrontal/numbers-en-fr"]
    assert model.sent[0].messages[1].text == "crop the picture, which digit is it?"
    assert FRENCH in model.sent[0].tools
    stored = (tmp_path / "state.sqlite").read_bytes()
    assert b"\x89PNG" not in stored
    assert again.invoke(None, THREAD).answer == "sept"


def test_the_embedded_planner_takes_a_second_goal(
    small_index: ModelIndex, workspace: Workspace, saver: SqliteSaver
) -> None:
    agent = Agent(None, small_index, workspace, checkpointer=saver)
    runs = [agent.invoke(f"What is {n} + 5?", THREAD) for n in (1, 2)]
    assert [run.reached for run in runs] == [True, True]
    assert ["6" in runs[0].answer, "7" in runs[1].answer] == [True, True]
    assert [run.goal for run in runs] == ["What is 1 + 5?", "What is 2 + 5?"]
    assert len(runs[1].steps) == len(runs[0].steps)


def run_in_a_process(folder: Path, goal: str, kill_at: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(KILLED_RUN), str(folder), "one", goal, str(kill_at)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("kill_at", [2, 4])
def test_a_killed_run_goes_on_and_does_nothing_twice(tmp_path: Path, kill_at: int) -> None:
    killed = run_in_a_process(tmp_path, "Do three things", kill_at)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    resumed = run_in_a_process(tmp_path, "resume", 0)
    assert resumed.returncode == 0, resumed.stderr
    run = json.loads(resumed.stdout)
    assert (run["reached"], run["goal"], run["answer"]) == (True, "Do three things", "All done.")
    assert (tmp_path / "effects.txt").read_text().split() == ["1", "2", "3"]
    assert [step["observation"] for step in run["steps"] if step["kind"] == "call"] == ["did 1", "did 2", "did 3"]


def test_a_new_goal_after_a_run_that_broke_off(small_index: ModelIndex, workspace: Workspace) -> None:
    """The thread holds a call without an answer; it is sent closed, so that no provider refuses it."""
    saver = InMemorySaver()
    stopped = Agent(
        ScriptedChatModel(calling("calculate", expression="1 + 1")), small_index, workspace, checkpointer=saver,
        middleware=[HumanInTheLoopMiddleware({"calculate": True})],
    )  # fmt: skip
    run = stopped.invoke("calculate 1 + 1", THREAD)
    assert not run.reached
    assert run.reason == "no answer"
    model = ScriptedChatModel("Fine.")
    assert Agent(model, small_index, workspace, checkpointer=saver).invoke("Leave it", THREAD).answer == "Fine."
    assert "not run: the run was cut off" in [message.text for message in model.sent[0].messages]


def test_a_person_may_approve_a_call(small_index: ModelIndex, workspace: Workspace) -> None:
    model = ScriptedChatModel(calling("calculate", expression="1 + 1"), "2")
    agent = Agent(
        model, small_index, workspace, checkpointer=InMemorySaver(),
        middleware=[HumanInTheLoopMiddleware({"calculate": True})],
    )  # fmt: skip
    assert not agent.invoke("calculate 1 + 1", THREAD).reached
    run = agent.invoke(Command(resume={"decisions": [{"type": "approve"}]}), THREAD)
    assert run.reached
    assert (run.goal, run.answer) == ("calculate 1 + 1", "2")


def test_async_threads(small_index: ModelIndex, workspace: Workspace) -> None:
    agent = Agent(ScriptedChatModel("one", "two"), small_index, workspace, checkpointer=InMemorySaver())

    async def both() -> list[Any]:
        return [await agent.ainvoke("Say", THREAD), await agent.ainvoke("Say again", THREAD)]

    assert [run.answer for run in asyncio.run(both())] == ["one", "two"]
