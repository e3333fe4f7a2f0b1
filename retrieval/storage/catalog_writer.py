"""Writing the cards of one part of an index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ...tools.card import ModelCard
from ..words import TOKENIZER, split_words
from .catalog import HASH, Catalog, hash_text, packed

# What is looked at in every search stands apart from the cards themselves, so that it stays in memory.
_SCHEMA = f"""
CREATE TABLE origins (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE cards (
    rowid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    task TEXT NOT NULL,
    license TEXT NOT NULL,
    library TEXT NOT NULL,
    languages TEXT NOT NULL,
    path TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    parameters INTEGER NOT NULL,
    downloads INTEGER NOT NULL,
    modified TEXT NOT NULL,
    origin INTEGER NOT NULL,
    digest BLOB NOT NULL,
    text_hash TEXT NOT NULL,
    rough INTEGER NOT NULL
);
CREATE TABLE task_words (task TEXT PRIMARY KEY, words TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE bodies (rowid INTEGER PRIMARY KEY, card BLOB NOT NULL);
CREATE TABLE frequent (stem TEXT PRIMARY KEY, cards INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX cards_task ON cards (task);
CREATE INDEX cards_text_hash ON cards (text_hash);
CREATE INDEX cards_here ON cards (path) WHERE path != '';
CREATE VIRTUAL TABLE words USING fts5(
    name, task, summary, tags, text, content = '', tokenize = '{TOKENIZER}'
);
"""
_PROSE = 4000  # characters of a card's prose in the full text: what lies behind is licences, tables and code
_FREQUENT = 20  # a stem that so many cards of a sealed part hold is counted


_COLUMNS = "name, task, summary, tags, text"


class CatalogWriter(Catalog):
    """One connection, in one writer's own folder, until the file becomes part of a generation.

    Args:
        first: the rowid of the first card; rowids are unique over all parts of an index.
    """

    def __init__(self, path: Path, first: int = 1) -> None:
        super().__init__(path)
        fresh = not path.exists()
        self._connection = sqlite3.connect(path, timeout=60, isolation_level=None)
        # The whole generation is synced to the disk before anybody may see it; syncing each page would be waste.
        self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")
        if fresh:
            self._connection.executescript(_SCHEMA)
        self._connection.execute("BEGIN IMMEDIATE")
        self._next = max(first, self._all("SELECT ifnull(max(rowid), 0) + 1 FROM cards", [])[0][0])
        self._origins: dict[str, int] = dict(self._all("SELECT name, number FROM origins", []))
        self._task_words: dict[str, str] = dict(self._all("SELECT task, words FROM task_words", []))

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        yield self._connection

    def put(self, card: ModelCard, origin: str, rough: bool = False, prose: int | None = None) -> int:
        """Add the card, or put it in the place of the one with its id; gives the rowid.

        Args:
            rough: its vector is an approximation.
            prose: so many characters of the card's text are kept; all when None.
        """
        kept = card.with_(text=card.text[:prose])
        found = self._all("SELECT rowid FROM cards WHERE id = ?", [card.id])
        rowid = found[0][0] if found else self._next
        if found:
            self._delete(rowid)
        self._next = max(self._next, rowid + 1)
        columns = {
            "rowid": rowid,
            "id": card.id,
            "task": card.task,
            "license": card.license,
            "library": card.library,
            "languages": json.dumps(card.languages),
            "path": card.path,
            "bytes": card.bytes,
            "parameters": card.parameters,
            "downloads": card.downloads,
            "modified": card.last_modified,
            "origin": self._origin(origin),
            "digest": bytes.fromhex(card.digest),
            "text_hash": hash_text(card.search_text)[:HASH],
            "rough": rough,
        }
        marks = ", ".join("?" * len(columns))
        self._connection.execute(f"INSERT INTO cards ({', '.join(columns)}) VALUES ({marks})", list(columns.values()))
        self._connection.execute("INSERT INTO bodies VALUES (?, ?)", [rowid, packed(kept)])
        self._connection.execute(
            f"INSERT INTO words (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", [rowid, *self._words(kept)]
        )
        return rowid

    def _origin(self, name: str) -> int:
        if name not in self._origins:
            self._origins[name] = len(self._origins) + 1
            self._connection.execute("INSERT INTO origins VALUES (?, ?)", [self._origins[name], name])
        return self._origins[name]

    def remove(self, ids: Iterable[str]) -> list[int]:
        """The rowids of the cards that were there and are gone now."""
        found = [rowid for rowid, _ in self.digests(ids).values()]
        for rowid in found:
            self._delete(rowid)
        return found

    def _delete(self, rowid: int) -> None:
        # The full text keeps no texts: it must be told what to forget, word by word as it was put in.
        words = self._words(self.cards([rowid])[rowid])
        self._connection.execute(
            f"INSERT INTO words (words, rowid, {_COLUMNS}) VALUES ('delete', ?, ?, ?, ?, ?, ?)", [rowid, *words]
        )
        self._connection.execute("DELETE FROM cards WHERE rowid = ?", [rowid])
        self._connection.execute("DELETE FROM bodies WHERE rowid = ?", [rowid])

    def _words(self, card: ModelCard) -> list[str]:
        """The columns of the full text. They must come out the same when the card is taken out again, so they are made
        of what is stored; a change here or in `split_words` needs another format of the index."""
        if card.task not in self._task_words:
            words = f"{card.row.id} {card.row.does} {' '.join(card.row.aliases)}" if card.row else ""
            self._task_words[card.task] = words
            self._connection.execute("INSERT INTO task_words VALUES (?, ?)", [card.task, words])
        return [
            split_words(card.id),
            self._task_words[card.task],
            card.summary,
            " ".join((*card.tags, *card.languages, *card.labels, *card.datasets)),
            card.text[:_PROSE],
        ]

    def seal(self) -> None:
        """Make it fast to search: nothing will be put in or taken out any more."""
        self._connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'words', 'row')")
        self._connection.execute(
            "INSERT INTO frequent SELECT term, doc FROM temp.vocabulary WHERE doc >= ?", [_FREQUENT]
        )
        self._connection.execute("DROP TABLE temp.vocabulary")

    def finish(self) -> None:
        """Commit into one plain file, with no log beside it."""
        self._connection.execute("COMMIT")
        self._connection.executescript("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;")
        self._connection.close()

    def close(self) -> None:
        if connection := getattr(self, "_connection", None):
            connection.close()
