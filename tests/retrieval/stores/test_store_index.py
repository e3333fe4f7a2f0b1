"""An index whose vectors live in a LangChain vector store: Qdrant's local mode, LangChain's in memory, our own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.vectorstores import InMemoryVectorStore, VectorStore

from prefrontal.errors import EmbedderError, UsageError
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ingest.bundled import packaged_cards
from prefrontal.retrieval.stores import store_vectors as external
from prefrontal.retrieval.stores.sqlite_vectors import SQLiteVectorStore
from prefrontal.retrieval.stores.store_index import StoreIndex
from prefrontal.tools.card import ModelCard

QUERIES = (
    "Count the coins in this photo",
    "translate English into French",
    "transcribe a recording of speech",
    "who is in this picture",
    "summarize a long article",
    "sentence-transformers/all-MiniLM-L6-v2",
    "a small model that answers questions about a table",
    "remove the noise from audio",
)


def qdrant(folder: Path) -> VectorStore:
    qdrant_client = pytest.importorskip("qdrant_client", reason="pip install qdrant-client langchain-qdrant")
    langchain_qdrant = pytest.importorskip("langchain_qdrant", reason="pip install qdrant-client langchain-qdrant")
    client = qdrant_client.QdrantClient(":memory:")
    size = qdrant_client.models.VectorParams(size=256, distance=qdrant_client.models.Distance.COSINE)
    client.create_collection("cards", vectors_config=size)
    return langchain_qdrant.QdrantVectorStore(client, "cards", HashEmbedder())


STORES: dict[str, Callable[[Path], VectorStore]] = {
    "qdrant": qdrant,
    "in-memory": lambda folder: InMemoryVectorStore(HashEmbedder()),
    "sqlite": lambda folder: SQLiteVectorStore(HashEmbedder(), folder / "documents.sqlite"),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> ModelIndex:
    index = ModelIndex(tmp_path_factory.mktemp("plain"), HashEmbedder())
    index.add(packaged_cards())
    return index


@pytest.mark.parametrize("kind", STORES)
def test_it_finds_what_the_faiss_index_finds(tmp_path: Path, plain: ModelIndex, kind: str) -> None:
    index = StoreIndex(tmp_path / "index", STORES[kind](tmp_path))
    assert index.add(packaged_cards()).added == tuple(dict.fromkeys(card.id for card in packaged_cards()))
    assert len(index) == len(plain) > external._POOL, "not all of them are asked for"
    for number, query in enumerate(QUERIES):
        for filters in ({}, {"task": "translation"}, {"license": "mit", "takes": "text"})[: 1 if number > 1 else 3]:
            hits, expected = (found.search(query, 5, **filters) for found in (index, plain))
            assert [hit.id for hit in hits] == [hit.id for hit in expected], (query, filters)
            assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in expected], abs=1e-5)
    assert index.verify()["cards"] == len(plain)

    gone, kept = list(packaged_cards())[:2]
    assert index.remove(gone.id).removed == (gone.id,)
    assert index.add(kept.with_(summary="It sorts buttons by their colour.")).changed == (kept.id,)
    hits = index.search("sort buttons by colour", 5)
    assert hits[0].id == kept.id
    again = StoreIndex(index.path, index.store)
    assert [hit.id for hit in again.search("sort buttons by colour", 5)] == [hit.id for hit in hits]
    assert index.search(gone.id, 1)[0].id != gone.id
    assert index.verify()["cards"] == len(plain) - 1


def test_the_folder_is_no_index_for_itself(tmp_path: Path, cards: list[ModelCard]) -> None:
    store = InMemoryVectorStore(HashEmbedder())
    stored = StoreIndex(tmp_path / "stored", store)
    stored.add(cards)
    with pytest.raises(EmbedderError, match="was built with the embedder hash-trigrams-1/256 in a store, got hash-"):
        ModelIndex(stored.path, HashEmbedder()).search("coins")
    with pytest.raises(EmbedderError, match="hash-trigrams-1/256 in a store, got hash-trigrams-1/64 in a store; pass"):
        StoreIndex(stored.path, store, HashEmbedder(64)).search("coins")


def test_a_store_that_tells_no_embedder_needs_one(tmp_path: Path) -> None:
    class Mute(InMemoryVectorStore):
        @property
        def embeddings(self) -> Any:
            return None

    with pytest.raises(UsageError) as caught:
        StoreIndex(tmp_path, Mute(HashEmbedder()))
    assert str(caught.value) == "Mute does not tell its embedder; pass it: embedder=…"
    assert StoreIndex(tmp_path, Mute(HashEmbedder()), HashEmbedder()).search("coins") == []
