"""A SQLite file that threads and processes share, as the vector store and the record manager keep theirs."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ...errors import StoreError

_LOCK_SECONDS = 60.0


class Database:
    """One connection behind a lock, opened at first use; a kill at any moment leaves the last commit.

    Args:
        path: the file; its folder is made. None keeps everything in memory.
        schema: statements that create what is not there yet.
    """

    def __init__(self, path: str | Path | None, schema: str) -> None:
        self.path = None if path is None else Path(path).expanduser().absolute()
        self._schema = schema
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A view that no writer changes meanwhile.

        Raises:
            StoreError: the file cannot be read.
        """
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of the changes, or none when the block raises. One writer at a time, over threads and processes.

        Raises:
            StoreError: the file cannot be written.
        """
        # A transaction that begins by reading may find at its first write that another one came first.
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def close(self) -> None:
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                connection = self._connection = self._connection or self._open()
                connection.execute(begin)
                try:
                    yield connection
                    connection.execute("COMMIT")
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
            except sqlite3.Error as error:
                raise StoreError(
                    f"{self} cannot be used ({error}); what was there before is kept: "
                    "free some space, or name another file, and try again"
                ) from error

    def _open(self) -> sqlite3.Connection:
        if self.path:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise sqlite3.OperationalError(str(error)) from error
        connection = sqlite3.connect(
            self.path or ":memory:", timeout=_LOCK_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _write_ahead(connection)
            connection.executescript(self._schema)
        except BaseException:
            connection.close()
            raise
        return connection

    def __str__(self) -> str:
        return str(self.path or "a database in memory")

    def __del__(self) -> None:
        with suppress(sqlite3.Error, AttributeError):
            self.close()


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Readers and a writer at the same time. The switch alone does not wait for other processes that switch, too."""
    until = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
        time.sleep(0.01)
