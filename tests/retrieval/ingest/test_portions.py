"""Portions are read one ahead of what is written, and a part grows as long as a dump is being read."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ingest import portions as reading
from prefrontal.retrieval.ingest.commit import Changes
from prefrontal.retrieval.storage import generations


def portions(count: int, begun: list[int] | None = None) -> Iterator[Changes]:
    for number in range(count):
        if begun is not None:
            begun.append(number)
        yield Changes(sources={str(number): ""})


def test_all_portions_come_in_their_order() -> None:
    assert [list(found.sources) for found in reading.ahead(portions(5))] == [[str(n)] for n in range(5)]
    assert list(reading.ahead(portions(0))) == []


def test_the_next_portion_is_read_while_one_is_written() -> None:
    begun: list[int] = []
    read_on = threading.Event()

    def watched() -> Iterator[Changes]:
        for found in portions(3, begun):
            if len(begun) == 2:
                read_on.set()
            yield found

    first = next(ahead := reading.ahead(watched()))
    assert list(first.sources) == ["0"]
    assert read_on.wait(5), "the second is read although nobody has asked for it yet"
    assert len(list(ahead)) == 2


def test_an_error_while_reading_comes_after_what_was_read_before_it() -> None:
    def broken() -> Iterator[Changes]:
        yield from portions(2)
        raise ValueError("the file ends in the middle of a row")

    ahead = reading.ahead(broken())
    assert [list(next(ahead).sources) for _ in range(2)] == [["0"], ["1"]]
    with pytest.raises(ValueError, match="in the middle of a row"):
        next(ahead)


def test_a_part_grows_as_long_as_a_dump_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generations, "SEALED_FROM", 20)
    monkeypatch.setattr(generations, "SEALED_WHILE_READING", 60)
    monkeypatch.setattr(reading, "_PORTION", 2_100 * 25)  # 25 cards
    rows = [{"id": f"lab/m{n}", "card": f"Number {n}. " + "x" * 88} for n in range(160)]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "hub.parquet")
    index = ModelIndex(tmp_path / "index", HashEmbedder(64))
    index.add(tmp_path / "hub.parquet")
    manifests = [json.loads(path.read_bytes()) for path in sorted(index.path.glob("gen-*/manifest.json"))]
    *sealed, growing = [part["own"] for part in manifests[-1]["sealed"]] + [manifests[-1]["own"]]
    assert len(sealed) == 2
    assert all(60 <= cards < 60 + 30 for cards in sealed), "three portions each"
    assert growing == 160 - sum(sealed)
    assert index.verify()["cards"] == 160
