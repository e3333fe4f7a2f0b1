"""What the readers of sources share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import CardError
from ...tools.card import ModelCard


@dataclass(frozen=True, slots=True)
class Read:
    """One thing read: its card, or the reason why it is set aside. `what` names it: an id, a file, a line.

    With neither a card nor a reason, the model `what` is as it was when it was last read. `hides` says whether what
    could not be read may hide other cards, as a broken file does, so that none may be taken for gone.
    """

    what: str
    card: ModelCard | None = None
    reason: str = ""
    hides: bool = True


def read_row(row: Mapping[str, Any], where: str, source: str) -> Read:
    """The card of one row of a dump, in any of the shapes that `ModelCard.from_row` knows."""
    try:
        card = ModelCard.from_row(row)
    except CardError as error:
        return Read(where, reason=str(error))
    except (ValueError, RecursionError) as error:
        return Read(where, reason=f"the row cannot be read ({error})")
    return Read(card.id, card if card.source else card.with_(source=source))


def files_fingerprint(files: Iterable[Path]) -> str:
    """Changes when a file comes, goes, grows or is written to. Reads no content."""
    digest = hashlib.sha256()
    for path in sorted(files):
        found = path.stat()
        digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:16]
