"""How many bytes may be downloaded, and who is asked beyond that."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from ..errors import ModelUnavailableError
from . import hub
from .card import ModelCard
from .checkpoints import locate
from .requirements import missing
from .units import human_bytes

STANDARD = 4_000_000_000


@dataclass
class Allowance:
    """What may be fetched from the Hub.

    Attributes:
        bytes: in all; 0 forbids downloading.
        ask: called with a question beyond that; True lets the download pass. When None nobody can answer: no.
        advice: what a refusal says can be done.
    """

    bytes: int = STANDARD
    ask: Callable[[str], bool] | None = None
    advice: str = "pass a gate of your own, ModelTool(card, gate=Allowance(bytes=…).gate), or take a smaller model"
    _taken: dict[str, int] = field(default_factory=dict, repr=False)  # bytes by id
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def gate(self, card: ModelCard) -> None:
        """Count a model that has to be downloaded, as large as the Hub says that it is.

        Raises:
            ModelUnavailableError: it would go beyond the allowance, and nobody lets it.
        """
        if locate(card) is not None or missing(card):  # it lies here, or is not fetched because it cannot run
            return
        size = hub.download_bytes(card.id, card.revision, known=card.bytes)
        with self._lock:
            others = sum(taken for id, taken in self._taken.items() if id != card.id)
            if not self.bytes or others + size > self.bytes:
                wants = (
                    f"{card.id} has to be downloaded ({human_bytes(size)}), "
                    f"allowed are {self.bytes / 1e9:.1f} GB in all"
                )
                if not (self.ask and self.ask(f"{wants}. Download it all the same?")):
                    raise ModelUnavailableError(f"{wants}; {self.advice}")
            self._taken[card.id] = size


standard = Allowance()
"""The process's own: of tools that are given no other gate."""
