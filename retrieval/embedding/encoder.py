"""Any LangChain `Embeddings` as the index uses it: unit float32 rows, with a signature that the index remembers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

from ...errors import EmbedderError

_QUERIES_KEPT = 256


def unit_rows(rows: Any) -> np.ndarray:
    """Float32 rows of length 1. A row with a NaN or an infinity in it, or of length 0, becomes the zero vector,
    whose closeness to everything is 0: a defined answer."""
    with np.errstate(over="ignore", invalid="ignore"):
        rows = np.array(rows, np.float32, ndmin=2)
        rows[~np.isfinite(rows).all(axis=1)] = 0.0
        lengths = np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)
        return np.where(lengths > 1e-12, rows / np.maximum(lengths, 1e-12), 0.0).astype(np.float32)


class Encoder:
    """Any LangChain `Embeddings` as unit float32 rows, with a signature and a small memory of queries."""

    def __init__(self, embedder: Embeddings) -> None:
        self.embedder = embedder
        self._queries: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()

    @cached_property
    def signature(self) -> str:
        """What an index must be asked with: the embedder's own `signature`, else class, model name and dimension."""
        if own := getattr(self.embedder, "signature", None):
            return str(own)
        names = (getattr(self.embedder, name, None) for name in ("model", "model_name", "repo_id", "deployment"))
        name = next((value for value in names if isinstance(value, str)), "")
        return f"{type(self.embedder).__name__}:{name}/{self.dimension}"

    @cached_property
    def dimension(self) -> int:
        known = getattr(self.embedder, "dimension", None)
        return known if isinstance(known, int) else len(self.embedder.embed_query("a picture of a cat"))

    def texts(self, texts: list[str]) -> np.ndarray:
        """Shape (texts, dimension).

        Raises:
            EmbedderError: the embedder gives another number of vectors, or another dimension, than it should.
        """
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        encode = getattr(self.embedder, "encode", self.embedder.embed_documents)
        rows = unit_rows(encode(texts))
        if rows.shape != (len(texts), self.dimension):
            raise EmbedderError(
                f"{self.signature} gave vectors of shape {rows.shape} for {len(texts)} texts, expected "
                f"{(len(texts), self.dimension)}; use an embedder that gives one vector of one size for every text"
            )
        return rows

    @property
    def rough(self) -> bool:
        """Whether the embedder has a quick stand-in, of rougher vectors in the same space: an `encode_roughly`."""
        return hasattr(self.embedder, "encode_roughly")

    def rough_texts(self, texts: list[str]) -> np.ndarray:
        """The stand-in's vectors, shape (texts, dimension)."""
        return unit_rows(getattr(self.embedder, "encode_roughly")(texts))  # noqa: B009  # only some embedders have it

    def stream(self, texts: list[str], size: int) -> Iterator[np.ndarray]:
        """The rows of many texts in their order, some at a time: `size`, or as an embedder with a `stream` of its own
        gives them, which starts its workers only once.

        Raises:
            EmbedderError: as `texts` does.
        """
        if stream := getattr(self.embedder, "stream", None):
            yield from stream(texts)
            return
        for start in range(0, len(texts), size):
            yield self.texts(texts[start : start + size])

    def query(self, text: str) -> np.ndarray:
        """Shape (dimension,); the vectors of the last queries are kept."""
        with self._lock:
            if text in self._queries:
                self._queries.move_to_end(text)
                return self._queries[text]
        vector = unit_rows(self.embedder.embed_query(text))[0]
        if vector.shape != (self.dimension,):
            raise EmbedderError(
                f"{self.signature} gave a query vector of {vector.shape[0]} numbers, expected {self.dimension}; "
                "use an embedder that gives queries and texts the same size"
            )
        with self._lock:
            self._queries[text] = vector
            if len(self._queries) > _QUERIES_KEPT:
                self._queries.popitem(last=False)
        return vector
