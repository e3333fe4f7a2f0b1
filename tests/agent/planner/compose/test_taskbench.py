from __future__ import annotations

import json
from pathlib import Path

import pytest

from prefrontal import ModelIndex
from prefrontal.agent.planner.compose.linking import File
from prefrontal.agent.planner.compose.matching import Tool, described_tool
from prefrontal.agent.planner.compose.taskbench import RequestPlanner, named_files, only, read_tools
from prefrontal.agent.planner.plan import Plan
from prefrontal.agent.planner.plan_step import Formula, PlanStep
from prefrontal.errors import UsageError
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.tools.builtin import builtin_cards


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> ModelIndex:
    index = ModelIndex(tmp_path_factory.mktemp("taskbench") / "index", HashEmbedder())
    index.add(list(builtin_cards()))
    return index


def tools(*names: str) -> list[Tool]:
    return [described_tool(name, "") for name in names]


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


def test_what_cannot_be_placed_is_said_beside_what_can(index: ModelIndex) -> None:
    planned = RequestPlanner(index, tools("Translation")).plan("Translate “cat” to French. Wash my car in the yard.")
    assert [node["task"] for node in planned["task_nodes"]] == ["Translation"]
    assert planned["problem"].startswith("I could not place 'Wash my car in the yard': no task fits it well enough.")


def test_what_a_request_speaks_of_is_taken_to_be_there(index: ModelIndex) -> None:
    planned = RequestPlanner(index).plan("I have a long article. Please summarize it and read the summary aloud.")
    assert planned["task_nodes"] == [
        {"task": "summarization", "arguments": ["<text>"]},
        {"task": "text-to-speech", "arguments": ["<node-0>"]},
    ]


def test_a_tool_that_the_table_does_not_know_is_planned_by_its_name_and_kinds(index: ModelIndex) -> None:
    strange = described_tool("Video Stabilizer", "Removes camera shake.", ["video"], ["video"])
    planned = RequestPlanner(index, [strange, *tools("Translation")]).plan("Please stabilize the video shaky.mp4.")
    assert planned["task_nodes"] == [{"task": "Video Stabilizer", "arguments": ["shaky.mp4"]}]


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
    file.write_text(json.dumps({"nodes": []}))
    with pytest.raises(UsageError, match="names no tool"):
        read_tools(file)
    file.write_text(json.dumps({"nodes": [{"id": "Smell Recognition"}, {"id": "Translation", "desc": "x"}]}))
    assert [(tool.name, tool.known) for tool in read_tools(file)] == [
        ("Smell Recognition", False),
        ("Translation", True),
    ]
