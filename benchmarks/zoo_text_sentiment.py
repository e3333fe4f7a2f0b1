"""Measure the `text-sentiment` of the zoo, as a tool: on writers that it never saw, and on texts in another style.

Usage: python benchmarks/zoo_text_sentiment.py [--model DIR]

The writers are every fifth of zoo/training/sentiment.tsv; the other texts lie beside this file and were written before
anything was trained. Prints one JSON line: percent right of all three labels, and of those that take a side.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from prefrontal.tools.card import ModelCard  # noqa: E402
from prefrontal.tools.model_tool import ModelTool  # noqa: E402
from zoo.training.text_sentiment_data import Labelled, read_texts  # noqa: E402

ASKED = 88.0
SURE = 0.6
OTHER_STYLE = Path(__file__).with_name("zoo_text_sentiment.tsv")


def other_style() -> list[Labelled]:
    """150 texts written in another style than those of the training."""
    lines = OTHER_STYLE.read_text(encoding="utf-8").splitlines()
    return [(label, text) for label, text in (line.split("\t") for line in lines)]


def measure(tool: ModelTool, texts: list[Labelled]) -> dict[str, object]:
    """What is right in percent: of all labels, of the sides of texts that take one, and of answers that are sure."""
    right, sides, sure, confused = [], [], [], Counter()
    for label, text in texts:
        request = {"type": "tool_call", "id": "1", "name": tool.name, "args": {"text": text, "top_k": 3}}
        scores = {one["label"]: one["score"] for one in tool.invoke(request).artifact["outputs"]["labels"]}
        best = max(scores, key=scores.__getitem__)
        right.append(best == label)
        if label != "neutral":
            sides.append((scores["positive"] > scores["negative"]) == (label == "positive"))
        if scores[best] >= SURE:
            sure.append(best == label)
        if best != label:
            confused[f"{label} as {best}"] += 1
    return {
        "right_of_three_labels": round(100 * sum(right) / len(right), 2),
        "right_of_positive_or_negative": round(100 * sum(sides) / len(sides), 2),
        "sure": round(100 * len(sure) / len(right), 2),
        "right_where_sure": round(100 * sum(sure) / max(1, len(sure)), 2),
        "texts": len(right),
        "mistaken": dict(confused.most_common()),
    }


def main() -> None:
    """Ask about all texts and print what was right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "zoo" / "models" / "text-sentiment")
    options = parser.parse_args()
    torch.set_num_threads(1)
    tool = ModelTool(ModelCard.from_dir(options.model, id=f"prefrontal/{options.model.name}"))
    started = time.time()
    measured = {
        "writers held out": measure(tool, read_texts(held_out=True)),
        "another style": measure(tool, other_style()),
    }
    report = {
        "model": options.model.name,
        "metric": "right, percent",
        "asked": ASKED,
        "measured": measured["writers held out"]["right_of_three_labels"],
        "measured_by_kind": measured,
        "bytes": os.path.getsize(options.model / "model.safetensors"),
        "seconds": round(time.time() - started, 1),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
