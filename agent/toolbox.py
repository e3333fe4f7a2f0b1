"""The tools of one agent: an index, a workspace, and the models found so far, resolved by exact name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from ..errors import CardNotFoundError
from ..retrieval.hits import Hit
from ..retrieval.index import ModelIndex
from ..retrieval.ranking.preferences import BALANCED, preference
from ..tools.card import ModelCard
from ..tools.media import Workspace
from ..tools.model_tool import ModelTool, describe, tool_name
from ..tools.placing import Target
from ..tools.residency import Residency
from ..tools.tasks import get_task
from .records import FoundModel, SearchRecord


class Toolbox:
    """Makes tools of cards, once each, over one workspace.

    Args:
        gate: called with a card before its model is loaded; what it raises refuses the call.
        prefer: "fast", "balanced" or "best": what counts among models that fit about equally (see `Filters`).
        target: a device and a type of numbers that are wanted; what suits each model best when None.

    Raises:
        UsageError: there is no such preference.
    """

    def __init__(
        self,
        index: ModelIndex,
        workspace: Workspace,
        residency: Residency | None = None,
        gate: Callable[[ModelCard], None] | None = None,
        prefer: str = BALANCED,
        target: Target | None = None,
    ) -> None:
        self.index = index
        self.workspace = workspace
        self.prefer = preference(prefer).name
        self.target = target or Target()
        pickles = index.allow_pickle
        self.tool = cache(lambda id: ModelTool(index.get(id), workspace, residency, gate, target, pickles))

    def bound(self, ids: Iterable[str]) -> list[ModelTool]:
        """The tools of those ids; what has left the index since is left out."""
        tools = []
        for id in ids:
            try:
                tools.append(self.tool(id))
            except CardNotFoundError:
                continue
        return tools

    def named(self, name: str, ids: Iterable[str]) -> ModelTool | None:
        """The tool with exactly that name among the ids."""
        return next((tool for tool in self.bound(ids) if tool.name == name), None)

    def search(self, query: str, k: int, task: str | None = None) -> SearchRecord:
        """Candidates that run here, best first, and, when there are none, the nearest others with the reason why they
        do not run.

        Raises:
            UnknownTaskError: there is no such task.
        """
        row = get_task(task) if task else None
        if row and row.builtin:
            # One function does a built-in task: nothing is to be ranked, so no embedder is loaded for it.
            hits = [Hit(self.index.get(f"prefrontal/{row.id}"), 1.0, ("built in, needs no model",), 1)]
        else:
            hits = self.index.search(query, k, task=task, runnable_only=True, prefer=self.prefer, target=self.target)
        known = [hit for hit in hits if hit.card.row is not None]
        record: SearchRecord = {"query": query, "task": task, "candidates": [found_model(hit) for hit in known]}
        if not known:
            from ..tools.fitness import fitness

            near = self.index.search(query, 3, task=task, prefer=self.prefer)
            record["others"] = [
                {"id": hit.id, "task": hit.card.task, "why": fitness(hit.card, target=self.target).reason}
                for hit in near
            ]
        return record


def found_model(hit: Hit) -> FoundModel:
    """A hit as the agent sees it."""
    card = hit.card
    return {
        "id": card.id,
        "tool": tool_name(card),
        "task": card.task,
        "score": round(hit.score, 3),
        "why": hit.why,
        "does": describe(card),
        "labels": list(card.labels[:100]),
        "languages": list(card.languages),
        "bytes": card.bytes,
    }
