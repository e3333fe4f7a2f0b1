from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings
from langchain_tests.integration_tests import EmbeddingsIntegrationTests
from langchain_tests.unit_tests import EmbeddingsUnitTests

from prefrontal.retrieval.embedding.hashing import HashEmbedder

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


def test_hashing_is_the_same_everywhere_and_knows_spelling() -> None:
    embedder = HashEmbedder()
    photo, photograph, banana = embedder.encode(["a photo", "a photograph", "banana"])
    assert np.allclose(np.linalg.norm(photo), 1)
    assert photo @ photograph > 0.4 > photo @ banana
    # Fixed for all machines and runs: an index built here opens there.
    (cat,) = HashEmbedder(256).encode(["cat"])
    assert np.flatnonzero(cat).tolist() == [19, 51, 114, 120]
    assert cat[[19, 51, 114, 120]].tolist() == [0.5, -0.5, 0.5, -0.5]


def test_a_text_without_words_is_the_zero_vector() -> None:
    assert not HashEmbedder().encode(["?!"]).any()
