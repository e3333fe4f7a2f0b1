"""README.md files and folders: one model's folder, or a folder of models and READMEs at any depth."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import CardError
from ...tools.card import ModelCard
from .base import Read, files_fingerprint
from .jsonl import read as read_jsonl

_MARKS = ("README.md", "config.json", "model_index.json", "modules.json", "adapter_config.json")
_MAX_DEPTH = 6


def matches_readme(value: Any) -> bool:
    return isinstance(value, Path) and value.is_file() and value.suffix.lower() in (".md", ".markdown")


def read_readme(path: Path) -> Iterator[Read]:
    # A README.md beside a config.json is a model's, or an adapter's: its weights are worth knowing of.
    if path.name == "README.md" and any((path.parent / name).is_file() for name in ("config.json", _MARKS[-1])):
        yield _model(path.parent, path.parent.name)
        return
    name = path.parent.name if path.name == "README.md" else path.stem
    yield _card(path, lambda: ModelCard.from_readme(path, id=_declared_id(path) or _id(name)))


def matches_folder(value: Any) -> bool:
    return isinstance(value, Path) and value.is_dir()


def read_folder(root: Path) -> Iterator[Read]:
    found = False
    for folder, files in _walk(root):
        below = folder.relative_to(root).parts
        if _is_model(folder, root, files):
            found = True
            yield _model(folder, "/".join(below[-2:]) if below else folder.name)
            continue
        for name in files:
            path = folder / name
            if path.suffix.lower() == ".md" and name.lower() not in ("readme.md", "changelog.md", "contributing.md"):
                found = True
                yield from read_readme(path)
            elif path.suffix.lower() in (".jsonl", ".ndjson"):
                found = True
                yield from read_jsonl(path)
    if not found:
        yield Read(str(root), reason="the folder holds no README.md, config.json or JSONL file, here or below")


def fingerprint(root: Path) -> str:
    return files_fingerprint(
        folder / name
        for folder, files in _walk(root)
        for name in files
        if name in _MARKS or Path(name).suffix.lower() in (".md", ".jsonl", ".ndjson", ".safetensors")
    )


def _walk(root: Path) -> Iterator[tuple[Path, list[str]]]:
    """Folders with the names of their plain files, in order; links and hidden folders are not followed."""
    for at, folders, files in os.walk(root):
        folder = Path(at)
        deep = len(folder.relative_to(root).parts) >= _MAX_DEPTH
        folders[:] = [] if deep else sorted(name for name in folders if not name.startswith("."))
        plain = sorted(name for name in files if (folder / name).is_file() and not (folder / name).is_symlink())
        if _is_model(folder, root, plain):
            folders.clear()  # a model's inner folders are its parts
        yield folder, plain


def _is_model(folder: Path, root: Path, files: list[str]) -> bool:
    if any(name in files for name in _MARKS[1:]) or any(name.endswith(".safetensors") for name in files):
        return True
    if "README.md" not in files:
        return False
    # A README.md at the top may speak of the collection below it.
    return folder != root or not any(child.is_dir() and not child.name.startswith(".") for child in root.iterdir())


def _model(folder: Path, name: str) -> Read:
    if partial := next(folder.rglob("*.incomplete"), None):
        return Read(str(folder), reason=f"its download was interrupted ({partial.name}); finish it, then add it again")
    declared = _declared_id(folder / "README.md")
    return _card(folder, lambda: ModelCard.from_dir(folder, id=declared or _id(name)))


def _card(what: Path, make: Any) -> Read:
    try:
        card = make()
    except (CardError, OSError) as error:
        return Read(str(what), reason=str(error))
    return Read(card.id, card)


def _declared_id(readme: Path) -> str:
    """The id in the header, when there is one: `model_id` or `id` (a title such as `model_name` is no id)."""
    if not readme.is_file():
        return ""
    from ...tools.front_matter import MAX_README_BYTES, read_front_matter

    try:
        with readme.open("rb") as file:
            header, _ = read_front_matter(file.read(MAX_README_BYTES))
    except (CardError, OSError):
        return ""
    value = header.get("model_id") or header.get("id")
    return value if isinstance(value, str) else ""


def _id(name: str) -> str:
    """The id in a folder's or file's name: "models--owner--name" and "owner__name" are owner/name."""
    name = re.sub(r"\s+", "-", name.removeprefix("models--"))
    return re.sub(r"--|__", "/", name, count=1) if "/" not in name else name
