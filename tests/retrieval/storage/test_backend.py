from __future__ import annotations

import numpy as np
import pytest

from prefrontal.errors import IndexDamagedError
from prefrontal.retrieval.embedding.encoder import Encoder
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.storage.backend import FaissBackend
from prefrontal.retrieval.storage.generations import Generation
from prefrontal.retrieval.storage.manifest import CATALOG, VECTORS
from prefrontal.retrieval.storage.vectors import Vectors


@pytest.fixture
def backend() -> FaissBackend:
    return FaissBackend(Encoder(HashEmbedder()))


@pytest.fixture
def generation(index: ModelIndex) -> Generation:
    generation = index._generations.open()
    assert generation
    return generation


def test_faiss_has_no_place_of_its_own(backend: FaissBackend, generation: Generation) -> None:
    assert backend.reader(generation.segments) is generation.segments.vectors
    assert backend.writer(generation.segments, None, fresh=False) is None  # type: ignore[arg-type]  # it is not looked at
    assert not backend.unsettled()
    backend.settle(generation.segments)
    assert len(generation.segments.all[0].vectors) == 6, "there is nothing to let go of"


def test_what_a_generation_says_is_there(backend: FaissBackend, generation: Generation) -> None:
    backend.verify(generation.segments)


@pytest.mark.parametrize("vectors", [5, 7, 0])
def test_a_card_without_its_vector_is_noticed(backend: FaissBackend, generation: Generation, vectors: int) -> None:
    others = Vectors(256)
    others.add(list(range(1, vectors + 1)), np.eye(vectors, 256, dtype=np.float32))
    others.save(generation.folder / VECTORS)
    with pytest.raises(IndexDamagedError) as caught:
        backend.verify(generation.segments)
    assert str(caught.value) == (
        f"{generation.folder} holds 6 cards and {vectors} vectors, expected 6 of both; "
        f"rebuild the index: prefrontal index rebuild --index {generation.folder.parent}"
    )


def test_as_many_of_both_that_are_too_few_are_noticed(
    backend: FaissBackend, index: ModelIndex, generation: Generation
) -> None:
    index.remove("shop/coin-finder")
    for name in (CATALOG, VECTORS):
        (generation.folder / name).write_bytes((index.path / "gen-000002" / name).read_bytes())
    with pytest.raises(IndexDamagedError, match="gen-000001 holds 5 cards and 5 vectors, expected 6 of both; rebuild"):
        backend.verify(generation.segments)
