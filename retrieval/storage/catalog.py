"""The cards of one part of an index, in SQLite with full-text search.

The rowid of a card is the id of its vector. A reader opens the file as immutable, because a generation never
changes; only a writer's draft (`catalog_writer.CatalogWriter`) is written to.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from math import log
from pathlib import Path
from typing import Any

from ...tools.card import ModelCard
from ..filters import Filters
from ..sql import LISTED
from ..words import stems

# KiB of a file that a connection keeps: with SQLite's own 2000 a search of a sealed part's words takes 13 ms, not 9.
_CACHE = 8000
# A word in the name or the task says more than one somewhere in the prose.
_COLUMN_WEIGHTS = "2.0, 2.0, 1.5, 1.5, 1.0"


def hash_text(text: str) -> str:
    """Equal texts share a vector."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


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
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        return connection

    def close(self) -> None:
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def __del__(self) -> None:
        self.close()

    def __len__(self) -> int:
        return self._all("SELECT count(*) FROM cards", [])[0][0]

    @cached_property
    def first(self) -> int:
        """The smallest rowid; 0 when there is no card."""
        return self._all("SELECT ifnull(min(rowid), 0) FROM cards", [])[0][0]

    @property
    def last(self) -> int:
        """The greatest rowid; 0 when there is no card."""
        return self._all("SELECT ifnull(max(rowid), 0) FROM cards", [])[0][0]

    def cards(self, rowids: Iterable[int]) -> dict[int, ModelCard]:
        """The cards under these rowids."""
        rows = self._all(f"SELECT rowid, card FROM bodies WHERE rowid IN {LISTED}", [json.dumps(list(rowids))])
        return {rowid: unpacked(body) for rowid, body in rows}

    def outlines(self, rowids: Iterable[int]) -> dict[int, ModelCard]:
        """The same cards with nothing but what columns hold: id, task, languages, sizes, downloads."""
        rows = self._all(
            f"SELECT rowid, id, task, languages, bytes, parameters, downloads FROM cards WHERE rowid IN {LISTED}",
            [json.dumps(list(rowids))],
        )
        return {
            rowid: ModelCard(id, "", task, languages=_listed(names), bytes=size, parameters=count, downloads=got)
            for rowid, id, task, names, size, count, got in rows
        }

    def named(self, filters: Filters) -> list[tuple[str, int]]:
        """Id and rowid of all cards that pass, by id."""
        where, values = filters.sql()
        return self._all(f"SELECT id, rowid FROM cards {_where(where)} ORDER BY id", values)

    def from_source(self, origin: str | None) -> dict[str, int]:
        """For each id that came from a source (from any when None) its rowid."""
        where, values = ("origin = (SELECT number FROM origins WHERE name = ?)", [origin]) if origin else ("", [])
        return dict(self._all(f"SELECT id, rowid FROM cards {_where(where)}", values))

    def modified(self, id: str) -> tuple[int, str] | None:
        """The rowid of a card, and when its model was last modified ("" when it does not say)."""
        rows = self._all("SELECT rowid, modified FROM cards WHERE id = ?", [id])
        return rows[0] if rows else None

    def origins(self, rowids: Iterable[int]) -> dict[int, str]:
        """The sources that these cards came from."""
        sql = f"SELECT rowid, name FROM cards JOIN origins ON origin = number WHERE rowid IN {LISTED}"
        return dict(self._all(sql, [json.dumps(list(rowids))]))

    def digests(self, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Rowid and digest of those of the ids that are here."""
        rows = self._all(f"SELECT id, rowid, digest FROM cards WHERE id IN {LISTED}", [json.dumps(list(ids))])
        return {id: (rowid, digest.hex()) for id, rowid, digest in rows}

    def texts(self, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Rowid and the beginning of the text's hash (`HASH` digits) of those of the ids that are here."""
        rows = self._all(f"SELECT id, rowid, text_hash FROM cards WHERE id IN {LISTED}", [json.dumps(list(ids))])
        return {id: (rowid, hash) for id, rowid, hash in rows}

    def tasks(self, rowids: Sequence[int] | None = None) -> dict[str, int]:
        """How many cards there are of each task, of all or of these."""
        where, values = (f"rowid IN {LISTED}", [json.dumps(rowids)]) if rowids is not None else ("", [])
        return dict(self._all(f"SELECT task, count(*) FROM cards {_where(where)} GROUP BY task", values))

    def allowed(self, filters: Filters, most: int) -> list[int] | None:
        """The rowids that pass the filters; None when there are more than `most`."""
        where, values = filters.sql()
        rows = self._all(f"SELECT rowid FROM cards {_where(where)} LIMIT ?", [*values, most + 1])
        return [rowid for (rowid,) in rows] if len(rows) <= most else None

    def passing(self, rowids: Iterable[int], filters: Filters) -> set[int]:
        """Those of the rowids that pass the filters."""
        where, values = filters.sql()
        sql = f"SELECT rowid FROM cards WHERE rowid IN {LISTED} AND {where or 'TRUE'}"
        return {rowid for (rowid,) in self._all(sql, [json.dumps(list(rowids)), *values])}

    def of_texts(self, hashes: Iterable[str]) -> dict[str, int]:
        """For each of these text hashes that is known, one card's rowid."""
        wanted = json.dumps([hash[:HASH] for hash in hashes])
        sql = f"SELECT text_hash, min(rowid) FROM cards WHERE text_hash IN {LISTED} AND NOT rough GROUP BY text_hash"
        return dict(self._all(sql, [wanted]))

    def search(self, words: Sequence[str], limit: int, only: Sequence[int] | None) -> list[tuple[int, float]]:
        """The cards that hold any of the words: rowids with their BM25 (higher is better), best first.

        Args:
            words: of letters and digits; nothing in them needs escaping.
            only: these rowids alone.
        """
        match = " OR ".join(f'"{word}"' for word in words)
        if not match:
            return []
        # "+": else SQLite looks every one of these rowids up in the full text, which takes ten times as long.
        inner = f"AND +rowid IN {LISTED}" if only is not None else ""
        return self._all(
            f"SELECT rowid, -bm25(words, {_COLUMN_WEIGHTS}) AS score FROM words WHERE words MATCH ? {inner} "
            "ORDER BY score DESC, rowid LIMIT ?",
            [match, *([json.dumps(list(only))] if only is not None else []), limit],
        )

    def weights(self, words: Sequence[str], total: int) -> dict[str, float]:
        """What BM25 makes of the rarity of each word among the `total` cards here: its inverse document frequency, as
        SQLite has it."""
        known = self.frequent(words)
        if unknown := [word for word, count in known.items() if not count]:
            with self._reading() as connection:
                connection.execute(
                    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab('main', 'words', 'row')"
                )
                for word, stem in zip(unknown, stems(tuple(unknown)), strict=True):
                    row = connection.execute("SELECT doc FROM temp.vocabulary WHERE term = ?", [stem]).fetchone()
                    known[word] = row[0] if row else 0
        return {word: max(1e-6, log((total - n + 0.5) / (n + 0.5))) for word, n in known.items() if n}

    def frequent(self, words: Sequence[str]) -> dict[str, int]:
        """How many cards hold each of the words; 0 for one that few hold, and for all in a part that still grows."""
        known = stems(tuple(words))
        rows = self._all(f"SELECT stem, cards FROM frequent WHERE stem IN {LISTED}", [json.dumps(known)])
        counts: dict[str, int] = dict(rows)
        return {word: counts.get(stem, 0) for word, stem in zip(words, known, strict=True)}

    def _all(self, sql: str, values: list[Any]) -> list[Any]:
        with self._reading() as connection:
            return connection.execute(sql, values).fetchall()


HASH = 32  # hexadecimal digits kept of a text's hash: 128 bits


@lru_cache(4096)
def _listed(names: str) -> tuple[str, ...]:
    return tuple(json.loads(names))


def _where(condition: str) -> str:
    return f"WHERE {condition}" if condition else ""


_DEFAULTS = ModelCard(id="").to_dict()


def packed(card: ModelCard) -> bytes:
    """A card as it is stored: without what it does not say, compressed to a third."""
    said = {name: value for name, value in card.to_dict().items() if value != _DEFAULTS[name]}
    return zlib.compress(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), 4)


def unpacked(body: bytes) -> ModelCard:
    return ModelCard.from_dict(json.loads(zlib.decompress(body)))
