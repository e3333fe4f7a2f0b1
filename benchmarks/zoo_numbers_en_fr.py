"""Measure the `numbers-en-fr` of the zoo on numbers from 100 up that it was never trained on, and on what is none.

Usage: python benchmarks/zoo_numbers_en_fr.py [--model DIR] [--count N]
Prints one JSON line: the percentage whose whole French text is exactly num2words', by the way of writing; and of 500
texts that are more than a whole number (a sign, a decimal point, words around, two numbers, sentences), how many the
tool gets right, refuses and invents.
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

from prefrontal.tools.card import ModelCard  # noqa: E402
from prefrontal.tools.model_tool import ModelTool  # noqa: E402
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


NO_NUMBERS: tuple[Callable[[int], tuple[str, str]], ...] = (  # (text, its French)
    lambda n: (f"-{n}", num2words(-n, lang="fr")),
    lambda n: (f"minus {english_words(n)}", num2words(-n, lang="fr")),
    lambda n: (f"{n}.{n % 9 + 1}", num2words(float(f"{n}.{n % 9 + 1}"), lang="fr")),
    lambda n: (f"{english_words(n % 100)} point five", num2words(n % 100 + 0.5, lang="fr")),
    lambda n: (f"number {n}", f"numéro {num2words(n, lang='fr')}"),
    lambda n: (f"{n} apples", f"{num2words(n, lang='fr')} pommes"),
    lambda n: (f"room {english_words(n)}", f"chambre {num2words(n, lang='fr')}"),
    lambda n: (f"{n} kg", f"{num2words(n, lang='fr')} kilogrammes"),
    lambda n: (f"{n} and {n + 7}", f"{num2words(n, lang='fr')} et {num2words(n + 7, lang='fr')}"),
    lambda n: (f"{n}%", f"{num2words(n, lang='fr')} pour cent"),
    lambda n: (f"the {num2words(n, to='ordinal')}", f"le {num2words(n, lang='fr', to='ordinal')}"),
    lambda n: (f"I paid {n} for the old boat.", ""),
    lambda n: (f"{n}000000000", num2words(n * 10**9, lang="fr")),
)


def beyond(folder: Path, count: int) -> dict[str, int]:
    """How many of so many texts beyond whole numbers are right, refused, and invented, through the tool."""
    tool = ModelTool(ModelCard.from_dir(folder, id="lab/numbers-en-fr"))
    rng, found = random.Random(7), {"right": 0, "refused": 0, "invented": 0}
    for at in range(count):
        text, french = NO_NUMBERS[at % len(NO_NUMBERS)](rng.randrange(2, 5000))
        arguments = {"text": text, "source_language": "en", "target_language": "fr"}
        said = tool.invoke({"type": "tool_call", "id": "1", "name": tool.name, "args": arguments})
        given = (said.artifact or {}).get("outputs", {}).get("text") if said.status != "error" else None
        found["refused" if given is None else "right" if given == french else "invented"] += 1
    return found


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
        "beyond_whole_numbers": beyond(options.model, 500),
        "bytes": os.path.getsize(options.model / "model.safetensors"),
        "seconds": round(time.time() - started, 1),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
