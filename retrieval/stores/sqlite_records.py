"""`SQLiteRecordManager`: what was indexed when, so that `langchain_core.indexing.index` writes only what changed."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from langchain_core.indexing import RecordManager
from langchain_core.runnables import run_in_executor

from ..sql import LISTED
from .sqlite import Database

# The clock never stands still and never goes back, whatever the machine's clock does and whichever process asks:
# `index` deletes what is older than its own beginning.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS clock (one INTEGER PRIMARY KEY CHECK (one = 1), now REAL NOT NULL);
CREATE TABLE IF NOT EXISTS records (
    namespace TEXT NOT NULL,
    key TEXT NOT NULL,
    group_id TEXT,
    updated_at REAL NOT NULL,
    PRIMARY KEY (namespace, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_age ON records (namespace, updated_at);
"""
_TICK = 1e-6  # seconds: the smallest step that a float of today's time shows for certain


class SQLiteRecordManager(RecordManager):
    """Keys with the time of their last update, in a file that may be that of a `SQLiteVectorStore`.

    Args:
        namespace: keeps several collections in one file apart, such as "documents/my-store".
        path: the file; None keeps the records in memory.

    Raises (every method):
        StoreError: the file cannot be read or written.
    """

    def __init__(self, namespace: str, path: str | Path | None = None) -> None:
        super().__init__(namespace)
        self._database = Database(path, _SCHEMA)

    def create_schema(self) -> None:
        """Create the file; any other method does so, too."""
        with self._database.reading():
            pass

    def get_time(self) -> float:
        """Seconds since 1970, later than whatever any manager of this file was told before."""
        with self._database.writing() as connection:
            return _tick(connection)

    def update(
        self,
        keys: Sequence[str],
        *,
        group_ids: Sequence[str | None] | None = None,
        time_at_least: float | None = None,
    ) -> None:
        """Note that these keys were indexed now.

        Args:
            group_ids: where each comes from; a key that is known keeps its group when None.
            time_at_least: what `get_time` gave before.

        Raises:
            ValueError: there are not as many groups as keys, or `time_at_least` lies in the future. LangChain's
                interface asks for this class.
        """
        if group_ids is not None and len(keys) != len(group_ids):
            raise ValueError(f"got {len(group_ids)} group_ids for {len(keys)} keys; pass one for each, or None")
        groups = "" if group_ids is None else ", group_id = excluded.group_id"
        with self._database.writing() as connection:
            now = _tick(connection)
            if time_at_least is not None and time_at_least > now:
                raise ValueError(f"time_at_least is {time_at_least}, and it is {now} now; pass what get_time() gave")
            connection.executemany(
                "INSERT INTO records (namespace, key, group_id, updated_at) VALUES (?, ?, ?, ?) "
                f"ON CONFLICT DO UPDATE SET updated_at = excluded.updated_at{groups}",
                [
                    (self.namespace, key, group, now)
                    for key, group in zip(keys, group_ids or [None] * len(keys), strict=True)
                ],
            )

    def exists(self, keys: Sequence[str]) -> list[bool]:
        """For each key whether it was indexed."""
        sql = f"SELECT key FROM records WHERE namespace = ? AND key IN {LISTED}"
        with self._database.reading() as connection:
            known = {key for (key,) in connection.execute(sql, [self.namespace, json.dumps(list(keys))])}
        return [key in known for key in keys]

    def list_keys(
        self,
        *,
        before: float | None = None,
        after: float | None = None,
        group_ids: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> list[str]:
        """The keys that pass, the oldest first.

        Args:
            before, after: only those that were updated earlier, later than this.
            group_ids: only those of these groups; of no group at all when the list is empty.
        """
        conditions = {
            "updated_at < ?": before,
            "updated_at > ?": after,
            f"group_id IN {LISTED}": None if group_ids is None else json.dumps(list(group_ids)),
        }
        asked = {condition: value for condition, value in conditions.items() if value is not None}
        sql = " AND ".join(["SELECT key FROM records WHERE namespace = ?", *asked])
        with self._database.reading() as connection:
            rows = connection.execute(
                f"{sql} ORDER BY updated_at, key LIMIT ?",
                [self.namespace, *asked.values(), -1 if limit is None else limit],
            )
            return [key for (key,) in rows]

    def delete_keys(self, keys: Sequence[str]) -> None:
        """Forget these keys."""
        sql = f"DELETE FROM records WHERE namespace = ? AND key IN {LISTED}"
        with self._database.writing() as connection:
            connection.execute(sql, [self.namespace, json.dumps(list(keys))])

    def close(self) -> None:
        """Let go of the file; the next use opens it again (records in memory are gone)."""
        self._database.close()

    # The same for callers that must not wait: SQLite waits for the disk and for other writers, in a thread.

    async def acreate_schema(self) -> None:
        await run_in_executor(None, self.create_schema)

    async def aget_time(self) -> float:
        return await run_in_executor(None, self.get_time)

    async def aupdate(
        self,
        keys: Sequence[str],
        *,
        group_ids: Sequence[str | None] | None = None,
        time_at_least: float | None = None,
    ) -> None:
        await run_in_executor(None, self.update, keys, group_ids=group_ids, time_at_least=time_at_least)

    async def aexists(self, keys: Sequence[str]) -> list[bool]:
        return await run_in_executor(None, self.exists, keys)

    async def alist_keys(
        self,
        *,
        before: float | None = None,
        after: float | None = None,
        group_ids: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> list[str]:
        return await run_in_executor(None, self.list_keys, before=before, after=after, group_ids=group_ids, limit=limit)

    async def adelete_keys(self, keys: Sequence[str]) -> None:
        await run_in_executor(None, self.delete_keys, keys)

    def __repr__(self) -> str:
        return f"SQLiteRecordManager({self.namespace!r}, {str(self._database)!r})"


def _tick(connection: sqlite3.Connection) -> float:
    (now,) = connection.execute(
        "INSERT INTO clock VALUES (1, ?) ON CONFLICT DO UPDATE SET now = max(excluded.now, now + ?) RETURNING now",
        [time.time(), _TICK],
    ).fetchone()
    return now
