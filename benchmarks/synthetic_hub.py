"""A synthetic Hub: N model cards as a parquet dump, with real models hidden in it as needles.

    python benchmarks/synthetic_hub.py --cards CARDS.jsonl [MODELS.jsonl …] --count 100000 --out hub-100k.parquet

The cards are recombined from real ones by a seeded generator: the pieces of names, the sentences, the metadata (each
field from some card of the same task) and the lengths of the prose, drawn from the lengths of the real cards. The
tasks come in the Hub's proportions (its own counts by pipeline tag, summer 2026, rounded), the downloads as unevenly
as there: most models are hardly used. The real cards themselves are the needles, at random places.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from prefrontal.errors import CardError
from prefrontal.tools.card import ModelCard

WHOLE_HUB = 3_012_377
ROW_GROUP = 20_000
# Thousandths of the Hub's models; the rest names no task.
SHARES = {
    "text-generation": 215, "text-to-image": 60, "text-classification": 75, "image-classification": 20,
    "automatic-speech-recognition": 21, "reinforcement-learning": 40, "token-classification": 21,
    "feature-extraction": 16, "sentence-similarity": 17, "fill-mask": 12, "question-answering": 12, "translation": 8,
    "summarization": 4, "object-detection": 6, "image-segmentation": 3, "image-to-image": 3, "text-to-speech": 5,
    "text-to-video": 1, "image-to-video": 1, "audio-classification": 4, "image-text-to-text": 14, "image-to-text": 2,
    "zero-shot-classification": 1, "zero-shot-image-classification": 1, "depth-estimation": 1, "text-ranking": 1,
    "visual-question-answering": 1, "document-question-answering": 1, "table-question-answering": 1,
    "tabular-classification": 1, "tabular-regression": 1, "video-classification": 1, "text-to-audio": 2,
    "audio-to-audio": 1, "robotics": 18, "unconditional-image-generation": 2, "conversational": 2,
    "text2text-generation": 2,
}  # fmt: skip
NO_TEXT = 0.35  # models without a README, or with nothing in it
SCHEMA = pa.schema(
    [("id", pa.string()), ("task", pa.string()), ("card", pa.string())]
    + [(name, pa.string()) for name in ("summary", "library", "license", "model_type", "last_modified")]
    + [(name, pa.list_(pa.string())) for name in ("languages", "tags", "datasets", "labels")]
    + [(name, pa.int64()) for name in ("parameters", "bytes", "downloads", "likes")]
    + [("gated", pa.bool_())]
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|\n+")


def read_cards(paths: list[Path]) -> list[ModelCard]:
    """The real cards; of two with one id the longer."""
    cards: dict[str, ModelCard] = {}
    for line in chain.from_iterable(path.read_text().splitlines() for path in paths):
        try:
            card = ModelCard.from_row(json.loads(line))
        except CardError:  # an id that no model can have
            continue
        if card.id not in cards or len(card.text) > len(cards[card.id].text):
            cards[card.id] = card
    return list(cards.values())


class Generator:
    """Rows of `SCHEMA`, the same for the same cards, count and seed."""

    def __init__(self, cards: list[ModelCard], seed: int = 0) -> None:
        self.random = random.Random(seed)
        self.cards = cards
        self.by_task: dict[str, list[ModelCard]] = defaultdict(list)
        self.sentences: dict[str, list[str]] = defaultdict(list)
        for card in cards:
            self.by_task[card.task].append(card)
            found = [s.strip() for s in _SENTENCE.split(card.text or card.summary) if 15 < len(s.strip()) < 600]
            self.sentences[card.task] += found
            self.sentences[""] += found
        self.lengths = [len(card.text or card.summary) for card in cards if card.text or card.summary]
        self.pieces = sorted({piece for card in cards for piece in re.split(r"[-_/.]+", card.id) if len(piece) > 1})
        self.owners = [
            f"{a}{b}" for a, b in zip(self._some(self.pieces, 150_000), self._some(self.pieces, 150_000), strict=True)
        ]
        self.tasks = [*SHARES, ""]
        self.shares = [*SHARES.values(), 1000 - sum(SHARES.values())]
        # The Hub's downloads of a month: half of the models have none to ten, one in a thousand has over 100,000.
        self.numbers = np.random.default_rng(seed)

    def _some(self, values: list[str], count: int) -> list[str]:
        return self.random.choices(values, k=count)

    def rows(self, count: int) -> Iterator[dict[str, Any]]:
        """`count` rows, the needles among them."""
        needles = dict(zip(self.random.sample(range(count), len(self.cards)), self.cards, strict=True))
        for start in range(0, count, ROW_GROUP):
            size = min(ROW_GROUP, count - start)
            tasks = self.random.choices(self.tasks, self.shares, k=size)
            downloads = np.minimum(np.exp(self.numbers.normal(2.0, 3.0, size)), 3e7).astype(int).tolist()
            for number in range(start, start + size):
                needle = needles.get(number)
                yield _row(needle) if needle else self._made(number, tasks[number - start], downloads[number - start])

    def _made(self, number: int, task: str, downloads: int) -> dict[str, Any]:
        choose = self.random.choice
        models = self.by_task.get(task) or self.cards
        like, other = choose(models), choose(models)
        words = [choose(self.pieces), *choose(models).name.strip("-_.").split("-")[:3], choose(self.pieces)]
        return {
            "id": f"{choose(self.owners)[:40]}/{'-'.join(filter(None, words))[:70].rstrip('-_.')}-{number:x}",
            "task": task,
            "card": self._text(task),
            "summary": "",
            "library": like.library,
            "license": other.license,
            "model_type": like.model_type,
            "last_modified": f"202{number % 7}-0{number % 9 + 1}-1{number % 10}T08:00:00Z",
            "languages": list(other.languages[:4]),
            "tags": list(like.tags[:12]),
            "datasets": list(other.datasets[:4]),
            "labels": [],
            "parameters": choose((0, 0, 22_000_000, 110_000_000, 335_000_000, 1_100_000_000, 7_000_000_000)),
            "bytes": choose((0, 0, 90_000_000, 440_000_000, 1_300_000_000, 4_400_000_000, 15_000_000_000)),
            "downloads": downloads,
            "likes": downloads // 500,
            "gated": number % 50 == 0,
        }

    def _text(self, task: str) -> str:
        if self.random.random() < NO_TEXT:
            return ""
        wanted, size, parts = self.random.choice(self.lengths), 0, []
        sentences = self.sentences.get(task) or self.sentences[""]
        while size < wanted:
            parts.append(self.random.choice(sentences))
            size += len(parts[-1]) + 1
        return " ".join(parts)[: wanted + 200]


def _row(card: ModelCard) -> dict[str, Any]:
    known = card.to_dict()
    return {name: known.get(name) for name in SCHEMA.names} | {"card": card.text}


def write_hub(cards: list[ModelCard], count: int, out: Path, seed: int = 0) -> None:
    """Write `count` rows, in row groups of 20,000."""
    rows = Generator(cards, seed).rows(count)
    with pq.ParquetWriter(out, SCHEMA, compression="zstd") as file:
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == ROW_GROUP:
                file.write_table(pa.Table.from_pylist(batch, SCHEMA))
                batch = []
        if batch:
            file.write_table(pa.Table.from_pylist(batch, SCHEMA))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=Path, nargs="+", required=True)
    parser.add_argument("--count", type=int, default=WHOLE_HUB)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    write_hub(read_cards(asked.cards), asked.count, asked.out)
