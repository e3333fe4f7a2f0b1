"""Where cards come from: one row a kind of source, the first row that matches reads it.

A reader yields `Read` records: a card, or what could not be read and why. A bad row never stops the others.
To add a kind of source, write a `matches` and a `read` in a file here and add its row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import UsageError
from . import cards, folders, hub_ids, hub_list, jsonl, parquet
from .base import Read, files_fingerprint

__all__ = ["ROWS", "Read", "Source", "find_source"]


@dataclass(frozen=True, slots=True)
class Source:
    """A row: `matches` a given value, `read` gives its cards, `fingerprint` tells cheaply whether it changed ("" when
    nothing is known before reading). `reread`, where it is cheaper than `read`, may ask by an id when the card at hand
    was last modified ("" when there is none). `resume`, of sources that may be huge, leaves out rows that were read
    before: so many, or somewhat fewer. All raise a UsageError at once, before anything is read. `count` tells how many
    cards it has, where that costs next to nothing, else 0."""

    name: str
    matches: Callable[[Any], bool]
    read: Callable[[Any], Iterator[Read]]
    fingerprint: Callable[[Any], str]
    reread: Callable[[Any, Callable[[str], str]], Iterator[Read]] | None = None
    resume: Callable[[Any, int], Iterator[Read]] | None = None
    count: Callable[[Any], int] = lambda value: 0


def _unknown(source: Any) -> str:
    return ""


ROWS: tuple[Source, ...] = (
    Source("cards", cards.matches, cards.read, _unknown, count=cards.count),
    Source("jsonl", jsonl.matches, jsonl.read, lambda path: files_fingerprint([Path(path)])),
    Source(
        "parquet",
        parquet.matches,
        parquet.read,
        lambda path: files_fingerprint([Path(path)]),
        resume=parquet.read,
        count=parquet.count,
    ),
    Source("readme", folders.matches_readme, folders.read_readme, lambda path: files_fingerprint([Path(path)])),
    Source("folder", folders.matches_folder, folders.read_folder, folders.fingerprint),
    Source("hub", hub_ids.matches, hub_ids.read, _unknown),
    Source("hub-list", hub_list.matches, hub_list.read, _unknown, hub_list.reread),
)


def find_source(value: Any) -> tuple[Source, Any, str]:
    """The row that reads this value, the value in its plain form, and the name under which the index remembers it
    ("" for cards that are handed over, which cannot be read again).

    Raises:
        UsageError: nothing reads it.
    """
    if isinstance(value, str | Path):
        path = Path(value).expanduser()
        value = path.resolve() if path.exists() else str(value)
    for row in ROWS:
        if row.matches(value):
            return row, value, "" if row.name == "cards" else str(value)
    raise UsageError(
        f"{str(value)[:200]!r} is no source of cards: no such file or folder, and no Hub id; allowed are a README.md, "
        "a model's folder, a folder of those, a JSONL or parquet file, a Hub id such as owner/name, hub: with a filter "
        "such as hub:author=owner, or ModelCards"
    )
