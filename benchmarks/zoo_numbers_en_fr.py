"""Measure the `numbers-en-fr` of the zoo on numbers from 100 up that it was never trained on.

Usage: python benchmarks/zoo_numbers_en_fr.py [--model DIR] [--count N]
Prints one JSON line: the percentage whose whole French text is exactly num2words', by the way of writing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from num2words import num2words
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from zoo.training.numbers_en_fr import english_words, held_out  # noqa: E402

ASKED = 99.0
WAYS: dict[str, Callable[[int], str]] = {
    "figures": str,
    "figures with comma and full stop": lambda number: f"{number:,}.",
    "num2words English": lambda number: num2words(number, lang="en"),
    "words without and, without hyphen": lambda number: english_words(number, " ", " "),
    "capitals with full stop": lambda number: english_words(number).upper() + ".",
}


def unseen_numbers(count: int, lengths: tuple[int, ...]) -> list[int]:
    """Draw distinct held-out numbers whose count of digits is one of `lengths`."""
    rng = random.Random(2024)
    numbers: set[int] = set()
    while len(numbers) < count:
        digits = rng.choice(lengths)
        number = rng.randrange(10 ** (digits - 1), 10**digits)
        if held_out(number):
            numbers.add(number)
    return sorted(numbers)


def share_right(model: torch.nn.Module, tokenizer: object, texts: list[str], truth: list[str]) -> float:
    """Translate texts and return the percentage that is exactly right."""
    right = 0
    for at in range(0, len(texts), 100):
        inputs = tokenizer(texts[at : at + 100], padding=True, return_tensors="pt")
        with torch.inference_mode():
            answers = tokenizer.batch_decode(model.generate(**inputs), skip_special_tokens=True)
        right += sum(map(str.__eq__, answers, truth[at : at + 100]))
    return round(100 * right / len(texts), 2)


def main() -> None:
    """Translate the unseen numbers in every way of writing and print the shares that are right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "zoo" / "models" / "numbers-en-fr")
    parser.add_argument("--count", type=int, default=2000, help="numbers for each way of writing")
    options = parser.parse_args()
    torch.set_num_threads(1)
    model = AutoModelForSeq2SeqLM.from_pretrained(options.model).eval()
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    started = time.time()
    numbers = unseen_numbers(options.count, (4, 5, 6, 6, 6))
    numbers += [number for number in range(100, 1000) if held_out(number)]
    truth = [num2words(number, lang="fr") for number in numbers]
    measured = {name: share_right(model, tokenizer, list(map(write, numbers)), truth) for name, write in WAYS.items()}
    building_blocks = [num2words(number, lang="fr") for number in range(100)]
    report = {
        "model": "numbers-en-fr",
        "metric": "unseen numbers exactly right, percent",
        "asked": ASKED,
        "measured": {"figures": measured["figures"], "words": measured["num2words English"]},
        "measured_by_way": measured,
        "numbers": len(numbers),
        "trained_on_0_to_99_figures": share_right(model, tokenizer, list(map(str, range(100))), building_blocks),
        "bytes": os.path.getsize(options.model / "model.safetensors"),
        "seconds": round(time.time() - started, 1),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
