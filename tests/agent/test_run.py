"""`Run`: what happened, told from the messages alone, as plain values."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from prefrontal import Run, Workspace
from prefrontal.agent.messages import unreached
from prefrontal.agent.run import run_of
from prefrontal.agent.scripted import calling
from prefrontal.errors import UsageError


def test_a_run_is_plain_json(seven: Run) -> None:
    values = json.loads(seven.to_json())
    assert values == seven.to_dict()
    assert values["goal"] == "recognise the digit; say it in French"
    assert values["reached"] is True
    assert [step["model"]["id"] for step in values["steps"] if step["kind"] == "call"] == [
        "prefrontal/digit-classifier",
        "prefrontal/numbers-en-fr",
    ]
    assert "messages" not in values
    assert values["media"][0]["handle"] == "image-1"
    pickle.loads(pickle.dumps(seven))  # noqa: S301  # its own bytes


def test_models_pictures_and_paths(seven: Run) -> None:
    assert [model["id"] for model in seven.models] == ["prefrontal/digit-classifier", "prefrontal/numbers-en-fr"]
    assert seven.pictures == []
    assert Path(seven.path("image-1")).is_file()
    with pytest.raises(UsageError) as caught:
        seven.path("image-7")
    assert str(caught.value) == "'image-7' is no file of this run; there are: image-1"


def test_only_the_last_goal_counts(workspace: Workspace) -> None:
    first, second = calling("a"), calling("b")
    state = {
        "messages": [
            HumanMessage("one"), first, ToolMessage("A", tool_call_id=first.tool_calls[0]["id"]), AIMessage("done one"),
            HumanMessage("two", name="Anna"), second, ToolMessage("B", tool_call_id=second.tool_calls[0]["id"]),
            AIMessage("done two"),
        ]
    }  # fmt: skip
    run = run_of(state, workspace)
    assert (run.goal, run.answer, [step.observation for step in run.steps]) == ("two", "done two", ["B"])
    assert run_of({"messages": []}, workspace).reason == "no answer"
    assert not run_of({}, workspace).reached


def test_a_run_that_did_not_reach_its_goal_says_why(workspace: Workspace) -> None:
    run = run_of({"messages": [HumanMessage("Count"), unreached("Stopped: no.", "budget")]}, workspace, 1.23456)
    assert (run.reached, run.answer, run.reason, run.seconds) == (False, "Stopped: no.", "budget", 1.235)
    cut_off = run_of({"messages": [HumanMessage("Count"), calling("count", items=[1])]}, workspace)
    said = "There was no answer; see the steps for what happened."
    assert (cut_off.reached, cut_off.answer, cut_off.reason) == (False, said, "no answer")


def test_each_change_of_plan_is_kept(workspace: Workspace) -> None:
    note = {"step": 1, "instead_of": "lab/a", "now": "with lab/b", "why": "lab/a could not do it (it broke)"}
    changed = AIMessage("", additional_kwargs={"prefrontal": {"replanned": note}})
    before = run_of({"messages": [HumanMessage("a"), changed, AIMessage("b")]}, workspace)
    after = run_of({"messages": [*before.messages, HumanMessage("c"), AIMessage("d")]}, workspace)
    assert (before.replanned, after.replanned) == ((note,), ())
    assert before.to_dict()["replanned"] == [note]
