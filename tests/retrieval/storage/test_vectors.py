from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from prefrontal.errors import IndexDamagedError
from prefrontal.retrieval.storage.vectors import SealedVectors, Vectors

EAST, NORTH, NORTHEAST = np.array([1, 0], np.float32), np.array([0, 1], np.float32), np.float32([0.6, 0.8])


@pytest.fixture
def vectors() -> Vectors:
    vectors = Vectors(2)
    vectors.add([10, 20, 30], np.stack([EAST, NORTH, NORTHEAST]))
    return vectors


def test_the_closest_come_first_with_their_cosines(vectors: Vectors) -> None:
    assert vectors.closest(EAST, 2) == [(10, 1.0), (30, pytest.approx(0.6))]


def test_more_than_there_are_gives_all_there_are(vectors: Vectors) -> None:
    assert [id for id, _ in vectors.closest(NORTH, 99)] == [20, 30, 10]
    assert Vectors(2).closest(EAST, 5) == []
    assert vectors.closest(EAST, 0) == []


def test_only_the_allowed_ids_are_searched(vectors: Vectors) -> None:
    assert [id for id, _ in vectors.closest(EAST, 5, only=[20, 30])] == [30, 20]
    assert vectors.closest(EAST, 5, only=[]) == []
    assert vectors.closest(EAST, 5, only=[77]) == []


def test_a_zero_query_is_as_far_from_everything(vectors: Vectors) -> None:
    assert {score for _, score in vectors.closest(np.zeros(2, np.float32), 3)} == {0.0}


def test_removed_ids_are_gone_and_the_others_stay(vectors: Vectors) -> None:
    vectors.remove([10, 99])
    assert len(vectors) == 2
    assert vectors.get([30, 20]).tolist() == [pytest.approx([0.6, 0.8]), [0.0, 1.0]]
    assert vectors.get([]).shape == (0, 2)


def test_what_was_saved_is_loaded(vectors: Vectors, tmp_path: Path) -> None:
    vectors.save(tmp_path / "v.faiss")
    again = Vectors.load(tmp_path / "v.faiss")
    assert (again.dimension, len(again)) == (2, 3)
    assert again.closest(EAST, 1) == [(10, 1.0)]
    again.remove([10])
    assert again.closest(EAST, 1)[0][0] == 30


def test_a_file_that_is_no_index_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v.faiss").write_bytes(b"no index at all")
    with pytest.raises(IndexDamagedError, match=r"v\.faiss cannot be read by FAISS; rebuild the index"):
        Vectors.load(tmp_path / "v.faiss")
    with pytest.raises(FileNotFoundError):
        Vectors.load(tmp_path / "missing.faiss")


def test_a_folder_that_is_not_there_cannot_be_written(vectors: Vectors, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        vectors.save(tmp_path / "missing" / "v.faiss")


@pytest.mark.parametrize("dimension", [32, 33])
def test_sealed_vectors_of_any_dimension_find_themselves(dimension: int, tmp_path: Path) -> None:
    rows = np.random.default_rng(1).normal(size=(200, dimension)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    vectors = Vectors(dimension)
    vectors.add(list(range(1, 201)), rows)
    vectors.seal(tmp_path / "v.faiss")
    sealed = SealedVectors(tmp_path / "v.faiss")
    assert len(sealed) == 200
    assert [sealed.closest(row, 1)[0][0] for row in rows[::20]] == list(range(1, 201, 20))
    assert sealed.closest(rows[4], 1, only=[3, 9])[0][0] in (3, 9)
