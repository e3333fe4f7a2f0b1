"""How long indexing and searching take: cards of a JSONL file, cold, again unchanged, and warm searches.

    python benchmarks/index_cards.py --cards FILE.jsonl [--searches 50]

Prints one JSON line. `encode_ratio` compares the cold indexing with what cannot be avoided: sentence-transformers'
encode of the same texts plus adding them to a bare FAISS index, in the same run, after the model is loaded. The time
for loading the model is given apart. Set OMP_NUM_THREADS=1 on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prefrontal.retrieval.embedding.minilm import default_embedder
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
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def bare(texts: list[str]) -> None:
    import faiss

    model = default_embedder()._model  # the very same model, without anything of ours around it
    rows = model.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(rows)


def measure(cards: Path, searches: int, folder: Path) -> dict[str, Any]:
    load = seconds(lambda: default_embedder().embed_query("load the model"))
    index = ModelIndex(folder / "index")
    cold = seconds(lambda: index.add(cards))
    again = seconds(lambda: index.add(cards))
    # The task table's phrases come with the package; the bare run embeds only what the cold one had to.
    texts = [card.search_text for card in index]
    encode = seconds(lambda: bare(texts))
    for query in QUERIES:
        index.search(query, offline=True)
    new = [f"{QUERIES[i % len(QUERIES)]}, number {i}" for i in range(searches)]  # none is among the kept queries
    warm = [seconds(lambda query=query: index.search(query, offline=True)) for query in new]
    seen = [seconds(lambda query=query: index.search(query, offline=True)) for query in new]
    return {
        "cards": len(index),
        "phrases": len(task_phrases()),
        "load_s": round(load, 2),
        "cold_s": round(cold, 2),
        "unchanged_s": round(again, 3),
        "bare_encode_and_faiss_s": round(encode, 2),
        "encode_ratio": round(cold / encode, 2),
        "search_ms": round(1000 * statistics.median(warm), 1),
        "search_seen_query_ms": round(1000 * statistics.median(seen), 1),
        "load_average": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=Path, required=True, help="a JSONL file, one card a line")
    parser.add_argument("--searches", type=int, default=50)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(arguments.cards, arguments.searches, Path(folder))))


if __name__ == "__main__":
    main()
