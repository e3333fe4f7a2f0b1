"""An index seen through filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..tools.card import ModelCard
from .filters import Filters
from .ranking import Hits

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

    from .index import ModelIndex


class FilteredIndex:
    """An index seen through filters. It holds nothing itself, and more filters may be laid over it."""

    def __init__(self, index: ModelIndex, filters: Filters) -> None:
        self.index = index
        self.filters = filters

    def search(self, query: str, k: int = 5, **more: Any) -> Hits:
        return self.index._search(query, k, replace(self.filters, **more))

    def filtered(self, **more: Any) -> FilteredIndex:
        return FilteredIndex(self.index, replace(self.filters, **more))

    def list(self) -> Sequence[ModelCard]:
        return self.index._list(self.filters)

    def as_retriever(self, k: int = 5, with_text: bool = False, **more: Any) -> BaseRetriever:
        from .langchain import ModelRetriever

        replace(self.filters, **more)  # a wrong preference is an error here already
        return ModelRetriever(index=self, k=k, with_text=with_text, filters=more)

    def __len__(self) -> int:
        return len(self.list())

    def __contains__(self, id: object) -> bool:
        return any(card.id == id for card in self.list())

    def __iter__(self) -> Iterator[ModelCard]:
        return iter(self.list())

    def __repr__(self) -> str:
        return f"{self.index!r}.filtered({self.filters})"
