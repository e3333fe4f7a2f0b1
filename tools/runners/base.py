"""The port between a card and what runs it: adapters, a folder of weights, a server elsewhere, a function.

A session gets opened values and gives plain ones; it knows nothing of agents, handles or workspaces. Opened values:

    text, number, labels, boxes, …   as in `tools/task.py`
    image      PIL.Image in RGB            audio   {"array": float32 (n,), "sampling_rate": Hz}
    video      pathlib.Path                table   pandas.DataFrame

It returns a dict with the names of the task row's outputs; pictures as PIL images, sound as the same audio dict.
numpy scalars and tensors may be left in: `tools/normalise.py` makes plain JSON and handles of everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from ..card import ModelCard
from ..placing import Placement


@dataclass(frozen=True, slots=True)
class Fitness:
    """`ok`: it can run here. `local`: its weights are on this machine. `reason`: one clause that says why (not), and
    `further` what else there is to know: other obstacles, terms that must be accepted, or that it goes to another
    device than it would. What a clause has behind a colon says more, or how to help. `placement`: where it goes, and
    why."""

    ok: bool
    local: bool
    reason: str
    further: tuple[str, ...] = ()
    placement: Placement | None = field(default=None, compare=False)


class Session(Protocol):
    """One model, ready to be called."""

    @property
    def bytes(self) -> int:
        """What it takes of this machine's memory."""
        ...

    def run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """Call the model. Slots that were not given are absent from `inputs`.

        Raises:
            ToolInputError: the inputs do not fit this model.
            ModelFailedError: the model broke.
        """
        ...

    def close(self) -> None:
        """Let go of what it holds; it is not called again."""
        ...


class Runner(Protocol):
    """Says whether it can run a card's model, and opens it."""

    weights: bool
    """Whether opening takes weights: those are counted by a budget, and kept in memory as long as there is room."""

    def fitness(self, card: ModelCard, offline: bool | None = None) -> Fitness:
        """Whether the model can run now, known from the card alone, before a byte is loaded.

        Args:
            offline: whether the Hub is out of reach; found out when None.
        """
        ...

    def open(self, card: ModelCard) -> Session:
        """Make the model ready.

        Raises:
            ModelUnavailableError: it cannot be had: a library or its weights are missing, or it is not safe to load.
        """
        ...
