"""Looking up tasks: their rows, the phrases that ask for them, and the schema of their arguments."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UnknownTaskError
from .task import STRUCTURED_KINDS, Slot, Task
from .task_table import ROWS

if TYPE_CHECKING:
    from pydantic import BaseModel

_PYTHON_TYPES: dict[str, Any] = {
    "text": str,
    "number": float,
    "labels": list[dict[str, Any]],
    "boxes": list[dict[str, Any]],
    "spans": list[dict[str, Any]],
    "masks": list[dict[str, Any]],
    "points": list[dict[str, Any]],
    "vector": list[float],
    "json": Any,
}


@cache
def _table() -> dict[str, Task]:
    return {row.id: row for row in ROWS}


@cache
def _names() -> dict[str, str]:
    names = {row.id: row.id for row in _table().values()}
    for row in _table().values():
        for alias in row.aliases:
            names.setdefault(alias, row.id)
    return names


def tasks() -> list[str]:
    """The ids of all tasks, built-ins included."""
    return list(_table())


def rows() -> Iterator[Task]:
    """All rows of the table, in its order."""
    return iter(_table().values())


NOTHING, UNSERVED = "nothing", "unserved"  # in task_phrases.tsv: what asks for nothing, and what no task can do


@cache
def task_phrases() -> tuple[tuple[str, str], ...]:
    """(task id, `NOTHING` or `UNSERVED`, and a phrase): what each task does, how people ask for it by its row, and by
    task_phrases.tsv, in our own words."""
    own = [(row.id, phrase) for row in rows() for phrase in (row.does, *row.asks)]
    lines = Path(__file__).with_name("task_phrases.tsv").read_text(encoding="utf-8").splitlines()
    more = [(task, phrase) for task, _, phrase in (line.partition("\t") for line in lines)]
    return (*own, *((task, phrase) for task, phrase in more if task in (NOTHING, UNSERVED) or task in _table()))


def plain_name(name: str) -> str:
    """A name as ids are written: "Object Detection" and "object_detection" are "object-detection"."""
    return name.strip().lower().replace("_", "-").replace(" ", "-")


def find_task(name: str | None) -> Task | None:
    """The row with that id or alias (case, spaces and underscores do not matter), or None."""
    known = _names().get(plain_name(name)) if name else None
    return _table()[known] if known else None


def usual_way(have: str, want: str) -> str:
    """The task that makes one kind out of another when nobody said how, by its id; "" when there is none."""
    usual = (row for row in rows() if want in row.makes and row.inputs[0].kind == have)
    return next((row.id for row in usual), "")


def get_task(name: str) -> Task:
    """The row with that id or alias.

    Raises:
        UnknownTaskError: no row has that name; the message names the closest ones.
    """
    row = find_task(name)
    if row is None:
        close = difflib.get_close_matches(plain_name(name), _names(), n=3, cutoff=0.5)
        nearest = f"closest: {', '.join(dict.fromkeys(_names()[c] for c in close))}; " if close else ""
        raise UnknownTaskError(f"{name!r} is not a known task; {nearest}all of them: prefrontal.tasks()")
    return row


def _annotation(slot: Slot) -> Any:
    """What a caller passes: a list may also be the handle of an earlier result, which holds it, and texts of a file."""
    from typing import Annotated

    from pydantic import Field

    one = str if slot.is_media else _PYTHON_TYPES[slot.kind]
    kind = list[one] if slot.many else one
    by_reference = slot.many or slot.kind in STRUCTURED_KINDS
    handle = r"^(?:result|text)-\d+$" if slot.kind == "text" else r"^result-\d+$"
    return kind | Annotated[str, Field(pattern=handle)] if by_reference else kind


def _description(slot: Slot) -> str:
    if slot.kind in STRUCTURED_KINDS:
        return f"{slot.about}, or the handle of a result that holds it, such as result-1"
    if not slot.is_media:
        return slot.about
    kind = "3D model" if slot.kind == "model3d" else slot.kind
    return f"{slot.about} (the handle of {'an' if kind[0] in 'ai' else 'a'} {kind}, such as {slot.kind}-1)"


@cache
def args_schema(task_id: str) -> type[BaseModel]:
    """A Pydantic model of the task's inputs, made from its row; undeclared arguments are an error."""
    from pydantic import ConfigDict, Field, create_model

    row = get_task(task_id)
    fields: dict[str, Any] = {}
    for slot in row.inputs:
        kind, about = _annotation(slot), _description(slot)
        fields[slot.name] = (
            (kind, Field(description=about)) if slot.required else (kind | None, Field(None, description=about))
        )
    title = "".join(part.capitalize() for part in row.id.split("-")) + "Arguments"
    return create_model(
        title, __config__=ConfigDict(extra="forbid", coerce_numbers_to_str=True), __doc__=row.does, **fields
    )
