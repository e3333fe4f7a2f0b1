"""`SQLiteVectorStore`: a LangChain `VectorStore` in one file, for documents of any kind.

SQLite holds the documents with their vectors, FAISS finds among them in memory: one file, one transaction a change,
no index file that could fall out of step, and nothing pickled. A changed document gets a new row number, and
numbers are never used twice, so what other processes did is the difference of two sets of numbers.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from ...errors import EmbedderError, UsageError
from ..embedding.encoder import Encoder, unit_rows
from ..embedding.minilm import default_embedder
from ..sql import LISTED
from ..storage.vectors import Vectors
from .sqlite import Database
from .sqlite_documents import SCHEMA, Filter, Found, columns_of, condition, documents_at, passing, read_document

if TYPE_CHECKING:
    import sqlite3

_BATCH = 256  # documents embedded at a time


class SQLiteVectorStore(VectorStore):
    """Documents in a file, found by meaning. Threads and processes may read and change it at the same time.

    Scores are cosines, from -1 to 1; the closest come first. Metadata are plain JSON.

    Args:
        embedding: any LangChain `Embeddings`; all-MiniLM-L6-v2 when None. A store is used with the embedder that it
            was made with.
        path: the file; None keeps the store in memory.
    """

    def __init__(self, embedding: Embeddings | None = None, path: str | Path | None = None) -> None:
        self._encoder = Encoder(embedding or default_embedder())
        self._database = Database(path, SCHEMA)
        self._vectors: Vectors | None = None
        self._rows: set[int] = set()
        self._revision = -1

    @classmethod
    def from_texts(  # pyright: ignore[reportIncompatibleMethodOverride]  # the port leaves further arguments open
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        path: str | Path | None = None,
    ) -> SQLiteVectorStore:
        store = cls(embedding, path)
        store.add_texts(texts, metadatas, ids=ids)
        return store

    @property
    def embeddings(self) -> Embeddings:
        return self._encoder.embedder

    # Changing

    def add_documents(
        self,
        documents: list[Document],
        *,
        ids: Sequence[str | None] | None = None,
        batch_size: int = _BATCH,
        **more: Any,
    ) -> list[str]:
        """Add documents, or put them in the place of those with their ids; gives the ids.

        Args:
            ids: come before the documents' own ids; who has none gets one.
            batch_size: how many are embedded at a time.

        Raises:
            UsageError: there are not as many ids as documents, or a document cannot be written as JSON.
            EmbedderError: the store was made with another embedder.
            StoreError: it cannot be written.
        """
        _refuse(more)
        if ids is not None and len(ids) != len(documents):
            raise UsageError(f"got {len(ids)} ids for {len(documents)} documents; pass one for each, or none at all")
        given = ids or [None] * len(documents)
        names = [id or document.id or str(uuid.uuid4()) for id, document in zip(given, documents, strict=True)]
        # Of several documents with one id the last counts.
        rows = {id: columns_of(id, document) for id, document in zip(names, documents, strict=True)}
        if not rows:
            return []
        with self._database.reading() as connection:
            self._check(connection)
        vectors = list(self._embedded([text for text, _ in rows.values()], batch_size))
        with self._database.writing() as connection:
            self._check(connection)
            connection.execute(
                "INSERT OR IGNORE INTO store VALUES (1, ?, ?, 0)", [self._encoder.signature, self._encoder.dimension]
            )
            connection.executemany(
                "INSERT OR REPLACE INTO documents (id, text, metadata, vector) VALUES (?, ?, ?, ?)",
                [(id, *columns, vector) for (id, columns), vector in zip(rows.items(), vectors, strict=True)],
            )
            _changed(connection)
        return names

    def delete(self, ids: list[str] | None = None, **more: Any) -> bool:
        """Delete these documents, all when None; ids that are not there do no harm."""
        _refuse(more)
        where, values = ("", []) if ids is None else (f"WHERE id IN {LISTED}", [json.dumps(list(ids))])
        with self._database.writing() as connection:
            connection.execute(f"DELETE FROM documents {where}", values)
            _changed(connection)
        return True

    def close(self) -> None:
        """Let go of the file; the next use opens it again (a store in memory is gone)."""
        self._database.close()

    # Looking

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """The documents that are there, in the order of the ids, each once."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT id, text, metadata FROM documents WHERE id IN {LISTED}", [json.dumps(list(ids))]
            )
            found = {row[0]: read_document(*row) for row in rows}
        return [found[id] for id in dict.fromkeys(ids) if id in found]

    def similarity_search(self, query: str, k: int = 4, filter: Filter | None = None, **more: Any) -> list[Document]:
        """The k documents closest to a text, fewer when fewer pass the filter.

        Args:
            filter: values that the metadata must have, {"language": "fr", "year": [2024, 2025]}, or a function that
                says of a document whether it passes.

        Raises:
            UsageError: k is not positive, or the filter cannot be understood.
            EmbedderError: the store was made with another embedder.
            StoreError: it cannot be read.
        """
        return [document for document, _ in self.similarity_search_with_score(query, k, filter, **more)]

    def similarity_search_with_score(  # pyright: ignore[reportIncompatibleMethodOverride]  # the port says *args
        self, query: str, k: int = 4, filter: Filter | None = None, **more: Any
    ) -> list[tuple[Document, float]]:
        """The same with their cosines."""
        _refuse(more)
        return self._with_scores(self._encoder.query(query), k, filter)

    def similarity_search_by_vector(
        self, embedding: list[float], k: int = 4, filter: Filter | None = None, **more: Any
    ) -> list[Document]:
        _refuse(more)
        return [document for document, _ in self._with_scores(self._unit(embedding), k, filter)]

    def max_marginal_relevance_search(
        self,
        query: str,
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        filter: Filter | None = None,
        **more: Any,
    ) -> list[Document]:
        """Of the `fetch_k` closest the k that are close and unlike each other.

        Args:
            lambda_mult: from 0 (as different as can be) to 1 (as close as can be).
        """
        return self.max_marginal_relevance_search_by_vector(
            self._encoder.query(query).tolist(), k, fetch_k, lambda_mult, filter, **more
        )

    def max_marginal_relevance_search_by_vector(
        self,
        embedding: list[float],
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        filter: Filter | None = None,
        **more: Any,
    ) -> list[Document]:
        from langchain_core.vectorstores.utils import maximal_marginal_relevance

        _refuse(more)
        vector = self._unit(embedding)
        with self._database.reading() as connection:
            vectors, found = self._closest(connection, vector, max(k, fetch_k), filter)
            if not vectors or not found:
                return []
            rows = [row for row, _ in found]
            chosen = maximal_marginal_relevance(vector, list(vectors.get(rows)), lambda_mult, k)
            documents = documents_at(connection, rows)
        return [documents[rows[place]] for place in chosen]

    def _select_relevance_score_fn(self) -> Callable[[float], float]:
        return lambda cosine: min(max(cosine, 0.0), 1.0)  # what points away is as irrelevant as what is unrelated

    # Inside

    def _with_scores(self, vector: np.ndarray, k: int, filter: Filter | None) -> list[tuple[Document, float]]:
        with self._database.reading() as connection:
            _, found = self._closest(connection, vector, k, filter)
            documents = documents_at(connection, [row for row, _ in found])
        return [(documents[row], score) for row, score in found]

    def _closest(
        self, connection: sqlite3.Connection, vector: np.ndarray, k: int, filter: Filter | None
    ) -> tuple[Vectors | None, list[Found]]:
        if k < 1:
            raise UsageError(f"k is {k}; ask for one document or more")
        where, values = condition(filter) if isinstance(filter, Mapping) else ("", [])
        self._check(connection)
        vectors = self._follow(connection)
        if vectors is None:
            return None, []
        if callable(filter):
            return vectors, passing(connection, vectors.closest(vector, len(vectors)), filter, k)
        only = (
            [row for (row,) in connection.execute(f"SELECT rowid FROM documents WHERE {where}", values)]
            if where
            else None
        )
        return vectors, vectors.closest(vector, k, only)

    def _follow(self, connection: sqlite3.Connection) -> Vectors | None:
        """The vectors, in step with the file. FAISS may not be changed beside a search: the database's lock is held."""
        known = connection.execute("SELECT revision FROM store").fetchone()
        if known is None:  # nothing was added yet, or a store in memory was closed
            self._vectors, self._rows, self._revision = None, set(), -1
        if known is None or known[0] == self._revision:
            return self._vectors
        vectors = self._vectors = self._vectors or Vectors(self._encoder.dimension)
        rows = {row for (row,) in connection.execute("SELECT rowid FROM documents")}
        vectors.remove(list(self._rows - rows))
        fresh = connection.execute(
            f"SELECT rowid, vector FROM documents WHERE rowid IN {LISTED} ORDER BY rowid",
            [json.dumps(list(rows - self._rows))],
        )
        while batch := fresh.fetchmany(10_000):
            data = np.frombuffer(b"".join(blob for _, blob in batch), "<f4").reshape(len(batch), vectors.dimension)
            vectors.add([row for row, _ in batch], data)
        self._rows, self._revision = rows, known[0]
        return vectors

    def _check(self, connection: sqlite3.Connection) -> None:
        made = connection.execute("SELECT embedder FROM store").fetchone()
        if made and made[0] != self._encoder.signature:
            raise EmbedderError(
                f"{self._database} was made with the embedder {made[0]}, got {self._encoder.signature}; "
                "pass the embedder that it was made with, or name another file"
            )

    def _embedded(self, texts: list[str], batch_size: int) -> Iterator[bytes]:
        for start in range(0, len(texts), max(1, batch_size)):
            for row in self._encoder.texts(texts[start : start + max(1, batch_size)]):
                yield row.astype("<f4").tobytes()

    def _unit(self, embedding: Sequence[float]) -> np.ndarray:
        vector = unit_rows(embedding)[0]
        if vector.shape != (self._encoder.dimension,):
            raise UsageError(
                f"the vector has {vector.shape[0]} numbers, {self._encoder.signature} gives {self._encoder.dimension}; "
                "embed the query with the store's own embedder (store.embeddings)"
            )
        return vector

    def __repr__(self) -> str:
        return f"SQLiteVectorStore({self._encoder.signature!r}, {str(self._database)!r})"


def _changed(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE store SET revision = revision + 1")


def _refuse(more: Mapping[str, Any]) -> None:
    """A misspelt filter must not find everything."""
    if more:
        raise UsageError(
            f"{', '.join(map(repr, more))} is no argument of a SQLiteVectorStore; narrow a search by filter="
        )
