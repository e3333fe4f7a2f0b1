"""What adapters to models on this disk share: they say how a folder is loaded and called, and nothing else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import ModelUnavailableError
from .. import hub, pickles
from ..card import ModelCard
from ..checkpoints import checkpoint, locate
from ..requirements import missing
from ..residency import machine_memory
from ..units import human_bytes
from .base import Fitness


class LocalRunner(ABC):
    """Runs models whose weights lie on this machine, or are downloaded to it. An adapter writes `load` and `run`."""

    weights = True

    @abstractmethod
    def load(self, card: ModelCard, folder: Path) -> Any:
        """Load from a local, checked folder; the result is what `run` gets. No network, no code of the model's own.

        Raises:
            ModelUnavailableError: a library is missing, or the weights are damaged.
        """

    @abstractmethod
    def run(self, model: Any, card: ModelCard, inputs: dict[str, Any]) -> dict[str, Any]:
        """Call the loaded model, as `Session.run` does."""

    def fitness(self, card: ModelCard, offline: bool | None = None) -> Fitness:
        """What stands in the way here: libraries, pickled weights, memory, the Hub out of reach, terms."""
        first, *others = [why for obstacle in _OBSTACLES if (why := obstacle(card))] or [""]
        if first:
            return Fitness(False, False, first, tuple(others))
        if locate(card):
            return Fitness(True, True, "on this machine")
        if card.path:
            return Fitness(False, False, f"its folder {card.path} is gone")
        terms = (_TERMS,) if card.gated else ()
        if hub.is_offline() if offline is None else offline:
            return Fitness(False, False, "not downloaded, and offline", terms)
        if card.gated and not hub.has_token():
            return Fitness(False, False, "gated, and no token is set: accept its terms on the Hub and set HF_TOKEN")
        return Fitness(True, False, f"to be downloaded first ({human_bytes(card.bytes)})", terms)

    def open(self, card: ModelCard) -> LocalSession:
        """Load the model, downloaded first when it is not here."""
        if lacking := missing(card):
            raise ModelUnavailableError(lacking)
        return LocalSession(self, card, self.load(card, checkpoint(card)))


@dataclass
class LocalSession:
    """A loaded model with its adapter."""

    runner: LocalRunner
    card: ModelCard
    model: Any

    @property
    def bytes(self) -> int:
        return self.card.bytes

    def run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        return self.runner.run(self.model, self.card, inputs)

    def close(self) -> None:
        self.model = None


def _pickled(card: ModelCard) -> str:
    usable = pickles.is_allowed() or card.safetensors is not False or locate(card) is not None
    return "" if usable else "its weights are pickles, which are not loaded"


def _too_big(card: ModelCard) -> str:
    weights = card.bytes or 4 * card.parameters
    memory = machine_memory()
    return (
        f"its weights need {human_bytes(weights)}, this machine has {human_bytes(memory)}"
        if weights > 0.8 * memory
        else ""
    )


def _lacking(card: ModelCard) -> str:
    return missing(card).removeprefix(f"{card.id} ")  # who reads a reason has the id before it


_TERMS = "gated, its terms must be accepted on the Hub"
_OBSTACLES: tuple[Callable[[ModelCard], str], ...] = (_lacking, _pickled, _too_big)
