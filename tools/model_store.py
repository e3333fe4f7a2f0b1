"""What models take on this disk: those in the Hugging Face cache, those converted here, and what was cut off."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .downloads import PARTIAL, partials
from .pickles import NOTE
from .pins import folder_of, forget, pin_of, pins, store

CACHE, CONVERTED, PARTLY = "Hugging Face cache", "converted", "cut off"


@dataclass(frozen=True, slots=True)
class Kept:
    """One model at one commit (`revision`), or what came of a download that was cut off."""

    id: str
    revision: str
    where: str
    bytes: int
    path: Path
    pinned: bool = False


def kept_models() -> list[Kept]:
    """Everything that is kept of models, by id."""
    return sorted(
        [*_cached(), *_converted(), *_cut_off()], key=lambda kept: (kept.id.lower(), kept.where, kept.revision)
    )


def _cached() -> Iterator[Kept]:
    for repository in _cache_repositories():
        for revision in repository.revisions:
            weighed = any(
                file.file_name.endswith((".safetensors", ".bin", ".gguf", ".onnx")) for file in revision.files
            )
            if weighed:  # a README.md that was read for its card is no model
                commit, pin = revision.commit_hash, pin_of(repository.repo_id, revision.commit_hash)
                pinned = pin is not None and pin.revision == commit
                yield Kept(repository.repo_id, commit, CACHE, revision.size_on_disk, revision.snapshot_path, pinned)


def _converted() -> Iterator[Kept]:
    for note in sorted(store().glob(f"*/converted-*/{NOTE}")):
        with suppress(OSError, ValueError, AttributeError):
            told = json.loads(note.read_bytes())
            id, revision = str(told["id"]), str(told.get("revision", ""))
            yield Kept(id, revision, CONVERTED, _size(note.parent), note.parent, bool(revision))


def _cut_off() -> Iterator[Kept]:
    aside = store().glob(f"*/incoming-*/*{PARTIAL}")
    for path in [*partials(), *aside]:
        owner = path.parents[1].name.removeprefix("models--")
        yield Kept(owner.replace("--", "/", 1), "", PARTLY, _size(path), path)


def remove(id: str) -> int:
    """Delete everything that is kept of a model; gives the bytes that are free again, 0 when there was nothing."""
    there = [kept for kept in kept_models() if kept.id == id]
    known = any(pin.id == id for pin in pins())
    for repository in _cache_repositories():
        if repository.repo_id == id and any(kept.where != CONVERTED for kept in there):
            shutil.rmtree(repository.repo_path, ignore_errors=True)
    for kept in there:
        if kept.where == PARTLY:
            with suppress(OSError):
                kept.path.unlink()
        elif kept.where == CONVERTED:
            shutil.rmtree(kept.path, ignore_errors=True)
    if known or there:
        forget(id)
        shutil.rmtree(folder_of(id), ignore_errors=True)
    return sum(kept.bytes for kept in there)


def disk() -> dict[str, Any]:
    """Plain JSON: bytes by where they lie, and what the disk of each has left."""
    from huggingface_hub import constants

    there = kept_models()
    places = {CACHE: Path(constants.HF_HUB_CACHE), CONVERTED: store()}
    return {
        "bytes": {name: sum(kept.bytes for kept in there if kept.where == name) for name in (CACHE, CONVERTED, PARTLY)},
        "models": len({kept.id for kept in there if kept.where != PARTLY}),
        "free": {str(place): _free(place) for place in places.values()},
    }


def _cache_repositories() -> list[Any]:
    """The models of the Hugging Face cache; a damaged one is left out, as huggingface_hub does."""
    from huggingface_hub import constants, scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        found = scan_cache_dir(constants.HF_HUB_CACHE).repos
    except (CacheNotFound, OSError):
        return []
    return [repository for repository in found if repository.repo_type == "model"]


def _free(folder: Path) -> int:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(there).free


def _size(path: Path) -> int:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)
