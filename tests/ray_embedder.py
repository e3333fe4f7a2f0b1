"""An embedder for the tests of Ray: its workers are processes of their own, which import it from here."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from prefrontal.retrieval.embedding.hashing import HashEmbedder

FIRST, CRASH, FAIL, DIMENSION = "the first text", "this crashes once", "this cannot be embedded", 32


class UnevenEmbedder(HashEmbedder):
    """Slow at the first text, so that later ones are done before it; ends its process at another, once; and fails at
    a third."""

    def __init__(self, notes: Path, dimension: int) -> None:
        super().__init__(dimension)
        self.notes = notes

    def encode(self, texts: list[str]) -> np.ndarray:
        (self.notes / f"embedded-{os.getpid()}").touch()
        if FIRST in texts:
            time.sleep(1)
        if CRASH in texts and not (self.notes / "crashed").exists():
            (self.notes / "crashed").touch()
            os._exit(1)
        if any(FAIL in text for text in texts):
            raise ValueError(f"cannot embed {FAIL!r}")
        return super().encode(texts)


@dataclass(frozen=True)
class Make:
    """Makes an embedder: in the process `here` at once; in a worker, with `there` dimensions, when two have come."""

    notes: Path
    here: int
    there: int = DIMENSION

    def __call__(self) -> UnevenEmbedder:
        if os.getpid() == self.here:
            return UnevenEmbedder(self.notes, DIMENSION)
        (self.notes / f"worker-{os.getpid()}").touch()
        end = time.monotonic() + 60
        while len(list(self.notes.glob("worker-*"))) < 2 and time.monotonic() < end:
            time.sleep(0.01)
        return UnevenEmbedder(self.notes, self.there)
