"""The port of a vector index: a double of a few lines serves a whole index, and every implementation keeps the port."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.vectorstores import InMemoryVectorStore

from prefrontal.errors import IndexDamagedError
from prefrontal.retrieval.embedding.encoder import Encoder
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ranking.query import Query
from prefrontal.retrieval.storage import generations
from prefrontal.retrieval.storage.catalog_writer import CatalogWriter
from prefrontal.retrieval.storage.generations import Generation
from prefrontal.retrieval.storage.segments import Segments, SegmentVectors
from prefrontal.retrieval.storage.vector_index import Found, VectorIndex, VectorReader
from prefrontal.retrieval.storage.vectors import Vectors
from prefrontal.retrieval.stores import store_vectors
from prefrontal.retrieval.stores.store_index import StoreIndex
from prefrontal.retrieval.stores.store_vectors import StoreVectors
from prefrontal.tools.card import ModelCard


class DictVectors:
    """A `VectorIndex` in a dict."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.rows: dict[int, np.ndarray] = {}

    def add(self, ids: Sequence[int], rows: np.ndarray) -> None:
        self.rows |= zip(ids, rows, strict=True)

    def remove(self, ids: Sequence[int]) -> None:
        for id in ids:
            self.rows.pop(id, None)

    def get(self, ids: Sequence[int]) -> np.ndarray:
        return np.array([self.rows[id] for id in ids], np.float32).reshape(len(ids), self.dimension)

    def search(self, query: Query, k: int, only: Sequence[int] | None = None) -> Found:
        found = [(id, float(self.rows[id] @ query.vector)) for id in (self.rows if only is None else only)]
        return sorted(found, key=lambda hit: -hit[1])[:k]


class DictBackend:
    """A `VectorBackend` with one dict for all generations: for one process, in which no reader lags behind."""

    def __init__(self, embedder: HashEmbedder) -> None:
        self.encoder = Encoder(embedder)
        self.vectors = DictVectors(embedder.dimension)

    def reader(self, segments: Segments) -> VectorReader:
        return self.vectors

    def writer(self, before: Segments | None, catalog: CatalogWriter, fresh: bool) -> VectorIndex | None:
        if fresh:
            self.vectors.rows.clear()
        return self.vectors

    def unsettled(self) -> bool:
        return False

    def settle(self, segments: Segments | None) -> None:
        pass

    def verify(self, segments: Segments) -> None:
        lost = {rowid for rowid, _ in segments.each()} - self.vectors.rows.keys()
        if lost:
            raise IndexDamagedError(f"the dict lacks the vectors of {len(lost)} cards; fill it again: index.rebuild()")


Make = Callable[[Path], ModelIndex]
MAKE: dict[str, Make] = {
    "faiss": lambda path: ModelIndex(path, HashEmbedder()),
    "store": lambda path: StoreIndex(path, InMemoryVectorStore(HashEmbedder())),
    "dict": lambda path: ModelIndex(path, HashEmbedder(), backend=DictBackend(HashEmbedder())),
}
SEARCHES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("find coins in a photo", {}),
    ("English into French", {"task": "translation"}),
    ("find beetles among seeds", {"license": "mit", "takes": "image"}),
    ("a French text", {"language": "fr"}),
    ("find stamps", {"where": lambda card: card.owner == "lab-3"}),
    ("lab/opus-de-en", {"gives": "image"}),
)


@pytest.fixture
def many(cards: list[ModelCard], make_card: Callable[..., ModelCard]) -> list[ModelCard]:
    """The cards of all tests, and 25 that are like each other."""
    words = "leaves seeds stamps shells beetles".split()
    more = [
        make_card(f"lab-{n}/{word}", "object-detection", f"Finds {word} in {words[n]}.", license="mit")
        for n in range(5)
        for word in words
    ]
    return [*cards, *more]


def generation_of(index: ModelIndex) -> Generation:
    generation = index._generations.open()
    assert generation
    return generation


# A whole index over the double


@pytest.fixture
def plain(tmp_path: Path) -> ModelIndex:
    return MAKE["faiss"](tmp_path / "plain")


@pytest.fixture
def backend() -> DictBackend:
    return DictBackend(HashEmbedder())


@pytest.fixture
def doubled(tmp_path: Path, backend: DictBackend) -> ModelIndex:
    return ModelIndex(tmp_path / "doubled", HashEmbedder(), backend=backend)


def assert_same_hits(one: ModelIndex, other: ModelIndex) -> None:
    for query, filters in SEARCHES:
        hits, expected = one.filtered(**filters).search(query, k=9), other.search(query, k=9, **filters)
        assert list(map(str, hits)) == list(map(str, expected)), (query, filters)
        assert [hit.card for hit in hits] == [hit.card for hit in expected]
        assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in expected], abs=1e-5)


def test_what_is_added_changed_and_removed_is_found_as_in_faiss(
    plain: ModelIndex, doubled: ModelIndex, backend: DictBackend, many: list[ModelCard]
) -> None:
    changed = many[0].with_(summary="Finds rare butterflies.")
    steps: list[Callable[[ModelIndex], Any]] = [
        lambda index: index.add(many),
        lambda index: index.add(changed, many[1].with_(downloads=9)),
        lambda index: index.remove(many[2].id, many[-1].id, "no/such"),
        lambda index: index.add(many[-1]),
        lambda index: index.rebuild(),
        lambda index: index.remove(*(card.id for card in many[3:])),
    ]
    for step in steps:
        assert step(plain) == step(doubled)
        assert_same_hits(doubled, plain)
        assert len(backend.vectors.rows) == len(doubled) == doubled.verify()["cards"]
    assert [hit.id for hit in doubled.search("butterflies", k=1)] == [changed.id]


def test_it_is_the_double_that_is_searched(doubled: ModelIndex, backend: DictBackend, cards: list[ModelCard]) -> None:
    doubled.add(cards)
    (found,) = doubled.search("finds coins in photos", k=1)
    (number,) = (rowid for rowid, card in generation_of(doubled).segments.each() if card.id == found.id)
    backend.vectors.add([number], -backend.vectors.get([number]))
    (hit,) = doubled.search("finds coins in photos", k=9, license="mit")
    assert (hit.id, hit.score < found.score) == (found.id, True)


def test_vectors_that_were_lost_are_noticed_and_come_back_by_a_rebuild(
    plain: ModelIndex, doubled: ModelIndex, backend: DictBackend, cards: list[ModelCard]
) -> None:
    plain.add(cards)
    doubled.add(cards)
    backend.vectors.remove([1, 4])
    with pytest.raises(IndexDamagedError) as caught:
        doubled.verify()
    assert str(caught.value) == "the dict lacks the vectors of 2 cards; fill it again: index.rebuild()"
    doubled.rebuild()
    assert doubled.verify()["cards"] == len(cards)
    assert_same_hits(doubled, plain)


def test_sealed_parts_change_nothing_for_it(
    tmp_path: Path, many: list[ModelCard], monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = HashEmbedder(32)
    backend = DictBackend(embedder)
    plain, doubled = ModelIndex(tmp_path / "one", embedder), ModelIndex(tmp_path / "two", embedder, backend=backend)
    plain.add(many)
    plain.remove(many[7].id)
    monkeypatch.setattr(generations, "SEALED_FROM", 20)
    monkeypatch.setattr("os.cpu_count", lambda: 1)  # sealing so little, threads wait for each other
    doubled.add(many[:20])
    doubled.add(many[20:])
    doubled.remove(many[7].id)
    assert len(generation_of(doubled).segments.all) == 2
    assert len(backend.vectors.rows) == len(plain)
    assert nearest(doubled, "finds beetles") == pytest.approx(nearest(plain, "finds beetles"), abs=1e-5)


def nearest(index: ModelIndex, text: str) -> dict[str, float]:
    """How close every card is in meaning alone."""
    segments = generation_of(index).segments
    query = Query(text, (), index._encoder.query(text))
    found = dict(index._backend.reader(segments).search(query, 99))
    return {card.id: found[rowid] for rowid, card in segments.cards(found).items()}


# The port, whoever stands behind it


# Each of them is closer to some cards than to others, and as close to no two.
ASKED = (
    "finds coins in photos, translates German into English, writes down speech, nobody knows",
    "does nobody know what this is for: writes down English speech, eighty coins",
)


def asked(text: str) -> Query:
    return Query(text, (), Encoder(HashEmbedder()).query(text))


# Of an index the implementation that is looked at, and its class.
READERS: dict[str, tuple[str, type, Callable[[ModelIndex, Segments], VectorReader]]] = {
    "one part in FAISS": ("faiss", Vectors, lambda index, segments: segments.all[-1].vectors),
    "all parts in FAISS": ("faiss", SegmentVectors, lambda index, segments: index._backend.reader(segments)),
    "a store": ("store", StoreVectors, lambda index, segments: index._backend.reader(segments)),
    "a dict": ("dict", DictVectors, lambda index, segments: index._backend.reader(segments)),
}


class Kept:
    """Vectors as an index keeps them, beside what comparing with every text gives."""

    def __init__(self, kind: str, path: Path) -> None:
        made, self._class, self._reader = READERS[kind]
        self.index = MAKE[made](path)

    @property
    def vectors(self) -> VectorReader:
        reader = self._reader(self.index, generation_of(self.index).segments)
        assert type(reader) is self._class
        return reader

    @property
    def rows(self) -> dict[int, np.ndarray]:
        cards = dict(generation_of(self.index).segments.each())
        return dict(zip(cards, HashEmbedder().encode([card.search_text for card in cards.values()]), strict=True))

    def expected(self, query: Query, only: Sequence[int] | None = None) -> Found:
        cosines = {id: float(row @ query.vector) for id, row in self.rows.items() if only is None or id in only}
        found = sorted(cosines.items(), key=lambda hit: -hit[1])
        assert all(one[1] - other[1] > 1e-4 for one, other in pairwise(found)), "their order is not left to chance"
        return found


@pytest.fixture(params=READERS)
def kept(request: pytest.FixtureRequest, tmp_path: Path, cards: list[ModelCard], monkeypatch: Any) -> Kept:
    monkeypatch.setattr(store_vectors, "_POOL", 2)  # so that a store is asked again
    kept = Kept(request.param, tmp_path / "kept")
    kept.index.add(cards)
    return kept


def approximately(found: Found) -> list[Any]:
    return [(id, pytest.approx(cosine, abs=1e-5)) for id, cosine in found]


@pytest.mark.parametrize("text", ASKED)
def test_the_closest_come_first_with_their_cosines(kept: Kept, text: str) -> None:
    query = asked(text)
    for k in (1, 3, 6):
        assert kept.vectors.search(query, k) == approximately(kept.expected(query)[:k])


def test_more_than_there_are_gives_all_there_are(kept: Kept) -> None:
    query = asked(ASKED[0])
    assert kept.vectors.search(query, 99) == approximately(kept.expected(query))
    assert len(kept.expected(query)) == 6
    assert kept.vectors.search(query, 0) == []


@pytest.mark.parametrize("only", [[3, 5], [6], [5, 1, 3, 2], [1, 2, 3, 4, 5, 6]])
def test_only_the_allowed_are_found_however_far_they_are(kept: Kept, only: list[int]) -> None:
    query = asked(ASKED[0])
    for k in (1, 2, 99):
        assert kept.vectors.search(query, k, only) == approximately(kept.expected(query, only)[:k])


def test_when_none_is_allowed_none_is_found(kept: Kept) -> None:
    assert kept.vectors.search(asked(ASKED[0]), 5, []) == []


def test_rows_come_in_the_order_of_their_ids(kept: Kept) -> None:
    assert np.allclose(kept.vectors.get([4, 1, 6]), [kept.rows[id] for id in (4, 1, 6)], atol=1e-6)
    assert kept.vectors.get([2]).shape == (1, 256)


def test_what_was_removed_is_found_no_more(kept: Kept) -> None:
    query = asked(ASKED[0])
    best = kept.vectors.search(query, 1)[0][0]
    (card,) = (card for rowid, card in generation_of(kept.index).segments.each() if rowid == best)
    kept.index.remove(card.id)
    assert best not in kept.rows
    assert kept.vectors.search(query, 99) == approximately(kept.expected(query))
    assert kept.vectors.search(query, 2, list(kept.rows)[:3]) == approximately(
        kept.expected(query, list(kept.rows)[:3])[:2]
    )
    kept.index.remove(*(card.id for card in kept.index))
    assert kept.vectors.search(query, 3) == []


def test_what_was_changed_is_found_as_it_is_now(kept: Kept, cards: list[ModelCard]) -> None:
    query = asked(f"rare butterflies, {ASKED[0]}")
    before = set(kept.rows)
    kept.index.add(cards[3].with_(summary="Finds rare butterflies."), cards[0].with_(downloads=5))
    assert set(kept.rows) != before, "another card, another row"
    assert kept.vectors.search(query, 99) == approximately(kept.expected(query))
    cards_now = dict(generation_of(kept.index).segments.each())
    assert cards_now[kept.vectors.search(query, 1)[0][0]].id == cards[3].id
