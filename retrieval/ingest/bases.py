"""What a model was made from tells its task, where its own card does not: an adapter does what its base does."""

from __future__ import annotations

from functools import cache

from ...tools.card import ModelCard
from ...tools.connectors.documented import BASE
from ...tools.connectors.evidence import TO_BE_TRAINED
from ...tools.tasks import find_task


@cache
def _packaged() -> dict[str, str]:
    """The task of each model that comes with the package, by id; the starter set holds the bases most in use."""
    from ..sources import jsonl
    from .bundled import STARTER

    return {read.card.id.lower(): read.card.task for read in jsonl.read(STARTER) if read.card}


def base_task(id: str) -> str:
    """The task of a well-known model, "" when it is none."""
    return _packaged().get(id.lower(), "")


def with_base_task(card: ModelCard) -> ModelCard:
    """The card; one that names no task, and whose documentation tells none either, with that of its base."""
    if card.task:
        return card
    for tag in card.tags:
        if tag.startswith(BASE):
            base = tag.rpartition(":")[2]
            task = base_task(base)
            if task not in TO_BE_TRAINED and find_task(task):
                return card.with_(task=task, told_by=f"it was made from {base[:100]}")
    return card
