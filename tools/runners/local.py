"""What adapters to models on this disk share: they say how a folder is loaded and called, and nothing else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...errors import ModelUnavailableError
from .. import adapters, hub, pickles
from ..card import ModelCard
from ..checkpoints import checkpoint, locate, unloadable
from ..placing import place
from ..requirements import missing
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
        """What stands in the way here: libraries, other weights than safetensors, memory, what loading would refuse,
        the Hub out of reach, terms."""
        first, *others = [why for obstacle in _OBSTACLES if (why := obstacle(card))] or [""]
        if first:
            return Fitness(False, False, first, tuple(others))
        found = self._found(card, offline)
        if not found.ok:
            return found
        placement = place(card)
        return replace(found, further=(*found.further, *filter(None, [placement.note])), placement=placement)

    def _found(self, card: ModelCard, offline: bool | None) -> Fitness:
        """Whether its weights, and those of an adapter's base, are here, or can be had."""
        base, folder = adapters.base_of(card), locate(card)
        to_convert = folder is not None and pickles.is_allowed() and bool(pickles.pickles_in(folder))
        if folder and (why := unloadable(folder, card.id, to_convert) or ("" if to_convert else self.lacks(folder))):
            return Fitness(False, False, why)
        lacking = [one for one, here in ((card, folder), (base, base and locate(base))) if one and not here]
        if not lacking:
            return Fitness(True, True, "on this machine")
        if card.path and not folder:
            return Fitness(False, False, f"its folder {card.path} is gone")
        terms = (_TERMS,) if card.gated else ()
        if hub.is_offline() if offline is None else offline:
            which = f"its base {lacking[0].id} is not downloaded" if folder else "not downloaded"
            return Fitness(False, False, f"{which}, and offline", terms)
        if card.gated and not folder and not hub.has_token():
            return Fitness(False, False, "gated, and no token is set: accept its terms on the Hub and set HF_TOKEN")
        return Fitness(True, False, _download(card, lacking), terms)

    def lacks(self, folder: Path) -> str:
        """Which of the files that `load` begins with a folder does not have, in a clause; "" when they are there."""
        if (folder / "adapter_config.json").is_file():
            return ""
        if not (folder / "config.json").is_file():
            return "its config.json is missing"
        if not any((folder / name).is_file() for name in _WEIGHTS):
            return "its weights are not called model.safetensors"
        return ""

    def open(self, card: ModelCard) -> LocalSession:
        """Load the model, downloaded first when it is not here."""
        if lacking := missing(card):
            raise ModelUnavailableError(lacking)
        folder = checkpoint(card)
        if adapter := adapters.read_adapter(folder, card.id):
            adapter.base_folder()  # downloaded now: while a model loads, every other waits
        return LocalSession(self, card, self.load(card, folder))


@dataclass
class LocalSession:
    """A loaded model with its adapter."""

    runner: LocalRunner
    card: ModelCard
    model: Any

    @property
    def bytes(self) -> int:
        return self.card.bytes + adapters.base_bytes(self.card)

    def run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        return self.runner.run(self.model, self.card, inputs)

    def close(self) -> None:
        self.model = None


def _pickled(card: ModelCard) -> str:
    if card.safetensors is not False:
        return ""
    others = [kind for kind in card.formats if not kind.startswith("pickles")]
    if others and len(others) == len(card.formats):
        return f"its weights are {' and '.join(card.formats)}, and only safetensors are loaded"
    folder = locate(card)  # converted before, it is no pickle any more
    if pickles.is_allowed() or (folder and not pickles.pickles_in(folder)):
        return ""
    if others:
        return f"its weights are {' and '.join(card.formats)}, and only safetensors are loaded"
    return "its weights are pickles, which are not loaded"


def _too_big(card: ModelCard) -> str:
    return place(card).lacks


def _lacking(card: ModelCard) -> str:
    return missing(card).removeprefix(f"{card.id} ")  # who reads a reason has the id before it


def _download(card: ModelCard, lacking: list[ModelCard]) -> str:
    if card not in lacking:
        return f"its base {lacking[0].id} is to be downloaded first"
    base = "".join(f", and its base {one.id}" for one in lacking[1:])
    return f"to be downloaded first ({human_bytes(card.bytes)}{base})"


_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
_TERMS = "gated, its terms must be accepted on the Hub"
_OBSTACLES: tuple[Callable[[ModelCard], str], ...] = (_lacking, adapters.obstacle, _pickled, _too_big)
