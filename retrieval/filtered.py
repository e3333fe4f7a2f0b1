"""An index seen through filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from ..tools.card import ModelCard
from .filters import Filters
from .hits import Hits

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever


class Filterable(Protocol):
    """What a filtered index needs of the index below it."""

    def search_filtered(self, query: str, k: int, filters: Filters) -> Hits: ...

    def list_filtered(self, filters: Filters) -> Sequence[ModelCard]: ...


class FilteredIndex:
    """An index seen through filters. It holds nothing itself, and more filters may be laid over it."""

    def __init__(self, index: Filterable, filters: Filters) -> None:
        self.index = index
        self.filters = filters

    def search(self, query: str, k: int = 5, **more: Any) -> Hits:
        return self.index.search_filtered(query, k, replace(self.filters, **more))

    def filtered(self, **more: Any) -> FilteredIndex:
        return FilteredIndex(self.index, replace(self.filters, **more))

    def list(self) -> Sequence[ModelCard]:
        return self.index.list_filtered(self.filters)

    def as_retriever(self, k: int = 5, with_text: bool = False, **more: Any) -> BaseRetriever:
        from .retriever import ModelRetriever

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
