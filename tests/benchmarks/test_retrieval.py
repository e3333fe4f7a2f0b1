from __future__ import annotations

import importlib.util
import json
import math
from pathlib import Path
from types import ModuleType

import pytest

from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.card import ModelCard

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "retrieval.py"
MODELS = [
    {"id": "lab/coins", "domain": "Vision", "task": "object-detection", "description": "Finds coins in photos."},
    {"id": "lab/letters", "domain": "Text", "task": "translation", "description": "Translates letters into French."},
    {"id": "lab/gaps", "domain": "Text", "task": "fill-mask", "description": "Fills the gap in a sentence."},
]
QUERIES = [
    {"qid": 1, "query": "find the coins in this photo", "gold": "lab/coins", "domain": "Vision"},
    {"qid": 2, "query": "translate these letters into French", "gold_indexed": ["lab/letters", "lab/gone"]},
    {"qid": 3, "query": "count the coins", "input_modality": "text", "gold": "lab/coins", "domain": "Vision"},
]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_retrieval", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_quality_of_one_query(script: ModuleType) -> None:
    found = script.quality(["x", "a", "b", *"cdefghijk", "c2"], frozenset({"a", "c2"}))
    assert (found["hit@1"], found["hit@5"], found["R@10"], found["R@20"], found["MRR@10"]) == (0, 1, 0.5, 1, 0.5)
    assert found["NDCG@10"] == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))
    assert set(script.quality([], frozenset({"a"})).values()) == {0}


def test_prints_the_means_over_the_queries(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queries, models = write(tmp_path / "queries.jsonl", QUERIES), write(tmp_path / "models.jsonl", MODELS)
    script.main(["--queries", str(queries), "--index", str(tmp_path / "index"), "--models", str(models)])
    found = json.loads(capsys.readouterr().out)
    assert found.pop("ms") > 0
    assert found.pop("NDCG@10") == pytest.approx((1 + 1 / (1 + 1 / math.log2(3))) / 3, abs=1e-3)
    # The third asks with a text alone: a model that looks at pictures is no answer.
    assert found == {
        "queries": 3, "hit@1": 0.6667, "hit@5": 0.6667, "R@10": 0.5, "R@20": 0.5, "MRR@10": 0.6667, "domain@1": 0.3333,
    }  # fmt: skip


def test_the_table_has_a_line_for_each_signal_and_the_oracle_knows_the_task(script: ModuleType, tmp_path: Path) -> None:
    index = ModelIndex(tmp_path / "index")
    index.add([ModelCard.from_row(row) for row in MODELS])
    lines = list(script.table(index, [{"query": "some model", "gold": "lab/gaps"}], {}))
    names = [line.split(" | ")[0].removeprefix("| ") for line in lines]
    assert names[2:5] == ["(everything on)", "task", "language"]
    assert {"meaning", "shown", "popularity", "cues"} < set(names)
    assert lines[-1] == "| nothing; an oracle tells the task | 1.000 | 1.000 | 1.000 | 1.000 |  |"
