"""A JSONL file: one row a line, in any of the shapes that `ModelCard.from_row` knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .base import Read, read_row

_MAX_LINE = 50_000_000  # bytes: a longer line is no row of cards


def matches(value: Any) -> bool:
    return isinstance(value, Path) and value.is_file() and value.suffix.lower() in (".jsonl", ".ndjson")


def read(path: Path) -> Iterator[Read]:
    with path.open("rb") as lines:
        number = 0
        while line := lines.readline(_MAX_LINE + 1):
            number += 1
            where = f"{path.name} line {number}"
            if len(line) > _MAX_LINE:
                while not line.endswith(b"\n") and (line := lines.readline(_MAX_LINE)):
                    pass  # the rest of this line
                yield Read(where, reason=f"the line is longer than {_MAX_LINE:,} bytes")
            elif line.strip():
                yield _row(line, where)


def _row(line: bytes, where: str) -> Read:
    try:
        row = json.loads(line.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        return Read(where, reason=f"the line is no JSON ({error})")
    if not isinstance(row, dict):
        return Read(where, reason=f"the row is a {type(row).__name__}, expected a JSON object")
    return read_row(row, where, "jsonl")
