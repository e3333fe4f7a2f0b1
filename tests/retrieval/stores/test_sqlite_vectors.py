from __future__ import annotations

import inspect
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.vectorstores import VectorStore
from langchain_tests.integration_tests import VectorStoreIntegrationTests

from prefrontal.errors import EmbedderError, StoreError, UsageError
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.stores.sqlite_vectors import SQLiteVectorStore

# The suite leaves it to the project to say which plugin runs its async tests.
for function in vars(VectorStoreIntegrationTests).values():
    if inspect.iscoroutinefunction(function):
        pytest.mark.asyncio(function)


class TestStandard(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(self, tmp_path: Path) -> Iterator[VectorStore]:  # type: ignore[override]  # as their template
        store = SQLiteVectorStore(self.get_embeddings(), tmp_path / "store.sqlite")
        yield store
        store.close()


class TestStandardInMemory(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(self) -> VectorStore:  # type: ignore[override]
        return SQLiteVectorStore(self.get_embeddings())


DOCUMENTS = [
    Document("a photo of coins", id="coins", metadata={"kind": "image", "year": 2024, "own": True, "tags": ["a"]}),
    Document("a photo of a cat", id="cat", metadata={"kind": "image", "year": 2025, "own": False, "note": None}),
    Document("a song about coins", id="song", metadata={"kind": "audio", "year": 2025, 'o"d.d$': "x"}),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "store.sqlite"


@pytest.fixture
def store(path: Path) -> SQLiteVectorStore:
    store = SQLiteVectorStore(HashEmbedder(), path)
    store.add_documents(DOCUMENTS)
    return store


def ids(found: list[Document]) -> list[str | None]:
    return [document.id for document in found]


def test_the_closest_come_first_with_their_cosines(store: SQLiteVectorStore) -> None:
    found = store.similarity_search_with_score("a photo of coins", k=9)
    assert found[0][1] == pytest.approx(1)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert found[0][0] == DOCUMENTS[0]
    vector = store.embeddings.embed_query("a photo of a cat")
    assert ids(store.similarity_search_by_vector(vector, k=1)) == ["cat"]
    assert {score for _, score in store.similarity_search_with_score("?!")} == {0.0}, "no direction, no closeness"


def test_relevance_goes_from_0_to_1(store: SQLiteVectorStore) -> None:
    retriever = store.as_retriever(search_type="similarity_score_threshold", search_kwargs={"score_threshold": 0.99})
    assert ids(retriever.invoke("a photo of coins")) == ["coins"]
    scores = store.similarity_search_with_relevance_scores("zzz qqq", k=3)
    assert all(0 <= score <= 1 for _, score in scores)


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({"kind": "image"}, {"coins", "cat"}),
        ({"kind": "image", "year": 2025}, {"cat"}),
        ({"year": [2023, 2024]}, {"coins"}),
        ({"year": 2025.0}, {"cat", "song"}),
        ({"year": "2025"}, set()),
        ({"own": True}, {"coins"}),
        ({"own": False}, {"cat"}),
        ({"note": None}, {"cat"}),
        ({"tags": None}, set()),
        ({'o"d.d$': "x"}, {"song"}),
        ({"kind": []}, set()),
        ({"kind' OR 1=1 --": "image"}, set()),
        ({}, {"coins", "cat", "song"}),
        (None, {"coins", "cat", "song"}),
        (lambda document: "coins" in document.page_content, {"coins", "song"}),
    ],
)
def test_filters(store: SQLiteVectorStore, filter: Any, expected: set[str]) -> None:
    assert set(ids(store.similarity_search("coins", k=9, filter=filter))) == expected
    assert set(ids(store.max_marginal_relevance_search("coins", k=9, filter=filter))) == expected
    assert len(store.similarity_search("coins", k=1, filter=filter)) == min(1, len(expected))


def test_a_test_is_asked_best_first_and_no_more_than_it_must(store: SQLiteVectorStore) -> None:
    store.add_texts([f"number {n}" for n in range(600)])
    asked: list[str] = []

    def odd(document: Document) -> bool:
        asked.append(document.page_content)
        return document.page_content.endswith("7")

    best, _ = store.similarity_search("number 77", k=2, filter=odd)
    assert best.page_content == "number 77"
    assert len(asked) <= 256


def test_alike_documents_come_once_when_asked_for_variety(store: SQLiteVectorStore) -> None:
    store.add_texts(["a photo of coins!", "a photo of coins?"], ids=["twin", "triplet"])
    assert set(ids(store.similarity_search("a photo of coins", k=3))) == {"coins", "twin", "triplet"}
    varied = ids(store.max_marginal_relevance_search("a photo of coins", k=3, lambda_mult=0.3))
    assert len({"coins", "twin", "triplet"} & set(varied)) == 1
    assert ids(store.as_retriever(search_type="mmr", search_kwargs={"k": 1}).invoke("song")) == ["song"]


def test_it_is_there_when_it_is_opened_again(store: SQLiteVectorStore, path: Path) -> None:
    store.delete(["cat"])
    store.add_texts(["a photo of a dog"], [{"kind": "image"}], ids=["coins"])
    again = SQLiteVectorStore(HashEmbedder(), path)
    assert again.similarity_search("a photo of a dog", k=1) == [
        Document("a photo of a dog", id="coins", metadata={"kind": "image"})
    ]
    assert ids(again.get_by_ids(["song", "cat", "coins", "song"])) == ["song", "coins"]
    assert again.delete()
    assert store.similarity_search("a photo") == [], "the other one sees it"
    assert sorted(file.name for file in path.parent.iterdir() if "-" not in file.name) == ["store.sqlite"]


def test_of_two_documents_with_one_id_the_last_counts(store: SQLiteVectorStore) -> None:
    assert store.add_texts(["first", "second"], ids=["x", "x"]) == ["x", "x"]
    assert store.get_by_ids(["x"])[0].page_content == "second"
    assert store.add_documents([]) == []
    fresh = store.add_documents([Document("one"), Document("two", id="mine")], ids=[None, None])
    assert fresh[1] == "mine"
    assert store.get_by_ids(fresh)[0].page_content == "one"


def test_from_texts() -> None:
    store = SQLiteVectorStore.from_texts(["one", "two"], HashEmbedder(), [{"n": 1}, {"n": 2}], ids=["1", "2"])
    assert store.similarity_search("two", k=1) == [Document("two", id="2", metadata={"n": 2})]
    store.close()
    assert store.similarity_search("two") == []


def test_another_embedder_is_refused(store: SQLiteVectorStore, path: Path) -> None:
    other = SQLiteVectorStore(HashEmbedder(64), path)
    with pytest.raises(EmbedderError) as caught:
        other.similarity_search("a photo")
    assert str(caught.value) == (
        f"{path} was made with the embedder hash-trigrams-1/256, got hash-trigrams-1/64; "
        "pass the embedder that it was made with, or name another file"
    )
    with pytest.raises(EmbedderError, match="was made with the embedder"):
        other.add_texts(["more"])
    with pytest.raises(UsageError) as caught:
        store.similarity_search_by_vector([1.0, 0.0])
    assert str(caught.value) == (
        "the vector has 2 numbers, hash-trigrams-1/256 gives 256; "
        "embed the query with the store's own embedder (store.embeddings)"
    )


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda s: s.similarity_search("x", k=0), "k is 0; ask for one document or more"),
        (
            lambda s: s.similarity_search("x", filters={"kind": "image"}),
            "'filters' is no argument of a SQLiteVectorStore; narrow a search by filter=",
        ),
        (
            lambda s: s.similarity_search("x", filter={"kind": {"not": "image"}}),
            "the filter 'kind': {'not': 'image'} cannot be understood; allowed are texts, numbers, True, False, None "
            "and lists of these, or a function of the document",
        ),
        (
            lambda s: s.add_documents([Document("x", metadata={"at": {1, 2}})], ids=["x"]),
            "the document 'x' cannot be stored (Object of type set is not JSON serializable); "
            "its text must be Unicode and its metadata plain JSON",
        ),
        (
            lambda s: s.add_documents([Document("x")], ids=[]),
            "got 0 ids for 1 documents; pass one for each, or none at all",
        ),
    ],
)
def test_mistakes_are_told_and_change_nothing(store: SQLiteVectorStore, call: Any, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        call(store)
    assert str(caught.value) == said
    assert len(store.similarity_search("x", k=99)) == 3


def test_what_json_and_unicode_do_not_know_is_refused(store: SQLiteVectorStore) -> None:
    with pytest.raises(UsageError, match=r"the document 'x' cannot be stored \(Out of range float values are not JSON"):
        store.add_texts(["fine", "x"], [{}, {"score": float("nan")}], ids=["fine", "x"])
    assert store.get_by_ids(["fine"]) == []
    with pytest.raises(UsageError, match=r"cannot be stored .*surrogates not allowed"):
        store.add_texts(["\ud800"])
    store.add_texts(["a\0b"], ids=["nul"])
    assert store.get_by_ids(["nul"])[0].page_content == "a\0b"


def test_a_change_that_fails_is_none(store: SQLiteVectorStore, path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON documents WHEN new.id = 'two' BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(StoreError, match="full"):
        store.add_texts(["1", "2"], ids=["one", "two"])
    assert store.get_by_ids(["one"]) == []
    assert store.add_texts(["1"], ids=["one"]) == ["one"]


def test_threads_search_while_one_writes(store: SQLiteVectorStore) -> None:
    done = threading.Event()

    def search() -> int:
        searches = 0
        while not done.is_set():
            (found,) = store.similarity_search("a photo of coins", k=1)
            assert found.id == "coins"
            searches += 1
        return searches

    with ThreadPoolExecutor(4) as threads:
        searching = [threads.submit(search) for _ in range(4)]
        try:
            for n in range(60):
                store.add_texts([f"text {n}", f"words {n}"], ids=[f"a{n % 7}", f"b{n}"])
                store.delete([f"b{n - 1}"])
        finally:
            done.set()
        assert all(future.result() > 0 for future in searching)
    assert len(store.similarity_search("x", k=99)) == 3 + 7 + 1


WRITER = """
import sys
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.stores.sqlite_vectors import SQLiteVectorStore
store = SQLiteVectorStore(HashEmbedder(), sys.argv[1])
for n in range(20):
    store.add_texts([f"{sys.argv[2]} {n}"], ids=[f"{sys.argv[2]}-{n}"])
    print(n, flush=True)
"""


def test_processes_write_and_none_is_lost(path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(n)], stdout=subprocess.PIPE) for n in range(4)
    ]
    killed = subprocess.Popen([sys.executable, "-c", WRITER, str(path), "killed"], stdout=subprocess.PIPE)
    assert killed.stdout
    said = [killed.stdout.readline() for _ in range(3)]
    killed.kill()
    said += killed.stdout.readlines()
    assert [writer.communicate() and writer.returncode for writer in writers] == [0] * 4
    killed.communicate()
    store = SQLiteVectorStore(HashEmbedder(), path)
    found = {document.id for document in store.similarity_search("x", k=999)}
    assert found >= {f"{writer}-{n}" for writer in range(4) for n in range(20)}
    assert found >= {f"killed-{int(n)}" for n in said if n.endswith(b"\n")}, "what was told to be written is there"
    assert len(store.similarity_search("2 7", k=1)) == 1
