from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.card import ModelCard


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., ModelIndex]:
    def make(*cards: ModelCard) -> ModelIndex:
        index = ModelIndex(tmp_path / "index", HashEmbedder())
        index.add(list(cards))
        return index

    return make
