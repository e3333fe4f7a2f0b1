"""The benchmark of millions of cards, at a size of hundreds: every figure is measured, on cards of our own."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.storage import generations

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, ModuleType]:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import scale
    import synthetic_hub

    return scale, synthetic_hub


@pytest.fixture
def hub(tmp_path: Path, modules: tuple[ModuleType, ModuleType]) -> Path:
    _, synthetic_hub = modules
    cards = synthetic_hub.read_cards([ROOT / "retrieval" / "ingest" / "starter.jsonl"])[:80]
    synthetic_hub.write_hub(cards, 700, tmp_path / "hub.parquet")
    return tmp_path / "hub.parquet"


def test_a_synthetic_hub_is_the_same_each_time_and_holds_the_needles(
    hub: Path, tmp_path: Path, modules: tuple[ModuleType, ModuleType]
) -> None:
    _, synthetic_hub = modules
    cards = synthetic_hub.read_cards([ROOT / "retrieval" / "ingest" / "starter.jsonl"])[:80]
    one, other = (list(synthetic_hub.Generator(cards, 0).rows(700)) for _ in range(2))
    assert one == other
    assert {card.id for card in cards} <= {row["id"] for row in one}
    assert len({row["id"] for row in one}) == 700
    assert sum(not row["card"] for row in one) > 150, "many models of the Hub have no README"


def test_everything_is_measured_at_a_small_size(
    hub: Path, tmp_path: Path, modules: tuple[ModuleType, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    scale, synthetic_hub = modules
    monkeypatch.setattr(generations, "SEALED_FROM", 300)
    monkeypatch.setattr(scale, "cold_start", lambda path, query: 1.5)  # a new process has no hash embedder
    index = ModelIndex(tmp_path / "index", HashEmbedder(64))
    built = scale.build(index, hub)
    assert built["cards"] == len(index) == 700 + scale.ADDED
    assert built["seconds"] > 0 < built["add_1000_s"]
    ids = index._generations.open().segments  # type: ignore[union-attr]  # it was built
    assert [part.is_sealed for part in ids.all] == [True, True]
    queries = [f"find a model for {word}" for word in "coins birds translation speech reviews names images".split()]
    served = scale.serve(index, queries)
    assert served["recall_at_10"] >= 0.9
    assert 0 < served["p50_ms"] <= served["p99_ms"]
    needle = synthetic_hub.read_cards([ROOT / "retrieval" / "ingest" / "starter.jsonl"])[3]
    asked = [{"query": f"{needle.name}: {needle.summary}", "gold": needle.id}]
    found = scale.needles(index, asked, closest=50)
    assert found["ndcg_minilm"] == found["ndcg"] == 1.0
    assert found["embedded"] == 50
    log = tmp_path / "scale.jsonl"
    smaller = [built | {"cards": 200 + scale.ADDED}, served | {"cards": 200 + scale.ADDED}]
    log.write_text("\n".join(json.dumps(row) for row in [built, served, found, *smaller]))
    table = scale.draw(log, tmp_path)
    assert [line.split("|")[1].strip() for line in table.splitlines()] == ["cards", "---", "200", "700"]
    assert (tmp_path / "scale.svg").read_text().count("<polyline") == len(scale.LINES)


def test_the_ndcg_of_a_list(modules: tuple[ModuleType, ModuleType]) -> None:
    scale, _ = modules
    assert scale.ndcg(["a", "b"], {"a"}) == 1.0
    assert scale.ndcg(["b", "a"], {"a"}) == pytest.approx(0.6309, abs=1e-4)
    assert scale.ndcg(["b"], {"a"}) == 0.0
