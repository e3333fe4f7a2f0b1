"""`ModelTool`: a card as a LangChain tool, checked by LangChain's own suites and by the ways a caller can go wrong."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.messages import ToolMessage
from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_tests.integration_tests import ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests
from other_devices import OtherDevices
from PIL import Image, ImageDraw
from tiny_compare import assert_same

from prefrontal.agent.messages import SEARCH
from prefrontal.errors import CardError, ModelUnavailableError
from prefrontal.tools.builtin import builtin_cards
from prefrontal.tools.card import ModelCard
from prefrontal.tools.media import Workspace
from prefrontal.tools.model_tool import AGENT_TOOLS, MAX_ARTIFACT, ModelTool, describe, tool_name
from prefrontal.tools.placing import Target, device_name, weight_bytes, weights_of
from prefrontal.tools.residency import Residency
from prefrontal.tools.results import load_result
from prefrontal.tools.runners import get_runner
from prefrontal.tools.runners.base import Fitness
from prefrontal.tools.units import human_bytes

DIGITS = Path(__file__).parents[2] / "zoo" / "models" / "digit-classifier"
BUILTINS = {card.task: card for card in builtin_cards()}
BOXES = [
    {"label": "coin", "score": 0.9, "box": {"xmin": 1, "ymin": 2, "xmax": 11, "ymax": 12}},
    {"label": "glass", "score": 0.5, "box": {"xmin": 20, "ymin": 2, "xmax": 30, "ymax": 12}},
]


def call(tool: ModelTool, **arguments: Any) -> ToolMessage:
    message = tool.invoke({"type": "tool_call", "id": "1", "name": tool.name, "args": arguments})
    assert isinstance(message, ToolMessage)
    return message


def said(tool: ModelTool, **arguments: Any) -> str:
    message = call(tool, **arguments)
    assert message.status == "error"
    return str(message.content)


@pytest.fixture(scope="module")
def residency() -> Residency:
    return Residency()


@pytest.fixture
def digit(workspace: Workspace) -> str:
    """The handle of a drawn one, as the classifier knows it."""
    image = Image.new("L", (64, 64), 0)
    ImageDraw.Draw(image).line((32, 8, 32, 56), fill=255, width=8)
    return workspace.add(image).handle


@pytest.fixture
def classifier(workspace: Workspace, residency: Residency) -> ModelTool:
    return ModelTool(ModelCard.from_dir(DIGITS, id="prefrontal/digit-classifier"), workspace, residency)


# The suite's own coroutines, marked so that they run without an option in the project's configuration.
pytest.mark.asyncio(ToolsIntegrationTests.test_async_invoke_matches_output_schema)
pytest.mark.asyncio(ToolsIntegrationTests.test_async_invoke_no_tool_call)


class TestBuiltinUnit(ToolsUnitTests):
    @property
    def tool_constructor(self) -> type[ModelTool]:
        return ModelTool

    @property
    def tool_constructor_params(self) -> dict[str, Any]:
        return {"card": BUILTINS["calculate"]}

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return {"expression": "17 * 23"}


class TestBuiltinIntegration(ToolsIntegrationTests):
    tool_constructor = TestBuiltinUnit.tool_constructor
    tool_constructor_params = TestBuiltinUnit.tool_constructor_params
    tool_invoke_params_example = TestBuiltinUnit.tool_invoke_params_example


class TestModelUnit(ToolsUnitTests):
    @property
    def tool_constructor(self) -> type[ModelTool]:
        return ModelTool

    @property
    def tool_constructor_params(self) -> dict[str, Any]:
        workspace = Workspace()
        workspace.add(np.eye(8, dtype=bool))
        return {"card": ModelCard.from_dir(DIGITS), "workspace": workspace}

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return {"image": "image-1", "top_k": 2}


class TestModelIntegration(ToolsIntegrationTests):
    tool_constructor = TestModelUnit.tool_constructor
    tool_constructor_params = TestModelUnit.tool_constructor_params
    tool_invoke_params_example = TestModelUnit.tool_invoke_params_example


# A call


def test_a_model_answers_in_words_and_as_an_artifact(classifier: ModelTool, digit: str) -> None:
    message = call(classifier, image=digit, top_k=2)
    assert message.status == "success"
    artifact = message.artifact
    assert json.loads(json.dumps(artifact)) == artifact
    assert set(artifact) == {"task", "model", "inputs", "outputs", "result", "seconds"}
    assert artifact["task"] == "image-classification"
    assert artifact["model"] == {"id": "prefrontal/digit-classifier", "revision": classifier.card.revision}
    assert artifact["inputs"] == {"image": digit, "top_k": 2.0}
    labels = artifact["outputs"]["labels"]
    assert (len(labels), labels[0]["label"]) == (2, "1")
    assert message.content == (
        f"1 ({labels[0]['score']:.2f}), {labels[1]['label']} ({labels[1]['score']:.2f}) [{artifact['result']}]"
    )
    assert load_result(classifier.workspace.folder, artifact["result"]) == labels


def test_sync_async_and_sixteen_threads_agree(classifier: ModelTool, digit: str) -> None:
    def answer() -> Any:
        return call(classifier, image=digit).artifact["outputs"]

    async def many() -> list[ToolMessage]:
        one = {"type": "tool_call", "id": "1", "name": classifier.name, "args": {"image": digit}}
        return await asyncio.gather(*(classifier.ainvoke(dict(one)) for _ in range(4)))

    first = answer()
    assert_same([message.artifact["outputs"] for message in asyncio.run(many())], [first] * 4)
    with ThreadPoolExecutor(16) as pool:
        assert_same(list(pool.map(lambda _: answer(), range(16))), [first] * 16)


def test_made_pictures_know_where_they_come_from(workspace: Workspace, digit: str) -> None:
    tool = ModelTool(BUILTINS["crop"], workspace)
    message = call(tool, image=digit, region="left half")
    assert message.content == "image-2 (image-2, 32 x 64 pixels) [result-1]"
    assert workspace.get("image-2").made_by == {
        "tool": "crop",
        "model": "prefrontal/crop",
        "inputs": {"image": digit, "region": "left half"},
    }


def test_results_by_reference(workspace: Workspace, digit: str) -> None:
    """A list goes from call to call by its name; the language model copies no box."""
    picked = call(ModelTool(BUILTINS["pick"], workspace), items=BOXES, by="best")
    assert picked.artifact["result"] == "result-1"
    assert call(ModelTool(BUILTINS["crop"], workspace), image=digit, box="result-1").content.startswith("image-2 (")
    assert call(ModelTool(BUILTINS["count"], workspace), items=BOXES).content == "2 [result-3]"
    (workspace.folder / "result-9.json").write_text(json.dumps(BOXES))
    assert call(ModelTool(BUILTINS["count"], workspace), items="result-9", label="coin").content == "1 [result-4]"
    drawn = call(ModelTool(BUILTINS["draw-boxes"], workspace), image=digit, boxes="result-9")
    assert workspace.get(drawn.artifact["outputs"]["image"]).details == {"width": 64, "height": 64}
    joined = call(ModelTool(BUILTINS["join"], workspace), texts="result-9", separator=" ")
    assert joined.content.startswith("coin glass [")


def test_large_outputs_stay_in_the_workspace(workspace: Workspace) -> None:
    message = call(ModelTool(BUILTINS["join"], workspace), texts=["word " * 20_000, "end"])
    artifact = message.artifact
    assert artifact["outputs"] == {"text": artifact["result"]}
    assert len(json.dumps(artifact["outputs"])) < 100 < MAX_ARTIFACT
    assert load_result(workspace.folder, artifact["result"]).endswith("word\nend")
    assert len(message.content) < 5_000


# What the caller reads when it goes wrong


def test_a_text_file_s_handle_is_read_where_a_text_is_taken(workspace: Workspace) -> None:
    workspace.add(b"one\ntwo\n")
    tool = ModelTool(BUILTINS["join"], workspace)
    message = call(tool, texts=["zero", "text-1", "text-2"])  # no file is called text-2: that is a word
    assert message.content == "zero\none\ntwo\ntext-2 [result-1]"
    assert message.artifact["inputs"] == {"texts": ["zero", "text-1", "text-2"]}
    assert call(tool, texts="text-1").content == "one\ntwo [result-2]"
    (workspace.folder / workspace.get("text-1").file).write_bytes(b"other words")
    assert said(tool, texts="text-1") == (
        f"wrong input: the file of text-1 is gone from {workspace.folder}, or was replaced; add it again"
    )


def test_the_wrong_kind_of_file_is_said_before_anything_is_loaded(workspace: Workspace, digit: str) -> None:
    residency = Residency()
    tool = ModelTool(ModelCard.from_dir(DIGITS, id="prefrontal/digit-classifier"), workspace, residency)
    workspace.add((np.zeros(800), 8_000))
    assert said(tool, image="audio-1") == (
        "wrong input: audio-1 is of kind audio, but kind image is needed here; there are: image-1"
    )
    assert said(tool, image="image-7").startswith(
        "wrong input: 'image-7' is not a handle of this workspace; there are: image-1 ("
    )
    assert said(tool, image="/etc/passwd").startswith("wrong input: '/etc/passwd' is not a handle of this workspace")
    assert len(residency) == 0


def test_undeclared_and_missing_arguments_are_errors(classifier: ModelTool, digit: str) -> None:
    takes = "; it takes: image, top_k (optional)"
    assert said(classifier, image=digit, path="/etc/passwd") == (
        f"wrong input: the arguments do not fit image-classification: path: Extra inputs are not permitted{takes}"
    )
    assert said(classifier) == (
        f"wrong input: the arguments do not fit image-classification: image: Field required{takes}"
    )
    assert "top_k: Input should be a valid number" in said(classifier, image=digit, top_k="many")


@pytest.mark.parametrize(
    ("task", "arguments", "message"),
    [
        ("calculate", {"expression": "1/0"}, "wrong input: '1/0' divides by zero; change the divisor"),
        ("count", {"items": "result-4"}, "wrong input: 'result-4' is not a result of this run; there are: none yet"),
        ("count", {"items": 3},
         "wrong input: a list is needed, such as a detector's boxes or its handle result-1, got int"),
    ],
)  # fmt: skip
def test_what_a_tool_refuses_is_a_message(
    workspace: Workspace, task: str, arguments: dict[str, Any], message: str
) -> None:
    assert said(ModelTool(BUILTINS[task], workspace), **arguments) == message


def test_a_damaged_file_is_a_message(classifier: ModelTool, workspace: Workspace, digit: str) -> None:
    workspace.get(digit).path.write_bytes(b"\x89PNG\r\n")
    assert said(classifier, image=digit) == (
        f"wrong input: the file of {digit} is gone from {workspace.folder}, or was replaced; add it again"
    )


def test_missing_weights_are_a_message(workspace: Workspace, digit: str, lacking: Callable[..., None]) -> None:
    lacking("torchvision")
    card = ModelCard("lab/gone", task="image-classification", library="transformers")
    assert said(ModelTool(card, workspace, Residency()), image=digit).startswith(
        "unavailable: lab/gone is not on this machine and the Hub is out of reach; "
    )
    missing = said(ModelTool(card.with_(model_type="sam2"), workspace, Residency()), image=digit)
    assert missing == (
        "unavailable: lab/gone needs torchvision, not installed here: "
        "pip install torchvision of the version that fits your torch"
    )


def test_whatever_breaks_below_is_a_message(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries raise anything; the agent reads one sentence and goes on."""
    from prefrontal.tools import builtin

    def broken(expression: str) -> None:
        raise KeyError("a library's own")

    monkeypatch.setitem(builtin.FUNCTIONS, "calculate", broken)
    assert said(ModelTool(BUILTINS["calculate"], workspace), expression="1") == (
        'failed: prefrontal/calculate failed: KeyError: "a library\'s own"; try other inputs or another model'
    )


def test_a_gate_refuses_before_loading(workspace: Workspace, digit: str) -> None:
    asked, residency = [], Residency()

    def gate(card: ModelCard) -> None:
        asked.append(card.id)
        raise ModelUnavailableError(f"{card.id} is not allowed by your policy")

    tool = ModelTool(ModelCard.from_dir(DIGITS), workspace, residency, gate)
    assert said(tool, image=digit) == "unavailable: digit-classifier is not allowed by your policy"
    assert (asked, len(residency)) == (["digit-classifier"], 0)


def test_a_model_that_has_no_room_on_the_gpu_runs_on_the_cpu_and_notes_it(workspace: Workspace, digit: str) -> None:
    residency = Residency(devices=OtherDevices({"cuda:0": 5 * 10**7, "cpu": 8 * 10**9}))
    tool = ModelTool(ModelCard.from_dir(DIGITS, id="lab/digits"), workspace, residency)
    artifact = call(tool, image=digit).artifact
    [note] = artifact["notes"]
    assert note.startswith("lab/digits runs on the CPU: it needs ")
    assert note.endswith(", cuda:0 has 45.0 MB for it")
    assert (len(residency), residency.held("cpu") > 5 * 10**7, residency.held("cuda:0")) == (1, True, 0)
    assert call(tool, image=digit).artifact["notes"] == [note], "it is loaded once, and says so each time"
    wanted = ModelTool(tool.card, workspace, residency, target=Target("cuda"))
    needs = human_bytes(weight_bytes(weights_of(tool.card)))
    assert said(wanted, image=digit) == (
        f"unavailable: lab/digits cannot be loaded: its weights need {needs}, cuda:0 has 50.0 MB; pick a smaller model"
    )


class OutOfMemoryError(RuntimeError):
    """As torch's is called."""


def test_a_gpu_that_runs_out_of_memory_is_left_for_the_cpu(
    workspace: Workspace, digit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    class Greedy:
        """A runner whose model takes more of a GPU than it was reckoned to."""

        weights = True

        def fitness(self, card: ModelCard, offline: bool | None = None) -> Fitness:
            return Fitness(True, True, "on this machine")

        def open(self, card: ModelCard) -> Any:
            opened.append(device_name())
            if device_name() != "cpu":
                raise ModelUnavailableError("it cannot be loaded") from OutOfMemoryError("CUDA out of memory")
            return get_runner(card).open(card)

    monkeypatch.setattr("prefrontal.tools.model_tool.get_runner", lambda card: Greedy())
    residency = Residency(devices=OtherDevices())
    tool = ModelTool(ModelCard.from_dir(DIGITS, id="lab/digits"), workspace, residency)
    assert call(tool, image=digit).artifact["notes"] == ["lab/digits runs on the CPU: cuda:0 ran out of memory"]
    assert opened == ["cuda:0", "cuda:1", "cpu"]
    assert [residency.held(name) for name in ("cuda:0", "cuda:1")] == [0, 0]
    opened.clear()
    forced = ModelTool(tool.card, workspace, residency, target=Target("cuda:1"))
    assert said(forced, image=digit) == "unavailable: it cannot be loaded"
    assert opened == ["cuda:1"], "what was asked for is not done otherwise"


def test_the_numbers_that_are_asked_for(workspace: Workspace, digit: str) -> None:
    residency = Residency()
    card = ModelCard.from_dir(DIGITS, id="lab/digits")
    for dtype in ("float32", "bfloat16"):
        tool = ModelTool(card, workspace, residency, target=Target("cpu", dtype))
        best = call(tool, image=digit).artifact["outputs"]["labels"][0]
        assert best["label"] == "1"
    assert len(residency) == 2


def test_a_card_without_a_task_is_no_tool() -> None:
    with pytest.raises(CardError) as caught:
        ModelTool(ModelCard("lab/odd"))
    assert str(caught.value) == (
        "lab/odd names no known task, so nothing is known of its inputs; set pipeline_tag in its card"
    )


# Names and descriptions


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("lab/model", "lab--model"),
        ("gpt2", "gpt2"),
        ("lab/model_v1-x", "lab--model_v1-x"),
    ],
)
def test_plain_names(id: str, name: str) -> None:
    assert tool_name(ModelCard(id)) == name


def test_no_two_cards_share_a_name() -> None:
    ids = [
        *("lab/m.odel", "lab/m-odel", "lab--m-odel", "l/ab--m-odel", "lab-/-m-odel", "lab/m..odel", "Lab/m-odel"),
        *("a" * 60 + "/b", "a" * 60 + "/b2", "a" * 60 + "/" + "b" * 90),
        *BUILTINS,
        *(f"prefrontal/{task}" for task in BUILTINS),
    ]
    names = [tool_name(ModelCard(id)) for id in ids] + [tool_name(card) for card in builtin_cards()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) for name in names)


def test_a_stranger_s_model_cannot_bear_the_name_of_a_builtin_or_of_the_search() -> None:
    assert SEARCH in AGENT_TOOLS
    for name in (*BUILTINS, SEARCH):
        assert tool_name(ModelCard(name)) != name
    assert [tool_name(card) for card in builtin_cards()] == list(BUILTINS)


def test_what_a_language_model_reads(classifier: ModelTool) -> None:
    spec = convert_to_openai_tool(classifier)["function"]
    assert spec["name"] == "prefrontal--digit-classifier"
    assert spec["description"] == describe(classifier.card)
    assert spec["description"].startswith(
        "Says what a picture shows, as labels with scores. Takes image, top_k (optional); gives labels (labels)."
    )
    assert spec["parameters"]["required"] == ["image"]
    assert classifier.metadata == {"model": "prefrontal/digit-classifier", "task": "image-classification"}


def test_one_workspace_serves_many_tools_at_once(workspace: Workspace, digit: str) -> None:
    tools = [ModelTool(BUILTINS["crop"], workspace) for _ in range(8)]
    start = threading.Barrier(8)

    def crop(tool: ModelTool) -> str:
        start.wait()
        return call(tool, image=digit, region="left half").artifact["outputs"]["image"]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(crop, tools)) == {"image-2"}  # the same picture, once
