"""Models whose cards carry no tag are called as their documentation says."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from prefrontal import ModelCard
from prefrontal.tools.runners import get_runner


@pytest.fixture
def untagged(tiny: Callable[[str], Path], tmp_path: Path) -> Callable[..., ModelCard]:
    """A tiny model whose card is only prose and code."""

    def make(row: str, text: str, id: str = "lab/m") -> ModelCard:
        folder = tmp_path / "model"
        shutil.copytree(tiny(row), folder)
        (folder / "README.md").write_text(text, encoding="utf-8")
        return ModelCard.from_dir(folder, id=id)

    return make


def test_a_prefix_and_settings_of_writing(untagged: Callable[..., ModelCard]) -> None:
    code = "```python\nids = tokenizer(f'summarize: {text}')\nout = model.generate(ids, max_length=7, num_beams=2)\n```"
    card = untagged("text2text-generation", f"It writes summaries: summarization of news.\n\n{code}")
    assert (card.task, card.said["prefix"]) == ("summarization", "summarize: ")
    session = get_runner(card).open(card)
    model, tokenizer = session.model.model, session.model.tokenizer
    tokens = tokenizer("summarize: the cat is small", return_tensors="pt").to(model.device)
    tokens.pop("token_type_ids", None)
    with torch.inference_mode():
        ids = model.generate(**tokens, max_length=7, num_beams=2)[0]
    assert session.run({"text": "the cat is small"}) == {
        "text": tokenizer.decode(ids, skip_special_tokens=True).strip()
    }


def test_names_of_labels(untagged: Callable[..., ModelCard]) -> None:
    card = untagged(
        "text-classification", "Says the sentiment of a text. LABEL_0: sad, LABEL_1: glad, LABEL_2: neither."
    )
    config = Path(card.path, "config.json")
    names = {str(n): f"LABEL_{n}" for n in range(3)}
    config.write_text(json.dumps(json.loads(config.read_text()) | {"id2label": names}))
    bare = ModelCard.from_dir(card.path, id="lab/m")
    session = get_runner(bare).open(bare)
    found = session.run({"text": "the cat is small", "top_k": 3})["labels"]
    assert {one["label"] for one in found} == {"sad", "glad", "neither"}


def test_prefixes_of_questions_and_passages(untagged: Callable[..., ModelCard]) -> None:
    text = "A sentence-transformers model for semantic search.\n```python\nm.encode(['query: a', 'passage: b'])\n```"
    card = untagged("sentence-similarity", text)
    assert (card.task, card.library) == ("sentence-similarity", "")
    card = card.with_(library="sentence-transformers")
    session = get_runner(card).open(card)
    out = session.run({"text": "the cat", "sentences": ["a dog"]})["labels"]
    vectors = session.model.encode(["query: the cat", "passage: a dog"], normalize_embeddings=True)
    assert out == [{"label": "a dog", "score": pytest.approx(float(vectors[0] @ vectors[1]), abs=1e-5)}]
