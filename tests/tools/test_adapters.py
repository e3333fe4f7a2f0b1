"""Adapters of peft's format: what of them is plain LoRA, which base they belong to, and what is said of the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from other_devices import OtherDevices
from tiny_adapters import BASE, adapter

from prefrontal.errors import ModelUnavailableError
from prefrontal.tools import adapters
from prefrontal.tools.adapters import MERGE, Adapter, base_bytes, base_of, read_adapter, to_download
from prefrontal.tools.card import ModelCard
from prefrontal.tools.checkpoints import MINILM, PACKAGED, check_safe
from prefrontal.tools.fitness import Fitness, fitness
from prefrontal.tools.placing import weight_bytes, weights_of
from prefrontal.tools.runners import runner_name
from prefrontal.tools.units import human_bytes
from prefrontal.tools.weights import count_numbers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return adapter(tmp_path / "adapter", {})


@pytest.fixture
def base(tiny: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A base that lies here as if a package carried it."""
    monkeypatch.setitem(PACKAGED, BASE, lambda: tiny("text-classification"))
    return tiny("text-classification")


def refusal(folder: Path, **config: Any) -> str:
    adapter(folder, {}, **config)
    with pytest.raises(ModelUnavailableError) as caught:
        read_adapter(folder, "lab/a")
    return str(caught.value)


def test_a_plain_adapter_is_read(folder: Path) -> None:
    found = read_adapter(folder, "lab/a")
    assert found
    assert (found.base.id, found.scale("bert.encoder.layer.0.attention.self.query")) == (BASE, (4, 2.0))


def test_other_models_are_none(folder: Path, tmp_path: Path) -> None:
    assert read_adapter(tmp_path, "lab/a") is None
    (folder / "adapter_model.safetensors").rename(folder / "model.safetensors")  # merged, its old adapter_config left
    assert read_adapter(folder, "lab/a") is None


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"peft_type": "IA3"}, "peft_type: IA3"),
        ({"peft_type": "PROMPT_TUNING"}, "peft_type: PROMPT_TUNING"),
        ({"use_dora": True}, "use_dora: True"),
        ({"use_whatever_comes": True}, "use_whatever_comes: True"),
        ({"whatever_config": {"a": 1}}, "whatever_config: {'a': 1}"),
        ({"bias": "all"}, "bias: all"),
        ({"bias": "lora_only"}, "bias: lora_only"),
        ({"lora_bias": True}, "lora_bias: True"),
        ({"init_lora_weights": "pissa"}, "init_lora_weights: pissa"),
        ({"layer_replication": [[0, 4], [2, 5]]}, "layer_replication: [[0, 4], [2, 5]]"),
        ({"trainable_token_indices": [5]}, "trainable_token_indices: [5]"),
    ],
)
def test_what_is_more_than_lora_is_refused(folder: Path, config: dict[str, Any], why: str) -> None:
    assert refusal(folder, **config) == (
        f"lab/a is not loaded: its adapter_config.json says {why}, and only plain LoRA is added to a base here; {MERGE}"
    )


@pytest.mark.parametrize("base", ["/content/llama", "./base", "../base", "C:\\models\\base", "my-base", "a/b/c"])
def test_a_base_that_is_no_id_is_refused(folder: Path, base: str) -> None:
    assert refusal(folder, base_model_name_or_path=base) == (
        f"lab/a is not loaded: its adapter_config.json names the base {base!r}, which is no owner/name; "
        "write the id of the Hub there"
    )


@pytest.mark.parametrize("base", ["/content/llama", "../base", "..", "a/b/c", ["lab/base"]])
def test_a_path_as_base_is_unsafe(folder: Path, base: Any) -> None:
    adapter(folder, {}, base_model_name_or_path=base)
    with pytest.raises(ModelUnavailableError) as caught:
        check_safe(folder, "lab/a")
    assert str(caught.value).startswith(
        f"lab/a is not loaded: adapter_config.json names its base by the path {str(base)!r}, "
        "where the owner/name of the Hub belongs; "
    )


@pytest.mark.parametrize("base", [None, "", 7])
def test_an_adapter_without_a_base(folder: Path, base: Any) -> None:
    assert refusal(folder, base_model_name_or_path=base) == (
        "lab/a is not loaded: its adapter_config.json names no base (base_model_name_or_path); "
        "write the base's owner/name there"
    )


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"r": 0}, "has no usable r"),
        ({"r": 2.5}, "has no usable r"),
        ({"lora_alpha": "big"}, "has no usable lora_alpha"),
        ({"rank_pattern": {"query": True}}, "has no usable r"),
        ({"alpha_pattern": {"layer.[01].query": 3}}, "has the pattern 'layer.[01].query', which is no plain name"),
    ],
)
def test_odd_numbers_are_refused(folder: Path, config: dict[str, Any], why: str) -> None:
    assert refusal(folder, **config) == f"lab/a is not loaded: its adapter_config.json {why}; {MERGE}"


def test_damaged_configurations_are_said(folder: Path) -> None:
    for content in (b"{", b"[]", b"[" * 200_000):
        (folder / "adapter_config.json").write_bytes(content)
        with pytest.raises(ModelUnavailableError) as caught:
            read_adapter(folder, "lab/a")
        assert str(caught.value) == "adapter_config.json of lab/a is damaged; download or copy the model again"


def test_a_pickled_adapter_is_refused(folder: Path) -> None:
    (folder / "adapter_model.safetensors").rename(folder / "adapter_model.bin")
    with pytest.raises(ModelUnavailableError) as caught:
        check_safe(folder, "lab/a")
    assert str(caught.value).startswith(
        "lab/a is not loaded: it holds no safetensors but pickles (adapter_model.bin); "
    )
    assert fitness(ModelCard.from_dir(folder)).reason == f"it holds no adapter_model.safetensors: {MERGE}"


def test_the_scale() -> None:
    def scale(module: str, **config: Any) -> tuple[int, float]:
        return Adapter("lab/a", Path(), {"r": 4, "lora_alpha": 8, **config}).scale(module)

    assert scale("bert.query") == (4, 2.0)
    assert scale("bert.query", use_rslora=True) == (4, 4.0)
    assert scale("bert.query", rank_pattern={"query": 16}) == (16, 0.5)
    assert scale("bert.query", rank_pattern={"ery": 16}) == (4, 2.0), "a pattern ends at a dot"
    assert scale("bert.query", alpha_pattern={"^bert.query": 2, "query": 3}) == (4, 0.5)


def test_old_ids_have_their_owner(folder: Path) -> None:
    adapter(folder, {}, base_model_name_or_path="bert-base-uncased")
    found = read_adapter(folder, "lab/a")
    assert found
    assert found.base.id == "google-bert/bert-base-uncased"


# From the card alone


def test_the_card_of_an_adapter(folder: Path) -> None:
    card = ModelCard.from_dir(folder)
    assert (card.library, card.task, card.safetensors) == ("peft", "text-classification", True)
    assert runner_name(card) == "pipeline"
    assert runner_name(card.with_(task="sentence-similarity")) == runner_name(card.with_(task="text-to-image")) == ""
    assert base_of(card) == ModelCard(BASE)


def test_whether_an_adapter_runs_here(folder: Path, base: Path) -> None:
    card = ModelCard.from_dir(folder)
    size = (base / "model.safetensors").stat().st_size
    assert fitness(card) == Fitness(True, True, "on this machine")
    assert base_bytes(card) == size
    both = weights_of(card)
    assert sum(both.values()) == sum(
        count_numbers([base / "model.safetensors", *folder.glob("*.safetensors")]).values()
    )
    small = fitness(card, devices=OtherDevices({"cpu": weight_bytes(both)}))
    assert small.reason.startswith(f"its weights need {human_bytes(weight_bytes(both))}, "), "those of both"


def test_a_base_that_is_not_here(folder: Path) -> None:
    card = ModelCard.from_dir(folder)
    assert fitness(card, offline=True) == Fitness(False, False, f"its base {BASE} is not downloaded, and offline")
    assert fitness(card, offline=False) == Fitness(True, False, f"its base {BASE} is to be downloaded first")
    assert to_download(card) == [ModelCard(BASE)]
    found = read_adapter(folder, "lab/a")
    assert found
    with pytest.raises(ModelUnavailableError) as caught:
        found.base_folder()
    assert str(caught.value).startswith(f"lab/a needs its base: {BASE} is not on this machine and the Hub is out of ")


def test_an_adapter_of_the_hub(base: Path) -> None:
    card = ModelCard("lab/a", task="text-classification", library="peft", bytes=1_000_000)
    elsewhere = card.with_(tags=(f"{adapters.TAG}lab/none",))
    assert fitness(elsewhere, offline=False).reason == "to be downloaded first (1.0 MB, and its base lab/none)"
    assert (
        fitness(card.with_(tags=(f"{adapters.TAG}{BASE}",)), offline=False).reason == "to be downloaded first (1.0 MB)"
    )
    assert [part.id for part in to_download(elsewhere)] == ["lab/a", "lab/none"]


def test_the_base_of_a_readme() -> None:
    header = f"---\nlibrary_name: peft\nbase_model: {MINILM}\npipeline_tag: text-classification\n---\n# A\n"
    assert base_of(ModelCard.from_readme(header, id="lab/a")) == ModelCard(MINILM)
    assert base_of(ModelCard.from_readme(header.replace("peft", "transformers"), id="lab/a")) is None
    assert base_of(ModelCard.from_readme(header.replace(MINILM, "../x"), id="lab/a")) is None


def test_an_unfit_adapter_says_so_before_it_is_loaded(folder: Path, base: Path) -> None:
    adapter(folder, {}, use_dora=True)
    assert fitness(ModelCard.from_dir(folder)) == Fitness(
        False,
        False,
        "its adapter_config.json says use_dora: True, and only plain LoRA is added to a base here: " + MERGE,
    )


def test_an_adapter_of_an_adapter(folder: Path, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKAGED, BASE, lambda: adapter(tmp_path / "other", {}))
    found = read_adapter(folder, "lab/a")
    assert found
    with pytest.raises(ModelUnavailableError) as caught:
        found.base_folder()
    assert str(caught.value) == f"lab/a is not loaded: its base {BASE} is an adapter, too; {MERGE}"


def test_an_unsafe_base_is_refused(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = adapter(tmp_path / "other", {})
    (other / "config.json").write_text(json.dumps({"auto_map": {"AutoModel": "x"}}))
    monkeypatch.setitem(PACKAGED, BASE, lambda: other)
    found = read_adapter(folder, "lab/a")
    assert found
    with pytest.raises(ModelUnavailableError, match=rf"^lab/a needs its base: {BASE} is not loaded: config\.json asks"):
        found.base_folder()
