"""The documents of a vector store, as tables of SQLite: how they are written, read and filtered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from langchain_core.documents import Document

from ...errors import UsageError
from ..sql import LISTED

# What a search may be narrowed by: values that the metadata must have (a list: one of these), or any test.
Filter = Mapping[str, Any] | Callable[[Document], bool]
Found = tuple[int, float]  # a row's number with its cosine

SCHEMA = """
CREATE TABLE IF NOT EXISTS store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    embedder TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    revision INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS documents (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    metadata TEXT NOT NULL,
    vector BLOB NOT NULL
);
"""
_LOOKED_AT = 256  # documents that a test sees at a time


def columns_of(id: str, document: Document) -> tuple[str, str]:
    """The text and the metadata as they are written.

    Raises:
        UsageError: they cannot be.
    """
    try:
        document.page_content.encode()
        return document.page_content, json.dumps(document.metadata, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(
            f"the document {id!r} cannot be stored ({error}); its text must be Unicode and its metadata plain JSON"
        ) from error


def read_document(id: str, text: str, metadata: str) -> Document:
    return Document(id=id, page_content=text, metadata=json.loads(metadata))


def documents_at(connection: sqlite3.Connection, rows: Sequence[int]) -> dict[int, Document]:
    """By the numbers of their rows."""
    found = connection.execute(
        f"SELECT rowid, id, text, metadata FROM documents WHERE rowid IN {LISTED}", [json.dumps(list(rows))]
    )
    return {row: read_document(*columns) for row, *columns in found}


def passing(
    connection: sqlite3.Connection, found: list[Found], passes: Callable[[Document], bool], k: int
) -> list[Found]:
    """The k closest that pass a test, which sees no more of them than it must."""
    kept: list[Found] = []
    for start in range(0, len(found), _LOOKED_AT):
        batch = found[start : start + _LOOKED_AT]
        documents = documents_at(connection, [row for row, _ in batch])
        kept += [hit for hit in batch if passes(documents[hit[0]])]
        if len(kept) >= k:
            break
    return kept[:k]


def condition(filter: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """A condition over `documents`, with its values; "" when every document passes."""
    conditions: list[str] = []
    values: list[Any] = []
    for key, wanted in filter.items():
        allowed = list(wanted) if isinstance(wanted, list | tuple | set | frozenset) else [wanted]
        if not isinstance(key, str) or not all(isinstance(value, str | int | float | None) for value in allowed):
            raise UsageError(
                f"the filter {key!r}: {wanted!r} cannot be understood; allowed are texts, numbers, True, False, None "
                "and lists of these, or a function of the document"
            )
        any_of = " OR ".join(["atom IS ?"] * len(allowed)) or "FALSE"
        conditions.append(
            "EXISTS (SELECT 1 FROM json_each(documents.metadata) "
            f"WHERE key = ? AND type NOT IN ('array', 'object') AND ({any_of}))"
        )
        values += [key, *allowed]
    return " AND ".join(conditions), values
