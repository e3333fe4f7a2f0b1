"""Pickled weights, read once and safely, and used as safetensors from then on.

A pickle can run code when it is opened. With `allow_pickle="convert"`, in so many words, the weights of a model that
has nothing else are read by torch's weights_only unpickler in a process of their own: without this process's
environment, without network, and with limits of memory and time (`unpickling.py`). What it writes is safetensors,
beside a note of both hashes, in prefrontal's home; the main process opens that, and never the pickle.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import ModelUnavailableError, UsageError
from .hub_files import is_elsewhere, needed, safetensors_name
from .pins import folder_of, store

CONVERT = "convert"
HOW = (
    'allow_pickle="convert" (--allow-pickle convert) has the weights read once, in a process of its own, and kept as '
    "safetensors"
)
NOTE = "conversion.json"
HERE = "converted here"
_PROGRAM = Path(__file__).with_name("unpickling.py")
_MOST_SAID = 5_000_000  # bytes of the child's answer
_MEMORY, _SECONDS = 1 << 30, 120  # beside what the size of the file adds
_allowed: ContextVar[bool] = ContextVar("allow_pickle", default=False)


def checked(allow_pickle: str | None) -> str:
    """What a caller said about pickles: None or "" is no, "convert" the only way of saying yes.

    Raises:
        UsageError: it is something else.
    """
    if allow_pickle in (None, "", CONVERT):
        return allow_pickle or ""
    raise UsageError(
        f'allow_pickle is {allow_pickle!r}; allowed are None and "{CONVERT}": pickles are never loaded as they are, '
        f"{HOW.partition(' has ')[0]} has their weights written anew"
    )


@contextmanager
def allowing(allow_pickle: str | None) -> Iterator[None]:
    """Inside of this block pickled weights may be converted, when so said; what is allowed outside stays allowed."""
    token = _allowed.set(_allowed.get() or checked(allow_pickle) == CONVERT)
    try:
        yield
    finally:
        _allowed.reset(token)


def is_allowed() -> bool:
    return _allowed.get()


def pickles_in(folder: Path) -> dict[str, Path]:
    """The pickled weights of a folder that can be converted, by their names in it; {} where safetensors lie there."""
    if next(folder.rglob("*.safetensors"), None):
        return {}
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.bin")) if path.is_file()}
    return {name: path for name, path in found.items() if safetensors_name(name) and not is_elsewhere(name)}


def converted(id: str, revision: str) -> Path | None:
    """Where the converted weights of a commit of a Hub model lie; None when there are none."""
    return _whole(place_of(id, revision)) if revision and store().is_dir() else None


def place_of(id: str, revision: str) -> Path:
    """Where the converted weights of a commit belong."""
    return folder_of(id) / f"converted-{_mark(revision)}"


def converted_of(folder: Path, id: str) -> Path | None:
    """Where the converted weights of a folder of the user's lie; None when there are none, or its pickles changed."""
    if not store().is_dir() or not (target := _whole(_target_of(folder, id))):
        return None
    known = json.loads((target / NOTE).read_bytes())["files"]
    stamps = {name: _stamp(path) for name, path in pickles_in(folder).items()}
    return target if stamps == {name: row["stamp"] for name, row in known.items()} else None


def convert_folder(folder: Path, id: str) -> Path:
    """Convert a folder of the user's, which stays as it is; gives the folder of the converted model.

    Raises:
        ModelUnavailableError: a file is refused, or does not fit the limits.
    """
    return convert(folder, pickles_in(folder), _target_of(folder, id), id)


def convert(
    texts: Path, pickles: Mapping[str, Path], target: Path, id: str, about: Mapping[str, Any] | None = None
) -> Path:
    """Read pickles in a child process and put a model's folder together; it is there whole, or not at all.

    Args:
        texts: the folder with the model's config.json, tokenizer files and the like, which are copied.
        pickles: files by the names that they have in a model's folder.
        about: what else the note says.

    Raises:
        ModelUnavailableError: a file is refused, or does not fit the limits.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _put_together(texts, pickles, target, id, about or {})
    finally:
        with suppress(OSError):
            target.parent.rmdir()  # where nothing came of it and nothing else lies there


def _put_together(texts: Path, pickles: Mapping[str, Path], target: Path, id: str, about: Mapping[str, Any]) -> Path:
    with tempfile.TemporaryDirectory(prefix=".converting-", dir=target.parent) as staged:
        out = Path(staged) / "model"
        there = [path.relative_to(texts).as_posix() for path in sorted(texts.rglob("*")) if path.is_file()]
        for name in needed((name for name in there if not name.endswith(".bin.index.json")), ()):
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(texts / name, out / name)
        names = {name: safetensors_name(name) for name in pickles}
        for name in names.values():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
        config = _json(texts / "config.json")
        told = _read_in_child(
            id, [(str(pickles[name].resolve()), str(out / names[name])) for name in pickles],
            out, config.get("tie_word_embeddings") is not False,
        )  # fmt: skip
        files = {name: _described(id, path, out / names[name], names[name]) for name, path in pickles.items()}
        _write_indexes(out, names.values())
        note = {"id": id, **about, "network": told["network"], "files": files, "tied": _ties(told, pickles, names),
                "converted": datetime.now(UTC).isoformat(timespec="seconds")}  # fmt: skip
        (out / NOTE).write_text(json.dumps(note, indent=1))
        shutil.rmtree(target, ignore_errors=True)  # of an older state of the same folder
        try:
            os.replace(out, target)
        except OSError:
            if not _whole(target):  # else another process was faster
                raise
    return target


def verify(folder: Path, id: str) -> None:
    """Compare converted weights with the hashes in their note, once a process.

    Raises:
        ModelUnavailableError: they are not what was written.
    """
    for row in _json(folder / NOTE).get("files", {}).values():
        path = folder / row["safetensors"]
        if _sha256(path, *_stamp(path)) != row["safetensors_sha256"]:
            raise ModelUnavailableError(
                f"the converted weights of {id} in {folder} are not what was written; "
                f"prefrontal models remove {id}, and have them converted anew"
            )


def refusal(id: str, names: list[str]) -> ModelUnavailableError:
    """Why a model with nothing but pickles is not loaded, and what can be done."""
    return ModelUnavailableError(
        f"{id} is not loaded: it holds no safetensors but pickles ({', '.join(sorted(names)[:3])}), which can run "
        f"code; {HOW}, or pick another model"
    )


# The child


def _read_in_child(id: str, files: list[tuple[str, str]], out: Path, keep_ties: bool) -> dict[str, Any]:
    size = sum(os.path.getsize(pickle) for pickle, _ in files)
    seconds = _SECONDS + size // 10_000_000
    job = {
        "path": [path for path in map(os.path.abspath, filter(None, sys.path)) if os.path.exists(path)],
        "files": files,
        "keep_ties": keep_ties,
        "out": str(out),
        "memory": _MEMORY + 4 * size,
        "seconds": seconds,
        "bytes": 4 * size + 1_000_000,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(_PROGRAM)],
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=2 * seconds,
            cwd=out,
            env=_bare_environment(out),
        )
    except subprocess.TimeoutExpired as error:
        raise _not_converted(id, f"reading it took longer than {2 * seconds} s") from error
    try:
        told = json.loads(done.stdout[:_MOST_SAID])
    except ValueError:
        told = None
    if not isinstance(told, dict) or not ({"error", "network"} & told.keys()):
        raise _not_converted(id, f"the process that read it ended ({_ending(done.returncode)})")
    if "error" in told:
        raise _not_converted(id, " ".join(str(told["error"]).split())[:300])
    return told


def _bare_environment(home: Path) -> dict[str, str]:
    """No token, no key, no path of the user's: only what a Python needs to start."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG") if name in os.environ}
    return {**kept, "HOME": str(home), "TMPDIR": str(home), "OMP_NUM_THREADS": "1"}


def _ending(code: int) -> str:
    return f"signal {-code}: it needed more time or memory than it may have" if code < 0 else f"exit code {code}"


def _not_converted(id: str, why: str) -> ModelUnavailableError:
    return ModelUnavailableError(f"{id} is not converted: {why}; pick another model")


def _described(id: str, pickle: Path, written: Path, name: str) -> dict[str, Any]:
    """What the note says of one file; the child's file is looked at like any stranger's."""
    if written.is_symlink() or not written.is_file() or not _header(written):
        raise _not_converted(id, f"no whole {name} came of it")
    return {
        "stamp": _stamp(pickle),
        "pickle_sha256": _sha256(pickle, *_stamp(pickle)),
        "safetensors": name,
        "safetensors_sha256": _sha256(written, *_stamp(written)),
        "bytes": written.stat().st_size,
    }


def _ties(told: dict[str, Any], pickles: Mapping[str, Path], names: Mapping[str, str]) -> dict[str, dict[str, str]]:
    by_path = {str(path.resolve()): names[name] for name, path in pickles.items()}
    tied = told.get("tied")
    return {
        by_path[path]: {str(k): str(v) for k, v in ties.items()}
        for path, ties in (tied.items() if isinstance(tied, dict) else ())
        if path in by_path and ties
    }


def _write_indexes(out: Path, names: Any) -> None:
    """The index of weights in several files, by what they hold."""
    for folder in sorted({(out / name).parent for name in names}):
        shards = sorted(path for path in folder.glob("*-of-*.safetensors"))
        if shards:
            holds = {name: shard.name for shard in shards for name in _header(shard) if name != "__metadata__"}
            index = {"metadata": {"total_size": sum(shard.stat().st_size for shard in shards)}, "weight_map": holds}
            stem = shards[0].name.rpartition("-")[0].rpartition("-of")[0].rpartition("-")[0]
            (folder / f"{stem}.safetensors.index.json").write_text(json.dumps(index))


def _header(path: Path) -> dict[str, Any]:
    """What a safetensors file says it holds; {} when it is none."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length)) if 2 <= length <= min(100_000_000, path.stat().st_size - 8) else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return header if isinstance(header, dict) else {}


# Where it lies


def _target_of(folder: Path, id: str) -> Path:
    return folder_of(id) / f"converted-{_mark(os.path.realpath(folder))}"


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _whole(folder: Path) -> Path | None:
    files = _json(folder / NOTE).get("files") if (folder / NOTE).is_file() else None
    if not isinstance(files, dict) or not files:
        return None
    whole = all(
        (path := folder / row["safetensors"]).is_file() and path.stat().st_size == row["bytes"]
        for row in files.values()
    )
    return folder if whole else None


def _stamp(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


@lru_cache(maxsize=256)
def _sha256(path: Path, size: int, changed: int) -> str:
    """A file is read again when its size or time is another."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json(path: Path) -> dict[str, Any]:
    try:
        held = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}
