"""Can this model run here? Known from the card alone, before it is offered and before a byte is loaded."""

from __future__ import annotations

from .card import ModelCard
from .devices import Devices
from .placing import ANY, Target, aimed
from .runners import find_runner, why_no_runner
from .runners.base import Fitness

__all__ = ["Fitness", "fitness"]


def fitness(
    card: ModelCard, *, offline: bool | None = None, target: Target | None = None, devices: Devices | None = None
) -> Fitness:
    """Whether the card's model can run on this machine now, and on which device.

    Args:
        offline: whether the Hub is out of reach; found out when None.
        target: a device and a type of numbers that are wanted; what suits the model best when None.
        devices: what there is; this machine's when None.
    """
    runner = find_runner(card)
    if runner is None:
        return Fitness(False, False, why_no_runner(card))
    if target is None and devices is None:
        return runner.fitness(card, offline)
    with aimed(target or ANY, devices):
        return runner.fitness(card, offline)
