"""Fetching what a model needs: big files with resume and their SHA-256 compared, into the Hugging Face cache.

huggingface_hub begins a file anew when a download was cut off; here what has come stays beside the blob that it becomes
and is gone on with, in this process or a later one. Everything else (the layout of the cache, small files, links) is
huggingface_hub's own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from ..errors import ModelUnavailableError
from .hub_files import HubFile, Listing
from .units import human_bytes

Moved = Callable[[str, int, int], None]
"""Called with a model's id, the bytes that are here, and the bytes in all."""

PARTIAL = ".prefrontal.incomplete"
_BIG = 5_000_000  # bytes: smaller files are not worth going on with
_TRIES = 5  # without a byte in between
_SPARE = 200_000_000  # bytes that stay free on the disk
_watchers: ContextVar[tuple[Moved, ...]] = ContextVar("watchers", default=())


@contextmanager
def watched(moved: Moved) -> Iterator[None]:
    """Tell of the downloads that happen inside of this block."""
    token = _watchers.set((*_watchers.get(), moved))
    try:
        yield
    finally:
        _watchers.reset(token)


class Progress:
    """Counts what has come of one model, and tells those who watch."""

    def __init__(self, id: str, total: int) -> None:
        self.id, self.total, self.done = id, total, 0
        self._watchers = _watchers.get()

    def moved(self, count: int) -> None:
        self.done = min(self.done + count, self.total)
        for watcher in self._watchers:
            watcher(self.id, self.done, self.total)


def missing(listing: Listing) -> Listing:
    """Those files of a listing that are not in the Hugging Face cache yet."""
    from huggingface_hub import try_to_load_from_cache

    def is_here(file: HubFile) -> bool:
        return isinstance(try_to_load_from_cache(listing.id, file.name, revision=listing.revision), str)

    files = tuple(file for file in listing.files if not is_here(file))
    return Listing(listing.id, listing.revision, files, listing.reference)


def download(listing: Listing, asked: str = "") -> Path:
    """The folder of these files in the Hugging Face cache, fetched as far as they are not there.

    Args:
        asked: the revision that the user named, which the cache then knows by that name, too.

    Raises:
        ModelUnavailableError: the disk is full, or a file is not what the Hub says it is.
        hub_errors(): the Hub does not give a file.
    """
    from huggingface_hub import snapshot_download

    lacking = missing(listing)
    progress = Progress(listing.id, lacking.bytes)
    blobs = _cache() / f"models--{listing.id.replace('/', '--')}" / "blobs"
    check_room(listing.id, lacking.bytes - sum(_size(_partial(blobs, file)) for file in lacking.files), blobs)
    for file in lacking.files:
        if file.sha256 and file.size >= _BIG and not (blobs / file.sha256).exists():
            blobs.mkdir(parents=True, exist_ok=True)
            fetch_file(listing, file, blobs / file.sha256, progress.moved)
    folder = Path(
        snapshot_download(
            listing.id,
            revision=listing.revision if listing.reference else asked or None,
            allow_patterns=[file.name for file in listing.files],
            tqdm_class=_silent(),
        )
    )
    progress.moved(progress.total - progress.done)
    return folder


def fetch_aside(listing: Listing, folder: Path) -> dict[str, Path]:
    """These files by their names, out of the Hugging Face cache where they are there, else downloaded into a folder."""
    from huggingface_hub import try_to_load_from_cache

    lacking = missing(listing)
    progress = Progress(listing.id, lacking.bytes)
    check_room(listing.id, 2 * lacking.bytes, folder)  # what is converted takes as much again
    found: dict[str, Path] = {}
    for file in listing.files:
        if file in lacking.files:
            folder.mkdir(parents=True, exist_ok=True)
            found[file.name] = folder / blob_name(file)
            fetch_file(listing, file, found[file.name], progress.moved)
        else:
            found[file.name] = Path(str(try_to_load_from_cache(listing.id, file.name, revision=listing.revision)))
    return found


def fetch_file(listing: Listing, file: HubFile, target: Path, moved: Callable[[int], None]) -> None:
    """Download one big file, going on where an earlier try ended; it is there when it is whole, or not at all.

    Raises:
        ModelUnavailableError: what came is not what the Hub says it is.
        hub_errors(): the Hub does not give it.
    """
    from huggingface_hub import hf_hub_url
    from huggingface_hub.utils import WeakFileLock

    url = hf_hub_url(listing.id, file.name, revision=listing.revision, endpoint=os.environ.get("HF_ENDPOINT"))
    part = _partial(target.parent, file)
    with WeakFileLock(f"{part}.lock"):
        if target.exists():  # another process was faster
            return
        moved(_size(part))
        _receive(url, part, file.size, moved)
        if file.sha256 and _sha256(part) != file.sha256:
            part.unlink()
            raise ModelUnavailableError(
                f"{file.name} of {listing.id} arrived damaged: its SHA-256 is not the one that the Hub names; try again"
            )
        os.replace(part, target)
    Path(f"{part}.lock").unlink(missing_ok=True)


def _receive(url: str, part: Path, size: int, moved: Callable[[int], None]) -> None:
    """Append to `part` until it has its size; a line that breaks is taken up again some times."""
    import httpx

    tries = 0
    while (have := _size(part)) < size:
        try:
            _append(url, part, have, size, moved)
        except (httpx.TransportError, httpx.StreamError):
            tries = 1 if _size(part) > have else tries + 1
            if tries >= _TRIES:
                raise
            time.sleep(min(2**tries, 10) / 4)
            continue
        if _size(part) <= have:
            raise OSError(f"the Hub sent nothing of {url.rpartition('/')[2]} beyond byte {have:,}")


def _append(url: str, part: Path, have: int, size: int, moved: Callable[[int], None]) -> None:
    from huggingface_hub import get_session
    from huggingface_hub.utils import build_hf_headers, hf_raise_for_status

    headers = {**build_hf_headers(), "Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
    with get_session().stream("GET", url, headers=headers, follow_redirects=True, timeout=30) as response:
        hf_raise_for_status(response)
        goes_on = have > 0 and response.status_code == 206
        if have and not goes_on:
            moved(-have)
            have = 0
        with part.open("ab" if goes_on else "wb") as out:
            for chunk in response.iter_bytes():  # as they come: of a chunk that is waited for, nothing is kept
                out.write(chunk[: size - have])  # a server may send more than it said
                moved(len(chunk))
                have += len(chunk)
                if have >= size:
                    break


def check_room(id: str, bytes: int, folder: Path) -> None:
    """Refuse what does not fit on the disk, before it is full.

    Raises:
        ModelUnavailableError: with what is needed and what is free.
    """
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    if bytes > free - _SPARE:
        raise ModelUnavailableError(
            f"{id} has to be downloaded ({human_bytes(bytes)}), and the disk has {human_bytes(free)} left; "
            "make room (prefrontal models disk; prefrontal models remove ID) or take a smaller model"
        )


def partials() -> Iterator[Path]:
    """Files of downloads that were cut off, in the Hugging Face cache."""
    yield from _cache().glob(f"models--*/blobs/*{PARTIAL}")


def _cache() -> Path:
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def _partial(folder: Path, file: HubFile) -> Path:
    return folder / f"{blob_name(file)}{PARTIAL}"


def blob_name(file: HubFile) -> str:
    """What a file is called in a folder of files that are known by what they hold."""
    return file.sha256 or file.name.replace("/", "--")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _silent() -> Any:
    """huggingface_hub's bars without the bars: who watches is told by `watched`."""
    from huggingface_hub.utils import tqdm

    class Silent(tqdm):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **{**options, "disable": True})

    return Silent
