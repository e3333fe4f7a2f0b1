"""How an index lies on the disk: whole generations, and one atomic switch.

    CURRENT              {"generation": 7, "manifest": its SHA-256}
    gen-000007/          manifest.json  catalog.sqlite  vectors.faiss  tasks.npy
    gen-000006/          the one before, for readers who are still at it
    writer.lock          a SQLite file whose write lock is the writers' queue; it falls with its process

A writer builds the next generation in a folder of its own, syncs it, renames it, and switches CURRENT with one
`os.replace`. A kill at any moment leaves the old generation or the new one. Readers compare the SHA-256 of every
file with the manifest, since neither FAISS nor SQLite would notice a flipped bit.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from errno import ENOENT
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from ..errors import IndexProblem
from ..tools.home import write_atomically
from .catalog import Catalog, Draft
from .vectors import Vectors

if TYPE_CHECKING:
    import numpy as np

FORMAT = 1
CATALOG, VECTORS, TASKS, MANIFEST = "catalog.sqlite", "vectors.faiss", "tasks.npy", "manifest.json"
KEPT = 2  # generations that stay on the disk
_LOCK_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds. `sources` maps each source to a fingerprint of what was read from it."""

    generation: int = 0
    embedder: str = ""
    dimension: int = 0
    cards: int = 0
    tasks: str = ""
    packaged: str = ""
    sources: dict[str, str] = field(default_factory=dict)
    files: dict[str, dict[str, str | int]] = field(default_factory=dict)
    format: int = FORMAT


class Generation:
    """One generation, open for reading: it never changes, and any number of threads may read it."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self.catalog = Catalog(folder / CATALOG)
        self._lock = Lock()

    @cached_property
    def vectors(self) -> Vectors:
        with self._lock:
            return self.__dict__.get("vectors") or Vectors.load(self.folder / VECTORS)

    @cached_property
    def task_rows(self) -> np.ndarray:
        """The vectors of the task table's phrases, in the table's order."""
        import numpy as np

        return np.load(self.folder / TASKS, allow_pickle=False)


class NextGeneration:
    """What a writer works on: a copy of the current generation in a folder of its own."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self.catalog = Draft(folder / CATALOG)
        path = folder / VECTORS
        self.vectors = Vectors.load(path) if path.exists() else Vectors(manifest.dimension)


class Generations:
    """The folder of an index."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def stamp(self) -> tuple[int, int] | None:
        """Changes with every switch; None when there is no index. Costs one `stat`."""
        try:
            found = (self.path / "CURRENT").stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return found.st_ino, found.st_mtime_ns

    def open(self, embedder: str = "") -> Generation | None:
        """The current generation, every file checked; None when there is none yet.

        Args:
            embedder: the signature that the index must have been built with; not compared when "".

        Raises:
            IndexProblem: a file is missing or not what was written, or the embedder is another one.
        """
        for _ in range(20):
            before = self.stamp()
            if before is None:
                return None
            try:
                return self._open(embedder)
            except (IndexProblem, FileNotFoundError) as problem:
                # A writer may have switched and swept in between: only a problem that stays is one.
                if self.stamp() == before:
                    if isinstance(problem, IndexProblem):
                        raise
                    raise self._damaged(Path(str(problem.filename or self.path)), "is missing") from problem
        raise IndexProblem(f"{self.path} changes faster than it can be read; wait for its writers and try again")

    def _open(self, embedder: str) -> Generation:
        manifest = self._manifest()
        folder = self._folder(manifest.generation)
        if embedder and embedder != manifest.embedder:
            raise self.other_embedder(manifest.embedder, embedder)
        for name, known in manifest.files.items():
            path = folder / name
            if not path.exists():
                raise FileNotFoundError(ENOENT, "missing", str(path))
            if not _is(path, known["sha256"]):
                raise self._damaged(path, "is not what was written (its SHA-256 differs)")
        return Generation(folder, manifest)

    def _manifest(self) -> Manifest:
        switch = self.path / "CURRENT"
        try:
            current = json.loads(switch.read_bytes())
            number, expected = int(current["generation"]), str(current["manifest"])
        except (ValueError, KeyError, TypeError) as error:
            raise self._damaged(switch, "cannot be read") from error
        path = self._folder(number) / MANIFEST
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != expected:
            raise self._damaged(path, "is not what was written (its SHA-256 differs)")
        values = json.loads(data)
        if values.get("format") != FORMAT:
            raise IndexProblem(
                f"the index in {self.path} has format {values.get('format')}, this version reads {FORMAT}; "
                f"rebuild it: {self.rebuild_command}"
            )
        return Manifest(**values)

    def _damaged(self, path: Path, what: str) -> IndexProblem:
        return IndexProblem(f"{path} {what}; rebuild the index: {self.rebuild_command}")

    def other_embedder(self, built: str, got: str) -> IndexProblem:
        return IndexProblem(
            f"the index in {self.path} was built with the embedder {built}, got {got}; "
            f"pass the embedder that it was built with, or rebuild it: {self.rebuild_command}"
        )

    @property
    def rebuild_command(self) -> str:
        return f"prefrontal index rebuild --index {self.path}"

    def _folder(self, number: int) -> Path:
        return self.path / f"gen-{number:06d}"

    # Writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer, over threads and processes; the lock falls with its process.

        Raises:
            IndexProblem: the folder cannot be written to, or another writer held the lock for ten minutes.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = sqlite3.connect(self.path / "writer.lock", timeout=_LOCK_SECONDS, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self._unwritable(error) from error
        try:
            try:
                lock.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                raise self._unwritable(error) from error
            yield
        finally:
            lock.close()

    def write(self, draft: NextGeneration, manifest: Manifest) -> None:
        """Make the draft the current generation. Only while `writing`.

        Raises:
            OSError, sqlite3.Error: the disk is full or fails; the current generation stays.
        """
        draft.catalog.finish()
        draft.vectors.save(draft.folder / VECTORS)
        files: dict[str, dict[str, str | int]] = {}
        for name in (CATALOG, VECTORS, TASKS):
            path = draft.folder / name
            _sync(path)
            files[name] = {"sha256": file_sha256(path), "bytes": path.stat().st_size}
        values = asdict(manifest) | {"files": files, "format": FORMAT}
        data = json.dumps(values, indent=1).encode()
        (draft.folder / MANIFEST).write_bytes(data)
        _sync(draft.folder / MANIFEST)
        _sync(draft.folder)
        os.rename(draft.folder, self._folder(manifest.generation))
        _sync(self.path)
        switch = {"generation": manifest.generation, "manifest": hashlib.sha256(data).hexdigest()}
        write_atomically(self.path / "CURRENT", json.dumps(switch).encode())
        _sync(self.path)
        self._sweep(manifest.generation)

    @contextmanager
    def drafting(self, base: Generation | None, embedder: str, dimension: int) -> Iterator[NextGeneration]:
        """A copy of `base` (or nothing) to change and then to `write`. Only while `writing`.

        Raises:
            IndexProblem: the disk is full or fails; the current generation stays as it is.
        """
        folder: Path | None = None
        draft: NextGeneration | None = None
        try:
            self._sweep(self.number())
            folder = Path(tempfile.mkdtemp(prefix="tmp-", dir=self.path))
            for name in (CATALOG, VECTORS, TASKS):
                if base:
                    shutil.copyfile(base.folder / name, folder / name)
            draft = NextGeneration(folder, base.manifest if base else Manifest(0, embedder, dimension))
            yield draft
        except (OSError, sqlite3.Error) as error:
            raise self._unwritable(error) from error
        finally:
            if draft:
                draft.catalog.close()
            if folder:
                shutil.rmtree(folder, ignore_errors=True)

    def number(self) -> int:
        """The current generation's number; 0 when there is none, or CURRENT cannot be read."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            return int(json.loads((self.path / "CURRENT").read_bytes())["generation"])
        return 0

    def next_number(self) -> int:
        """One more than any generation that is or was here."""
        return max([self.number(), *self._numbers()]) + 1

    def remains(self) -> list[tuple[Manifest, Catalog | None]]:
        """What a rebuild can start from, newest first: manifests with the catalogue, None when not whole."""
        found: list[tuple[Manifest, Catalog | None]] = []
        for number in sorted(self._numbers(), reverse=True):
            folder = self._folder(number)
            with suppress(OSError, ValueError, KeyError, TypeError):
                manifest = Manifest(**json.loads((folder / MANIFEST).read_bytes()))
                catalog, known = folder / CATALOG, manifest.files[CATALOG]["sha256"]
                found.append((manifest, Catalog(catalog) if _is(catalog, known) else None))
        return found

    def _numbers(self) -> list[int]:
        names = (folder.name.removeprefix("gen-") for folder in self.path.glob("gen-*"))
        return [int(name) for name in names if name.isdigit()]

    def _sweep(self, current: int) -> None:
        """Delete old generations, and what writers that were killed left behind. Only while `writing`."""
        if not current:  # nothing is known to be current: what lies here may be all there is to rebuild from
            return
        for number in self._numbers():
            if not current - KEPT < number <= current:
                shutil.rmtree(self._folder(number), ignore_errors=True)
        for left in [*self.path.glob("tmp-*"), *self.path.glob(".CURRENT.*")]:
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)

    def _unwritable(self, error: Exception) -> IndexProblem:
        return IndexProblem(
            f"the index in {self.path} could not be written ({error}); what was there before still serves; "
            "free some space or set another folder (--index or PREFRONTAL_HOME), then try again"
        )


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is(path: Path, sha256: str | int) -> bool:
    return path.is_file() and file_sha256(path) == sha256


def _sync(path: Path) -> None:
    """To the disk, also a folder's list of names (which only POSIX systems can open)."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
