"""What a generation of an index holds, and whether its files are what was written."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ...tools.home import write_atomically

FORMAT = 3
TASKS, GONE, MANIFEST, VERIFIED = "tasks.npy", "gone.npy", "manifest.json", "verified.json"
CATALOG, VECTORS, LISTS = "catalog.sqlite", "vectors.faiss", "lists.faiss"
OWN_FILES = (CATALOG, VECTORS)
SEALED_FILES = (*OWN_FILES, LISTS)
_BIG = 64 << 20  # bytes: a file from this size on is compared once, and again when its size or time is another


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds.

    Attributes:
        cards: of all parts.
        own: the cards of its own part; the next generation begins another one when it `is_sealed`.
        sealed: the generations before it that are parts of it, each with its "generation", "own" and "files".
        sources: each source with a fingerprint of what was read from it.
        reading: each source that was not read to its end, with its fingerprint and the rows that came in.
    """

    generation: int = 0
    embedder: str = ""
    dimension: int = 0
    cards: int = 0
    own: int = 0
    is_sealed: bool = False
    sealed: list[dict[str, Any]] = field(default_factory=list)
    tasks: str = ""
    packaged: str = ""
    sources: dict[str, str] = field(default_factory=dict)
    reading: dict[str, tuple[str, int]] = field(default_factory=dict)
    files: dict[str, dict[str, str | int]] = field(default_factory=dict)
    format: int = FORMAT

    def all_files(self) -> list[tuple[int, str, dict[str, str | int]]]:
        """Every file that a search may read: the number of its generation, its name, what is known of it."""
        own = [(self.generation, name, known) for name, known in self.files.items()]
        return [(part["generation"], name, part["files"][name]) for part in self.sealed for name in SEALED_FILES] + own

    def continued(self) -> Manifest:
        """What the next generation begins with: its parts are those before it, and its own when that is sealed."""
        if not self.is_sealed:
            return self
        part = {"generation": self.generation, "own": self.own, "files": self.files}
        return replace(self, sealed=[*self.sealed, part], own=0, is_sealed=False)


class Verified:
    """Which big files were compared with their SHA-256: reading gigabytes before each first search would take longer
    than the search. A file counts as compared as long as its size and its time are the same."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[str, list[Any]] = {}
        self._changed = False
        with suppress(OSError, ValueError, TypeError):
            self._known = dict(json.loads(path.read_bytes()))

    def holds(self, path: Path, sha256: str) -> bool:
        found = path.stat()
        if found.st_size < _BIG:
            return is_whole(path, sha256)
        mark = [sha256, found.st_size, found.st_mtime_ns]
        name = f"{path.parent.name}/{path.name}"
        if self._known.get(name) != mark:
            if not is_whole(path, sha256):
                return False
            self._known[name], self._changed = mark, True
        return True

    def save(self) -> None:
        if self._changed:
            with suppress(OSError):  # a folder that may only be read: it is compared again next time
                write_atomically(self.path, json.dumps(self._known).encode())


def folder_name(number: int) -> str:
    return f"gen-{number:06d}"


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_whole(path: Path, sha256: str | int) -> bool:
    return path.is_file() and file_sha256(path) == sha256
