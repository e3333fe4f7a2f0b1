"""An index whose vectors live in a LangChain vector store: Qdrant's local mode, LangChain's in memory, our own."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.vectorstores import InMemoryVectorStore, VectorStore

from prefrontal.errors import IndexProblem, UsageError
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.filters import Filters
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ingest.bundled import packaged_cards
from prefrontal.retrieval.ranking.query import Query
from prefrontal.retrieval.storage.generations import Generations
from prefrontal.retrieval.stores import store_vectors as external
from prefrontal.retrieval.stores.sqlite_vectors import SQLiteVectorStore
from prefrontal.retrieval.stores.store_index import StoreIndex
from prefrontal.retrieval.stores.store_vectors import StoreBackend, card_document, document_id
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


class Distances(InMemoryVectorStore):
    """Tells scores in another way, as many stores do."""

    told: Callable[[float], float] = staticmethod(lambda cosine: cosine)

    def similarity_search_with_score(self, query: str, k: int = 4, **more: Any) -> list[tuple[Document, float]]:
        found = super().similarity_search_with_score(query, k, **more)
        return [(document, self.told(cosine)) for document, cosine in found]


@pytest.fixture
def store() -> InMemoryVectorStore:
    return InMemoryVectorStore(HashEmbedder())


@pytest.fixture
def stored(tmp_path: Path, store: InMemoryVectorStore, cards: list[ModelCard]) -> StoreIndex:
    index = StoreIndex(tmp_path / "stored", store)
    index.add(cards)
    return index


def texts(store: InMemoryVectorStore) -> set[str]:
    """What the store holds."""
    return set(store.store)


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


def test_the_store_is_asked_for_more_until_enough_pass(
    stored: StoreIndex, index: ModelIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(external, "_POOL", 1)
    monkeypatch.setattr(external, "_EMBEDDED", 2)
    asked: list[int] = []
    backend = stored._backend
    assert isinstance(backend, StoreBackend)
    closest = backend.closest
    monkeypatch.setattr(backend, "closest", lambda query, count: asked.append(count) or closest(query, count))
    query = Query("finds coins", ("finds", "coins"), stored._encoder.query("finds coins"))
    generation, plain = (found._read(lambda g: g, None) for found in (stored, index))
    assert generation
    assert plain
    seen = generation.segments.with_vectors(backend.reading(generation.segments))
    for k, filters in ((1, {}), (1, {"task": "translation"}), (2, {"license": "mit"}), (9, {"gives": "text"}), (9, {})):
        expected = plain.segments.near(query, k, Filters(**filters))
        assert seen.near(query, k, Filters(**filters)) == {
            row: pytest.approx(cosine, abs=1e-5) for row, cosine in expected.items()
        }
    assert asked[:3] == [1, 1, 4], "four times as many each time"
    near = seen.closeness([3, 1, 2], query)  # cards that only words found
    expected = plain.segments.closeness([3, 1], query)
    assert [near[3], near[1], near[2]] == [
        pytest.approx(expected[3], abs=1e-5),
        pytest.approx(expected[1], abs=1e-5),
        0,
    ]
    assert seen.closeness([], query) == {}


def test_the_store_holds_one_document_a_card(stored: StoreIndex, store: InMemoryVectorStore, cards: Any) -> None:
    assert texts(store) == {document_id(card) for card in cards}
    found = store.get_by_ids([document_id(cards[0])])[0]
    assert found == card_document(cards[0])
    assert found.page_content == cards[0].search_text
    assert set(found.metadata) == {"id", "text", "task", "library", "license", "languages"}
    stored.add(cards[0].with_(downloads=7), cards[1].with_(summary="Finds cats."))
    stored.remove(cards[2].id)
    assert texts(store) == {document_id(card) for card in stored}
    assert stored.get(cards[0].id).downloads == 7


def test_an_add_under_way_is_not_served_and_is_tidied_after_a_crash(
    stored: StoreIndex, store: InMemoryVectorStore, cards: list[ModelCard], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends at each of the steps of a write; whoever reads then sees the old state or the new one."""
    changed = cards[0].with_(summary="Finds buttons in paintings.")
    changes = [changed, ModelCard(id="new/one", summary="Finds buttons on shirts.")]

    class Killed(BaseException):
        pass

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    def found(index: ModelIndex) -> list[tuple[str, str, float]]:
        hits = [hit for query in ("finds buttons", "finds coins in photos") for hit in index.search(query, 9)]
        return [(hit.id, hit.card.summary, round(hit.score, 5)) for hit in hits]

    def seen() -> list[tuple[str, str, float]]:
        return found(StoreIndex(stored.path, store))

    plain = ModelIndex(stored.path.parent / "plain", HashEmbedder())
    plain.add(cards)
    before = found(plain)
    assert seen() == before
    for where in ("before", "after"):  # the store's write
        with monkeypatch.context() as patch:
            if where == "after":
                patch.setattr(Generations, "write", killed)
            else:
                patch.setattr(store, "add_documents", killed)
            with pytest.raises(Killed):
                stored.add(changes)
        assert seen() == before
    assert {document_id(card) for card in (*cards, *changes)} - texts(store) == set(), "the new ones are there"
    StoreIndex(stored.path, store).sync()
    assert texts(store) == {document_id(card) for card in cards}

    with monkeypatch.context() as patch:
        patch.setattr(store, "delete", killed)
        with pytest.raises(Killed):
            stored.add(changes)
    plain.add(changes)
    after = found(plain)
    assert seen() == after != before
    assert document_id(cards[0]) in texts(store), "the old document is still in the store"
    StoreIndex(stored.path, store).remove("no/such")
    assert texts(store) == {document_id(card) for card in (changes[0], *cards[1:], changes[1])}
    assert seen() == after


def test_a_store_that_fails_is_a_clear_error(
    stored: StoreIndex, cards: list[ModelCard], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ConnectionError("no\nroute")

    for name, use in {
        "add_documents": lambda: stored.add(ModelCard(id="new/one")),
        "similarity_search_with_score": lambda: stored.search("coins"),
    }.items():
        with monkeypatch.context() as patch:
            patch.setattr(stored.store, name, broken)
            with pytest.raises(IndexProblem) as caught:
                use()
        assert str(caught.value) == (
            "InMemoryVectorStore failed (ConnectionError: no route); what was there before still serves: "
            "mend the store, and try again"
        )
    assert "new/one" not in stored
    stored.sync()
    with monkeypatch.context() as patch:  # the write itself is done
        patch.setattr(stored.store, "delete", broken)
        assert stored.remove(cards[0].id).removed == (cards[0].id,)
    assert cards[0].id not in {hit.id for hit in stored.search("coins", 9)}
    stored.sync()
    assert stored.verify()["cards"] == len(cards) - 1


def test_documents_that_were_lost_come_back_by_a_rebuild(stored: StoreIndex, store: InMemoryVectorStore) -> None:
    store.delete(list(texts(store))[:2])
    with pytest.raises(IndexProblem) as caught:
        stored.verify()
    assert str(caught.value) == (
        f"InMemoryVectorStore lacks 2 of the 6 documents of {stored.path}; fill it again: index.rebuild()"
    )
    stored.rebuild()
    assert stored.verify()["cards"] == len(texts(store)) == 6


def test_documents_of_others_are_not_served(stored: StoreIndex, store: InMemoryVectorStore) -> None:
    store.add_documents([Document("Finds coins in photos."), Document("coins", metadata={"id": "shop/coin-finder"})])
    hits = stored.search("finds coins in photos", 9)
    assert len({hit.id for hit in hits}) == len(hits) == 6


@pytest.mark.parametrize(
    "told",
    [
        lambda cosine: cosine,
        lambda cosine: 1 - cosine,
        lambda cosine: 2 - 2 * cosine,
        lambda cosine: math.sqrt(max(0.0, 2 - 2 * cosine)),
        lambda cosine: (1 + cosine) / 2,
        lambda cosine: -cosine,
    ],
)
def test_what_a_stores_scores_are_is_found_out(
    tmp_path: Path, index: ModelIndex, cards: list[ModelCard], told: Callable[[float], float]
) -> None:
    store = Distances(HashEmbedder())
    store.told = told
    stored = StoreIndex(tmp_path / "stored", store)
    stored.add(cards)
    for query in ("finds coins", "German into English"):
        expected = [(hit.id, pytest.approx(hit.score, abs=1e-5)) for hit in index.search(query, 6)]
        assert [(hit.id, hit.score) for hit in stored.search(query, 6)] == expected


def test_scores_that_nobody_understands_are_refused(tmp_path: Path, cards: list[ModelCard]) -> None:
    store = Distances(HashEmbedder())
    store.told = lambda cosine: 100 * cosine
    stored = StoreIndex(tmp_path / "stored", store)
    stored.add(cards)
    with pytest.raises(IndexProblem, match=r"^Distances gives scores such as .* which is none of cosine, cosine dist"):
        stored.search("finds coins")


def test_the_folder_is_no_index_for_itself(stored: StoreIndex, store: InMemoryVectorStore) -> None:
    with pytest.raises(IndexProblem, match="was built with the embedder hash-trigrams-1/256 in a store, got hash-"):
        ModelIndex(stored.path, HashEmbedder()).search("coins")
    with pytest.raises(IndexProblem, match="hash-trigrams-1/256 in a store, got hash-trigrams-1/64 in a store; pass"):
        StoreIndex(stored.path, store, HashEmbedder(64)).search("coins")


def test_a_store_that_tells_no_embedder_needs_one(tmp_path: Path, store: InMemoryVectorStore) -> None:
    class Mute(InMemoryVectorStore):
        @property
        def embeddings(self) -> Any:
            return None

    with pytest.raises(UsageError) as caught:
        StoreIndex(tmp_path, Mute(HashEmbedder()))
    assert str(caught.value) == "Mute does not tell its embedder; pass it: embedder=…"
    assert StoreIndex(tmp_path, Mute(HashEmbedder()), HashEmbedder()).search("coins") == []
