"""How an index lies on the disk: whole generations, and one atomic switch.

    CURRENT              {"generation": 7, "manifest": its SHA-256}
    gen-000007/          manifest.json  catalog.sqlite  vectors.faiss  tasks.npy  gone.npy
    gen-000006/          the one before, for readers who are still at it
    gen-000003/          a sealed part of both; it has lists.faiss as well
    writer.lock          a SQLite file whose write lock is the writers' queue; it falls with its process
    verified.json        the big files whose SHA-256 was compared, each with its size and time

A writer builds the next generation in a folder of its own, syncs it, renames it, and switches CURRENT with one
`os.replace`. A kill at any moment leaves the old generation or the new one. Readers compare the SHA-256 of every
file with the manifest, since neither FAISS nor SQLite would notice a flipped bit.

A generation whose own part has become big is sealed: the next ones do not copy it but name it in their manifest,
begin a part of their own, and keep in gone.npy what went or changed in the sealed ones. So adding to an index of
millions costs what is added.
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
from dataclasses import asdict, replace
from errno import ENOENT
from functools import cached_property
from pathlib import Path

import numpy as np

from ...errors import EmbedderError, IndexDamagedError, StoreError
from ...tools.home import write_atomically
from .catalog_writer import CatalogWriter
from .manifest import (
    CATALOG,
    FORMAT,
    GONE,
    MANIFEST,
    OWN_FILES,
    SEALED_FILES,
    TASKS,
    VECTORS,
    VERIFIED,
    Manifest,
    Verified,
    file_sha256,
    folder_name,
    is_whole,
)
from .segments import Segment, Segments

KEPT = 2  # generations that stay on the disk
# Cards: more take longer to copy, and to compare with a query one by one. While a big source is being read the part
# grows further, because few big parts are searched faster than many small ones.
SEALED_FROM, SEALED_WHILE_READING = 50_000, 250_000
_LOCK_SECONDS = 600


class Generation:
    """One generation, open for reading: it never changes, and any number of threads may read it."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        sealed = [
            Segment(folder.with_name(folder_name(part["generation"])), part["own"], True) for part in manifest.sealed
        ]
        gone = folder / GONE
        self.segments = Segments((*sealed, Segment(folder, manifest.own, manifest.is_sealed)), _load_gone(gone))

    @cached_property
    def task_rows(self) -> np.ndarray:
        """The vectors of the task table's phrases, in the table's order."""
        return np.load(self.folder / TASKS, allow_pickle=False)


class NextGeneration:
    """What a writer works on: a copy of the current generation's own part, or the beginning of another part."""

    def __init__(self, folder: Path, base: Generation | None, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self.sealed = Segments(base.segments.all[: len(manifest.sealed)] if base else ())
        self.gone = set(base.segments.gone) if base else set()
        self.catalog = CatalogWriter(folder / CATALOG, base.segments.last + 1 if base else 1)
        path = folder / VECTORS
        from .vectors import Vectors  # here, since FAISS takes a third of a second to import

        self.vectors = Vectors.load(path) if path.exists() else Vectors(manifest.dimension)

    def remove(self, ids: list[str]) -> None:
        """Take these cards out, wherever they are."""
        self.vectors.remove(self.catalog.remove(ids))
        self.gone |= {rowid for rowid, _ in self.sealed.digests(ids).values()}

    @property
    def cards(self) -> int:
        return len(self.sealed) + len(self.catalog) - len(self.gone)


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
            IndexDamagedError: a file is missing or not what was written.
            EmbedderError: the embedder is another one.
        """
        for _ in range(20):
            before = self.stamp()
            if before is None:
                return None
            try:
                return self._open(embedder)
            except (IndexDamagedError, EmbedderError, FileNotFoundError) as problem:
                # A writer may have switched and swept in between: only a problem that stays is one.
                if self.stamp() == before:
                    if not isinstance(problem, FileNotFoundError):
                        raise
                    raise self._damaged(Path(str(problem.filename or self.path)), "is missing") from problem
        raise StoreError(f"{self.path} changes faster than it can be read; wait for its writers and try again")

    def _open(self, embedder: str) -> Generation:
        manifest = self._manifest()
        folder = self._folder(manifest.generation)
        if embedder and embedder != manifest.embedder:
            raise self.other_embedder(manifest.embedder, embedder)
        verified = Verified(self.path / VERIFIED)
        for number, name, known in manifest.all_files():
            path = self._folder(number) / name
            if not path.exists():
                raise FileNotFoundError(ENOENT, "missing", str(path))
            if not verified.holds(path, str(known["sha256"])):
                raise self._damaged(path, "is not what was written (its SHA-256 differs)")
        verified.save()
        return Generation(folder, manifest)

    def verify(self) -> Generation | None:
        """The current generation, every file of whatever size compared with its SHA-256.

        Raises:
            IndexDamagedError: as `open` does.
        """
        (self.path / VERIFIED).unlink(missing_ok=True)
        return self.open()

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
            raise IndexDamagedError(
                f"the index in {self.path} has format {values.get('format')}, this version reads {FORMAT}; "
                f"rebuild it: {self.rebuild_command}"
            )
        return Manifest(**values)

    def _damaged(self, path: Path, what: str) -> IndexDamagedError:
        return IndexDamagedError(f"{path} {what}; rebuild the index: {self.rebuild_command}")

    def other_embedder(self, built: str, got: str) -> EmbedderError:
        return EmbedderError(
            f"the index in {self.path} was built with the embedder {built}, got {got}; "
            f"pass the embedder that it was built with, or rebuild it: {self.rebuild_command}"
        )

    @property
    def rebuild_command(self) -> str:
        return f"prefrontal index rebuild --index {self.path}"

    def _folder(self, number: int) -> Path:
        return self.path / folder_name(number)

    # Writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer, over threads and processes; the lock falls with its process.

        Raises:
            StoreError: the folder cannot be written to, or another writer held the lock for ten minutes.
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
        own, total = len(draft.catalog), draft.cards
        if is_sealed := own >= (SEALED_WHILE_READING if manifest.reading else SEALED_FROM):
            draft.catalog.seal()
        draft.catalog.finish()
        if is_sealed:
            draft.vectors.seal(draft.folder / VECTORS, draft.sealed.centroids)
        else:
            draft.vectors.save(draft.folder / VECTORS)
        if draft.gone:
            np.save(draft.folder / GONE, np.array(sorted(draft.gone), np.int64))
        files: dict[str, dict[str, str | int]] = {}
        for name in (*(SEALED_FILES if is_sealed else OWN_FILES), TASKS, *([GONE] if draft.gone else [])):
            path = draft.folder / name
            _sync(path)
            files[name] = {"sha256": file_sha256(path), "bytes": path.stat().st_size}
        manifest = replace(manifest, cards=total, own=own, is_sealed=is_sealed, sealed=draft.manifest.sealed)
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
            StoreError: the disk is full or fails; the current generation stays as it is.
        """
        folder: Path | None = None
        draft: NextGeneration | None = None
        try:
            self._sweep(self.number())
            folder = Path(tempfile.mkdtemp(prefix="tmp-", dir=self.path))
            manifest = Manifest(0, embedder, dimension)
            if base:
                manifest = base.manifest.continued()
                for name in (TASKS,) if base.manifest.is_sealed else (*OWN_FILES, TASKS):
                    shutil.copyfile(base.folder / name, folder / name)
            draft = NextGeneration(folder, base, manifest)
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

    def remains(self) -> list[tuple[Manifest, Segments | None]]:
        """What a rebuild can start from, newest first: manifests with the cards, None when those are not whole."""
        found: list[tuple[Manifest, Segments | None]] = []
        for number in sorted(self._numbers(), reverse=True):
            folder = self._folder(number)
            with suppress(OSError, ValueError, KeyError, TypeError):
                values = json.loads((folder / MANIFEST).read_bytes())
                known = {name: values[name] for name in Manifest.__dataclass_fields__ if name in values}
                manifest = Manifest(**known)
                needed = [file for file in manifest.all_files() if file[1] in (CATALOG, GONE)]
                whole = manifest.format == FORMAT and all(
                    is_whole(self._folder(number) / name, known["sha256"]) for number, name, known in needed
                )
                found.append((manifest, Generation(folder, manifest).segments if whole else None))
        return found

    def _numbers(self) -> list[int]:
        names = (folder.name.removeprefix("gen-") for folder in self.path.glob("gen-*"))
        return [int(name) for name in names if name.isdigit()]

    def _sweep(self, current: int) -> None:
        """Delete old generations, and what writers that were killed left behind. Only while `writing`."""
        if not current:  # nothing is known to be current: what lies here may be all there is to rebuild from
            return
        kept = set(range(current - KEPT + 1, current + 1))
        for number in sorted(kept):
            with suppress(OSError, ValueError, KeyError, TypeError):
                manifest = json.loads((self._folder(number) / MANIFEST).read_bytes())
                kept |= {part["generation"] for part in manifest["sealed"]}
        for number in self._numbers():
            if number not in kept:
                shutil.rmtree(self._folder(number), ignore_errors=True)
        for left in [*self.path.glob("tmp-*"), *self.path.glob(".CURRENT.*")]:
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)

    def _unwritable(self, error: Exception) -> StoreError:
        return StoreError(
            f"the index in {self.path} could not be written ({error}); what was there before still serves; "
            "free some space or set another folder (--index or PREFRONTAL_HOME), then try again"
        )


def _load_gone(path: Path) -> frozenset[int]:
    return frozenset(np.load(path, allow_pickle=False).tolist()) if path.exists() else frozenset()


def _sync(path: Path) -> None:
    """To the disk, also a folder's list of names (which only POSIX systems can open)."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
