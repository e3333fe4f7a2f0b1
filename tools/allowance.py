"""How many bytes may be downloaded, and who is asked beyond that."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from ..errors import ModelUnavailableError
from . import hub
from .adapters import to_download
from .card import ModelCard
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
        """Count what has to be downloaded of a model, as large as the Hub says that it is; an adapter with its base.

        Raises:
            ModelUnavailableError: it would go beyond the allowance, and nobody lets it.
        """
        parts = [] if missing(card) else to_download(card)  # what cannot run is not fetched
        if not parts:
            return
        sizes = {part.id: hub.download_bytes(part.id, part.revision, known=part.bytes) for part in parts}
        wanted = sum(sizes.values())
        with self._lock:
            others = sum(taken for id, taken in self._taken.items() if id not in sizes)
            if not self.bytes or others + wanted > self.bytes:
                of = "" if card.id in sizes else f" for {card.id}"
                wants = (
                    f"{' and its base '.join(sizes)} {'has' if len(sizes) == 1 else 'have'} to be downloaded{of} "
                    f"({human_bytes(wanted)}), allowed are {self.bytes / 1e9:.1f} GB in all"
                )
                if not (self.ask and self.ask(f"{wants}. Download it all the same?")):
                    raise ModelUnavailableError(f"{wants}; {self.advice}")
            self._taken.update(sizes)


standard = Allowance()
"""The process's own: of tools that are given no other gate."""
