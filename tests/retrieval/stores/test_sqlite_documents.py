from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.documents import Document

from prefrontal.errors import UsageError
from prefrontal.retrieval.stores import sqlite_documents
from prefrontal.retrieval.stores.sqlite_documents import (
    SCHEMA,
    columns_of,
    condition,
    documents_at,
    passing,
    read_document,
)

DOCUMENTS = [
    Document("a photo of coins", id="coins", metadata={"kind": "image", "year": 2024, "own": True, "tags": ["a"]}),
    Document("a photo of a cat", id="cat", metadata={"kind": "image", "year": 2025, "own": False, "note": None}),
    Document("a song about coins", id="song", metadata={"kind": "audio", "year": 2025, 'o"d.d$': "x"}),
]


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    for document in DOCUMENTS:
        connection.execute(
            "INSERT INTO documents (id, text, metadata, vector) VALUES (?, ?, ?, '')",
            [document.id, *columns_of(str(document.id), document)],
        )
    yield connection
    connection.close()


@pytest.mark.parametrize("document", [*DOCUMENTS, Document("", id="empty"), Document("a\0b", id="nul")])
def test_a_document_comes_back_as_it_was_written(document: Document) -> None:
    assert read_document(str(document.id), *columns_of(str(document.id), document)) == document


def deep() -> list[Any]:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (Document("x", metadata={"at": {1, 2}}), "Object of type set is not JSON serializable"),
        (Document("\ud800"), "'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed"),
    ],
)
def test_what_cannot_be_written_is_told(document: Document, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        columns_of("mine", document)
    assert str(caught.value) == (
        f"the document 'mine' cannot be stored ({why}); its text must be Unicode and its metadata plain JSON"
    )


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), deep()], ids=["nan", "-inf", "deep"])
def test_what_json_does_not_know_is_told(value: Any) -> None:
    with pytest.raises(UsageError, match=r"^the document 'mine' cannot be stored \(.+\); its text must be Unicode and"):
        columns_of("mine", Document("x", metadata={"value": value}))


def test_documents_are_read_by_their_rows(connection: sqlite3.Connection) -> None:
    assert documents_at(connection, [3, 1, 99]) == {1: DOCUMENTS[0], 3: DOCUMENTS[2]}
    assert documents_at(connection, []) == {}
    assert len(documents_at(connection, range(1, 50_000))) == 3, "more than SQLite takes as single parameters"


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({"kind": "image"}, ["coins", "cat"]),
        ({"kind": "image", "year": 2025}, ["cat"]),
        ({"year": (2023, 2024)}, ["coins"]),
        ({"year": {2025}}, ["cat", "song"]),
        ({"note": None}, ["cat"]),
        ({"own": True}, ["coins"]),
        ({"tags": "a"}, []),
        ({"tags": None}, []),
        ({"tags": '["a"]'}, []),
        ({"kind": []}, []),
        ({"kind": ["' OR 1=1 --"]}, []),
    ],
)
def test_a_filter_is_a_condition_over_the_metadata(
    connection: sqlite3.Connection, filter: dict[str, Any], expected: list[str]
) -> None:
    where, values = condition(filter)
    found = connection.execute(f"SELECT id FROM documents WHERE {where} ORDER BY rowid", values)
    assert [id for (id,) in found] == expected


def test_without_a_filter_there_is_no_condition() -> None:
    assert condition({}) == ("", [])


@pytest.mark.parametrize("filter", [{"kind": {"not": "image"}}, {7: "image"}, {"kind": ["image", ["audio"]]}])
def test_a_filter_that_nobody_understands_is_refused(filter: dict[Any, Any]) -> None:
    ((key, wanted),) = filter.items()
    with pytest.raises(UsageError) as caught:
        condition(filter)
    assert str(caught.value) == (
        f"the filter {key!r}: {wanted!r} cannot be understood; allowed are texts, numbers, True, False, None "
        "and lists of these, or a function of the document"
    )


def test_a_test_sees_the_closest_first_and_no_more_than_it_must(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_documents, "_LOOKED_AT", 1)
    seen: list[str | None] = []

    def about_coins(document: Document) -> bool:
        seen.append(document.id)
        return "coins" in document.page_content

    found = [(3, 0.9), (2, 0.5), (1, 0.1)]
    assert passing(connection, found, about_coins, 1) == [(3, 0.9)]
    assert seen == ["song"]
    assert passing(connection, found, about_coins, 9) == [(3, 0.9), (1, 0.1)]
    assert passing(connection, [], about_coins, 9) == []
