"""The documents of a store beside the generations of a catalogue: which are served, which are tidied away."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.documents import Document
from langchain_core.vectorstores import InMemoryVectorStore

from prefrontal.errors import IndexDamagedError, StoreError
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.filters import Filters
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ranking.query import Query
from prefrontal.retrieval.storage.generations import Generations
from prefrontal.retrieval.stores import store_vectors as external
from prefrontal.retrieval.stores.store_index import StoreIndex
from prefrontal.retrieval.stores.store_vectors import StoreBackend, card_document, document_id
from prefrontal.tools.card import ModelCard


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
    seen = generation.segments.with_vectors(backend.reader(generation.segments))
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
            with pytest.raises(StoreError) as caught:
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
    with pytest.raises(IndexDamagedError) as caught:
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
    with pytest.raises(StoreError, match=r"^Distances gives scores such as .* which is none of cosine, cosine dist"):
        stored.search("finds coins")


def test_a_document_is_known_by_its_card_and_the_text_that_is_embedded(cards: list[ModelCard]) -> None:
    card = cards[0]
    assert document_id(card) == document_id(card.with_(downloads=7)), "what is not embedded is in the catalogue alone"
    others = [card.with_(summary="Finds cats."), ModelCard.from_dict(card.to_dict() | {"id": "other/coin-finder"})]
    assert len({document_id(each) for each in (card, *others)}) == 3


def test_a_vector_that_only_words_asked_for_is_embedded_once(
    stored: StoreIndex, cards: list[ModelCard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(external, "_KEPT", 2)
    backend, embedded = stored._backend, []
    assert isinstance(backend, StoreBackend)
    embed = backend.texts.texts
    monkeypatch.setattr(backend.texts, "texts", lambda texts: embedded.extend(texts) or embed(texts))
    for card in (cards[0], cards[1], cards[0], cards[2], cards[0]):
        assert np.allclose(backend.row(card), HashEmbedder().encode([card.search_text])[0])
    assert embedded == [cards[at].search_text for at in (0, 1, 2, 0)], "the oldest one was forgotten"
