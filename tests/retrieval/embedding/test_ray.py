"""Embedding by a real Ray of two workers, on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from ray_embedder import CRASH, DIMENSION, FAIL, FIRST, Make

import prefrontal
from prefrontal.errors import EmbedderError, UsageError
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.embedding.ray import RayEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.card import ModelCard

ray = pytest.importorskip("ray", reason="Ray is not installed; pip install 'ray[data]'")
TEXTS = [FIRST, *(f"text number {number}" for number in range(100)), CRASH]


@pytest.fixture(scope="module")
def _cluster() -> Iterator[None]:
    """Two processors, and nothing beyond loopback."""
    here = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    paths = [*filter(None, here), str(Path(__file__).parents[2]), str(Path(prefrontal.__file__).parents[1])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "disabled")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("PYTHONPATH", os.pathsep.join(paths))
        ray.init(
            num_cpus=2,
            include_dashboard=False,
            log_to_driver=False,
            object_store_memory=100_000_000,
            _node_ip_address="127.0.0.1",
        )
        yield
        ray.shutdown()


def test_few_texts_are_embedded_here(tmp_path: Path) -> None:
    embedder = RayEmbedder(Make(tmp_path, os.getpid()), batch=len(TEXTS))
    assert np.array_equal(embedder.encode(TEXTS[:5]), HashEmbedder(DIMENSION).encode(TEXTS[:5]))
    assert embedder.embed_query("two words") == HashEmbedder(DIMENSION).embed_query("two words")
    assert embedder.encode([]).shape == (0, DIMENSION)
    assert not ray.is_initialized()
    assert repr(embedder) == "RayEmbedder('hash-trigrams-1/32', workers=2)"


@pytest.mark.usefixtures("_cluster")
def test_an_index_that_two_workers_embed_is_the_same(tmp_path: Path) -> None:
    cards = [ModelCard(id=f"lab/m{n}", task="translation", summary=f"It is number {n}.") for n in range(120)]
    plain = ModelIndex(tmp_path / "plain", HashEmbedder(DIMENSION))
    plain.add(cards)
    moved: list[tuple[int, int]] = []
    spread = ModelIndex(tmp_path / "spread", RayEmbedder(Make(tmp_path, os.getpid()), workers=2, batch=16))
    spread.add(cards, progress=lambda done, total: moved.append((done, total)))

    processes = {path.name for path in tmp_path.glob("embedded-*")}
    assert len(processes - {f"embedded-{os.getpid()}"}) == 2, "both had some of the texts"
    assert moved == sorted(moved)
    assert moved[-1] == (120, 120)
    assert len(moved) > 2, "rows come as they are done"
    opened = ModelIndex(tmp_path / "spread", HashEmbedder(DIMENSION))
    assert opened.verify()["embedder"] == plain.stats()["embedder"]
    for query in ("number 7", "translate a text"):
        assert [(hit.id, hit.score) for hit in opened.search(query)] == [
            (hit.id, hit.score) for hit in plain.search(query)
        ]


@pytest.mark.usefixtures("_cluster")
def test_the_order_is_kept_when_workers_are_slow_or_die(tmp_path: Path) -> None:
    rows = RayEmbedder(Make(tmp_path, os.getpid()), batch=10).encode(TEXTS)
    assert (tmp_path / "crashed").exists()
    assert np.array_equal(rows, HashEmbedder(DIMENSION).encode(TEXTS))


@pytest.mark.usefixtures("_cluster")
def test_a_worker_that_fails_says_so(tmp_path: Path) -> None:
    index = ModelIndex(tmp_path / "index", RayEmbedder(Make(tmp_path, os.getpid()), batch=10))
    cards = [ModelCard(id=f"lab/m{n}", summary=text) for n, text in enumerate([*TEXTS[1:30], FAIL])]
    with pytest.raises(EmbedderError) as caught:
        index.add(cards)
    advice = "mend that, and try again: what is in the index already is not embedded again"
    failed = "a worker of Ray failed while embedding"
    assert str(caught.value) == f"{failed} (ValueError: cannot embed {FAIL!r}); {advice}"
    assert len(index) == 0

    with pytest.raises(EmbedderError) as caught:
        RayEmbedder(Make(tmp_path, os.getpid(), there=16), batch=10).encode(TEXTS)
    assert str(caught.value) == (
        f"{failed} (EmbedderError: its embedder is hash-trigrams-1/16, expected hash-trigrams-1/32: "
        f"the same versions must be installed on every machine); {advice}"
    )


def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray.data", None)
    with pytest.raises(UsageError) as caught:
        RayEmbedder(HashEmbedder)
    assert str(caught.value) == (
        "embedding on many machines needs Ray, and it cannot be imported (import of ray.data halted; None in "
        "sys.modules); pip install 'ray[data]'"
    )


@pytest.mark.parametrize(("workers", "batch"), [(0, 256), (2, 0)])
def test_no_worker_or_no_batch_is_refused(workers: int, batch: int) -> None:
    with pytest.raises(UsageError) as caught:
        RayEmbedder(HashEmbedder, workers, batch)
    assert str(caught.value) == f"got {workers} workers and batches of {batch} texts; both must be 1 or more"
