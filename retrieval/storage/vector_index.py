"""The port behind which vectors lie: in FAISS files beside the catalogue, in a store elsewhere, or in a test's dict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from ..ranking.query import Query

Found = list[tuple[int, float]]  # rowids with their cosines, best first


class VectorReader(Protocol):
    """The vectors of cards, under the cards' rowids."""

    def get(self, ids: Sequence[int]) -> np.ndarray:
        """The rows of these ids, shape (ids, dimension)."""
        ...

    def search(self, query: Query, k: int, only: Sequence[int] | None = None) -> Found:
        """The closest, best first: at most k, fewer when there are fewer. A query has its text and its vector."""
        ...


class VectorIndex(VectorReader, Protocol):
    """The same while it grows."""

    def add(self, ids: Sequence[int], rows: np.ndarray) -> None:
        """Take in unit vectors, shape (ids, dimension), float32. Who embeds by itself leaves the rows alone."""
        ...

    def remove(self, ids: Sequence[int]) -> None: ...
