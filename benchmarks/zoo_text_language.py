"""Measure the `text-language` of the zoo, as a tool: on everyday sentences, and on Debian packages it never saw.

Usage: python benchmarks/zoo_text_language.py [--sentences sentences.tsv] [--model DIR] [--count N]

The everyday sentences lie beside this file, ten for each language. `sentences.tsv` is what
zoo/training/text_language_data.py writes; of its held-out packages, sentences of 32 to 48 characters are asked, and the
same number of beginnings of about 20 and 80 characters. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from prefrontal.tools.card import ModelCard  # noqa: E402
from prefrontal.tools.model_tool import ModelTool  # noqa: E402
from zoo.training.text_language import cut, no_language, read_sentences  # noqa: E402

ASKED = 98.0
SURE = 0.6
EVERYDAY = Path(__file__).with_name("zoo_text_language_everyday.tsv")
Asked = list[tuple[str, str]]  # (language, text)


def everyday() -> Asked:
    """The sentences that people say, none of which was trained on."""
    lines = EVERYDAY.read_text(encoding="utf-8").splitlines()
    return [(language, text) for language, text in (line.split("\t") for line in lines)]


def unseen(path: Path, count: int) -> dict[str, Asked]:
    """Up to `count` sentences for each language out of packages that are held out, by their length."""
    rng, found = random.Random(5), defaultdict(list)
    for language, packages in read_sentences(path, held_out=True).items():
        texts = sorted(text for held in packages.values() for text in held)
        middling = [text for text in texts if 32 <= len(text) <= 48]
        long = [text for text in texts if len(text) > 48]
        rng.shuffle(middling)
        rng.shuffle(long)
        middling += [cut(text, 36, rng) for text in long[: max(0, count - len(middling))]]
        found["about 40 characters"] += [(language, text) for text in middling[:count]]
        found["about 20 characters"] += [(language, cut(text, 20, random.Random(1))) for text in middling[:count]]
        found["about 80 characters"] += [(language, cut(text, 80, rng)) for text in long[:count] if len(text) > 70]
    return {name: [(language, text) for language, text in asked if text] for name, asked in found.items()}


def answers(tool: ModelTool, texts: list[str]) -> list[tuple[str, float]]:
    """The label and the score of each text."""
    given = []
    for text in texts:
        request = {"type": "tool_call", "id": "1", "name": tool.name, "args": {"text": text}}
        best = tool.invoke(request).artifact["outputs"]["labels"][0]
        given.append((best["label"], best["score"]))
    return given


def measure(tool: ModelTool, asked: Asked) -> dict[str, object]:
    """What is right in percent, by how sure the model is, and where it is wrong."""
    given = answers(tool, [text for _, text in asked])
    right = [label == language for (label, _), (language, _) in zip(given, asked, strict=True)]
    sure = [ok for ok, (_, score) in zip(right, given, strict=True) if score >= SURE]
    by_language: dict[str, list[bool]] = defaultdict(list)
    for (language, _), ok in zip(asked, right, strict=True):
        by_language[language].append(ok)
    shares = {language: round(100 * sum(oks) / len(oks), 1) for language, oks in by_language.items()}
    mistaken = Counter(
        f"{language} as {label}" for (label, _), (language, _) in zip(given, asked, strict=True) if label != language
    )
    return {
        "right": round(100 * sum(right) / len(right), 2),
        "texts": len(right),
        "sure": round(100 * len(sure) / len(right), 2),
        "right_where_sure": round(100 * sum(sure) / max(1, len(sure)), 2),
        "lowest": dict(sorted(shares.items(), key=lambda item: item[1])[:6]),
        "mistaken": dict(mistaken.most_common(8)),
    }


def main() -> None:
    """Ask everything and print what was right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "zoo" / "models" / "text-language")
    parser.add_argument("--sentences", type=Path, help="the file that text_language_data.py writes")
    parser.add_argument("--count", type=int, default=100, help="sentences for each language")
    options = parser.parse_args()
    torch.set_num_threads(1)
    tool = ModelTool(ModelCard.from_dir(options.model, id=f"prefrontal/{options.model.name}"))
    started = time.time()
    measured = {"everyday": measure(tool, everyday())}
    if options.sentences:
        measured |= {name: measure(tool, asked) for name, asked in unseen(options.sentences, options.count).items()}
    rng = random.Random(99)
    scores = [score for _, score in answers(tool, [no_language(rng) for _ in range(500)])]
    report = {
        "model": options.model.name,
        "metric": "right, percent",
        "asked": ASKED,
        "measured": measured.get("about 40 characters", measured["everyday"])["right"],
        "measured_by_kind": measured,
        "no_language_under_0.6": round(100 * sum(score < SURE for score in scores) / len(scores), 2),
        "bytes": os.path.getsize(options.model / "model.safetensors"),
        "seconds": round(time.time() - started, 1),
    }
    print(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main()
