"""How long indexing and searching take: cards of a JSONL file, cold, again unchanged, and warm searches.

    python benchmarks/index_cards.py --cards FILE.jsonl [--searches 50] [--rounds 3]

Prints one JSON line. `encode_ratio` compares the cold indexing, from reading the file to the written generation, with
sentence-transformers' encode of the same texts plus adding them to a bare FAISS index, in turns in the same run, after
its model is loaded; medians. `one_card_s` is `prefrontal index add FILE` of one card in a new process, beside the
import of what it does without. Each is given by the clock and in the processor's seconds (`_cpu_s`): on a busy machine
the clock says more about the others. Set OMP_NUM_THREADS=1 there.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prefrontal.retrieval.embedding.minilm import default_embedder
from prefrontal.retrieval.embedding.minilm_weights import minilm_folder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.tasks import task_phrases

QUERIES = (
    "count the coins in a photo",
    "write down what is said in a recording",
    "translate a sentence from English into French",
    "is this review positive or negative",
    "how far away are the things in the picture",
    "draw a picture of a lighthouse",
    "answer a question about a scanned invoice",
    "find the names of people in a text",
)


def seconds(work: Callable[[], Any]) -> float:
    return timed(work)[0]


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock, and those of the processor in this process and its children."""
    started, used = time.perf_counter(), _processor()
    work()
    return time.perf_counter() - started, _processor() - used


def _processor() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def bare_encoder() -> Callable[[list[str]], None]:
    """sentence-transformers with the very same weights and a bare FAISS index, without anything of ours around it."""
    import faiss
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(minilm_folder()), device="cpu", local_files_only=True)
    model.max_seq_length = 128

    def encode(texts: list[str]) -> None:
        rows = model.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
        index = faiss.IndexFlatIP(rows.shape[1])
        index.add(rows)

    encode(["once, so that everything is loaded"])
    return encode


def one_card(cards: Path, folder: Path) -> dict[str, float]:
    """The first card of the file in a new process, into an index that is not there yet."""
    with cards.open(encoding="utf-8") as lines:
        (folder / "one.jsonl").write_text(next(lines), encoding="utf-8")
    index = [sys.executable, "-m", "prefrontal", "index", "add", str(folder / "one.jsonl"), "--index"]
    commands = {
        "one_card": [*index, str(folder / "one")],
        "import_sentence_transformers": [sys.executable, "-c", "import sentence_transformers"],
    }
    found: dict[str, float] = {}
    for name, command in commands.items():
        wall, processor = timed(lambda command=command: subprocess.run(command, check=True, capture_output=True))
        found |= {f"{name}_s": round(wall, 2), f"{name}_cpu_s": round(processor, 2)}
    return found


def measure(cards: Path, searches: int, rounds: int, folder: Path) -> dict[str, Any]:
    one = one_card(cards, folder)
    load = seconds(lambda: default_embedder().embed_query("load the model"))
    encode = bare_encoder()
    colds, bares = [], []
    index = ModelIndex(folder / "index")
    for number in range(rounds):
        index = ModelIndex(folder / f"index-{number}")
        colds.append(timed(lambda index=index: index.add(cards)))
        texts = [card.search_text for card in index]
        bares.append(timed(lambda texts=texts: encode(texts)))
    again = seconds(lambda: index.add(cards))
    cold, cold_cpu = (statistics.median(each) for each in zip(*colds, strict=True))
    bare, bare_cpu = (statistics.median(each) for each in zip(*bares, strict=True))
    for query in QUERIES:
        index.search(query, offline=True)
    new = [f"{QUERIES[i % len(QUERIES)]}, number {i}" for i in range(searches)]  # none is among the kept queries
    warm = [seconds(lambda query=query: index.search(query, offline=True)) for query in new]
    seen = [seconds(lambda query=query: index.search(query, offline=True)) for query in new]
    return {
        "cards": len(index),
        "phrases": len(task_phrases()),
        "load_s": round(load, 2),
        **one,
        "cold_s": round(cold, 2),
        "cold_cpu_s": round(cold_cpu, 2),
        "unchanged_s": round(again, 3),
        "bare_encode_and_faiss_s": round(bare, 2),
        "bare_encode_and_faiss_cpu_s": round(bare_cpu, 2),
        "encode_ratio": round(cold / bare, 2),
        "encode_cpu_ratio": round(cold_cpu / bare_cpu, 2),
        "search_ms": round(1000 * statistics.median(warm), 1),
        "search_seen_query_ms": round(1000 * statistics.median(seen), 1),
        "load_average": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=Path, required=True, help="a JSONL file, one card a line")
    parser.add_argument("--searches", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(arguments.cards, arguments.searches, arguments.rounds, Path(folder))))


if __name__ == "__main__":
    main()
