"""When a model fails, the next candidate answers, and the record tells what failed before."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from langchain.agents import create_agent

from prefrontal import Agent, ModelCard, ModelIndex, Workspace
from prefrontal.agent.middleware import FailOver, RetrieveModels
from prefrontal.agent.scripted import ScriptedChatModel, calling
from prefrontal.agent.toolbox import Toolbox

FRENCH = "prefrontal/numbers-en-fr"


@pytest.fixture
def gone(tmp_path: Path, zoo: list[ModelCard]) -> ModelCard:
    """A copy of the translator whose folder is there when it is found, and gone when it is called."""
    folder = tmp_path / "gone"
    shutil.copytree(zoo[1].path, folder)
    return ModelCard.from_dir(folder, id="lab/gone-en-fr")


def app(index: ModelIndex, workspace: Workspace, model: ScriptedChatModel, **options: Any) -> Any:
    toolbox = Toolbox(index, workspace)
    return create_agent(model, [], middleware=[RetrieveModels(toolbox), FailOver(toolbox, **options)])


@pytest.mark.parametrize("sync", [True, False])
def test_the_next_candidate_answers(
    small_index: ModelIndex, workspace: Workspace, corrupt: ModelCard, sync: bool
) -> None:
    small_index.add([corrupt])
    model = ScriptedChatModel(calling("lab--corrupt-en-fr", text="12"), "douze")
    graph = app(small_index, workspace, model)
    goal = {"messages": "translation of numbers en fr"}
    state = graph.invoke(goal) if sync else asyncio.run(graph.ainvoke(goal))
    answer = state["messages"][-2]
    assert (answer.text, answer.name, answer.status) == ("douze [result-1]", "prefrontal--numbers-en-fr", "success")
    assert answer.artifact["model"]["id"] == FRENCH
    (failure,) = answer.artifact["failed_before"]
    assert failure.startswith(("unavailable: ", "failed: "))
    assert "lab/corrupt-en-fr" in failure
    assert str(Path(corrupt.path).parent) not in failure


def test_a_folder_that_went_away(small_index: ModelIndex, workspace: Workspace, gone: ModelCard) -> None:
    small_index.add([gone])

    def call(messages: Any) -> Any:
        shutil.rmtree(gone.path)
        return calling("lab--gone-en-fr", text="12")

    run = Agent(ScriptedChatModel(call, "douze"), small_index, workspace).run("translation of numbers en fr")
    step = run.steps[-1]
    assert (step.ok, step.model["id"], step.action["tool"]) == (True, FRENCH, "prefrontal--numbers-en-fr")
    assert step.failed_before == (
        "unavailable: the folder of lab/gone-en-fr, …/gone, is gone; index it again where it lies now",
    )
    assert "Failed   unavailable: the folder of lab/gone-en-fr" in str(run)


def test_when_all_fail_the_model_reads_why(small_index: ModelIndex, workspace: Workspace, corrupt: ModelCard) -> None:
    small_index.remove(FRENCH)
    small_index.add([corrupt, corrupt.with_(id="lab/also-en-fr")])
    model = ScriptedChatModel(calling("lab--corrupt-en-fr", text="12"), "It cannot be done.")
    run = Agent(model, small_index, workspace).run("translation of numbers en fr")
    step = run.steps[-1]
    assert not step.ok
    assert "lab/corrupt-en-fr" in step.observation
    assert "lab/also-en-fr" in step.observation
    assert corrupt.path not in step.observation


def test_wrong_arguments_are_the_models_to_mend(
    small_index: ModelIndex, workspace: Workspace, corrupt: ModelCard
) -> None:
    small_index.add([corrupt])
    model = ScriptedChatModel(calling("lab--corrupt-en-fr", words="12"), "no")
    state = app(small_index, workspace, model).invoke({"messages": "translation of numbers en fr"})
    assert state["messages"][-2].name == "lab--corrupt-en-fr"
    assert state["messages"][-2].text.startswith("wrong input: the arguments do not fit translation: ")


def test_no_other_is_tried_when_none_may_be(small_index: ModelIndex, workspace: Workspace, corrupt: ModelCard) -> None:
    small_index.add([corrupt])
    model = ScriptedChatModel(calling("lab--corrupt-en-fr", text="12"), "no")
    state = app(small_index, workspace, model, tries=0).invoke({"messages": "translation of numbers en fr"})
    assert state["messages"][-2].status == "error"
