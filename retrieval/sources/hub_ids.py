"""One model on the Hub, by its id."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import CardError
from ...tools.card import ModelCard
from ...tools.model_ids import ID, read_id
from ..reserved import is_reserved, why_reserved
from .base import Read

_FILE_ENDINGS = (".md", ".json", ".jsonl", ".ndjson", ".csv", ".txt", ".parquet", ".yaml", ".yml")


def matches(value: Any) -> bool:
    """An id or the address of a page, and not the name of a file that is not there."""
    try:
        id = read_id(value)[0] if isinstance(value, str) else ""
    except CardError:  # of a data set: reading it says so
        return True
    return bool(ID.fullmatch(id)) and Path(id).suffix.lower() not in _FILE_ENDINGS


def read(id: str) -> Iterator[Read]:
    try:
        name, _ = read_id(id)
        if is_reserved(name):
            yield Read(name, reason=why_reserved(name), hides=False)
            return
        yield Read(name, ModelCard.from_hub(id))
    except CardError as error:
        yield Read(id, reason=str(error))
