"""A model whose own card tells no task does what the model does that it was made from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prefrontal import ModelCard, ModelIndex
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.ingest.bases import base_task, with_base_task


def test_well_known_models_have_a_task() -> None:
    assert base_task("openai/whisper-tiny") == "automatic-speech-recognition"
    assert base_task("OPENAI/Whisper-Tiny") == "automatic-speech-recognition"
    assert base_task("lab/nobody-knows") == ""


@pytest.mark.parametrize(
    ("base", "task"),
    [("openai/whisper-tiny", "automatic-speech-recognition"), ("google-bert/bert-base-uncased", ""), ("no/such", "")],
)
def test_a_card_without_a_task_has_that_of_its_base(base: str, task: str) -> None:
    card = with_base_task(ModelCard(id="lab/m", tags=(f"base_model:{base}",)))
    assert (card.task, card.told_by) == (task, f"it was made from {base}" if task else "")


def test_a_card_with_a_task_keeps_it() -> None:
    card = ModelCard(id="lab/m", task="translation", tags=("base_model:openai/whisper-tiny",))
    assert with_base_task(card) is card


def test_an_index_knows_it(tmp_path: Path) -> None:
    file = tmp_path / "cards.jsonl"
    row = {"id": "lab/mine", "card": "---\nbase_model: openai/whisper-tiny\n---\nMine.\n"}
    file.write_text(json.dumps(row))
    index = ModelIndex(tmp_path / "index", HashEmbedder())
    index.add(file)
    assert index.get("lab/mine").task == "automatic-speech-recognition"
