from __future__ import annotations

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from prefrontal.errors import EmbedderError
from prefrontal.retrieval.embedding.encoder import Encoder, unit_rows
from prefrontal.retrieval.embedding.hashing import HashEmbedder


class Plain(Embeddings):
    """As a stranger's embedder looks: no signature, no dimension, vectors of any length."""

    model_name = "stranger-1"

    def __init__(self, size: int = 3) -> None:
        self.size = size
        self.queries = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(len(text))] * self.size for text in texts]

    def embed_query(self, text: str) -> list[float]:
        self.queries += 1
        return self.embed_documents([text])[0]


@pytest.mark.parametrize("bad", [[np.nan, 1.0], [np.inf, 0.0], [0.0, 0.0], [1e300, 1.0], [1e-20, 0.0]])
def test_rows_that_have_no_direction_become_zero(bad: list[float]) -> None:
    rows = unit_rows([bad, [3.0, 4.0]])
    assert rows.dtype == np.float32
    assert rows.tolist() == [[0.0, 0.0], pytest.approx([0.6, 0.8])]


def test_an_encoder_knows_any_embedder_by_class_model_and_dimension() -> None:
    assert Encoder(Plain()).signature == "Plain:stranger-1/3"
    assert Encoder(HashEmbedder(32)).signature == "hash-trigrams-1/32"


def test_an_encoder_gives_unit_rows_and_remembers_queries() -> None:
    plain = Plain()
    encoder = Encoder(plain)
    assert np.allclose(np.linalg.norm(encoder.texts(["one", "three"]), axis=1), 1)
    assert encoder.texts([]).shape == (0, 3)
    asked = plain.queries
    for _ in range(3):
        encoder.query("the same question")
    assert plain.queries == asked + 1


def test_an_embedder_that_changes_its_size_is_refused() -> None:
    plain = Plain()
    encoder = Encoder(plain)
    assert encoder.dimension == 3
    plain.size = 4
    with pytest.raises(EmbedderError) as caught:
        encoder.texts(["a"])
    assert str(caught.value) == (
        "Plain:stranger-1/3 gave vectors of shape (1, 4) for 1 texts, expected (1, 3); "
        "use an embedder that gives one vector of one size for every text"
    )
    with pytest.raises(EmbedderError, match="gave a query vector of 4 numbers, expected 3"):
        encoder.query("a")
