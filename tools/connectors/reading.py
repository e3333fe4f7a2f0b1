"""The connector of a row of a dump, as `prefrontal read-cards` prints it, with its tags or as if it had none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..card import ModelCard
from .connector import Connector, read_connector
from .documented import ROW_TAGS, code_of, header_and_body, without_tags


def read_documentation(
    row: Mapping[str, Any], hide_tags: bool = False, base_task: Callable[[str], str] | None = None
) -> Connector:
    """The connector of one row of a dump.

    Args:
        hide_tags: read as if nothing named the task outright.
        base_task: gives the task of another model by its id, "" when that is not known.

    Raises:
        CardError: the row has no usable id.
    """
    card = ModelCard.from_row({name: value for name, value in row.items() if name not in ROW_TAGS})
    header, body = header_and_body(row)
    code = code_of(row)
    text = f"{body}\n\n```python\n{code}\n```\n" if code else body
    if hide_tags:
        return read_connector(card.id, text, without_tags(header), _config(row), base_task=base_task)
    tagged = ModelCard.from_row(row)
    task = "" if tagged.told_by else tagged.task
    return read_connector(card.id, text, header, _config(row), task=task, base_task=base_task)


def _config(row: Mapping[str, Any]) -> Mapping[str, Any]:
    config = row.get("config")
    return config if isinstance(config, Mapping) else {}
