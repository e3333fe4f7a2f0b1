from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from prefrontal.errors import StoreError
from prefrontal.retrieval.stores import sqlite
from prefrontal.retrieval.stores.sqlite import Database

SCHEMA = "CREATE TABLE IF NOT EXISTS notes (text TEXT UNIQUE)"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "notes.sqlite"


@pytest.fixture
def database(path: Path) -> Database:
    return Database(path, SCHEMA)


def write(database: Database, *texts: str) -> None:
    with database.writing() as connection:
        connection.executemany("INSERT INTO notes VALUES (?)", [(text,) for text in texts])


def notes(database: Database) -> list[str]:
    with database.reading() as connection:
        return [text for (text,) in connection.execute("SELECT text FROM notes ORDER BY rowid")]


def test_the_file_is_made_at_first_use(database: Database, path: Path) -> None:
    assert not path.parent.exists()
    assert notes(database) == []
    write(database, "one")
    assert notes(Database(path, SCHEMA)) == ["one"]
    assert str(database) == str(path)


def test_a_path_is_the_same_wherever_the_process_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert Database("notes.sqlite", SCHEMA).path == tmp_path / "notes.sqlite"
    assert Database("~/notes.sqlite", SCHEMA).path == tmp_path / "home" / "notes.sqlite"


def test_in_memory_it_is_gone_when_it_is_closed() -> None:
    database = Database(None, SCHEMA)
    write(database, "one")
    assert (notes(database), str(database)) == (["one"], "a database in memory")
    database.close()
    assert notes(database) == []


def test_closed_it_opens_again(database: Database) -> None:
    write(database, "one")
    database.close()
    database.close()
    assert notes(database) == ["one"]


def test_a_block_that_raises_changes_nothing(database: Database) -> None:
    def half() -> None:
        with database.writing() as connection:
            connection.execute("INSERT INTO notes VALUES ('half')")
            raise KeyError("in the middle")

    with pytest.raises(KeyError):
        half()
    assert notes(database) == []
    write(database, "whole")
    assert notes(database) == ["whole"], "it goes on afterwards"


def test_what_sqlite_refuses_is_a_clear_error_and_changes_nothing(database: Database, path: Path) -> None:
    write(database, "one")
    with pytest.raises(StoreError) as caught:
        write(database, "two", "one")
    assert str(caught.value) == (
        f"{path} cannot be used (UNIQUE constraint failed: notes.text); what was there before is kept: "
        "free some space, or name another file, and try again"
    )
    assert isinstance(caught.value.__cause__, sqlite3.IntegrityError)
    assert notes(database) == ["one"]


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("dear diary, " * 100)
    with pytest.raises(StoreError) as caught:
        write(Database(tmp_path / "notes.txt", SCHEMA), "x")
    assert str(caught.value) == (
        f"{tmp_path / 'notes.txt'} cannot be used (file is not a database); what was there before is kept: "
        "free some space, or name another file, and try again"
    )
    assert (tmp_path / "notes.txt").read_text() == "dear diary, " * 100
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be used"):
        notes(Database(tmp_path / "file" / "store", SCHEMA))


def test_a_reader_sees_what_was_there_when_it_began(database: Database, path: Path) -> None:
    write(database, "one")
    other = Database(path, SCHEMA)
    with other.reading() as connection:
        assert connection.execute("SELECT count(*) FROM notes").fetchone() == (1,)
        write(database, "two")
        assert connection.execute("SELECT count(*) FROM notes").fetchone() == (1,)
    assert notes(other) == ["one", "two"]


def test_who_writes_keeps_other_writers_out_from_the_beginning(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_LOCK_SECONDS", 0.05)
    other = Database(path, SCHEMA)
    notes(other)
    with database.writing() as connection:
        connection.execute("SELECT * FROM notes").fetchall()
        with pytest.raises(StoreError, match=r"cannot be used \(database is locked\)"):
            write(other, "too early")
    write(other, "now")
    assert notes(database) == ["now"]


def test_threads_take_turns(database: Database) -> None:
    start = threading.Barrier(4)

    def work(thread: int) -> None:
        start.wait()
        for n in range(20):
            write(database, f"{thread}-{n}", f"{thread}-{n} again")
            assert len(notes(database)) % 2 == 0

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    assert len(notes(database)) == 160


KILLED = """
import os, sys
from prefrontal.retrieval.stores.sqlite import Database
database = Database(sys.argv[1], sys.argv[2])
with database.writing() as connection:
    connection.execute("INSERT INTO notes VALUES ('committed')")
with database.writing() as connection:
    connection.execute("INSERT INTO notes VALUES ('half')")
    os._exit(9)
"""


def test_a_kill_leaves_the_last_commit(database: Database, path: Path) -> None:
    assert subprocess.run([sys.executable, "-c", KILLED, str(path), SCHEMA]).returncode == 9
    assert notes(database) == ["committed"]
    write(database, "more")
    assert notes(database) == ["committed", "more"]
