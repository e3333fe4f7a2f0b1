from __future__ import annotations

import numpy as np

from prefrontal.retrieval.catalog import hash_text
from prefrontal.retrieval.embedder import MiniLMEmbedder
from prefrontal.retrieval.packaged import packaged_cards, packaged_fingerprint, packaged_texts, packaged_vectors

_REMEDY = "write starter.npz anew: python -m prefrontal.retrieval.packaged"


def test_the_package_brings_its_builtins_its_zoo_and_the_embedder() -> None:
    cards = {card.id: card for card in packaged_cards()}
    assert cards["prefrontal/calculate"].row
    assert cards["prefrontal/digit-classifier"].task == "image-classification"
    assert cards["sentence-transformers/all-MiniLM-L6-v2"].task == "sentence-similarity"
    assert cards["sentence-transformers/all-MiniLM-L6-v2"].path
    assert packaged_fingerprint() == packaged_fingerprint()


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
