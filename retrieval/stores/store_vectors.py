"""Vectors in any LangChain `VectorStore`, behind the port of a vector index.

The store holds one document a card and is asked for nothing but `add_documents`, `delete` and
`similarity_search_with_score`. It knows no generations, so a write takes these steps, each of which may be the last
before a crash:

    1. The ids of the documents that come and of those that will go are noted beside the catalogue.
    2. The new documents go into the store, under ids of their own: none is overwritten.
    3. The catalogue switches to its next generation, in one step.
    4. Of the noted documents, those that this generation does not know are deleted, and the notes cleared. A write
       or `sync` after a crash begins with this step.

A search drops every document that its generation of the catalogue does not know with that very text, so nothing
half-written is served.
"""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from ...errors import IndexDamagedError, StoreError
from ...tools.card import ModelCard
from ..embedding.encoder import Encoder
from ..ranking.query import Query
from ..storage.catalog import HASH, hash_text
from ..storage.catalog_writer import CatalogWriter
from ..storage.segments import Segments
from ..storage.vector_index import Found
from .sqlite import Database

if TYPE_CHECKING:
    from langchain_core.vectorstores import VectorStore

_BATCH = 256  # documents handed to the store at a time
_POOL = 400  # documents asked for at least: of a card beyond them only the words count, but for the best few
_EMBEDDED = 8  # cards that only words find, whose texts are embedded at the search; the vectors are in the store
_KEPT = 2_000  # vectors of such cards that are remembered
_SCHEMA = "CREATE TABLE IF NOT EXISTS noted (document TEXT PRIMARY KEY, id TEXT NOT NULL);"
_NAMESPACE = uuid.UUID("5b6c2f0e-6f4b-5d0c-9d0e-0f6d0a4c7f11")

# What stores call a score: each as a cosine, for vectors of length 1.
_SCALES: dict[str, Callable[[float], float]] = {
    "cosine": lambda score: score,
    "cosine distance": lambda score: 1 - score,
    "squared distance": lambda score: 1 - score / 2,
    "distance": lambda score: 1 - score * score / 2,
    "relevance": lambda score: 2 * score - 1,
    "negative inner product": lambda score: -score,
}
_NEAR = 0.05  # a store may round its vectors


class StoreBackend:
    """A `VectorBackend` over a LangChain store.

    Args:
        folder: that of the catalogue; notes of writes under way are kept in it.
        store: finds texts by closeness. What its scores are (cosines, distances) is found out at the first search.
        texts: the store's embedder.
    """

    def __init__(self, folder: Path, store: VectorStore, texts: Encoder) -> None:
        self.folder = folder
        self.store = store
        self.texts = texts
        self.encoder = Encoder(_Elsewhere(f"{texts.signature} in a store"))
        self._notes = Database(folder / "store" / "noted.sqlite", _SCHEMA)
        self._scale = ""
        self._rows: OrderedDict[str, np.ndarray] = OrderedDict()

    def reader(self, segments: Segments) -> StoreVectors:
        return StoreVectors(self, segments)

    def writer(self, before: Segments | None, catalog: CatalogWriter, fresh: bool) -> StoreVectors:
        return StoreVectors(self, before or Segments(()), catalog, fresh)

    def unsettled(self) -> bool:
        return bool(self._noted())

    def _noted(self) -> dict[str, str]:
        """The card of each noted document."""
        with self._notes.reading() as connection:
            return dict(connection.execute("SELECT document, id FROM noted").fetchall())

    def settle(self, segments: Segments | None) -> None:
        """Delete the noted documents that the catalogue does not know."""
        if not (noted := self._noted()):
            return
        known = set(documents_of(segments, noted.values()).values()) if segments else set[str]()
        if loose := [document for document in noted if document not in known]:
            self.ask(lambda: self.store.delete(ids=loose))
        with self._notes.writing() as connection:
            connection.execute("DELETE FROM noted")

    def note(self, documents: Iterable[tuple[str, str]]) -> None:
        """Remember (document, card) pairs until the next `settle`."""
        with self._notes.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO noted VALUES (?, ?)", list(documents))

    def verify(self, segments: Segments) -> None:
        """The store has each card's document, if it can tell."""
        documents = list(documents_of(segments, segments.ids()).values())
        missing = 0
        with suppress(NotImplementedError):
            for start in range(0, len(documents), _BATCH):
                asked = documents[start : start + _BATCH]
                missing += len(asked) - len(self.store.get_by_ids(asked))
        if missing:
            raise IndexDamagedError(
                f"{type(self.store).__name__} lacks {missing} of the {len(documents)} documents of {self.folder}; "
                "fill it again: index.rebuild()"
            )

    def ask(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:  # each store has errors of its own
            raise StoreError(
                f"{type(self.store).__name__} failed ({type(error).__name__}: {' '.join(str(error).split())[:160]}); "
                "what was there before still serves: mend the store, and try again"
            ) from error

    def closest(self, query: str, count: int) -> list[tuple[Document, float]]:
        """Documents with their cosines, best first."""
        answer = self.ask(lambda: self.store.similarity_search_with_score(query, k=count))
        scale = _SCALES[self._scale or self._find_scale(query, answer)]
        return sorted(((document, scale(float(score))) for document, score in answer), key=lambda pair: -pair[1])

    def _find_scale(self, query: str, answer: Sequence[tuple[Document, float]]) -> str:
        """What the store's scores are: those of a few documents, compared with their cosines."""
        some = answer[:: max(1, len(answer) // 4)][:5]
        if not some:
            return "cosine"
        cosines = self.texts.texts([document.page_content for document, _ in some]) @ self.texts.query(query)
        scores = [float(score) for _, score in some]
        errors = {
            name: max(abs(scale(score) - cosine) for score, cosine in zip(scores, cosines.tolist(), strict=True))
            for name, scale in _SCALES.items()
        }
        best, second = sorted(errors, key=errors.__getitem__)[:2]
        if errors[best] > _NEAR:
            raise StoreError(
                f"{type(self.store).__name__} gives scores such as {scores[0]:.3g} where the cosine is "
                f"{cosines[0]:.3g}, which is none of {', '.join(_SCALES)}; "
                "let it compare by the cosine, with the embedder that its documents were embedded with"
            )
        if errors[second] > _NEAR:  # else it may be either: look again at the next search
            self._scale = best
        return best

    def row(self, card: ModelCard) -> np.ndarray:
        """The vector of a card's text, embedded here."""
        hash = hash_text(card.search_text)
        if hash not in self._rows:
            self._rows[hash] = self.texts.texts([card.search_text])[0]
            while len(self._rows) > _KEPT:
                self._rows.popitem(last=False)
        return self._rows[hash]


class StoreVectors:
    """A `VectorIndex` over the documents of a store, for the cards of one generation.

    Args:
        segments: the generation that is read, or that is to be replaced.
        catalog: the part that is being written.
        fresh: whether documents that the store should have already are written again.
    """

    def __init__(
        self, backend: StoreBackend, segments: Segments, catalog: CatalogWriter | None = None, fresh: bool = False
    ) -> None:
        self._backend = backend
        self._fresh = fresh
        self._segments = segments
        self._catalog = catalog

    def add(self, ids: Sequence[int], rows: np.ndarray) -> None:
        """The documents of these cards of the catalogue; the store embeds them by itself."""
        assert self._catalog is not None
        cards = self._catalog.cards(ids).values()
        known = {} if self._fresh else documents_of(self._segments, (card.id for card in cards))
        new = [document for card in cards if (document := card_document(card)).id != known.get(card.id)]
        if new:
            names = [str(document.id) for document in new]
            self._backend.note((name, document.metadata["id"]) for name, document in zip(names, new, strict=True))
            self._backend.ask(lambda: self._backend.store.add_documents(new, ids=names))

    def remove(self, ids: Sequence[int]) -> None:
        """The documents of these cards go once the next generation is the current one."""
        names = [card.id for card in self._segments.outlines(ids).values()]
        self._backend.note((document, id) for id, document in documents_of(self._segments, names).items())

    def get(self, ids: Sequence[int]) -> np.ndarray:
        """The rows of the first few of these cards; of the others, zeros: the vectors are in the store, and embedding
        all of them anew would take longer than the search."""
        rows = np.zeros((len(ids), self._backend.texts.dimension), np.float32)
        cards = self._segments.cards(ids[:_EMBEDDED])
        for place, id in enumerate(ids[:_EMBEDDED]):
            rows[place] = self._backend.row(cards[id])
        return rows

    def search(self, query: Query, k: int, only: Sequence[int] | None = None) -> Found:
        """Best first. When too few of what the store answers are known or allowed, it is asked for more, at last for
        all."""
        allowed = None if only is None else set(only)
        wanted = min(k, len(self._segments) if allowed is None else len(allowed))
        asked = max(k, _POOL)
        while wanted:
            answer = self._backend.closest(query.text, asked)
            found = [hit for hit in self._known(answer) if allowed is None or hit[0] in allowed]
            if len(found) >= wanted or len(answer) < asked:
                return found[:k]
            asked *= 4
        return []

    def _known(self, answer: Sequence[tuple[Document, float]]) -> Found:
        """Those that are what the catalogue says."""
        texts = self._segments.texts(str(document.metadata.get("id")) for document, _ in answer)
        found: dict[int, float] = {}
        for document, cosine in answer:
            row, hash = texts.get(str(document.metadata.get("id")), (0, ""))
            if row and str(document.metadata.get("text"))[:HASH] == hash:
                found[row] = cosine
        return list(found.items())


class _Elsewhere(Embeddings):
    """Stands for the embedder where only the catalogue is written: the vectors are in the store."""

    dimension = 1

    def __init__(self, signature: str) -> None:
        self.signature = signature

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[1.0]] * len(texts)

    def embed_query(self, text: str) -> list[float]:
        return [1.0]


def card_document(card: ModelCard) -> Document:
    """The document of a card in a store: the text that is embedded; metadata of closed fields."""
    return Document(
        id=document_id(card),
        page_content=card.search_text,
        metadata={
            "id": card.id,
            "text": hash_text(card.search_text),
            "task": card.task,
            "library": card.library,
            "license": card.license,
            "languages": list(card.languages),
        },
    )


def document_id(card: ModelCard) -> str:
    """A UUID of the card's id and the text that is embedded: another text is another document."""
    return _document_id(card.id, hash_text(card.search_text)[:HASH])


def _document_id(id: str, text_hash: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{id}\0{text_hash}"))


def documents_of(segments: Segments, ids: Iterable[str]) -> dict[str, str]:
    """The ids of the documents of those of these cards that are in the catalogue, by the cards' ids."""
    return {id: _document_id(id, hash) for id, (_, hash) in segments.texts(ids).items()}
