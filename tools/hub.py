"""The Hub, or what HF_ENDPOINT names: is it there, what does it say of a model, and fetching one."""

from __future__ import annotations

import os
import socket
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..errors import CardError, ModelUnavailableError

# Only these are ever downloaded: no pickles, no code.
SAFE_PATTERNS = ["*.json", "*.txt", "*.model", "*.safetensors", "*.md", "*.jinja", "*.tiktoken", "*.spm"]
_OFF = ("1", "true", "yes", "on")


def told_offline() -> bool:
    """True when the environment says so: HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE."""
    return any(os.environ.get(name, "").lower() in _OFF for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"))


@lru_cache(maxsize=4)
def _answers(endpoint: str) -> bool:
    parts = urlsplit(endpoint)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 443), timeout=1.5):
            return True
    except OSError:
        return False


def is_offline() -> bool:
    """True when told so, or when nothing answers at the Hub's address (asked once a process, 1.5 s at most)."""
    if told_offline():
        return True
    from huggingface_hub import constants

    return not _answers(os.environ.get("HF_ENDPOINT") or constants.ENDPOINT)


def hub_card_row(id: str, revision: str | None = None) -> dict[str, Any]:
    """What the Hub says of a model, as a row for `ModelCard.from_row`.

    Raises:
        CardError: the Hub cannot be reached, or has no such model.
    """
    if is_offline():
        raise CardError(
            f"{id} cannot be looked up: the Hub is out of reach; pass a local folder, or connect and try again"
        )
    from huggingface_hub import HfApi, hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError

    try:
        info = HfApi(endpoint=os.environ.get("HF_ENDPOINT")).model_info(id, revision=revision, files_metadata=True)
        try:
            readme = Path(hf_hub_download(id, "README.md", revision=info.sha)).read_bytes()
        except EntryNotFoundError:
            readme = b""
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise CardError(
            f"{id} cannot be read from the Hub ({_short(error)}); check the id, and HF_TOKEN for private models"
        ) from error
    weights = [file for file in info.siblings or [] if file.rfilename.endswith(".safetensors")]
    return {
        "id": info.id,
        "sha": info.sha,
        "pipeline_tag": info.pipeline_tag,
        "library": info.library_name,
        "tags": info.tags,
        "downloads": info.downloads,
        "likes": info.likes,
        "gated": info.gated,
        "last_modified": str(info.last_modified or ""),
        "parameters": info.safetensors.total if info.safetensors else 0,
        "bytes": sum(file.size or 0 for file in weights),
        "model_type": (info.config or {}).get("model_type", ""),
        "safetensors": bool(weights),
        "source": "hub",
        "card": readme.decode("utf-8-sig", errors="replace"),
    }


def cached(id: str, revision: str = "") -> Path | None:
    """The folder of a model in the HF cache, when its config and all its weights are there."""
    from huggingface_hub import try_to_load_from_cache

    names = ("config.json", "modules.json", "model_index.json")
    found = next(
        (p for name in names if isinstance(p := try_to_load_from_cache(id, name, revision=revision or None), str)), None
    )
    folder = Path(found).parent if found else None
    return folder if folder and next(folder.rglob("*.safetensors"), None) else None


def fetch(id: str, revision: str = "") -> Path:
    """Download the safe files of a model into the HF cache; an interrupted download is taken up again.

    Raises:
        ModelUnavailableError: offline, gated, or not there.
    """
    if is_offline():
        raise ModelUnavailableError(
            f"{id} is not on this machine and the Hub is out of reach; connect once so that it is downloaded, "
            "or use a model that is here (prefrontal search --runnable)"
        )
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    try:
        return Path(snapshot_download(id, revision=revision or None, allow_patterns=SAFE_PATTERNS))
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise ModelUnavailableError(
            f"{id} could not be downloaded ({_short(error)}); gated models need their terms accepted and HF_TOKEN set"
        ) from error


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
