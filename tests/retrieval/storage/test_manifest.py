from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.storage import manifest
from prefrontal.retrieval.storage.manifest import (
    CATALOG,
    LISTS,
    TASKS,
    VECTORS,
    Manifest,
    Verified,
    file_sha256,
    folder_name,
    is_whole,
)


def files(*names: str) -> dict[str, dict[str, str | int]]:
    return {name: {"bytes": 7, "sha256": f"of {name}"} for name in names}


GROWING = Manifest(2, "hash", 64, cards=30, own=30, files=files(CATALOG, VECTORS, TASKS), sources={"here": "1"})
SEALED = replace(GROWING, is_sealed=True, files=files(CATALOG, VECTORS, LISTS, TASKS))


def test_it_comes_back_from_json_as_it_was() -> None:
    first = SEALED.continued()
    assert Manifest(**json.loads(json.dumps(asdict(first)))) == first


def test_a_part_that_grows_is_continued_as_it_is() -> None:
    assert GROWING.continued() is GROWING


def test_after_a_sealed_part_another_one_begins() -> None:
    second = SEALED.continued()
    assert second.sealed == [{"generation": 2, "own": 30, "files": SEALED.files}]
    assert (second.own, second.is_sealed, second.cards, second.sources) == (0, False, 30, {"here": "1"})
    third = replace(second, generation=3, own=12, is_sealed=True, files=SEALED.files).continued()
    assert [part["generation"] for part in third.sealed] == [2, 3]
    assert len(second.sealed) == 1, "the one before stays as it was"


def test_the_files_of_all_parts_are_those_that_a_search_reads() -> None:
    assert [(number, name) for number, name, _ in GROWING.all_files()] == [(2, CATALOG), (2, VECTORS), (2, TASKS)]
    second = replace(SEALED.continued(), generation=3, files=files(CATALOG, TASKS))
    assert [(number, name) for number, name, _ in second.all_files()] == [
        (2, CATALOG),
        (2, VECTORS),
        (2, LISTS),
        (3, CATALOG),
        (3, TASKS),
    ], "the tasks' vectors are read from the last one only"
    assert second.all_files()[0][2] == {"bytes": 7, "sha256": f"of {CATALOG}"}


def test_what_an_index_writes_names_its_files_as_they_are(index: ModelIndex) -> None:
    folder = index.path / folder_name(1)
    written = Manifest(**json.loads((folder / manifest.MANIFEST).read_bytes()))
    assert (written.generation, written.cards, written.own, written.dimension) == (1, 6, 6, 256)
    assert {name for _, name, _ in written.all_files()} == {CATALOG, VECTORS, TASKS}
    for _, name, known in written.all_files():
        assert known == {"bytes": (folder / name).stat().st_size, "sha256": file_sha256(folder / name)}


def test_a_file_is_whole_when_it_is_there_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, appendix B.1
    assert file_sha256(path) == known
    assert is_whole(path, known)
    path.write_bytes(b"abd")
    assert not is_whole(path, known)
    path.unlink()
    assert not is_whole(path, known)
    assert not is_whole(tmp_path, known), "a folder"


@pytest.fixture
def big(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(manifest, "_BIG", 3)
    path = tmp_path / "gen-000001" / "vectors.faiss"
    path.parent.mkdir()
    path.write_bytes(b"abc")
    return path


def spoil(path: Path, later: int = 0) -> None:
    """Other bytes, as many as before; the file's time moves on by so many nanoseconds."""
    found = path.stat()
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns + later))


def test_a_big_file_is_compared_once_over_all_processes(big: Path, tmp_path: Path) -> None:
    known, notes = file_sha256(big), tmp_path / "verified.json"
    first = Verified(notes)
    assert first.holds(big, known)
    first.save()
    spoil(big)
    assert Verified(notes).holds(big, known), "size and time are the same: it is taken for compared"
    assert not Verified(tmp_path / "nothing.json").holds(big, known)


def test_a_big_file_of_another_time_size_or_sum_is_compared_again(big: Path, tmp_path: Path) -> None:
    known, verified = file_sha256(big), Verified(tmp_path / "verified.json")
    assert verified.holds(big, known)
    assert not verified.holds(big, "another")
    spoil(big, later=1)
    assert not verified.holds(big, known)
    big.write_bytes(b"abcd")
    assert not verified.holds(big, known)
    assert verified.holds(big, file_sha256(big))


def test_a_small_file_is_compared_every_time(big: Path, tmp_path: Path) -> None:
    small = big.with_name("small")
    small.write_bytes(b"ab")
    known, verified = file_sha256(small), Verified(tmp_path / "verified.json")
    assert verified.holds(small, known)
    verified.save()
    assert not verified.path.exists(), "there is nothing to remember"
    spoil(small)
    assert not verified.holds(small, known)


@pytest.mark.parametrize("notes", [b"", b"\xff", b'"text"', b'{"gen-000001/vectors.faiss": 7}', b"null", b"[1, 2]"])
def test_damaged_notes_are_none(big: Path, tmp_path: Path, notes: bytes) -> None:
    path = tmp_path / "verified.json"
    path.write_bytes(notes)
    verified = Verified(path)
    assert not verified.holds(big, "another")
    assert verified.holds(big, file_sha256(big))
    verified.save()
    assert list(json.loads(path.read_bytes())) == ["gen-000001/vectors.faiss"]


def test_notes_that_cannot_be_written_do_no_harm(big: Path, tmp_path: Path) -> None:
    verified = Verified(big / "verified.json")  # below a file
    assert verified.holds(big, file_sha256(big))
    verified.save()
    assert big.read_bytes() == b"abc"
