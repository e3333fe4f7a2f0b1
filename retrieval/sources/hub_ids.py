"""One model on the Hub, by its id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import CardError
from ...tools.card import ModelCard
from ..reserved import is_reserved, why_reserved
from .base import Read

_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9_.][\w.-]*)?")
_FILE_ENDINGS = (".md", ".json", ".jsonl", ".ndjson", ".csv", ".txt", ".parquet", ".yaml", ".yml")


def matches(value: Any) -> bool:
    """An id, and not the name of a file that is not there."""
    return isinstance(value, str) and bool(_ID.fullmatch(value)) and Path(value).suffix.lower() not in _FILE_ENDINGS


def read(id: str) -> Iterator[Read]:
    if is_reserved(id):
        yield Read(id, reason=why_reserved(id), hides=False)
        return
    try:
        yield Read(id, ModelCard.from_hub(id))
    except CardError as error:
        yield Read(id, reason=str(error))
