"""How an index behaves from 10,000 to 3,012,377 cards: building, serving, adding, and what it finds.

    python benchmarks/synthetic_hub.py --cards CARDS.jsonl … --count 100000 --out hub-100k.parquet
    python benchmarks/scale.py build  --hub hub-100k.parquet --index DIR
    python benchmarks/scale.py serve  --index DIR --queries QUERIES.jsonl …
    python benchmarks/scale.py needles --index DIR --queries QUERIES.jsonl … [--every 2]
    python benchmarks/scale.py draw

Each prints one JSON line; with `--log scale.jsonl` it is added there, and `draw` makes `scale.svg` and the table of
README.md from that file. `build` ends with adding 1,000 cards more. Times are wall-clock seconds of one process; query
times are of one thread, and are given with and without the embedding of the query.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from prefrontal.retrieval.filters import Filters
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ranking.query import Query
from prefrontal.retrieval.storage.segments import Segments
from prefrontal.tools.card import ModelCard

HERE = Path(__file__).parent
ADDED = 1_000
CLOSEST = 200


def resident_mb() -> float:
    return psutil.Process().memory_info().rss / 1e6


class Peak:
    """The most memory that this process had of its own (mapped files count apart), looked at every half second."""

    def __enter__(self) -> Peak:
        self.mb, self._stop = 0.0, threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def _look(self) -> None:
        while not self._stop.wait(0.5):
            self.mb = max(self.mb, resident_mb())

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._watch.join()
        self.mb = max(self.mb, resident_mb())


def build(index: ModelIndex, hub: Path) -> dict[str, Any]:
    """Index the dump, then 1,000 cards more."""
    started = time.perf_counter()
    with Peak() as peak:
        index.add(hub)
    took = time.perf_counter() - started
    more = [ModelCard(id=f"late/model-{n}", task="translation", summary=f"Came late, {n}.") for n in range(ADDED)]
    started = time.perf_counter()
    index.add(more)
    added = time.perf_counter() - started
    disk = sum(path.stat().st_size for path in index.path.rglob("*") if path.is_file())
    return {
        "what": "build",
        "cards": len(index),
        "seconds": round(took, 1),
        "cards_per_second": round((len(index) - ADDED) / took),
        "resident_mb": round(peak.mb),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
        "disk_gib": round(disk / 2**30, 2),
        "disk_bytes_a_card": round(disk / len(index)),
        "add_1000_s": round(added, 2),
        "load_average": round(os.getloadavg()[0], 1),
    }


def read_queries(paths: Sequence[Path]) -> list[dict[str, Any]]:
    return [json.loads(line) for path in paths for line in path.read_text().splitlines() if line.strip()]


def serve(index: ModelIndex, queries: list[str]) -> dict[str, Any]:
    """Cold start in a new process, warm queries, memory, and how much of the exact search the approximate one finds."""
    cold = [cold_start(index.path, query) for query in queries[:3]]
    for query in queries[:5]:
        index.search(query, offline=True)
    whole, embedding = [], []
    for query in queries[5:]:
        embedding.append(seconds(lambda query=query: index._encoder.query(query)))
        whole.append(embedding[-1] + seconds(lambda query=query: index.search(query, offline=True)))
    own = psutil.Process().memory_full_info()
    return {
        "what": "serve",
        "cards": len(index),
        "queries": len(whole),
        "p50_ms": percentile(whole, 50),
        "p99_ms": percentile(whole, 99),
        "embedding_p50_ms": percentile(embedding, 50),
        "resident_mb": round(own.rss / 1e6),
        "own_mb": round(own.uss / 1e6),
        "cold_start_s": round(sorted(cold)[1], 2),
        "recall_at_10": recall(index, queries[:100]),
        "load_average": round(os.getloadavg()[0], 1),
    }


def seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def percentile(times: list[float], which: int) -> float:
    return round(1000 * float(np.percentile(times, which)), 1)


def cold_start(path: Path, query: str) -> float:
    """Seconds from the start of a new process to its first answer."""
    command = [sys.executable, "-m", "prefrontal", "search", query, "--index", str(path)]
    return seconds(lambda: subprocess.run(command, check=True, capture_output=True))


def recall(index: ModelIndex, queries: list[str]) -> float:
    """The share of the exact ten closest cards that the index gives. Exact: every stored vector is compared."""
    parts = index._generations.open().segments  # type: ignore[union-attr]  # it was searched before
    shares = []
    for query in queries:
        vector = index._encoder.query(query)
        exact = sorted(every_cosine(parts, vector), reverse=True)[:10]
        found = parts.near(Query("", (), vector), 10, Filters())
        least = exact[-1][0] - 1e-6  # equal texts have equal vectors: any of them will do
        shares.append(sum(cosine >= least for cosine in found.values()) / len(exact))
    return round(sum(shares) / len(shares), 4)


def every_cosine(segments: Segments, vector: np.ndarray, count: int = 10) -> Iterator[tuple[float, int]]:
    for part in segments.all:
        if part.size:
            yield from ((cosine, rowid) for rowid, cosine in part.vectors.exactly(vector, count))


def needles(index: ModelIndex, queries: list[dict[str, Any]], closest: int = CLOSEST) -> dict[str, Any]:
    """NDCG@10 over the requests whose models are among the cards, beside all-MiniLM-L6-v2 and nothing else.

    Args:
        closest: so many cards of each query, the closest by the index's vectors with every one compared, are embedded
            by all-MiniLM-L6-v2 for that. Its ten closest are among 100 of the student's in 97.4 % and among 200 in
            99.4 % of the cases (see `zoo/training/static_student.py`); embedding every card would take an hour.
    """
    ours, theirs = [], []
    parts = index._generations.open().segments  # type: ignore[union-attr]  # it was built
    vectors = [index._encoder.query(query["query"]) for query in queries]
    pools = [[row for _, row in sorted(every_cosine(parts, v, closest), reverse=True)[:closest]] for v in vectors]
    cards = parts.cards(sorted({row for pool in pools for row in pool}))
    rows = dict(zip(cards, index._encoder.texts([card.search_text for card in cards.values()]), strict=True))
    for query, vector, pool in zip(queries, vectors, pools, strict=True):
        gold = set(query.get("gold_indexed") or [query["gold"]])
        ours.append(ndcg([hit.id for hit in index.search(query["query"], 10, offline=True)], gold))
        best = sorted(pool, key=lambda row: -float(rows[row] @ vector))[:10]
        theirs.append(ndcg([cards[row].id for row in best], gold))
    return {
        "what": "needles",
        "cards": len(index),
        "queries": len(ours),
        "embedded": len(cards),
        "ndcg": mean(ours),
        "ndcg_minilm": mean(theirs),
        "ratio": round(sum(ours) / max(sum(theirs), 1e-9), 3),
    }


def mean(values: list[float]) -> float:
    return round(sum(values) / len(values), 4)


def ndcg(ids: list[str], gold: set[str]) -> float:
    got = sum(1 / math.log2(rank + 2) for rank, id in enumerate(ids) if id in gold)
    return got / sum(1 / math.log2(rank + 2) for rank in range(min(10, len(gold))))


# The table and the plot


def gib(megabytes: float) -> float:
    return megabytes * 1e6 / 2**30


COLUMNS = (
    ("cards", lambda b, s: f"{b['cards'] - ADDED:,}"),
    ("build", lambda b, s: f"{b['seconds'] / 60:.1f} min" if b["seconds"] > 99 else f"{b['seconds']:.0f} s"),
    ("cards/s", lambda b, s: f"{b['cards_per_second']:,}"),
    ("memory while building", lambda b, s: f"{gib(b['resident_mb']):.1f} GiB"),
    ("disk", lambda b, s: f"{b['disk_gib']:.2f} GiB"),
    ("1,000 more", lambda b, s: f"{b['add_1000_s']:.1f} s"),
    ("query p50 / p99", lambda b, s: f"{s['p50_ms']:.0f} / {s['p99_ms']:.0f} ms"),
    ("memory while serving", lambda b, s: f"{gib(s['resident_mb']):.1f} GiB"),
    ("cold start", lambda b, s: f"{s['cold_start_s']:.1f} s"),
    ("recall@10", lambda b, s: f"{s['recall_at_10']:.3f}"),
)


def table(rows: list[dict[str, Any]]) -> str:
    pairs = latest(rows)
    lines = ["| " + " | ".join(name for name, _ in COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
    lines += ["| " + " | ".join(show(b, s) for _, show in COLUMNS) + " |" for b, s in pairs]
    return "\n".join(lines)


def latest(rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The last measurement of each size, the smallest first."""
    found = {what: {row["cards"]: row for row in rows if row["what"] == what} for what in ("build", "serve")}
    return [
        (found["build"][cards], found["serve"][cards]) for cards in sorted(found["build"]) if cards in found["serve"]
    ]


LINES = (
    ("build, seconds", "#1f77b4", lambda b, s: b["seconds"]),
    ("disk, MiB", "#2ca02c", lambda b, s: 1024 * b["disk_gib"]),
    ("memory while serving, MiB", "#9467bd", lambda b, s: 1024 * gib(s["resident_mb"])),
    ("query p50, ms", "#d62728", lambda b, s: s["p50_ms"]),
    ("query p99, ms", "#ff7f0e", lambda b, s: s["p99_ms"]),
)
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 760, 420, 60, 20, 560, 370


def plot(rows: list[dict[str, Any]]) -> str:
    """All of it over the number of cards, both axes logarithmic, as SVG."""
    pairs = latest(rows)
    counts = [b["cards"] for b, _ in pairs]
    values = [[max(0.1, value(b, s)) for b, s in pairs] for _, _, value in LINES]  # a logarithm needs something
    low, high = math.floor(math.log10(min(counts))), math.ceil(math.log10(max(counts)) * 10) / 10
    flat = [value for line in values for value in line]
    floor, ceiling = math.floor(math.log10(min(flat))), math.ceil(math.log10(max(flat)))

    def x(count: float) -> float:
        return LEFT + (RIGHT - LEFT) * (math.log10(count) - low) / (high - low)

    def y(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (math.log10(value) - floor) / (ceiling - floor)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12"><rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    ]
    for power in range(floor, ceiling + 1):
        at = y(10**power)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{10**power:,}</text>')
    for count in counts:
        parts.append(f'<path d="M{x(count):.1f} {TOP}V{BOTTOM}" stroke="#eee"/>')
        parts.append(f'<text x="{x(count):.1f}" y="{BOTTOM + 18}" text-anchor="middle">{count - ADDED:,}</text>')
    parts.append(f'<text x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 40}" text-anchor="middle">model cards</text>')
    for number, ((name, colour, _), line) in enumerate(zip(LINES, values, strict=True)):
        points = [f"{x(count):.1f},{y(value):.1f}" for count, value in zip(counts, line, strict=True)]
        parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{p.split(",")[0]}" cy="{p.split(",")[1]}" r="3" fill="{colour}"/>' for p in points]
        label = TOP + 20 + 22 * number
        parts.append(f'<path d="M{RIGHT + 14} {label - 4}h18" stroke="{colour}" stroke-width="3"/>')
        parts.append(f'<text x="{RIGHT + 38}" y="{label}">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def draw(log: Path, folder: Path) -> str:
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    (folder / "scale.svg").write_text(plot(rows))
    return table(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("build", "serve", "needles", "draw"))
    parser.add_argument("--hub", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--queries", type=Path, nargs="+", default=[])
    parser.add_argument("--every", type=int, default=1, help="ask every N-th query only")
    parser.add_argument("--log", type=Path)
    asked = parser.parse_args(arguments)
    if asked.what == "draw":
        print(draw(asked.log or HERE / "scale.jsonl", HERE))
        return
    index, queries = ModelIndex(asked.index), read_queries(asked.queries)[:: asked.every]
    if asked.what == "build":
        found = build(index, asked.hub)
    elif asked.what == "serve":
        found = serve(index, list(dict.fromkeys(query["query"] for query in queries)))
    else:
        found = needles(index, queries)
    print(json.dumps(found))
    if asked.log:
        with asked.log.open("a") as file:
            file.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
