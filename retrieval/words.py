"""Words of requests and of names, as the full-text search takes them."""

from __future__ import annotations

import re
import sqlite3
from functools import cache, lru_cache
from threading import Lock

TOKENIZER = "porter unicode61 remove_diacritics 2"
STOP_WORDS = frozenset(
    "a about all also am an and any are as at be been but by can could do does for from get give had has have he help "
    "her here him his how i if in into is it its just know let like make may me more my need needs of on or our out "
    "please she should so some such tell than that the their them then there these they this to up us use using want "
    "wants was we were what when where which who will with would you your".split()
)


def split_words(text: str) -> str:
    """Names in pieces: "DialoGPT-small_v2" -> "Dialo GPT small v2 DialoGPT-small_v2"."""
    pieces = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-_/.]+", " ", text)
    return f"{pieces} {text}"


def query_words(query: str) -> list[str]:
    """The words of a query that say something, at most 64."""
    words = [word for word in re.findall(r"\w+", query.lower().replace("_", " ")) if word not in STOP_WORDS]
    return list(dict.fromkeys(words))[:64]


@lru_cache(256)
def stems(words: tuple[str, ...]) -> list[str]:
    """What the full text makes of each word; SQLite tells it only through a table of its own."""
    connection = _stemmer()
    with _stemming:
        connection.execute("DELETE FROM words")
        connection.executemany("INSERT INTO words (rowid, word) VALUES (?, ?)", list(enumerate(words)))
        found = dict(connection.execute("SELECT doc, term FROM stems").fetchall())
    return [found.get(number, word) for number, word in enumerate(words)]


_stemming = Lock()


@cache
def _stemmer() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    connection.execute(f"CREATE VIRTUAL TABLE words USING fts5(word, tokenize = '{TOKENIZER}')")
    connection.execute("CREATE VIRTUAL TABLE stems USING fts5vocab('words', 'instance')")
    return connection
