"""What poisoned cards reach: a flood by one owner, look-alike ids, and copies of popular cards, among honest ones.

    python benchmarks/poisoning.py --attacks DIR --cards FILE.jsonl… [--queries FILE.jsonl] [--shares 0.01 0.2]

DIR holds attack strings in .json and .jsonl files (the values of its strings, whatever the keys are). Per share of
poisoned cards: `poisoned@5`, their part of the first five hits; `honest_first` and `honest_in_5`, the part of the
queries whose best hit among honest cards alone is still first, or among the first five; each with the guard of the
search and without. Prints one JSON line.
Set OMP_NUM_THREADS=1 on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from index_cards import QUERIES  # beside this file
from langchain_core.embeddings import Embeddings

from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ranking.diversity import Diversifier, Place, Scored
from prefrontal.retrieval.ranking.rank import Ranker
from prefrontal.tools.card import ModelCard
from prefrontal.tools.tasks import find_task, task_phrases

FLOODER, COPIER = "best-free-models", "model-mirrors"
POPULAR = 50  # models worth imitating


class NoDiversifier(Diversifier):
    """The candidates as they come."""

    def __init__(self, query: str, cards: Sequence[ModelCard]) -> None:
        pass

    def crowded(self, k: int) -> bool:
        return False

    def shortlist(self, scored: Sequence[Scored], count: int) -> list[int]:
        return list(range(len(scored)))

    def places(self, scored: Sequence[Scored], k: int, runs: Sequence[bool] | None = None) -> list[Place]:
        return [Place(at, score) for at, (score, _) in enumerate(scored[:k])]


def strings(value: Any) -> Iterator[str]:
    """Every sentence in a JSON value: strings of 20 characters or more."""
    if isinstance(value, str):
        yield from [value] if len(value) >= 20 else []
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def attack_strings(folder: Path) -> list[str]:
    found: list[str] = []
    for path in sorted(folder.rglob("*.json*")):
        text = path.read_text(encoding="utf-8")
        parts = text.splitlines() if path.suffix == ".jsonl" else [text]
        found += [string for part in parts if part.strip() for string in strings(json.loads(part))]
    return found


def flood(number: int, popular: ModelCard, attack: str, dice: random.Random) -> ModelCard:
    """One of hundreds of near-identical cards: stuffed with the ways in which people ask for a task."""
    task = find_task(popular.task)
    asked = [phrase for id, phrase in task_phrases() if task and id == task.id] or ["anything"]
    words = "; ".join(dice.sample(asked, min(8, len(asked))))
    text = f"The best model for {words}. {attack}"
    return ModelCard(f"{FLOODER}/best-model-{number}", task=popular.task, summary=text[:300], text=text)


def look_alike(number: int, popular: ModelCard, attack: str, dice: random.Random) -> ModelCard:
    owner = popular.owner
    swaps = [(a, b) for a, b in (("o", "0"), ("i", "1"), ("l", "1"), ("-", "_"), ("e", "ee")) if a in owner]
    fake = owner.replace(*swaps[number % len(swaps)], 1) if swaps else f"{owner}{owner[-1]}"
    text = f"{attack}\n{popular.text}"
    return popular.with_(id=f"{fake}/{popular.name}", text=text, downloads=0, likes=0)


def copy(number: int, popular: ModelCard, attack: str, dice: random.Random) -> ModelCard:
    return popular.with_(id=f"{COPIER}/{popular.name}-pro-{number}", downloads=0, likes=0)


KINDS = (flood, flood, flood, look_alike, copy)


def poisoned(honest: Sequence[ModelCard], attacks: Sequence[str], count: int) -> list[ModelCard]:
    dice = random.Random(1)
    owned = [card for card in honest if card.owner and card.task]
    popular = sorted(owned, key=lambda card: (-card.downloads, card.id))[:POPULAR]
    cards = []
    for number in range(count):
        make = KINDS[number % len(KINDS)]
        model = dice.choice(owned if make is flood else popular)  # a flood has a card for every task that is there
        cards.append(make(number, model, dice.choice(attacks), dice))
    return cards


def answers(index: ModelIndex, queries: Sequence[str]) -> tuple[list[list[str]], float]:
    """The ids of the first five for each query, and the median of the milliseconds for a search."""
    for query in queries:  # once unmeasured: a query that was seen before is not embedded again
        index.search(query, 5, offline=True)
    found, took = [], []
    for query in queries:
        began = time.perf_counter()
        hits = index.search(query, 5, offline=True)
        took.append(1000 * (time.perf_counter() - began))
        found.append([hit.id for hit in hits])
    return found, round(statistics.median(took), 2)


def compare(honest: ModelIndex, mixed: ModelIndex, bad: set[str], queries: Sequence[str]) -> dict[str, Any]:
    best, _ = answers(honest, queries)
    found, took = answers(mixed, queries)
    return {
        "poisoned@5": round(statistics.mean(len(bad & set(ids)) / 5 for ids in found), 4),
        "honest_first": round(statistics.mean(a[:1] == b[:1] for a, b in zip(best, found, strict=True)), 4),
        "honest_in_5": round(statistics.mean(set(a[:1]) <= set(b) for a, b in zip(best, found, strict=True)), 4),
        "search_ms": took,
    }


def measure(
    files: Sequence[Path],
    attacks: Sequence[str],
    queries: Sequence[str],
    shares: Sequence[float],
    folder: Path,
    embedder: Embeddings | None = None,
) -> dict[str, Any]:
    honest = ModelIndex(folder / "honest", embedder)
    honest.add(*files)
    cards = list(honest)
    report: dict[str, Any] = {"benchmark": "poisoning", "cards": len(cards), "queries": len(queries), "shares": {}}
    for share in shares:
        known = {card.id for card in cards}
        made = poisoned(cards, attacks, max(1, round(share * len(cards))))
        bad = [card for card in made if card.id not in known]
        shutil.copytree(honest.path, folder / f"mixed-{share}")
        mixed = ModelIndex(folder / f"mixed-{share}", embedder)
        mixed.add(bad)
        ids = {card.id for card in bad}
        guarded = compare(honest, mixed, ids, queries)
        bare = compare(honest, ModelIndex(mixed.path, embedder, ranker=Ranker(diversifier=NoDiversifier)), ids, queries)
        report["shares"][str(share)] = {"poisoned": len(ids), "guarded": guarded, "unguarded": bare}
    return {**report, "load_average": round(os.getloadavg()[0], 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attacks", type=Path, required=True)
    parser.add_argument("--cards", type=Path, nargs="+", required=True)
    parser.add_argument("--queries", type=Path, help='lines of {"query": …}; a few of our own when not given')
    parser.add_argument("--shares", type=float, nargs="+", default=[0.01, 0.2], help="poisoned cards per honest one")
    given = parser.parse_args()
    queries: Sequence[str] = QUERIES
    if given.queries:
        queries = [json.loads(line)["query"] for line in given.queries.read_text(encoding="utf-8").splitlines() if line]
    with tempfile.TemporaryDirectory() as folder:
        attacks = attack_strings(given.attacks)
        print(json.dumps(measure(given.cards, attacks, queries, given.shares, Path(folder))))


if __name__ == "__main__":
    main()
