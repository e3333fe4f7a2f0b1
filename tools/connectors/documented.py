"""Cards without a usable tag: their task, library and labels come from their documentation.

And the way back, for measuring: `without_tags` takes from a row of a dump whatever names its task outright.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import CardError
from ..front_matter import read_front_matter
from ..tasks import find_task
from .connector import read_connector

# What names a task outright: in a row of a dump, and in a card's header.
ROW_TAGS = ("pipeline_tag", "task", "domain", "functionality")
_HEADER_TAGS = ("pipeline_tag", "pipeline-tag", "task", "tasks", "task_categories", "task_ids", "model-index",
                "model_index", "reported", "domain")  # fmt: skip
_TEXTS = ("card", "text", "description")
BASE = "base_model:"  # the Hub's tag for what a model was made from

Fields = dict[str, Any]


def documented(fields: Fields, header: Mapping[str, Any], config: Mapping[str, Any] | None = None) -> Fields:
    """The fields of a card, those that its tags do not tell read from its documentation.

    Args:
        fields: of a `ModelCard`; they are given back as they are when they name a task.
        header: all of the card's header.
    """
    if fields["task"]:
        return fields
    base = header.get("base_model")
    bases = [one for one in (base if isinstance(base, list) else [base]) if isinstance(one, str) and len(one) < 200]
    known = {**header, "tags": [*fields["tags"]], "datasets": [*fields["datasets"]], "base_model": bases}
    found = read_connector(fields["id"], fields["text"], known, config or {"model_type": fields["model_type"]})
    row = find_task(found.task)
    if row is None or row.builtin:
        return {**fields, "tags": _with_base(fields["tags"], bases)}
    named = found.arguments.get("labels") or ()
    return {
        **fields,
        "task": row.id,
        "told_by": found.why[0] if found.why else "its documentation",
        "library": fields["library"] or (found.library if found.shown else ""),
        "labels": fields["labels"] or tuple(named if row.output.kind == "labels" else ()),
        "tags": _with_base(fields["tags"], bases),
    }


def _with_base(tags: tuple[str, ...], bases: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*tags, *(f"{BASE}{base}" for base in bases[:1])]))


def header_and_body(row: Mapping[str, Any]) -> tuple[Fields, str]:
    """All of the header that a row of a dump holds, apart or in the text of its card, and the card's body."""
    meta = row.get("meta")
    header: Fields = dict(meta) if isinstance(meta, Mapping) else {}
    body = next((row[name] for name in _TEXTS if isinstance(row.get(name), str) and row[name].strip()), "")
    if body.startswith("---"):
        try:
            own, body = read_front_matter(body)
        except CardError:
            own = {}
        header = {**own, **header}
    names = ("tags", "datasets", "base_model", "library_name", "library")
    return {**header, **{name: row[name] for name in names if row.get(name)}}, body


def without_tags(header: Mapping[str, Any]) -> Fields:
    """The header without whatever names the task outright: the pipeline tag, tags that are the name of a task, and the
    tasks of reported results."""
    kept = {name: value for name, value in header.items() if name not in _HEADER_TAGS}
    tags = header.get("tags")
    listed = [tags] if isinstance(tags, str) else tags if isinstance(tags, list) else []
    return {**kept, "tags": [tag for tag in listed if isinstance(tag, str) and not find_task(tag)]}


def code_of(row: Mapping[str, Any]) -> str:
    """The example code that a row holds apart from its text, as APIBench's rows do."""
    return _lines(row.get("example_code")).strip()


def _lines(value: Any) -> str:
    """Code as one text: of a text, a list of lines, or a record whose values (or names) are lines."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(map(_lines, value))
    if isinstance(value, Mapping):
        return "\n".join(_lines(one) or str(name) for name, one in value.items())
    return ""
