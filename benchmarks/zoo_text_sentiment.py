"""Measure the `text-sentiment` of the zoo, as a tool: on writers that it never saw, and on texts in another style.

Usage: python benchmarks/zoo_text_sentiment.py [--model DIR] [--curve]

The writers are every fifth of zoo/training/sentiment.tsv; the other texts lie beside this file and were written before
anything was trained. Prints one JSON line: percent right of all three labels, and of those that take a side; with
`--curve`, before it, how many answers are at least so sure, and how many of these are right.
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
BOUNDS = (0.0, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.97)
Answer = tuple[str, dict[str, float]]  # (label, score of each label)
OTHER_STYLE = Path(__file__).with_name("zoo_text_sentiment.tsv")


def other_style() -> list[Labelled]:
    """150 texts written in another style than those of the training."""
    lines = OTHER_STYLE.read_text(encoding="utf-8").splitlines()
    return [(label, text) for label, text in (line.split("\t") for line in lines)]


def answered(tool: ModelTool, texts: list[Labelled]) -> list[Answer]:
    """The label of each text with the scores that the tool gives."""
    found = []
    for label, text in texts:
        request = {"type": "tool_call", "id": "1", "name": tool.name, "args": {"text": text, "top_k": 3}}
        labels = tool.invoke(request).artifact["outputs"]["labels"]
        found.append((label, {one["label"]: one["score"] for one in labels}))
    return found


def curve(answers: list[Answer]) -> list[tuple[float, float, float]]:
    """For some bounds: the bound, the percent of answers that are at least so sure, the percent of these right."""
    best = [(max(scores.values()), max(scores, key=scores.__getitem__) == label) for label, scores in answers]
    rows = []
    for bound in BOUNDS:
        told = [right for score, right in best if score >= bound]
        rows.append((bound, 100 * len(told) / len(best), 100 * sum(told) / max(1, len(told))))
    return rows


def miscalibration(answers: list[Answer]) -> float:
    """By how many points scores and shares of right answers differ, over ten equal groups from unsure to sure."""
    best = sorted((max(scores.values()), max(scores, key=scores.__getitem__) == label) for label, scores in answers)
    groups = [best[len(best) * i // 10 : len(best) * (i + 1) // 10] for i in range(10)]
    gaps = [abs(sum(score - right for score, right in group)) for group in groups]
    return round(100 * sum(gaps) / len(best), 1)


def measure(answers: list[Answer]) -> dict[str, object]:
    """What is right in percent: of all labels, of the sides of texts that take one, and of answers that are sure."""
    right, sides, sure, confused = [], [], [], Counter()
    for label, scores in answers:
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
        "scores_off_by": miscalibration(answers),
        "texts": len(right),
        "mistaken": dict(confused.most_common()),
    }


def main() -> None:
    """Ask about all texts and print what was right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "zoo" / "models" / "text-sentiment")
    parser.add_argument("--curve", action="store_true", help="also print what bounds on the score would give")
    options = parser.parse_args()
    torch.set_num_threads(1)
    tool = ModelTool(ModelCard.from_dir(options.model, id=f"prefrontal/{options.model.name}"))
    started = time.time()
    sets = {
        "writers held out": answered(tool, read_texts(held_out=True)),
        "another style": answered(tool, other_style()),
    }
    for name, answers in sets.items() if options.curve else ():
        print(
            name,
            *(f"{bound}: {told:.1f} % told, {right:.1f} % right" for bound, told, right in curve(answers)),
            sep="\n",
        )
    measured = {name: measure(answers) for name, answers in sets.items()}
    report = {
        "model": options.model.name,
        "metric": "right, percent",
        "asked": ASKED,
        "measured": measured["writers held out"]["right_of_three_labels"],
        "measured_by_kind": measured,
        "bytes": sum(os.path.getsize(file) for file in options.model.glob("*.safetensors")),
        "seconds": round(time.time() - started, 1),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
