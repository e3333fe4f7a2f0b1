"""The task table's records: what a task takes, what it gives, and how it is run.

One row per Hub task stands in `task_table.py`. Argument schemas, type checks, planning, retrieval and the
documentation all come from these rows, so a new task is one row and one test.

Values travel between tools in a few plain shapes, named by kind:

    text     str                                     image, audio, video, table   a handle, such as "image-1"
    number   int or float                            model3d                      a handle
    labels   [{"label", "score"}], best first     boxes   [{"label", "score", "box": {xmin, ymin, xmax, ymax}}], pixels
    spans    [{"text", "label", "score", "start", "end"}], characters
    masks    [{"label", "score", "mask": image handle}]
    points   [{"x", "y", "score"}], pixels           vector  [float]              json    any other plain value
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UnknownTaskError

if TYPE_CHECKING:
    from pydantic import BaseModel

MEDIA_KINDS = ("image", "audio", "video", "table", "model3d")
STRUCTURED_KINDS = ("labels", "boxes", "spans", "masks", "points", "vector")
KINDS = (*MEDIA_KINDS, "text", "number", *STRUCTURED_KINDS, "json")
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


@dataclass(frozen=True, slots=True)
class Slot:
    """One input or output of a task.

    `about` is read by people and by language models. `many` means a list of values. An optional slot that is
    not given is left out of the call, so that the model's own default holds.
    """

    name: str
    kind: str
    about: str
    required: bool = True
    many: bool = False

    @property
    def is_media(self) -> bool:
        return self.kind in MEDIA_KINDS


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the task table.

    `does` is one sentence for the reader. `asks` are ways people ask for it, in our own words: they rank the
    search and feed the planner. `runner` names the adapter in `tools/runners` that runs it, or is empty when
    nothing here can. `needs` lists what every model of the task needs beyond the default install.
    """

    id: str
    inputs: tuple[Slot, ...]
    outputs: tuple[Slot, ...]
    does: str
    asks: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    runner: str = ""
    needs: tuple[str, ...] = ()

    @property
    def output(self) -> Slot:
        """The primary output: what the next step gets."""
        return self.outputs[0]

    @property
    def media(self) -> tuple[Slot, ...]:
        """The inputs that are files."""
        return tuple(slot for slot in self.inputs if slot.is_media)

    @property
    def builtin(self) -> bool:
        """True for the few things that no model should be asked to do."""
        return self.runner == "builtin"

    def slot(self, name: str) -> Slot | None:
        return next((slot for slot in self.inputs if slot.name == name), None)


@cache
def _table() -> dict[str, Task]:
    from .task_table import ROWS

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


NOTHING, UNSERVED = "nothing", "unserved"  # in asks.tsv: what asks for nothing, and what no task can do


@cache
def ways_of_asking() -> tuple[tuple[str, str], ...]:
    """(task id, `NOTHING` or `UNSERVED`, and a phrase): what each task does, how people ask for it by its row, and by
    asks.tsv, in our own words."""
    own = [(row.id, phrase) for row in rows() for phrase in (row.does, *row.asks)]
    lines = Path(__file__).with_name("asks.tsv").read_text(encoding="utf-8").splitlines()
    more = [(task, phrase) for task, _, phrase in (line.partition("\t") for line in lines)]
    return (*own, *((task, phrase) for task, phrase in more if task in (NOTHING, UNSERVED) or task in _table()))


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(" ", "-")


def find_task(name: str | None) -> Task | None:
    """The row with that id or alias (case, spaces and underscores do not matter), or None."""
    known = _names().get(_plain(name)) if name else None
    return _table()[known] if known else None


def get_task(name: str) -> Task:
    """The row with that id or alias.

    Raises:
        UnknownTaskError: no row has that name; the message names the closest ones.
    """
    row = find_task(name)
    if row is None:
        close = difflib.get_close_matches(_plain(name), _names(), n=3, cutoff=0.5)
        nearest = f"closest: {', '.join(dict.fromkeys(_names()[c] for c in close))}; " if close else ""
        raise UnknownTaskError(f"{name!r} is not a known task; {nearest}all of them: prefrontal.tasks()")
    return row


def _annotation(slot: Slot) -> Any:
    """What a caller passes: a list may also be the handle of an earlier result, which holds it."""
    from typing import Annotated

    from pydantic import Field

    one = str if slot.is_media else _PYTHON_TYPES[slot.kind]
    kind = list[one] if slot.many else one
    by_reference = slot.many or slot.kind in STRUCTURED_KINDS
    return kind | Annotated[str, Field(pattern=r"^result-\d+$")] if by_reference else kind


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
