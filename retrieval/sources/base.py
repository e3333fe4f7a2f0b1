"""What the readers of sources share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ...tools.card import ModelCard


@dataclass(frozen=True, slots=True)
class Read:
    """One thing read: its card, or the reason why it is set aside. `what` names it: an id, a file, a line."""

    what: str
    card: ModelCard | None = None
    reason: str = ""


def files_fingerprint(files: Iterable[Path]) -> str:
    """Changes when a file comes, goes, grows or is written to. Reads no content."""
    digest = hashlib.sha256()
    for path in sorted(files):
        found = path.stat()
        digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:16]
