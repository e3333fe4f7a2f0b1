from __future__ import annotations

import json
from pathlib import Path

import pytest

from prefrontal import ModelIndex
from prefrontal.agent.planner.linking import File
from prefrontal.agent.planner.plan import Formula, Plan, PlanStep
from prefrontal.agent.planner.taskbench import RequestPlanner, named_files, only, read_tools
from prefrontal.errors import UsageError
from prefrontal.retrieval.embedder import HashEmbedder
from prefrontal.tools.builtin import builtin_cards


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> ModelIndex:
    index = ModelIndex(tmp_path_factory.mktemp("taskbench") / "index", HashEmbedder())
    index.add(list(builtin_cards()))
    return index


def tools(*names: str) -> list[dict[str, str]]:
    return [{"id": name, "desc": ""} for name in names]


def test_files_are_told_by_their_names() -> None:
    assert named_files("Turn 'example.jpg' and my voice.WAV into clip.mp4, not v1.2 or example.jpg.") == [
        File("example.jpg", "image", "example.jpg"),
        File("voice.WAV", "audio", "voice.WAV"),
        File("clip.mp4", "video", "clip.mp4"),
    ]


def test_the_whole_table_by_our_names(index: ModelIndex) -> None:
    assert RequestPlanner(index).plan("Transcribe talk.wav and translate the transcript into French.") == {
        "task_nodes": [
            {"task": "automatic-speech-recognition", "arguments": ["talk.wav"]},
            {"task": "translation", "arguments": ["<node-0>", "fr"]},
        ],
        "task_links": [{"source": "automatic-speech-recognition", "target": "translation"}],
    }


def test_only_the_given_tools_by_their_own_names(index: ModelIndex) -> None:
    # Reading a page splits it into lines with built-ins; a tool set without them gets the reading alone.
    planned = RequestPlanner(index, tools("Image-to-Text", "Translation")).plan("Read all lines of the page scan.png.")
    assert planned == {"task_nodes": [{"task": "Image-to-Text", "arguments": ["scan.png"]}], "task_links": []}


def test_of_two_tools_for_one_task_the_closer_one(index: ModelIndex) -> None:
    names = tools("Image-to-Image", "Image Editing")
    planner = RequestPlanner(index, names)
    editing = planner.plan("Image editing: edit the image cat.png so that the cat is blue.")
    assert [node["task"] for node in editing["task_nodes"]] == ["Image Editing"]


def test_what_cannot_be_placed_is_an_empty_plan(index: ModelIndex) -> None:
    assert RequestPlanner(index, tools("Translation")).plan("Hmm.") == {"task_nodes": [], "task_links": []}


def test_steps_of_other_tasks_are_bridged() -> None:
    steps = (
        PlanStep("crop", {"image": "a.png", "region": "left half"}, ""),
        PlanStep("object-detection", {"image": "<node-0>"}, ""),
        PlanStep("count", {"items": "<node-1>"}, ""),
        PlanStep("calculate", {"expression": Formula("+", ("<node-2>", "3"))}, ""),
    )
    kept = only(Plan("goal", steps), {"object-detection", "calculate"}).steps
    assert [step.arguments for step in kept] == [{"image": "a.png"}, {"expression": Formula("+", ("<node-0>", "3"))}]


def test_a_file_that_holds_no_tools(tmp_path: Path) -> None:
    file = tmp_path / "tools.json"
    file.write_text("[]")
    with pytest.raises(UsageError, match=r'pass a JSON file of the form \{"nodes": \[\{"id", "desc"\}, …\]\}$'):
        read_tools(file)
    file.write_text(json.dumps({"nodes": [{"id": "Smell Recognition"}]}))
    with pytest.raises(UsageError) as caught:
        read_tools(file)
    assert str(caught.value) == (f"{file} names no task that is known here; see prefrontal.tasks() for those that are")
    file.write_text(json.dumps({"nodes": [{"id": "Smell Recognition"}, {"id": "Translation", "desc": "x"}]}))
    assert read_tools(file)[1] == {"id": "Translation", "desc": "x"}
