"""The index for LangChain users: a retriever whose documents are model cards."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from ..tools.card import ModelCard
from ..tools.model_tool import describe
from .hits import Hit


class ModelRetriever(BaseRetriever):
    """Finds models for a query.

    `page_content` is text of ours, made from closed fields: what the task does, languages, size. The card's own
    prose is appended only with `with_text`: it comes from strangers, keep it away from a model that can act.
    """

    index: Any = Field(description="A ModelIndex or a filtered one")
    k: int = 5
    with_text: bool = False
    filters: dict[str, Any] = Field(default_factory=dict)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None, **filters: Any
    ) -> list[Document]:
        hits = self.index.search(query, k or self.k, **{**self.filters, **filters})
        return [document(hit, self.with_text) for hit in hits]


def document(hit: Hit, with_text: bool = False) -> Document:
    """A hit as a LangChain document, with the model's id as its id."""
    card = hit.card
    text = closed_description(card)
    return Document(
        id=card.id,
        page_content=f"{text}\n\n{card.text}" if with_text and card.text else text,
        metadata={
            "id": card.id,
            "task": card.task,
            "score": hit.score,
            "rank": hit.rank,
            "bytes": card.bytes,
            "parameters": card.parameters,
            "downloads": card.downloads,
            "gated": card.gated,
        },
    )


def closed_description(card: ModelCard) -> str:
    """What may be said of a card to a language model: nothing that its author could phrase."""
    return describe(card) if card.row else "Its task is not known."
