"""An index of several parts answers as one of a single part does, and adding to it leaves the sealed ones alone."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from prefrontal.errors import CardNotFoundError, IndexDamagedError
from prefrontal.retrieval import naming, sources
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.filters import Filters
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ingest import commit as updates
from prefrontal.retrieval.ranking.query import Query
from prefrontal.retrieval.storage import generations, manifest
from prefrontal.retrieval.storage import vectors as vectors_module
from prefrontal.retrieval.storage.generations import CATALOG, GONE, VECTORS
from prefrontal.retrieval.storage.vectors import LISTS
from prefrontal.tools.card import ModelCard

SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va".split()
WORDS = [a + b + c for a in SYLLABLES for b in SYLLABLES[:8] for c in ("st", "rm")]
TASKS = ("object-detection", "translation", "image-classification", "text-generation")


def make_cards(count: int, seed: int = 0, start: int = 0) -> list[ModelCard]:
    draw = random.Random(seed)
    return [
        ModelCard(
            id=f"owner{n % 7}/{draw.choice(WORDS)}-{draw.choice(WORDS)}-{n}",
            task=draw.choice(TASKS),
            summary=f"It knows the {' and the '.join(draw.sample(WORDS, 5))}.",
            license=draw.choice(("mit", "apache-2.0")),
            downloads=draw.randrange(5000),
        )
        for n in range(start, start + count)
    ]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generations, "SEALED_FROM", 100)


@pytest.fixture
def whole(tmp_path: Path) -> ModelIndex:
    index = ModelIndex(tmp_path / "whole", HashEmbedder(64))
    index.add(make_cards(450))
    return index


@pytest.fixture
def parted(tmp_path: Path, whole: ModelIndex, small_parts: None) -> ModelIndex:
    index = ModelIndex(tmp_path / "parted", HashEmbedder(64))
    for start in range(0, 450, 150):
        index.add([card for number, card in enumerate(make_cards(450)) if start <= number < start + 150])
    return index


def folders(index: ModelIndex) -> list[str]:
    return sorted(path.name for path in index.path.glob("gen-*"))


def test_several_parts_hold_what_one_part_holds(whole: ModelIndex, parted: ModelIndex) -> None:
    assert folders(parted) == ["gen-000001", "gen-000002", "gen-000003"]
    assert len(parted._generations.open().segments.all) == 3  # type: ignore[union-attr]  # there is one
    assert list(parted) == list(whole)
    assert len(parted) == 450
    assert parted.tasks() == whole.tasks()
    assert parted.get(make_cards(450)[7].id) == make_cards(450)[7]
    assert parted.verify()["cards"] == 450


@pytest.mark.parametrize("filters", [{}, {"license": "mit"}, {"task": "translation"}, {"max_bytes": 5}])
def test_several_parts_find_what_one_part_finds(whole: ModelIndex, parted: ModelIndex, filters: dict[str, str]) -> None:
    same = 0
    for query in (f"a {a} on the {b}" for a, b in zip(WORDS[::51], WORDS[7::51], strict=False)):
        # The words' weights are those of a part, and the closeness is within 1/255: the order may differ slightly.
        one = [hit.id for hit in whole.search(query, 10, offline=True, **filters)]
        other = [hit.id for hit in parted.search(query, 10, offline=True, **filters)]
        assert len(one) == len(other) == 10
        same += len(set(one[:3]) & set(other))
    assert same >= 14


def test_the_sealed_search_finds_nearly_what_comparing_with_all_finds(
    parted: ModelIndex, whole: ModelIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors_module, "_AGAIN", 40)  # of 450: the lists have to choose
    ours, exact = (index._generations.open().segments for index in (parted, whole))  # type: ignore[union-attr]
    vectors = HashEmbedder(64).encode([f"the {a} and the {b}" for a in WORDS[:30] for b in WORDS[::60]])
    found = [
        (set(ours.near(Query("", (), v), 10, Filters())), set(exact.near(Query("", (), v), 10, Filters())))
        for v in vectors
    ]
    assert sum(len(one & other) for one, other in found) / (10 * len(found)) >= 0.97


def test_what_changes_or_goes_in_a_sealed_part_is_passed_over(parted: ModelIndex) -> None:
    before = {path: path.stat().st_mtime_ns for path in parted.path.glob("gen-*/*.*")}
    first, second, third = make_cards(450)[:3]
    report = parted.add([first.with_(summary="Tells zebras from okapis."), second])
    assert (report.changed, report.unchanged) == ((first.id,), (second.id,))
    assert parted.remove(third.id).removed == (third.id,)
    assert parted.get(first.id).summary == "Tells zebras from okapis."
    assert parted.search("zebras and okapis", offline=True)[0].id == first.id
    assert third.id not in parted
    assert third.id not in {hit.id for hit in parted.search(third.summary, 50, offline=True)}
    assert (len(parted), parted.verify()["cards"], sum(parted.stats()["tasks"].values())) == (449, 449, 449)
    assert [path for path, time in before.items() if not path.exists() or path.stat().st_mtime_ns != time] == []
    parted.add(third)
    assert parted.search(third.summary, 3, offline=True)[0].id == third.id
    assert len(parted) == 450
    parted.rebuild()
    assert len(parted) == parted.verify()["cards"] == 450
    assert parted.get(first.id).summary == "Tells zebras from okapis."


def test_sealed_parts_of_which_all_is_gone_are_searched_like_an_empty_index(parted: ModelIndex) -> None:
    parted.remove(*(card.id for card in make_cards(450)))
    assert len(parted) == 0
    assert parted.search("the bacest and the cedirm", offline=True) == []


@pytest.mark.parametrize("name", [CATALOG, VECTORS, LISTS])
def test_a_damaged_sealed_part_is_refused(parted: ModelIndex, name: str) -> None:
    path = parted.path / "gen-000001" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexDamagedError, match=rf"gen-000001/{name} is not what was written"):
        ModelIndex(parted.path, HashEmbedder(64)).search("coin")


def test_a_big_file_is_compared_once_and_again_when_it_was_written_to(
    parted: ModelIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "_BIG", 1000)
    compared: list[str] = []
    sha256 = manifest.file_sha256
    monkeypatch.setattr(manifest, "file_sha256", lambda path: compared.append(path.name) or sha256(path))
    ModelIndex(parted.path, HashEmbedder(64)).search("coin")
    assert CATALOG in compared
    compared.clear()
    ModelIndex(parted.path, HashEmbedder(64)).search("coin")
    assert CATALOG not in compared
    (parted.path / "gen-000002" / VECTORS).write_bytes(b"x" * 2000)
    with pytest.raises(IndexDamagedError, match=r"gen-000002/vectors\.faiss is not what was written"):
        ModelIndex(parted.path, HashEmbedder(64)).search("coin")
    with pytest.raises(IndexDamagedError, match=r"gen-000002/vectors\.faiss is not what was written"):
        parted.verify()


def test_the_gone_are_checked_like_any_other_file(parted: ModelIndex) -> None:
    parted.remove(make_cards(450)[3].id)
    path = parted.path / folders(parted)[-1] / GONE
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    with pytest.raises(IndexDamagedError, match=r"gone\.npy is not what was written"):
        ModelIndex(parted.path, HashEmbedder(64)).search("coin")


class TwoSpeeds(HashEmbedder):
    """Counts how many texts are embedded at full price, and how many roughly."""

    def __init__(self) -> None:
        super().__init__(64)
        self.counts = {"strong": 0, "rough": 0}

    def encode(self, texts: list[str]) -> np.ndarray:
        self.counts["strong"] += len(texts)
        return super().encode(texts)

    def encode_roughly(self, texts: list[str]) -> np.ndarray:
        self.counts["rough"] += len(texts)
        return super().encode(texts)


def test_of_very_many_new_cards_those_that_are_used_most_are_embedded_at_full_price(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "_ALL_STRONG", 100)
    monkeypatch.setattr(updates, "_STRONG", 40)
    embedder = TwoSpeeds()
    index, cards = ModelIndex(tmp_path / "index", embedder), make_cards(300)
    index.add(cards[:90])
    strong = embedder.counts["strong"]
    index.add(cards)
    assert embedder.counts == {"strong": strong + 40, "rough": 170}
    parts = index._generations.open().segments  # type: ignore[union-attr]
    with parts.all[0].catalog._reading() as connection:
        rough = [n for (n,) in connection.execute("SELECT downloads FROM cards WHERE rough")]
    assert len(rough) == 170
    assert max(rough) <= sorted((card.downloads for card in cards[90:]), reverse=True)[40]
    card = next(card for card in cards[90:] if card.downloads == max(rough))
    index.add(card.with_(likes=1))
    assert embedder.counts["strong"] == strong + 41, "a text that was embedded roughly is embedded anew"


def test_an_unknown_id_is_compared_with_those_that_share_words(parted: ModelIndex, monkeypatch: Any) -> None:
    known = make_cards(450)[7].id
    with pytest.raises(CardNotFoundError, match=f"closest: {known}"):
        parted.get(known + "x")
    monkeypatch.setattr(naming, "_COMPARED", 10)
    with pytest.raises(CardNotFoundError, match=f"closest: .*{known}"):
        parted.get(known.replace("owner", "owners"))
    with pytest.raises(CardNotFoundError, match="is not among the 450 models of the index; search"):
        parted.get("nothing/alike")


_WRITER = """
import sys
from prefrontal.retrieval.storage import generations, manifest
from prefrontal.retrieval.ingest import portions as reading
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex

generations.SEALED_FROM, reading._PORTION = 100, 250_000
ModelIndex(sys.argv[1], HashEmbedder(64)).add(sys.argv[2])
"""


def test_a_dump_goes_on_where_a_kill_cut_it_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dump, folder = tmp_path / "hub.parquet", tmp_path / "index"
    rows = [{"id": card.id, "task": card.task, "summary": card.summary, "card": "x" * 200} for card in make_cards(900)]
    parquet.write_table(pyarrow.Table.from_pylist(rows), dump, row_group_size=50)
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(folder), str(dump)])
    while not (folder / "gen-000002").exists():
        assert writer.poll() is None, "it was done before it could be killed"
        time.sleep(0.005)
    writer.kill()
    writer.wait()
    index = ModelIndex(folder, HashEmbedder(64))
    before = index.verify()["cards"]
    assert 100 < before < 900
    assert list(index) == [index.get(card.id) for card in sorted(make_cards(900)[:before], key=lambda card: card.id)]
    read: list[int] = []
    rows_read = sources.parquet.read
    row = replace(
        next(row for row in sources.ROWS if row.name == "parquet"),
        resume=lambda path, skip: (read.append(skip), rows_read(path, skip))[1],
    )
    monkeypatch.setattr(sources, "ROWS", (row,))
    report = index.add(dump)
    assert read == [before], "what came in before is not read again"
    assert len(report.added) == 900 - before
    assert index.verify()["cards"] == 900
    assert index.stats()["sources"] == [str(dump)]
    assert index._generations.open().manifest.reading == {}  # type: ignore[union-attr]  # there is one
    assert index.add(dump).unchanged == tuple(card.id for card in make_cards(900)), "a whole dump is read anew"
