from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings
from langchain_tests.integration_tests import EmbeddingsIntegrationTests
from langchain_tests.unit_tests import EmbeddingsUnitTests

from prefrontal.retrieval.embedding.minilm import MiniLMEmbedder, default_embedder

# The suite leaves it to the project to say which plugin runs its async tests.
for function in vars(EmbeddingsIntegrationTests).values():
    if inspect.iscoroutinefunction(function):
        pytest.mark.asyncio(function)


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


def test_the_default_is_the_real_minilm(minilm: MiniLMEmbedder) -> None:
    coins, money, cats = minilm.encode(["find the photos", "detect pictures", "translate into French"])
    assert minilm is default_embedder()
    assert np.allclose(np.linalg.norm(coins), 1, atol=1e-5)
    assert coins @ money > 0.5 > coins @ cats
    assert minilm.signature == "sentence-transformers/all-MiniLM-L6-v2@53aa51172d14/384/128"


def test_threads_get_what_one_alone_gets(minilm: MiniLMEmbedder) -> None:
    texts = [f"{'word ' * (3 * i)}number {i}" for i in range(24)]
    alone = np.array([minilm.embed_query(text) for text in texts])
    with ThreadPoolExecutor(8) as threads:
        together = np.array(list(threads.map(minilm.embed_query, texts)))
    assert np.allclose(alone, together, atol=1e-5)


def test_many_texts_in_threads_get_what_each_gets_alone(minilm: MiniLMEmbedder) -> None:
    texts = [f"{'word ' * (3 * i)}number {i}" for i in range(24)]
    alone = minilm.encode(texts)
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda _: minilm.encode(texts), range(4)))
    assert all(np.allclose(alone, rows, atol=1e-6) for rows in together)
