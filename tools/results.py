"""Results by reference: a result is stored once and named `result-3`, and a later call may pass that name. Where a text
is taken, a text file may be passed in the same way, by its handle `text-1`.

A language model need not copy 24 boxes from one call into the next, and cannot get them wrong. In a conversation,
only its own results are there.
"""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import ToolInputError
from .conversation import conversation_in, key_of
from .media import Workspace
from .task import Slot

_HANDLE = re.compile(r"result-\d+")
_TEXT_FILE = re.compile(r"text-\d+")
_LOCK = threading.Lock()
_LAST: dict[Path, int] = {}  # the last number given in each folder, for listing 400 results takes 1 ms


def is_result(value: Any) -> bool:
    return isinstance(value, str) and _HANDLE.fullmatch(value) is not None


def store_result(folder: Path, value: Any) -> str:
    """Write a plain value beside the workspace's media; returns its handle."""
    with _LOCK:
        folder.mkdir(parents=True, exist_ok=True)
        number = 1 + (_LAST[folder] if folder in _LAST else max(_numbers(folder), default=0))
        while (file := _claim(folder, number)) is None:
            number += 1
        _LAST[folder] = number
    handle, data = f"result-{number}", json.dumps(value, ensure_ascii=False).encode()
    with file:  # its name is told to nobody before all is written, so a half that a crash leaves is never read
        file.write(data)
    if own := conversation_in(folder):
        own.note(key_of(handle, data))
    return handle


def _claim(folder: Path, number: int) -> BinaryIO | None:
    """The new file of a number, or None when another process has it."""
    try:
        return (folder / f"result-{number}.json").open("xb")
    except FileExistsError:
        return None


def _numbers(folder: Path) -> list[int]:
    return [int(p.stem[7:]) for p in folder.glob("result-*.json") if _HANDLE.fullmatch(p.stem)]


def load_result(folder: Path, handle: str) -> Any:
    """The value behind a handle.

    Raises:
        ToolInputError: there is no such result; the message lists what there is.
    """
    data = _content(folder, handle)
    if data is None:
        names = (f"result-{number}" for number in sorted(_numbers(folder)))
        there = ", ".join(name for name in names if _content(folder, name) is not None) or "none yet"
        raise ToolInputError(f"{handle[:80]!r} is not a result of this run; there are: {there}")
    return json.loads(data)


def _content(folder: Path, handle: str) -> bytes | None:
    """What lies behind a handle; None when there is nothing, or nothing that may be seen here."""
    path, own = folder / f"{handle}.json", conversation_in(folder)
    if not is_result(handle) or (own and handle not in own.handles) or not path.is_file():
        return None
    data = path.read_bytes()
    return data if own is None or own.holds(key_of(handle, data)) else None


def resolve(workspace: Workspace, slot: Slot, value: Any) -> Any:
    """Replace the handles of results and of text files in an argument by what they stand for, as the slot takes it.

    Raises:
        ToolInputError: there is no such result.
        MediaError: the text file is damaged, or was replaced since it was added.
    """
    if slot.many and isinstance(value, list):
        resolved = [_meant(workspace, slot, item) for item in value]
        return [one for item in resolved for one in (item if isinstance(item, list) else [item])]
    meant = _meant(workspace, slot, value)
    return meant if not slot.many or isinstance(meant, list) else [meant]


def _meant(workspace: Workspace, slot: Slot, value: Any) -> Any:
    """What a handle stands for; anything else is what it is, and so is "text-1" when no file has that handle."""
    if is_result(value):
        return _convert(slot, load_result(workspace.folder, value))
    is_file = slot.kind == "text" and isinstance(value, str) and _TEXT_FILE.fullmatch(value) and value in workspace
    return workspace.open(value, "text") if is_file else value


def _convert(slot: Slot, value: Any) -> Any:
    """A list of labels read as text is its best label; anything else plain is written as text."""
    if slot.kind == "text" and not slot.many:
        if isinstance(value, list) and value and isinstance(value[0], dict) and "label" in value[0]:
            return str(value[0]["label"])
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if slot.is_media and isinstance(value, list) and len(value) == 1:
        return value[0]
    return value
