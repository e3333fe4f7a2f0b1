"""The cards of one generation of an index, in SQLite with full-text search.

The rowid of a card is the id of its vector. A reader opens the file as immutable, because a generation never
changes; only a writer's draft is written to.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..tools.card import ModelCard
from .filters import Filters

_SCHEMA = """
CREATE TABLE cards (
    rowid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    task TEXT NOT NULL,
    license TEXT NOT NULL,
    library TEXT NOT NULL,
    languages TEXT NOT NULL,
    path TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    parameters INTEGER NOT NULL,
    downloads INTEGER NOT NULL,
    origin TEXT NOT NULL,
    digest TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    card TEXT NOT NULL
);
CREATE INDEX cards_task ON cards (task);
CREATE INDEX cards_origin ON cards (origin);
CREATE INDEX cards_text_hash ON cards (text_hash);
CREATE VIRTUAL TABLE words USING fts5(
    name, task, summary, tags, text, tokenize = 'porter unicode61 remove_diacritics 2'
);
"""
# A word in the name or the task says more than one somewhere in the prose.
_COLUMN_WEIGHTS = "2.0, 2.0, 1.5, 1.5, 1.0"
_PROSE = 4000  # characters of a card's prose in the full text: what lies behind is licences, tables and code
_STOP = frozenset(
    "a about all also am an and any are as at be been but by can could do does for from get give had has have he help "
    "her here him his how i if in into is it its just know let like make may me more my need needs of on or our out "
    "please she should so some such tell than that the their them then there these they this to up us use using want "
    "wants was we were what when where which who will with would you your".split()
)


def hash_text(text: str) -> str:
    """Equal texts share a vector."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def split_words(text: str) -> str:
    """Names in pieces: "DialoGPT-small_v2" -> "Dialo GPT small v2 DialoGPT-small_v2"."""
    pieces = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-_/.]+", " ", text)
    return f"{pieces} {text}"


def query_words(query: str) -> list[str]:
    """The words of a query that say something, at most 64."""
    words = [word for word in re.findall(r"\w+", query.lower().replace("_", " ")) if word not in _STOP]
    return list(dict.fromkeys(words))[:64]


class Catalog:
    """Reading: any number of threads, each with a connection of its own for as long as it reads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        # Connections change hands between calls but never serve two threads at once; list.pop is atomic.
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._open()
        try:
            yield connection
        finally:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)

    def _open(self) -> sqlite3.Connection:
        if not self.path.exists():  # its generation was swept away by later ones
            raise FileNotFoundError(self.path)
        return sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )

    def close(self) -> None:
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def __del__(self) -> None:
        self.close()

    def __len__(self) -> int:
        return self.count()

    def count(self, filters: Filters | None = None) -> int:
        where, values = filters.sql() if filters else ("", [])
        return self._all(f"SELECT count(*) FROM cards {_where(where)}", values)[0][0]

    def cards(self, rowids: Iterable[int]) -> dict[int, ModelCard]:
        """The cards under these rowids."""
        wanted = json.dumps(list(rowids))
        rows = self._all("SELECT rowid, card FROM cards WHERE rowid IN (SELECT value FROM json_each(?))", [wanted])
        return {rowid: _card(text) for rowid, text in rows}

    def outlines(self, rowids: Iterable[int]) -> dict[int, ModelCard]:
        """The same cards with nothing but what columns hold: id, task, sizes, downloads."""
        wanted = json.dumps(list(rowids))
        rows = self._all(
            "SELECT rowid, id, task, bytes, parameters, downloads FROM cards "
            "WHERE rowid IN (SELECT value FROM json_each(?))",
            [wanted],
        )
        return {
            rowid: ModelCard(id=id, task=task, bytes=size, parameters=parameters, downloads=downloads)
            for rowid, id, task, size, parameters, downloads in rows
        }

    def each(self, filters: Filters | None = None) -> Iterator[ModelCard]:
        """All cards that pass, by id."""
        where, values = filters.sql() if filters else ("", [])
        rows = self._all(f"SELECT rowid FROM cards {_where(where)} ORDER BY id", values)
        ids = [rowid for (rowid,) in rows]
        for start in range(0, len(ids), 500):
            cards = self.cards(ids[start : start + 500])
            yield from (cards[rowid] for rowid in ids[start : start + 500])

    def find(self, id: str) -> ModelCard | None:
        rows = self._all("SELECT card FROM cards WHERE id = ?", [id])
        return _card(rows[0][0]) if rows else None

    def ids(self, origin: str | None = None) -> list[str]:
        where, values = ("origin = ?", [origin]) if origin is not None else ("", [])
        return [id for (id,) in self._all(f"SELECT id FROM cards {_where(where)} ORDER BY id", values)]

    def last_modified(self, id: str) -> str:
        """When the model was last modified, as its card says; "" when it does not, or is not there."""
        rows = self._all("SELECT json_extract(card, '$.last_modified') FROM cards WHERE id = ?", [id])
        return str(rows[0][0] or "") if rows else ""

    def digests(self) -> dict[str, str]:
        return dict(self._all("SELECT id, digest FROM cards", []))

    def origins(self) -> dict[str, str]:
        """For each id the source that its card came from."""
        return dict(self._all("SELECT id, origin FROM cards", []))

    def rowids(self, ids: Iterable[str]) -> dict[str, int]:
        wanted = json.dumps(list(ids))
        return dict(self._all("SELECT id, rowid FROM cards WHERE id IN (SELECT value FROM json_each(?))", [wanted]))

    def texts(self, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        """For each of these ids that is there, its rowid and the hash of its text."""
        sql = "SELECT id, rowid, text_hash FROM cards WHERE id IN (SELECT value FROM json_each(?))"
        return {id: (rowid, hash) for id, rowid, hash in self._all(sql, [json.dumps(list(ids))])}

    def tasks(self) -> dict[str, int]:
        """How many cards there are of each task, the most first."""
        return dict(self._all("SELECT task, count(*) AS n FROM cards GROUP BY task ORDER BY n DESC, task", []))

    def allowed(self, filters: Filters) -> list[int] | None:
        """The rowids that pass the filters; None when all do."""
        where, values = filters.sql()
        return [rowid for (rowid,) in self._all(f"SELECT rowid FROM cards WHERE {where}", values)] if where else None

    def rowids_of_texts(self, hashes: Iterable[str]) -> dict[str, int]:
        """For each of these text hashes that is known, one card's rowid."""
        wanted = json.dumps(list(hashes))
        return dict(
            self._all(
                "SELECT text_hash, min(rowid) FROM cards WHERE text_hash IN (SELECT value FROM json_each(?)) "
                "GROUP BY text_hash",
                [wanted],
            )
        )

    def search(self, words: list[str], limit: int, filters: Filters) -> list[tuple[int, float]]:
        """The cards that hold any of the words: rowids with their BM25 (higher is better), best first."""
        if not words:
            return []
        where, values = filters.sql()
        match = " OR ".join(f'"{word}"' for word in words)  # words are \w+ only: nothing to escape
        inner = f"AND rowid IN (SELECT rowid FROM cards WHERE {where})" if where else ""
        return self._all(
            f"SELECT rowid, -bm25(words, {_COLUMN_WEIGHTS}) AS score FROM words WHERE words MATCH ? {inner} "
            "ORDER BY score DESC, rowid LIMIT ?",
            [match, *values, limit],
        )

    def _all(self, sql: str, values: list[Any]) -> list[Any]:
        with self._reading() as connection:
            return connection.execute(sql, values).fetchall()


class Draft(Catalog):
    """Writing: one connection, in one writer's own folder, until the file becomes part of a generation."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        fresh = not path.exists()
        self._connection = sqlite3.connect(path, timeout=60, isolation_level=None)
        # The whole generation is synced to the disk before anybody may see it; syncing each page would be waste.
        self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")
        if fresh:
            self._connection.executescript(_SCHEMA)
        self._connection.execute("BEGIN IMMEDIATE")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        yield self._connection

    def put(self, card: ModelCard, origin: str) -> int:
        """Add the card, or put it in the place of the one with its id; gives the rowid."""
        found = self._connection.execute("SELECT rowid FROM cards WHERE id = ?", [card.id]).fetchone()
        if found:
            self._delete(found[0])
        columns = {
            "rowid": found[0] if found else None,
            "id": card.id,
            "owner": card.owner,
            "task": card.task,
            "license": card.license,
            "library": card.library,
            "languages": json.dumps(card.languages),
            "path": card.path,
            "bytes": card.bytes,
            "parameters": card.parameters,
            "downloads": card.downloads,
            "origin": origin,
            "digest": card.digest,
            "text_hash": hash_text(card.search_text),
            "card": json.dumps(card.to_dict()),
        }
        marks = ", ".join("?" * len(columns))
        cursor = self._connection.execute(
            f"INSERT INTO cards ({', '.join(columns)}) VALUES ({marks})", list(columns.values())
        )
        rowid = cursor.lastrowid
        assert rowid is not None
        row = card.row
        self._connection.execute(
            "INSERT INTO words (rowid, name, task, summary, tags, text) VALUES (?, ?, ?, ?, ?, ?)",
            [
                rowid,
                split_words(card.id),
                f"{row.id} {row.does} {' '.join(row.aliases)}" if row else "",
                card.summary,
                " ".join((*card.tags, *card.languages, *card.labels, *card.datasets)),
                card.text[:_PROSE],
            ],
        )
        return rowid

    def remove(self, ids: Iterable[str]) -> list[int]:
        """The rowids of the cards that were there and are gone now."""
        found = list(self.rowids(ids).values())
        for rowid in found:
            self._delete(rowid)
        return found

    def _delete(self, rowid: int) -> None:
        self._connection.execute("DELETE FROM cards WHERE rowid = ?", [rowid])
        self._connection.execute("DELETE FROM words WHERE rowid = ?", [rowid])

    def finish(self) -> None:
        """Commit into one plain file, with no log beside it."""
        self._connection.execute("COMMIT")
        self._connection.executescript("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;")
        self._connection.close()

    def close(self) -> None:
        if connection := getattr(self, "_connection", None):
            connection.close()


def _where(condition: str) -> str:
    return f"WHERE {condition}" if condition else ""


def _card(text: str) -> ModelCard:
    return ModelCard.from_dict(json.loads(text))
