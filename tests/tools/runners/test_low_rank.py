"""An adapter and its base become one model, with exactly the weights that peft's merge gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_adapters import BASE, PREFIX, adapter, matrices
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

from prefrontal.errors import ModelUnavailableError
from prefrontal.tools.adapters import MERGE
from prefrontal.tools.card import ModelCard
from prefrontal.tools.checkpoints import PACKAGED
from prefrontal.tools.model_tool import ModelTool
from prefrontal.tools.residency import Residency
from prefrontal.tools.runners import get_runner

QUERY, VALUE = (f"bert.encoder.layer.{layer}.attention.self.{name}" for layer, name in ((0, "query"), (1, "value")))
WORDS = {"text": "the cat is small", "top_k": 9}


@pytest.fixture
def base(tiny: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Any:
    """A tiny BERT with three labels, which lies here as if a package carried it."""
    folder = tiny("text-classification")
    monkeypatch.setitem(PACKAGED, BASE, lambda: folder)
    return AutoModelForSequenceClassification.from_pretrained(folder)


def run(folder: Path, inputs: dict[str, Any] = WORDS) -> dict[str, Any]:
    card = ModelCard.from_dir(folder)
    return get_runner(card).open(card).run(inputs)


def loaded(folder: Path) -> Any:
    card = ModelCard.from_dir(folder)
    return get_runner(card).open(card).model.model  # type: ignore[attr-defined]


def merged(model: Any, weights: dict[str, Any], scale: float) -> Any:
    """What the adapter means, reckoned here in the plainest way."""
    state = model.state_dict()
    for key, value in weights.items():
        name = key.removeprefix(PREFIX)
        if name.endswith(".lora_A.weight"):
            module = name.removesuffix(".lora_A.weight")
            product = weights[f"{PREFIX}{module}.lora_B.weight"] @ value * scale
            place = state[f"{module}.weight"]
            place += product.T if type(model.get_submodule(module)).__name__ == "Conv1D" else product
        elif ".lora_" not in name:
            state[name].copy_(value)
    return model


def same(model: Any, other: Any) -> bool:
    ours, theirs = model.state_dict(), other.state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


@pytest.mark.parametrize(
    ("config", "scale"), [({}, 2.0), ({"use_rslora": True}, 4.0), ({"alpha_pattern": {"query": 4, "value": 4}}, 1.0)]
)
def test_the_product_is_in_the_weights(base: Any, tmp_path: Path, config: dict[str, Any], scale: float) -> None:
    weights = matrices(base, [QUERY, VALUE])
    ours = loaded(adapter(tmp_path / "a", weights, **config))
    assert same(ours, merged(base, weights, scale))


def test_end_to_end_as_a_tool(base: Any, tiny: Callable[[str], Path], tmp_path: Path) -> None:
    """The adapter answers as a folder with the merged weights does, digit for digit, and not as the base."""
    weights = matrices(base, [QUERY, VALUE]) | {
        f"{PREFIX}classifier.weight": torch.randn(3, 32), f"{PREFIX}classifier.bias": torch.randn(3),
    }  # fmt: skip
    folder = adapter(tmp_path / "adapter", weights)
    whole = tmp_path / "whole"
    merged(base, weights, 2.0).save_pretrained(whole)
    for file in tiny("text-classification").glob("*token*"):
        (whole / file.name).write_bytes(file.read_bytes())
    answers = []
    for at in (folder, whole, tiny("text-classification")):
        tool = ModelTool(
            ModelCard.from_dir(at, id=f"lab/{at.name}").with_(task="text-classification"), None, Residency()
        )
        call = {"type": "tool_call", "id": "1", "name": tool.name, "args": {"text": "the cat is small", "top_k": 3}}
        answers.append(tool.invoke(call).artifact["outputs"]["labels"])
    assert answers[0] == answers[1] != answers[2]
    assert {one["label"] for one in answers[0]} == {"good", "bad", "so-so"}


def test_a_head_with_other_labels(base: Any, tmp_path: Path) -> None:
    """The base has three labels and the adapter's head five; its names come from a config.json, where there is one."""
    head = {f"{PREFIX}classifier.weight": torch.randn(5, 32), f"{PREFIX}classifier.bias": torch.randn(5)}
    folder = adapter(tmp_path / "a", matrices(base, [QUERY]) | head)
    labels = run(folder)["labels"]
    assert {one["label"] for one in labels} == {f"LABEL_{i}" for i in range(5)}
    base.config.num_labels = 5
    base.config.id2label = dict(enumerate("vwxyz"))
    base.config.save_pretrained(folder)
    assert [one["score"] for one in run(folder)["labels"]] == [one["score"] for one in labels]
    assert {one["label"] for one in run(folder)["labels"]} == set("vwxyz")
    assert ModelCard.from_dir(folder).labels == tuple("vwxyz")


def test_its_own_tokenizer(base: Any, tmp_path: Path) -> None:
    import tiny_parts

    folder = adapter(tmp_path / "a", matrices(base, [QUERY]))
    tiny_parts.tokenizer(limit=7).save_pretrained(folder)
    card = ModelCard.from_dir(folder)
    assert get_runner(card).open(card).model.tokenizer.model_max_length == 7  # type: ignore[attr-defined]


def test_the_layers_of_gpt2(tiny: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They keep their weights the other way round (fan_in_fan_out)."""
    monkeypatch.setitem(PACKAGED, BASE, lambda: tiny("text-generation"))
    base = AutoModelForCausalLM.from_pretrained(tiny("text-generation"))
    weights = matrices(base, ["transformer.h.0.attn.c_attn", "transformer.h.1.mlp.c_proj"])
    folder = adapter(tmp_path / "a", weights, task_type="CAUSAL_LM", fan_in_fan_out=True)
    assert same(loaded(folder), merged(base, weights, 2.0))
    assert run(folder, {"prompt": "the cat", "max_new_tokens": 3})["text"] is not None
    tied = adapter(tmp_path / "b", {f"{PREFIX}lm_head.weight": base.lm_head.weight.clone()}, task_type="CAUSAL_LM")
    assert refusal(tied) == f"it changes lm_head.weight, which is another weight of {BASE}, too; {MERGE}"


def test_ranks_of_their_own(base: Any, tmp_path: Path) -> None:
    weights = matrices(base, [QUERY], 8)
    folder = adapter(tmp_path / "a", weights, rank_pattern={"self.query": 8})
    assert same(loaded(folder), merged(base, weights, 1.0))


def test_old_spellings_of_what_is_kept_whole(base: Any, tmp_path: Path) -> None:
    head = {
        f"{PREFIX}classifier.modules_to_save.default.weight": torch.ones(3, 32),
        f"{PREFIX}classifier.modules_to_save.bias": torch.ones(3),
    }
    assert loaded(adapter(tmp_path / "a", head)).classifier.weight.eq(1).all()


# What does not fit


def refusal(folder: Path) -> str:
    with pytest.raises(ModelUnavailableError) as caught:
        run(folder)
    start = f"{folder.name} is not loaded: "
    assert str(caught.value).startswith(start)
    return str(caught.value).removeprefix(start)


def test_what_fits_no_weight(base: Any, tmp_path: Path) -> None:
    some = matrices(base, [QUERY])
    a, b = some.values()
    cases = {
        f"its weights hold bert.nowhere.weight, which {BASE} has not as a BertForSequenceClassification": {
            f"{PREFIX}bert.nowhere.lora_A.weight": a, f"{PREFIX}bert.nowhere.lora_B.weight": b,
        },
        f"its bert.pooler.dense.bias is of shape (3,), that of {BASE} of (32,)": {
            f"{PREFIX}bert.pooler.dense.bias": torch.zeros(3)
        },
        f"its {QUERY}.weight is of shape (16, 32), that of {BASE} of (32, 32)": {
            f"{PREFIX}{QUERY}.lora_A.weight": a, f"{PREFIX}{QUERY}.lora_B.weight": torch.zeros(16, 4),
        },
        f"the matrices of {QUERY}, (32, 8) and (8, 32), are not of rank 4": matrices(base, [QUERY], 8),
        f"its weights hold one of the two matrices of {QUERY} alone": {f"{PREFIX}{QUERY}.lora_A.weight": a},
        f"its weights hold {PREFIX}{QUERY}.lora_magnitude_vector, which is no plain LoRA's": {
            f"{PREFIX}{QUERY}.lora_magnitude_vector": torch.zeros(32)
        },
        "its weights hold classifier.weight, which is no plain LoRA's": {"classifier.weight": torch.zeros(3, 32)},
        "it changes the embeddings bert.embeddings.word_embeddings": matrices(
            base, ["bert.embeddings.word_embeddings"]
        ),
        f"its weights hold {PREFIX}bert.embeddings.word_embeddings.lora_embedding_A, which is no plain LoRA's": {
            f"{PREFIX}bert.embeddings.word_embeddings.lora_embedding_A": torch.zeros(4, 32)
        },
    }  # fmt: skip
    for number, (why, weights) in enumerate(cases.items()):
        assert refusal(adapter(tmp_path / f"a{number}", weights)) == f"{why}; {MERGE}"


def test_a_head_that_nobody_has(tiny: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A base without a head for the task, and an adapter that brings none: its answers would be random."""
    monkeypatch.setitem(PACKAGED, BASE, lambda: tiny("feature-extraction"))
    base = AutoModelForSequenceClassification.from_pretrained(tiny("feature-extraction"))
    folder = adapter(tmp_path / "a", matrices(base, [QUERY]))
    with pytest.raises(
        ModelUnavailableError, match=r"^a is not usable for text-classification: its weights lack class"
    ):
        run(folder)


def test_damaged_weights(base: Any, tmp_path: Path) -> None:
    folder = adapter(tmp_path / "a", {})
    (folder / "adapter_model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelUnavailableError) as caught:
        run(folder)
    assert str(caught.value) == "a cannot be loaded: its weights are damaged; download or copy the model again"


def test_no_adapter_for_sentence_transformers(tiny: Callable[[str], Path], tmp_path: Path) -> None:
    folder = adapter(tmp_path / "a", {})
    card = ModelCard.from_dir(folder).with_(library="sentence-transformers", task="sentence-similarity")
    with pytest.raises(ModelUnavailableError, match=r"an adapter is put into no model of sentence-transformers here"):
        get_runner(card).load(card, folder)  # type: ignore[attr-defined]
