"""What cannot be loaded is refused in one sentence, and nothing is written to the terminal."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from prefrontal.errors import ModelFailedError, ModelUnavailableError
from prefrontal.tools.card import ModelCard
from prefrontal.tools.runners import get_runner
from prefrontal.tools.runners.loading import running


@pytest.fixture
def copied(tiny: Any, tmp_path: Path) -> Any:
    """A copy of a tiny model's folder, to be damaged."""
    return lambda name: Path(shutil.copytree(tiny(name), tmp_path / "model"))


def refusal(folder: Path, **changes: Any) -> str:
    card = ModelCard.from_dir(folder).with_(**changes)
    with pytest.raises(ModelUnavailableError) as caught:
        get_runner(card).load(card, folder)
    return str(caught.value)


# One of each adapter that loads weights.
EACH = [
    "image-classification",
    "image-to-text",
    "summarization",
    "question-answering",
    "visual-question-answering",
    "sentence-similarity",
    "text-ranking",
]


@pytest.mark.parametrize("name", EACH)
def test_truncated_weights_are_refused(name: str, copied: Any):
    folder = copied(name)
    weights = folder / "model.safetensors"
    card = ModelCard.from_dir(folder)
    weights.write_bytes(weights.read_bytes()[: weights.stat().st_size // 2])

    with pytest.raises(ModelUnavailableError) as caught:
        get_runner(card).load(card, folder)
    assert str(caught.value) == "model cannot be loaded: its weights are damaged; download or copy the model again"


@pytest.mark.parametrize("name", EACH)
def test_missing_weights_are_refused(name: str, copied: Any):
    folder = copied(name)
    (folder / "model.safetensors").unlink()

    assert refusal(folder) == "model cannot be loaded: its weights are missing; download or copy the model again"


@pytest.mark.parametrize("name", EACH)
def test_weights_that_do_not_fill_the_model_are_refused(name: str, copied: Any):
    """transformers would fill the gap with random numbers, and say so in a log only."""
    folder = copied(name)
    weights = load_file(folder / "model.safetensors")
    lost = next(key for key in sorted(weights) if re.search(r"\.\d\..*weight", key))  # of a layer
    del weights[lost]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})

    message = refusal(folder)

    assert message.startswith("model is not usable for ")
    assert re.search(r"its weights lack \S+\.0\.\S+ of \w+;", message), (lost, message)
    assert message.endswith("; pick a model that was trained for this task")


def test_another_kind_of_model_is_refused(tiny: Any):
    assert refusal(tiny("image-classification"), task="text-classification") == (
        "image-classification is a vit model, which cannot do text-classification; pick another model"
    )


def test_a_head_that_was_trained_for_another_task_is_refused(tiny: Any):
    """Both heads are called classifier: by the names of its weights alone this model would load."""
    assert refusal(tiny("token-classification"), task="text-classification") == (
        "token-classification is not usable for text-classification: its config.json says BertForTokenClassification; "
        "pick a model that was trained for this task"
    )


def test_a_body_without_a_head_is_refused(tiny: Any):
    message = refusal(tiny("feature-extraction"), task="text-classification")

    assert message.startswith("feature-extraction is not usable for text-classification: its weights lack classifier.")


@pytest.mark.parametrize(
    ("name", "file", "kind"),
    [
        ("image-classification", "preprocessor_config.json", "processor"),
        ("audio-classification", "preprocessor_config.json", "processor"),
        ("image-to-text", "preprocessor_config.json", "processor"),
        ("text-classification", "tokenizer.json", "tokenizer"),
        ("summarization", "tokenizer.json", "tokenizer"),
    ],
)
def test_missing_parts_are_named(name: str, file: str, kind: str, copied: Any):
    folder = copied(name)
    (folder / file).unlink()

    assert refusal(folder) == (
        f"model cannot be loaded: its {kind} files are missing or damaged; download or copy the model again"
    )


def test_other_shapes_than_the_config_says_are_refused(copied: Any):
    folder = copied("text-classification")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "intermediate_size": 128}))

    assert "pick" in refusal(folder)


def test_a_speech_model_that_would_fetch_a_vocoder_is_refused(tmp_path: Path):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "speecht5"}))

    assert refusal(tmp_path, task="text-to-speech", id="owner/speaker") == (
        "owner/speaker is a speecht5 model, which cannot do text-to-speech; pick another model"
    )


def test_what_breaks_while_running_is_one_line():
    card = ModelCard(id="owner/model", task="text-classification")

    with pytest.raises(ModelFailedError) as caught, running(card):
        raise RuntimeError("first line\n  second line " + "x" * 500)

    message = str(caught.value)
    assert message.startswith("owner/model failed: first line second line xxx")
    assert message.endswith("…; try other inputs or another model")
    assert len(message) < 300


def test_a_call_leaves_no_gradients_and_no_training_mode(load: Any, inputs_for: Any):
    loaded = load("text-classification")

    assert not loaded.model.model.training
    loaded.run(**inputs_for(loaded.card))
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()
