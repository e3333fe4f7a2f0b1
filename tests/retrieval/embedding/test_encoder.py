from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings
from langchain_tests.integration_tests import EmbeddingsIntegrationTests
from langchain_tests.unit_tests import EmbeddingsUnitTests

from prefrontal.errors import IndexProblem
from prefrontal.retrieval.embedding.encoder import Encoder, unit_rows
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.embedding.minilm import MiniLMEmbedder, default_embedder
from prefrontal.retrieval.embedding.minilm_weights import minilm_folder
from prefrontal.tools.runners.loading import LOADS

# The suite leaves it to the project to say which plugin runs its async tests.
for function in vars(EmbeddingsIntegrationTests).values():
    if inspect.iscoroutinefunction(function):
        pytest.mark.asyncio(function)


class TestHashEmbedderIsALangChainEmbedder(EmbeddingsUnitTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return HashEmbedder

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        return {"dimension": 64}


class TestHashEmbedderWorksAsOne(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return HashEmbedder


class TestMiniLMIsALangChainEmbedder(EmbeddingsUnitTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return MiniLMEmbedder


class TestMiniLMWorksAsOne(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return MiniLMEmbedder

    @pytest.fixture
    def model(self, minilm: MiniLMEmbedder) -> Embeddings:
        return minilm  # loaded once for the session


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


def test_hashing_is_the_same_everywhere_and_knows_spelling() -> None:
    embedder = HashEmbedder()
    photo, photograph, banana = embedder.encode(["a photo", "a photograph", "banana"])
    assert np.allclose(np.linalg.norm(photo), 1)
    assert photo @ photograph > 0.4 > photo @ banana
    # Fixed for all machines and runs: an index built here opens there.
    assert np.flatnonzero(HashEmbedder(256).encode(["cat"])[0]).tolist() == [19, 51, 114, 120]


def test_a_text_without_words_is_the_zero_vector() -> None:
    assert not HashEmbedder().encode(["?!"]).any()


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
    with pytest.raises(IndexProblem) as caught:
        encoder.texts(["a"])
    assert str(caught.value) == (
        "Plain:stranger-1/3 gave vectors of shape (1, 4) for 1 texts, expected (1, 3); "
        "use an embedder that gives one vector of one size for every text"
    )
    with pytest.raises(IndexProblem, match="gave a query vector of 4 numbers, expected 3"):
        encoder.query("a")


def test_the_default_is_the_real_minilm(minilm: MiniLMEmbedder) -> None:
    coins, money, cats = minilm.encode(["find the photos", "detect pictures", "translate into French"])
    assert minilm is default_embedder()
    assert np.allclose(np.linalg.norm(coins), 1, atol=1e-5)
    assert coins @ money > 0.5 > coins @ cats
    assert minilm.signature == "sentence-transformers/all-MiniLM-L6-v2@53aa51172d14/384/128"


def test_minilm_is_downloaded_beside_other_loads_and_loaded_after_them(
    minilm: MiniLMEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two loads at once would leave functions of transformers swapped in the whole process."""
    model, owned = minilm._model, {}

    def folder() -> Path:
        owned["download"] = LOADS._is_owned()
        return minilm_folder()

    def load(*args: Any, **kwargs: Any) -> Any:
        owned["load"] = LOADS._is_owned()
        return model

    monkeypatch.setattr("prefrontal.retrieval.embedding.minilm.minilm_folder", folder)
    monkeypatch.setattr("sentence_transformers.SentenceTransformer", load)

    assert MiniLMEmbedder()._model is model
    assert owned == {"download": False, "load": True}


def test_threads_get_what_one_alone_gets(minilm: MiniLMEmbedder) -> None:
    texts = [f"{'word ' * (3 * i)}number {i}" for i in range(24)]
    alone = np.array([minilm.embed_query(text) for text in texts])
    with ThreadPoolExecutor(8) as threads:
        together = np.array(list(threads.map(minilm.embed_query, texts)))
    assert np.allclose(alone, together, atol=1e-5)
