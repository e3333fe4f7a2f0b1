"""A `ModelIndex` whose vectors live in any LangChain `VectorStore`: Qdrant, pgvector, Chroma, …

    StoreIndex(path, QdrantVectorStore(client, "cards", embedder)).add("dump.parquet")

The cards, the full text and the sources stay in `path`, in generations as ever; the store holds one document a card
and is asked for nothing but `add_documents`, `delete` and `similarity_search_with_score`. It knows no generations, so
a write takes these steps, each of which may be the last before a crash:

    1. The ids of the documents that come and of those that will go are noted in `path`.
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

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from ..errors import IndexProblem, UsageError
from ..tools.card import ModelCard
from .catalog import HASH, hash_text
from .database import Database
from .embedder import Encoder
from .generations import Generation, Generations
from .index import ModelIndex
from .parts import Parts
from .updates import AddReport, Changes, Progress, commit, task_rows

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.vectorstores import VectorStore

    from .filters import Filters

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


class StoreIndex(ModelIndex):
    """Model cards in a folder, their vectors in a LangChain `VectorStore`. It is used as any `ModelIndex`.

    A store belongs to one index; threads and processes may search and add at the same time. What differs:
    - Filters are applied to what the store answers; when too few pass, it is asked for more, at last for all.
    - While a card's text is being changed, a search under way may miss that card.
    - A store that lost documents is filled again by `rebuild`; `verify` finds that out where the store can look up ids.

    Args:
        path: the folder of the catalogue.
        store: finds texts by closeness. What its scores are (cosines, distances) is found out at the first search.
        embedder: that of the store; `store.embeddings` when None.
    """

    def __init__(self, path: str | Path, store: VectorStore, embedder: Embeddings | None = None) -> None:
        embedder = embedder or store.embeddings
        if embedder is None:
            raise UsageError(f"{type(store).__name__} does not tell its embedder; pass it: embedder=…")
        super().__init__(path, embedder)
        self.store = store
        self._catalogue_encoder = Encoder(_Elsewhere(self._signature))
        self._turns = Generations(self.path / "store")
        self._notes = Database(self.path / "store" / "noted.sqlite", _SCHEMA)
        self._scale = ""
        self._rows: OrderedDict[str, np.ndarray] = OrderedDict()

    @property
    def _signature(self) -> str:
        return f"{self._encoder.signature} in a store"

    # Changing

    def _commit(self, changes: Changes, progress: Progress | None, fresh: bool = False) -> AddReport:
        with self._turns.writing():
            self._settle()
            come = {card.id: document_id(card) for card, _ in changes.cards.values()}
            before = self._all_documents() if fresh else self._documents([*come, *changes.remove])
            new = [card for card, _ in changes.cards.values() if fresh or before.get(card.id) != come[card.id]]
            gone = {id: known for id, known in before.items() if fresh or id in changes.remove or known != come[id]}
            with self._notes.writing() as connection:
                rows = [*((come[card.id], card.id) for card in new), *((known, id) for id, known in gone.items())]
                connection.executemany("INSERT OR REPLACE INTO noted VALUES (?, ?)", rows)
            self._put(new, progress)
            report = commit(self._generations, self._catalogue_encoder, changes, None, fresh)
            with suppress(IndexProblem):  # the write is done; what the store did not delete now goes at the next one
                self._settle()
        return report

    def _put(self, cards: Sequence[ModelCard], progress: Progress | None) -> None:
        for start in range(0, len(cards), _BATCH):
            documents = [document_of(card) for card in cards[start : start + _BATCH]]
            ids = [str(document.id) for document in documents]
            self._ask(lambda documents=documents, ids=ids: self.store.add_documents(documents, ids=ids))
            if progress:
                progress(start + len(documents), len(cards))

    def _settle(self) -> None:
        """Delete the noted documents that the catalogue does not know."""
        with self._notes.reading() as connection:
            noted = dict(connection.execute("SELECT document, id FROM noted").fetchall())
        if not noted:
            return
        known = set(self._documents(noted.values()).values())
        if loose := [document for document in noted if document not in known]:
            self._ask(lambda: self.store.delete(ids=loose))
        with self._notes.writing() as connection:
            connection.execute("DELETE FROM noted")

    def _documents(self, ids: Iterable[str]) -> dict[str, str]:
        """The documents of those of these cards that are in the catalogue."""
        wanted = list(ids)
        found = self._read(lambda g: g.parts.texts(wanted), {})
        return {id: _document_id(id, hash) for id, (_, hash) in found.items()}

    def _all_documents(self) -> dict[str, str]:
        with suppress(IndexProblem):  # a rebuild because the catalogue is damaged
            return self._documents(self._read(lambda g: g.parts.ids(), []))
        return {}

    def _ask(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:  # each store has errors of its own
            raise IndexProblem(
                f"{type(self.store).__name__} failed ({type(error).__name__}: {' '.join(str(error).split())[:160]}); "
                "what was there before still serves: mend the store, and try again"
            ) from error

    # Searching

    def _parts(self, generation: Generation, query: str) -> Parts:
        return _StoreParts(generation.parts, self, query)

    def _vector(self, query: str, rest: str) -> np.ndarray:
        """The query's own: a store searches by texts, so its answers cannot be drawn anywhere."""
        return self._encoder.query(query)

    def _task_rows(self, generation: Generation) -> np.ndarray:
        return task_rows(self._encoder)

    def _check_embedder(self, generation: Generation) -> None:
        if generation.manifest.embedder != self._signature:
            raise self._generations.other_embedder(generation.manifest.embedder, self._signature)

    def _closest(self, query: str, count: int) -> list[tuple[Document, float]]:
        """Documents with their cosines, best first."""
        answer = self._ask(lambda: self.store.similarity_search_with_score(query, k=count))
        scale = _SCALES[self._scale or self._find_scale(query, answer)]
        return sorted(((document, scale(float(score))) for document, score in answer), key=lambda pair: -pair[1])

    def _find_scale(self, query: str, answer: Sequence[tuple[Document, float]]) -> str:
        """What the store's scores are: those of a few documents, compared with their cosines."""
        some = answer[:: max(1, len(answer) // 4)][:5]
        if not some:
            return "cosine"
        cosines = self._encoder.texts([document.page_content for document, _ in some]) @ self._encoder.query(query)
        scores = [float(score) for _, score in some]
        errors = {
            name: max(abs(scale(score) - cosine) for score, cosine in zip(scores, cosines.tolist(), strict=True))
            for name, scale in _SCALES.items()
        }
        best, second = sorted(errors, key=errors.__getitem__)[:2]
        if errors[best] > _NEAR:
            raise IndexProblem(
                f"{type(self.store).__name__} gives scores such as {scores[0]:.3g} where the cosine is "
                f"{cosines[0]:.3g}, which is none of {', '.join(_SCALES)}; "
                "let it compare by the cosine, with the embedder that its documents were embedded with"
            )
        if errors[second] > _NEAR:  # else it may be either: look again at the next search
            self._scale = best
        return best

    def _row(self, card: ModelCard) -> np.ndarray:
        """The vector of a card's text, embedded here."""
        hash = hash_text(card.search_text)
        if hash not in self._rows:
            self._rows[hash] = self._encoder.texts([card.search_text])[0]
            while len(self._rows) > _KEPT:
                self._rows.popitem(last=False)
        return self._rows[hash]

    # Looking

    def verify(self) -> dict[str, Any]:
        """Check the catalogue as every index does, and that the store has each card's document, if it can tell."""
        stats = super().verify()
        documents = list(self._all_documents().values())
        missing = 0
        with suppress(NotImplementedError):
            for start in range(0, len(documents), _BATCH):
                asked = documents[start : start + _BATCH]
                missing += len(asked) - len(self.store.get_by_ids(asked))
        if missing:
            raise IndexProblem(
                f"{type(self.store).__name__} lacks {missing} of the {len(documents)} documents of {self.path}; "
                "fill it again: index.rebuild()"
            )
        return stats

    def __repr__(self) -> str:
        return f"StoreIndex({str(self.path)!r}, {type(self.store).__name__})"


class _StoreParts(Parts):
    """The parts of an index whose vectors are in a store, for one query."""

    def __init__(self, parts: Parts, index: StoreIndex, query: str) -> None:
        super().__init__(parts.parts, parts.gone)
        self.index = index
        self.query = query

    def near(self, vector: np.ndarray, count: int, filters: Filters) -> dict[int, float]:
        asked, wanted = max(count, _POOL), min(count, len(self))
        while wanted:
            answer = self.index._closest(self.query, asked)
            known = self._known(answer)
            passing = self.passing(known, filters)
            if len(passing) >= wanted or len(answer) < asked:
                return dict([(rowid, cosine) for rowid, cosine in known.items() if rowid in passing][:count])
            asked *= 4
        return {}

    def _known(self, answer: Sequence[tuple[Document, float]]) -> dict[int, float]:
        """Those that are what the catalogue says."""
        texts = self.texts(str(document.metadata.get("id")) for document, _ in answer)
        found: dict[int, float] = {}
        for document, cosine in answer:
            row, hash = texts.get(str(document.metadata.get("id")), (0, ""))
            if row and str(document.metadata.get("text"))[:HASH] == hash:
                found[row] = cosine
        return found

    def closeness(self, rowids: Sequence[int], vector: np.ndarray) -> dict[int, float]:
        """The cosines of these cards, which come best first; of those after the first few, 0."""
        cards = self.cards(rowids[:_EMBEDDED])
        return dict.fromkeys(rowids, 0.0) | {row: float(self.index._row(card) @ vector) for row, card in cards.items()}


class _Elsewhere(Embeddings):
    """Stands for the embedder where only the catalogue is written: the vectors are in the store."""

    dimension = 1

    def __init__(self, signature: str) -> None:
        self.signature = signature

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[1.0]] * len(texts)

    def embed_query(self, text: str) -> list[float]:
        return [1.0]


def document_of(card: ModelCard) -> Document:
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
