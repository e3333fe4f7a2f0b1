from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from prefrontal.errors import IndexDamagedError
from prefrontal.retrieval.embedding.minilm import MiniLMEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ingest.bundled import packaged_cards, packaged_fingerprint, packaged_texts, packaged_vectors
from prefrontal.retrieval.storage import generations
from prefrontal.retrieval.storage.catalog import hash_text

_REMEDY = "write starter.npz anew: python -m prefrontal.retrieval.ingest.bundled"


def test_the_package_brings_its_builtins_its_zoo_and_the_embedder() -> None:
    cards = {card.id: card for card in packaged_cards()}
    assert cards["prefrontal/calculate"].row
    assert cards["prefrontal/digit-classifier"].task == "image-classification"
    assert cards["sentence-transformers/all-MiniLM-L6-v2"].task == "sentence-similarity"
    assert cards["sentence-transformers/all-MiniLM-L6-v2"].path
    assert packaged_fingerprint() == packaged_fingerprint()


def test_the_default_index_of_another_version_is_rebuilt_from_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFRONTAL_HOME", str(tmp_path))
    with monkeypatch.context() as before:
        before.setattr(generations, "FORMAT", 1)
        assert len(ModelIndex()) > 500
    with pytest.raises(
        IndexDamagedError, match="has format 1, this version reads 3; rebuild it: prefrontal index rebuild"
    ):
        ModelIndex().search("coins")
    index = ModelIndex()
    index.rebuild()
    assert len(index) > 500
    assert index.search("count the coins", task="object-detection")[0].id


def test_the_packaged_vectors_cover_what_is_packaged(minilm: MiniLMEmbedder) -> None:
    known, texts = packaged_vectors(minilm.signature), packaged_texts()
    covered = sum(hash_text(text) in known for text in texts)
    assert covered > 0.9 * len(texts), _REMEDY
    assert packaged_vectors("another embedder") == {}


def test_the_packaged_vectors_are_what_the_embedder_gives(minilm: MiniLMEmbedder) -> None:
    known = packaged_vectors(minilm.signature)
    texts = [text for text in packaged_texts() if hash_text(text) in known][::50]
    stored = np.stack([known[hash_text(text)] for text in texts])
    assert np.allclose(np.linalg.norm(stored, axis=1), 1, atol=1e-6)
    assert ((stored * minilm.encode(texts)).sum(axis=1) > 0.999).all(), _REMEDY
