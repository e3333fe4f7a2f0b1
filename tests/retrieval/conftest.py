from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.embedding.minilm import MiniLMEmbedder, default_embedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.card import ModelCard


class CountingEmbedder(HashEmbedder):
    """The hash embedder, with a count of the texts that it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded = 0

    def encode(self, texts: list[str]) -> np.ndarray:
        self.embedded += len(texts)
        return super().encode(texts)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFRONTAL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture
def make_card() -> Callable[..., ModelCard]:
    def make(id: str, task: str = "object-detection", summary: str = "", **more: Any) -> ModelCard:
        return ModelCard.from_row({"id": id, "task": task, "summary": summary, **more})

    return make


@pytest.fixture
def cards(make_card: Callable[..., ModelCard]) -> list[ModelCard]:
    return [
        make_card("shop/coin-finder", "object-detection", "Finds coins in photos.", license="mit", bytes=4_000_000),
        make_card("lab/detr-big", "object-detection", "Finds eighty things.", license="apache-2.0", bytes=166_000_000),
        make_card("lab/opus-en-fr", "translation", "English into French.", languages=["en", "fr"], bytes=300_000_000),
        make_card("lab/opus-de-en", "translation", "German into English.", languages=["de", "en"], bytes=300_000_000),
        make_card("ear/tiny-asr", "automatic-speech-recognition", "Writes down speech.", library="transformers"),
        make_card("odd/no-task", "", "Nobody knows what this is for."),
    ]


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
def index(tmp_path: Path, cards: list[ModelCard], embedder: CountingEmbedder) -> ModelIndex:
    index = ModelIndex(tmp_path / "index", embedder)
    index.add(cards)
    return index


@pytest.fixture(scope="session")
def minilm() -> MiniLMEmbedder:
    embedder = default_embedder()
    assert isinstance(embedder, MiniLMEmbedder)
    return embedder
