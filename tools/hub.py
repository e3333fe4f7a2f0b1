"""The Hub, or what HF_ENDPOINT names: is it there, what does it say of a model, and fetching one."""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ..errors import CardError, ModelUnavailableError
from . import downloads, hub_files, pickles
from .hub_files import SAFETENSORS, Listing
from .pins import Pin, folder_of, revision_of, write_pin
from .text import error_line
from .weights import formats_of, said

_OFF = ("1", "true", "yes", "on")
_BUSY = (429, 503)  # what a server says that wants to be asked later
_WAITS = 3
_LONGEST_WAIT = 330.0  # seconds: the Hub counts calls in windows of five minutes
T = TypeVar("T")


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


def has_token() -> bool:
    """Whether a token of the Hub is set (HF_TOKEN) or kept on this machine (`hf auth login`)."""
    from huggingface_hub import get_token

    return bool(get_token())


def hub_errors() -> tuple[type[Exception], ...]:
    """What huggingface_hub raises when it cannot give what it is asked for; httpx's own errors are no OSErrors."""
    from httpx import HTTPError
    from huggingface_hub.errors import HfHubHTTPError

    return HfHubHTTPError, HTTPError, OSError, ValueError


def is_busy(error: BaseException | None) -> bool:
    """Whether an error says, itself or by its cause, that the Hub wants to be asked later."""
    while error:
        if getattr(getattr(error, "response", None), "status_code", 0) in _BUSY:
            return True
        error = error.__cause__
    return False


def patiently(ask: Callable[[], T]) -> T:
    """What `ask` gives; from a Hub that is busy, after the time that it names, else after 1, 2 and 4 seconds.

    Three waits at most, and none that is longer than the Hub's five minutes: then its error is raised.
    """
    for tried in range(_WAITS):
        try:
            return ask()
        except hub_errors() as error:
            seconds = _told_wait(error)
            if not is_busy(error) or (seconds or 0) > _LONGEST_WAIT:
                raise
        time.sleep(2**tried * (1 + random.random() / 4) if seconds is None else seconds)
    return ask()


def _told_wait(error: Exception) -> float | None:
    """Seconds, by Retry-After or by the Hub's own ratelimit header ("api";r=0;t=55)."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    found = re.fullmatch(r"\s*(\d{1,9})\s*", headers.get("retry-after", "")) or re.search(
        r"r=0;t=(\d{1,9})", headers.get("ratelimit", "")
    )
    return float(found[1]) if found else None


def hub_card_row(id: str, revision: str | None = None) -> dict[str, Any]:
    """What the Hub says of a model, as a row for `ModelCard.from_row`.

    Raises:
        CardError: the Hub cannot be reached, stays busy, or has no such model.
    """
    if is_offline():
        raise CardError(
            f"{id} cannot be looked up: the Hub is out of reach; pass a local folder, or connect and try again"
        )
    from huggingface_hub import HfApi, hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError

    api = HfApi(endpoint=os.environ.get("HF_ENDPOINT"))
    try:
        info = patiently(lambda: api.model_info(id, revision=revision, files_metadata=True))
        try:
            readme = Path(hf_hub_download(id, "README.md", revision=info.sha)).read_bytes()
        except LocalEntryNotFoundError:  # the Hub did not answer, which is not to say that there is no README.md
            raise
        except EntryNotFoundError:
            readme = b""
    except hub_errors() as error:
        advice = "try again later" if is_busy(error) else "check the id, and HF_TOKEN for private models"
        raise CardError(f"{id} cannot be read from the Hub ({_why(error)}); {advice}") from error
    weights = _weights_of(info)
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
        "bytes": sum(file.size for file in weights),
        "model_type": (info.config or {}).get("model_type", ""),
        "config": info.config or {},
        "safetensors": bool(weights),
        "formats": list(formats_of(file.rfilename for file in info.siblings or [])),
        "dtypes": list(said(info.safetensors.parameters)) if info.safetensors else [],
        "source": "hub",
        "card": readme.decode("utf-8-sig", errors="replace"),
    }


def _weights_of(info: Any) -> list[hub_files.HubFile]:
    """The safetensors that would be loaded: the author's, else those of the Hub's own conversion."""
    found = Listing(str(info.id), str(info.sha), hub_files.files_of(info))
    if not found.has(*SAFETENSORS) and found.pickles:
        found = hub_files.conversion(found.id, found.revision) or found
    return [file for file in found.needed().files if file.name.endswith(SAFETENSORS)]


def cached(id: str, revision: str = "") -> Path | None:
    """The folder of a model in the HF cache, when its config and all its weights are there."""
    from huggingface_hub import constants

    if not Path(constants.HF_HUB_CACHE, f"models--{id.replace('/', '--')}").is_dir():
        return None  # asked of every candidate of a search: what follows imports an HTTP client
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    names = ("config.json", "modules.json", "model_index.json", "adapter_config.json")
    try:
        commit = revision_of(id, revision) or None
        paths = (try_to_load_from_cache(id, name, revision=commit) for name in names)
        found = next((path for path in paths if isinstance(path, str)), None)
    except HFValidationError:  # an id that the Hub would not give, such as one with "--": it is nowhere in the cache
        return None
    folder = Path(found).parent if found else None
    return folder if folder and next(folder.rglob("*.safetensors"), None) else None


def fetch(id: str, revision: str = "", weights: Sequence[str] = SAFETENSORS) -> Path:
    """Download what a model needs; an interrupted download is taken up again. Gives the folder that it is loaded from.

    The commit that the revision is now is kept as a record (`pins`), and loaded from then on. Of a model that holds
    pickles alone the Hub's own conversion is taken, where there is one for that commit; else its weights are converted
    here, if that is allowed (`pickles.allowing`).

    Args:
        weights: how the names of the weights end.

    Raises:
        ModelUnavailableError: offline, gated, not there, or nothing but pickles.
    """
    if is_offline():
        raise ModelUnavailableError(
            f"{id} is not on this machine and the Hub is out of reach; connect once so that it is downloaded, "
            "or use a model that is here (prefrontal search --runnable)"
        )
    try:
        found, wanted = patiently(lambda: _wanted(id, revision, weights))
        if wanted.pickles:
            return _convert(found, wanted, revision)
        folder = downloads.download(wanted, revision)
    except hub_errors() as error:
        raise ModelUnavailableError(
            f"{id} could not be downloaded ({_why(error)}); gated models need their terms accepted and HF_TOKEN set"
        ) from error
    made_from = found.revision if wanted.reference else ""
    write_pin(Pin(id, folder.name, wanted.reference, made_from, wanted.bytes), revision)
    return folder


def download_bytes(id: str, revision: str = "", known: int = 0) -> int:
    """How many bytes `fetch` would download now, as the Hub tells; `known` where it does not."""
    if is_offline():
        return known
    try:
        _, wanted = _wanted(id, revision, SAFETENSORS)
        return downloads.missing(wanted).bytes
    except (*hub_errors(), ModelUnavailableError):
        return known  # fetching it says why


def _wanted(id: str, revision: str, weights: Sequence[str]) -> tuple[Listing, Listing]:
    """All files of a model, and those to download: with pickles among them where they are to be converted.

    Raises:
        ModelUnavailableError: it holds nothing but pickles, and nobody allowed to convert them.
    """
    found = hub_files.listing(id, revision)
    wanted = found.needed(weights)
    if wanted.has(*weights) or not found.pickles or tuple(weights) != SAFETENSORS:
        return found, wanted
    if theirs := hub_files.conversion(id, found.revision):
        return found, theirs.needed(weights)
    if not pickles.is_allowed():
        raise pickles.refusal(id, [file.name for file in found.pickles])
    return found, Listing(id, found.revision, (*wanted.files, *found.pickles))


def _convert(found: Listing, wanted: Listing, asked: str) -> Path:
    """Download pickles aside, convert them, and throw them away; of a download that is cut off, what came stays."""
    id, commit = found.id, found.revision
    if here := pickles.converted(id, commit):
        return here
    texts = downloads.download(found.needed(()), asked)
    aside = folder_of(id) / f"incoming-{commit[:12]}"
    files = downloads.fetch_aside(Listing(id, commit, wanted.pickles), aside)
    try:
        folder = pickles.convert(texts, files, pickles.place_of(id, commit), id, {"revision": commit})
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        with suppress(OSError):
            aside.parent.rmdir()  # of a model that was refused nothing stays
    write_pin(Pin(id, commit, pickles.HERE, "", wanted.bytes), asked)
    return folder


def _why(error: Exception) -> str:
    from huggingface_hub.errors import DisabledRepoError, GatedRepoError, RepositoryNotFoundError

    known = {
        GatedRepoError: "it is gated: its terms must be accepted there first",
        DisabledRepoError: "it is disabled there",
        RepositoryNotFoundError: "it is private, or there is no such model",
    }
    if is_busy(error):
        return "the Hub is busy"
    return next((why for kind, why in known.items() if isinstance(error, kind)), "") or error_line(error)
