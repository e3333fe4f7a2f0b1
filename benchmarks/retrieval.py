"""How well models are found: ranked hits against the models that fit, as `prefrontal search --queries` finds them.

    python benchmarks/retrieval.py --queries QUERIES.jsonl --index DIR [--models MODELS.jsonl…]
    python benchmarks/retrieval.py --queries … --index … --ablate [--every 4]

QUERIES are lines {"query", "gold" (one id) or "gold_indexed" (several), and optionally "input_modality": the kind of
file passed along, "domain"}; MODELS are rows that `prefrontal index add` takes, which come into the index first, and
say each model's domain. Prints one JSON line: hit@1, hit@5, R@10 and R@20 (recall over the models that fit), NDCG@10
(binary gains), MRR@10, domain@1 (the domain of the first hit is the query's), and the median time of a query.
With --ablate a table: each signal switched off in turn, phrases in place of the learnt head, and as an upper bound
the task told by an oracle. --every N asks every N-th query only. Set OMP_NUM_THREADS=1 on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ranking.rank import Ranker
from prefrontal.retrieval.ranking.signals import SIGNALS
from prefrontal.retrieval.ranking.task_match import TaskMatch
from prefrontal.tools.task import KINDS

DEPTH = 20  # hits looked at
SHOWN = ("NDCG@10", "hit@1", "hit@5", "R@10", "domain@1")


def read_rows(paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def fitting(query: Mapping[str, Any]) -> frozenset[str]:
    """The ids of the models that fit."""
    return frozenset(query["gold_indexed"] if "gold_indexed" in query else [query["gold"]])


def quality(found: Sequence[str], gold: frozenset[str]) -> dict[str, float]:
    """The metrics of one query, for the ids found, best first."""
    gains = [id in gold for id in found[:10]]
    ideal = sum(1 / math.log2(place + 2) for place in range(min(10, len(gold))))
    return {
        "NDCG@10": sum(gain / math.log2(place + 2) for place, gain in enumerate(gains)) / ideal,
        "hit@1": float(any(gains[:1])),
        "hit@5": float(any(gains[:5])),
        "R@10": sum(gains) / len(gold),
        "R@20": len(gold.intersection(found[:20])) / len(gold),
        "MRR@10": 1 / (gains.index(True) + 1) if any(gains) else 0.0,
    }


def measure(
    index: ModelIndex, queries: Sequence[dict[str, Any]], domains: Mapping[str, str], oracle: bool = False
) -> dict[str, float]:
    """The mean of each metric over the queries.

    Args:
        domains: of models, by id.
        oracle: search among models of the right task only: the one that most of the fitting models have.
    """
    total, times = Counter[str](), []
    for query in queries:
        gold, kind = fitting(query), query.get("input_modality")
        known = [index.get(id).task for id in gold if oracle and id in index]
        task = Counter(task for task in known if task).most_common(1)
        start = time.perf_counter()
        hits = index.search(
            query["query"], DEPTH, takes=kind if kind in KINDS else None, task=task[0][0] if task else None
        )
        times.append(time.perf_counter() - start)
        total.update(quality([hit.id for hit in hits], gold))
        if "domain" in query and domains:
            total["domain@1"] += bool(hits) and domains.get(hits[0].id) == query["domain"]
    means = {name: round(value / len(queries), 4) for name, value in total.items()}
    return {"queries": len(queries), **means, "ms": round(1000 * statistics.median(times), 1)}


def ablations() -> Iterator[tuple[str, Ranker, bool]]:
    """(what is left out, the ranker without it, whether an oracle tells the task)."""
    yield "(everything on)", Ranker(), False
    for signal in SIGNALS:
        yield signal.name, Ranker(tuple(other for other in SIGNALS if other is not signal)), False
    phrases = TaskMatch(classifier=lambda signature: None)
    yield "the learnt classifier (phrases and cues instead)", Ranker(task_match=phrases), False
    yield "cues", Ranker(task_match=TaskMatch(cues=lambda text, takes: {})), False
    yield "nothing; an oracle tells the task", Ranker(), True


def table(index: ModelIndex, queries: Sequence[dict[str, Any]], domains: Mapping[str, str]) -> Iterator[str]:
    """The lines of a Markdown table, one a part left out."""
    yield f"| without | {' | '.join(SHOWN)} |"
    yield "|---" * (1 + len(SHOWN)) + "|"
    for name, ranker, oracle in ablations():
        index.ranker = ranker
        found = measure(index, queries, domains, oracle)
        yield f"| {name} | {' | '.join(f'{found[m]:.3f}' if m in found else '' for m in SHOWN)} |"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--models", type=Path, nargs="*", default=[])
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--ablate", action="store_true")
    given = parser.parse_args(arguments)
    index = ModelIndex(given.index)
    if given.models:
        index.add(*given.models)
    rows = read_rows(given.models)
    domains = {row.get("api_name", row.get("id")): row["domain"] for row in rows if "domain" in row}
    queries = list(read_rows([given.queries]))[:: given.every]
    if given.ablate:
        for line in table(index, queries, domains):
            print(line, flush=True)
    else:
        print(json.dumps(measure(index, queries, domains)))


if __name__ == "__main__":
    main()
