from __future__ import annotations

import asyncio
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.indexing import RecordManager, aindex, index

from prefrontal.errors import StoreError
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.stores import sqlite_records as records
from prefrontal.retrieval.stores.sqlite_records import SQLiteRecordManager
from prefrontal.retrieval.stores.sqlite_vectors import SQLiteVectorStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.fixture
def manager(path: Path) -> SQLiteRecordManager:
    return SQLiteRecordManager("notes", path)


@pytest.fixture
def store(path: Path) -> SQLiteVectorStore:
    """In the same file as the records."""
    return SQLiteVectorStore(HashEmbedder(), path)


def notes(**texts: str) -> list[Document]:
    return [Document(text, metadata={"source": source}) for source, text in texts.items()]


def texts(store: SQLiteVectorStore) -> set[str]:
    return {document.page_content for document in store.similarity_search("x", k=99)}


def counts(added: int = 0, skipped: int = 0, deleted: int = 0) -> dict[str, int]:
    return {"num_added": added, "num_updated": 0, "num_skipped": skipped, "num_deleted": deleted}


HOW: dict[str, Any] = {"source_id_key": "source", "key_encoder": "blake2b"}


def test_it_is_all_that_the_interface_asks_for(manager: SQLiteRecordManager) -> None:
    assert isinstance(manager, RecordManager)
    manager.create_schema()
    assert repr(manager).startswith("SQLiteRecordManager('notes', ")


@pytest.mark.parametrize("cleanup", ["incremental", "full", "scoped_full"])
def test_only_what_changed_is_indexed(manager: SQLiteRecordManager, store: SQLiteVectorStore, cleanup: Any) -> None:
    first = notes(a="apples", b="bananas", c="cherries")
    assert index(first, manager, store, cleanup=cleanup, **HOW) == counts(added=3)
    assert index(first, manager, store, cleanup=cleanup, **HOW) == counts(skipped=3)
    changed = notes(a="apples", b="blueberries", c="cherries")
    assert index(changed, manager, store, cleanup=cleanup, **HOW) == counts(added=1, skipped=2, deleted=1)
    assert texts(store) == {"apples", "blueberries", "cherries"}
    # What is not named any more goes only when the documents are said to be all.
    gone = 2 if cleanup == "full" else 0
    assert index(changed[:1], manager, store, cleanup=cleanup, **HOW) == counts(skipped=1, deleted=gone)
    assert texts(store) == ({"apples"} if gone else {"apples", "blueberries", "cherries"})


def test_many_documents_in_small_batches(manager: SQLiteRecordManager, store: SQLiteVectorStore) -> None:
    documents = [Document(f"page {n}", metadata={"source": f"book {n % 3}"}) for n in range(50)]
    assert index(documents, manager, store, cleanup="full", batch_size=7, **HOW) == counts(added=50)
    again = index(documents[::2], manager, store, cleanup="full", batch_size=7, cleanup_batch_size=4, **HOW)
    assert again == counts(skipped=25, deleted=25)
    assert texts(store) == {f"page {n}" for n in range(0, 50, 2)}
    assert index([], manager, store, cleanup="full", **HOW) == counts(deleted=25)


@pytest.mark.parametrize("cleanup", ["incremental", "full"])
def test_the_same_without_waiting(manager: SQLiteRecordManager, store: SQLiteVectorStore, cleanup: Any) -> None:
    async def run() -> None:
        await manager.acreate_schema()
        assert await aindex(notes(a="apples", b="bananas"), manager, store, cleanup=cleanup, **HOW) == counts(added=2)
        changed = await aindex(notes(a="apples", b="berries"), manager, store, cleanup=cleanup, **HOW)
        assert changed == counts(added=1, skipped=1, deleted=1)

    asyncio.run(run())
    assert texts(store) == {"apples", "berries"}
    assert index(notes(a="apples", b="berries"), manager, store, cleanup=cleanup, **HOW) == counts(skipped=2)


def test_namespaces_are_apart(manager: SQLiteRecordManager, path: Path, store: SQLiteVectorStore) -> None:
    other = SQLiteRecordManager("letters", path)
    index(notes(a="apples"), manager, store, cleanup="full", **HOW)
    index(notes(b="bananas"), other, store, cleanup="full", **HOW)
    assert texts(store) == {"apples", "bananas"}
    assert not set(manager.list_keys()) & set(other.list_keys())


def test_keys_are_listed_by_time_and_group(manager: SQLiteRecordManager) -> None:
    manager.update(["a", "b"], group_ids=["fruit", None])
    between = manager.get_time()
    manager.update(["c", "d"], group_ids=["fruit", "nuts"], time_at_least=between)
    assert manager.list_keys() == ["a", "b", "c", "d"]
    assert manager.list_keys(before=between) == ["a", "b"]
    assert manager.list_keys(after=between) == ["c", "d"]
    assert manager.list_keys(group_ids=["fruit"]) == ["a", "c"]
    assert manager.list_keys(group_ids=["fruit", "nuts"], after=between, limit=1) == ["c"]
    assert manager.list_keys(group_ids=[]) == []
    assert manager.list_keys(limit=0) == []
    assert manager.exists(["d", "x", "a", "d"]) == [True, False, True, True]
    manager.delete_keys(["d", "x"])
    assert manager.exists(["d"]) == [False]
    many = [f"k{n}" for n in range(40_000)]  # more than SQLite takes as single parameters
    manager.update(many)
    assert all(manager.exists(many))
    manager.delete_keys(many)
    assert manager.list_keys() == ["a", "b", "c"]


def test_a_refreshed_key_keeps_its_group(manager: SQLiteRecordManager) -> None:
    manager.update(["a"], group_ids=["fruit"])
    manager.update(["a"])
    assert manager.list_keys(group_ids=["fruit"]) == ["a"]
    manager.update(["a"], group_ids=[None])
    assert manager.list_keys(group_ids=["fruit"]) == []


def test_wrong_calls_are_told(manager: SQLiteRecordManager) -> None:
    with pytest.raises(ValueError) as caught:
        manager.update(["a", "b"], group_ids=["fruit"])
    assert str(caught.value) == "got 1 group_ids for 2 keys; pass one for each, or None"
    with pytest.raises(ValueError, match=r"time_at_least is inf, and it is \d+\.\d+ now; pass what get_time\(\) gave"):
        manager.update(["a"], time_at_least=math.inf)
    assert manager.list_keys() == []


def test_the_clock_never_goes_back(
    manager: SQLiteRecordManager, path: Path, store: SQLiteVectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(notes(a="apples", b="bananas"), manager, store, cleanup="full", **HOW)
    before = manager.get_time()
    monkeypatch.setattr(records.time, "time", lambda: before - 3600)  # set right by the machine, an hour back
    times = [SQLiteRecordManager("notes", path).get_time() for _ in range(3)]
    assert before < times[0] < times[1] < times[2] < before + 1
    assert index(notes(a="apples"), manager, store, cleanup="full", **HOW) == counts(skipped=1, deleted=1)
    assert texts(store) == {"apples"}


def test_in_memory_and_in_a_folder_that_is_none(tmp_path: Path) -> None:
    memory = SQLiteRecordManager("notes")
    memory.update(["a"])
    assert memory.exists(["a"]) == [True]
    assert repr(memory) == "SQLiteRecordManager('notes', 'a database in memory')"
    memory.close()
    assert memory.exists(["a"]) == [False]
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be used"):
        SQLiteRecordManager("notes", tmp_path / "file" / "records.sqlite").create_schema()


WRITER = """
import sys
from prefrontal.retrieval.stores.sqlite_records import SQLiteRecordManager
manager = SQLiteRecordManager("notes", sys.argv[1])
for n in range(25):
    manager.update([f"{sys.argv[2]}-{n}"], time_at_least=manager.get_time())
"""


def test_processes_write_at_the_same_time(path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(n)]) for n in range(4)]
    assert [writer.wait() for writer in writers] == [0] * 4
    assert len(SQLiteRecordManager("notes", path).list_keys()) == 100
