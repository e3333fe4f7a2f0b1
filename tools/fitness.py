"""Can this model run here? Known from the card alone, before it is offered and before a byte is loaded."""

from __future__ import annotations

from .card import ModelCard
from .runners import find_runner, why_no_runner
from .runners.base import Fitness

__all__ = ["Fitness", "fitness"]


def fitness(card: ModelCard, *, offline: bool | None = None) -> Fitness:
    """Whether the card's model can run on this machine now.

    Args:
        offline: whether the Hub is out of reach; found out when None.
    """
    runner = find_runner(card)
    return runner.fitness(card, offline) if runner else Fitness(False, False, why_no_runner(card))
