"""A `ModelIndex` whose vectors live in any LangChain `VectorStore`: Qdrant, pgvector, Chroma, …

    StoreIndex(path, QdrantVectorStore(client, "cards", embedder)).add("dump.parquet")

The cards, the full text and the sources stay in `path`, in generations as ever.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

from ...errors import UsageError
from ..embedding.encoder import Encoder
from ..index import ModelIndex
from .store_vectors import StoreBackend

if TYPE_CHECKING:
    from langchain_core.vectorstores import VectorStore


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
        folder = Path(path).expanduser().absolute()
        super().__init__(path, embedder, backend=StoreBackend(folder, store, Encoder(embedder)))
        self.store = store

    def __repr__(self) -> str:
        return f"StoreIndex({str(self.path)!r}, {type(self.store).__name__})"
