"""One loaded model, many callers; many models that are loaded at the same moment."""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tiny_compare import assert_same
from transformers import PreTrainedModel

from prefrontal.errors import ModelUnavailableError
from prefrontal.tools.card import ModelCard
from prefrontal.tools.media import Workspace
from prefrontal.tools.model_tool import ModelTool
from prefrontal.tools.residency import Residency
from prefrontal.tools.runners import RUNNERS, get_runner
from prefrontal.tools.runners.loading import LOADS, loading

TIED = ("fill-mask", "summarization", "text2text-generation", "text-generation")
# One of each adapter that loads weights; diffusers, which is not installed here, has a test of its own.
EACH = {
    "pipeline": "fill-mask",
    "seq2seq": "summarization",
    "extractive-qa": "question-answering",
    "vqa": "visual-question-answering",
    "captioning": "image-to-text",
    "embedding": "sentence-similarity",
}
TEXTS = ["the cat is small", "hello world", "anna works in paris .", "a big red bird sits on the house ."] * 8


@pytest.mark.parametrize("name", ["text-classification", "summarization", "feature-extraction", "text-to-speech"])
def test_eight_threads_get_what_one_gets(name: str, tiny: Any, load: Any):
    folder = tiny(name)
    card = ModelCard.from_dir(folder)
    runner, residency, loads = get_runner(card), Residency(), []

    def opened() -> Any:
        loads.append(name)
        return runner.open(card)

    def call(text: str) -> dict[str, Any]:
        with residency.use(card.id, opened, card.bytes) as session:
            return session.run({"text": text})

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(call, TEXTS))

    assert_same(together, [load(name).run(text=text) for text in TEXTS])
    assert loads == [name]


def test_a_call_costs_what_the_bare_pipeline_costs(load: Any):
    """The thread's own time, the least of many calls in turn: a busy machine must not decide this."""
    loaded = load("text-classification")
    text = "the cat is small"
    spent: dict[str, list[float]] = {"bare": [], "ours": []}

    for _ in range(60):
        for name, call in (("bare", loaded.model), ("ours", lambda text: loaded.run(text=text))):
            started = time.thread_time()
            call(text)
            spent[name].append(time.thread_time() - started)

    bare, ours = min(spent["bare"]), min(spent["ours"])
    assert ours < max(1.05 * bare, bare + 0.002)


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The function that ties weights; put back afterwards, so that a failure here poisons no other test."""
    original = PreTrainedModel.tie_weights
    monkeypatch.setattr(PreTrainedModel, "tie_weights", original)
    return original


def is_tied(model: PreTrainedModel) -> bool:
    return model.get_output_embeddings().weight is model.get_input_embeddings().weight


def test_models_that_are_loaded_at_the_same_moment_are_whole(
    tiny: Any, load: Any, inputs_for: Any, untouched: Any
) -> None:
    """transformers swaps `tie_weights` for all of the process while it loads: two loads at once would lose it."""
    cards = {name: ModelCard.from_dir(tiny(name)) for name in TIED}
    together = threading.Barrier(len(TIED))

    def cold(name: str) -> Any:
        together.wait()
        return get_runner(cards[name]).load(cards[name], tiny(name))

    with ThreadPoolExecutor(len(TIED)) as threads:
        for _ in range(20):
            loaded = dict(zip(TIED, threads.map(cold, TIED), strict=True))
            assert PreTrainedModel.tie_weights is untouched
            assert [name for name in TIED if not is_tied(loaded[name].model)] == []

    for name, card in cards.items():
        inputs = inputs_for(card)
        assert get_runner(card).run(loaded[name], card, inputs) == load(name).run(**inputs)


def test_a_load_waits_for_the_one_before(tiny: Any, untouched: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[str] = []
    most: list[int] = []
    second = threading.Event()
    plain = PreTrainedModel.from_pretrained.__func__

    def hooked(cls: Any, *args: Any, **kwargs: Any) -> Any:
        inside.append(cls.__name__)
        most.append(len(inside))
        if len(inside) > 1:
            second.set()
        second.wait(0.5)  # the other one has this long to come in
        try:
            return plain(cls, *args, **kwargs)
        finally:
            inside.remove(cls.__name__)

    monkeypatch.setattr(PreTrainedModel, "from_pretrained", classmethod(hooked))

    def cold(name: str) -> Any:
        card = ModelCard.from_dir(tiny(name))
        return get_runner(card).load(card, tiny(name))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(cold, ("fill-mask", "summarization")))

    assert most == [1, 1]


def test_every_adapter_that_loads_is_checked_here() -> None:
    assert set(RUNNERS) - set(EACH) == {"builtin", "diffusers"}


@pytest.mark.parametrize("name", EACH.values())
def test_every_adapter_loads_alone(name: str, tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    card = ModelCard.from_dir(tiny(name))
    owned: list[bool] = []
    plain = PreTrainedModel.from_pretrained.__func__

    def hooked(cls: Any, *args: Any, **kwargs: Any) -> Any:
        owned.append(LOADS._is_owned())
        return plain(cls, *args, **kwargs)

    monkeypatch.setattr(PreTrainedModel, "from_pretrained", classmethod(hooked))
    get_runner(card).load(card, tiny(name))

    assert owned
    assert all(owned)
    assert not LOADS._is_owned()


def test_diffusers_loads_alone_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owned: list[bool] = []

    def from_pretrained(*args: Any, **kwargs: Any) -> Any:
        owned.append(LOADS._is_owned())
        raise OSError("nothing to paint with")

    stand_in = SimpleNamespace(AutoPipelineForText2Image=SimpleNamespace(from_pretrained=from_pretrained))
    monkeypatch.setitem(sys.modules, "diffusers", stand_in)
    monkeypatch.setattr("prefrontal.tools.runners.loading.missing", lambda card: "")
    card = ModelCard(id="owner/painter", task="text-to-image", library="diffusers")

    with pytest.raises(ModelUnavailableError) as caught:
        get_runner(card).load(card, tmp_path)

    assert str(caught.value) == "owner/painter cannot be loaded: nothing to paint with; pick another model"
    assert owned == [True]


def test_downloads_are_no_part_of_a_load(tiny: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They may take minutes, in which models that are here can be loaded."""
    folder, owned = tiny("text-classification"), []

    def fetch(id: str, revision: str) -> Path:
        owned.append(LOADS._is_owned())
        return folder

    monkeypatch.setattr("prefrontal.tools.hub.fetch", fetch)
    card = ModelCard.from_dir(folder).with_(id="lab/model", path="")

    ModelTool(card, Workspace(tmp_path), Residency()).invoke({"text": "the cat is small"})

    assert owned == [False]


def test_a_load_within_a_load_does_not_wait_for_itself(tmp_path: Path) -> None:
    card = ModelCard(id="owner/model", task="text-classification")

    with loading(card, tmp_path), loading(card, tmp_path):
        assert LOADS._is_owned()


def test_a_load_that_fails_lets_the_next_one_in(tmp_path: Path) -> None:
    card = ModelCard(id="owner/model", task="text-classification")

    with pytest.raises(ModelUnavailableError), loading(card, tmp_path):
        raise ValueError("broken")

    assert not LOADS._is_owned()
