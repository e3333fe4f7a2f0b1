"""Measure the `spoken-numbers` of the zoo: word error over unseen numbers said by voices never trained on.

Usage: python benchmarks/zoo_spoken_numbers.py [--model DIR] [--count N]
Needs the program espeak-ng. Prints one JSON line with word error rates (percent).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
from transformers import pipeline

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from zoo.training.spoken_numbers_data import (  # noqa: E402
    ACCENTS,
    HELD_OUT_ACCENT,
    HELD_OUT_VARIANTS,
    RATE,
    coloured_noise,
    draw_text,
    synthesize,
)

ASKED = 10.0
Utterance = tuple[str, str, np.ndarray]


def word_errors(truth: list[str], answer: list[str]) -> int:
    """The least count of words to put in, take out or replace (Levenshtein distance)."""
    row = list(range(len(answer) + 1))
    for at, word in enumerate(truth, 1):
        previous, row[0] = row[0], at
        for column, other in enumerate(answer, 1):
            cost = min(row[column] + 1, row[column - 1] + 1, previous + (word != other))
            previous, row[column] = row[column], cost
    return row[-1]


def unseen_utterances(count: int) -> list[Utterance]:
    """Say unseen numbers with the held-out variants and with the held-out accent; (voice, text, samples)."""
    rng = random.Random(77)
    utterances = []
    for at in range(count):
        held_out = (*HELD_OUT_VARIANTS, HELD_OUT_ACCENT)[at % (len(HELD_OUT_VARIANTS) + 1)]
        voice = held_out if held_out == HELD_OUT_ACCENT else f"{rng.choice(ACCENTS)}+{held_out}"
        text = draw_text(rng, unseen=True)
        utterances.append((held_out, text, synthesize(text, voice, rng.randint(130, 210), rng.randint(35, 65))))
    return utterances


def add_noise(samples: np.ndarray, decibels: float, seed: int) -> np.ndarray:
    """Add coloured noise at a signal-to-noise ratio."""
    noise = coloured_noise(len(samples), np.random.default_rng(seed))
    return (samples + samples.std() * 10 ** (-decibels / 20) * noise).astype(np.float32)


def measure(recognize: object, utterances: list[Utterance]) -> tuple[dict[str, float], float]:
    """Word error rates by voice and over all, and the share of utterances that are wholly right; percent."""
    errors: dict[str, int] = {}
    words: dict[str, int] = {}
    right = 0
    for voice, text, samples in utterances:
        answer = recognize({"raw": samples, "sampling_rate": RATE})["text"]
        errors[voice] = errors.get(voice, 0) + word_errors(text.split(), answer.split())
        words[voice] = words.get(voice, 0) + len(text.split())
        right += answer == text
    rates = {voice: round(100 * errors[voice] / words[voice], 2) for voice in errors}
    rates["all"] = round(100 * sum(errors.values()) / sum(words.values()), 2)
    return rates, round(100 * right / len(utterances), 2)


def main() -> None:
    """Transcribe clean and noisy utterances and print the error rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "zoo" / "models" / "spoken-numbers")
    parser.add_argument("--count", type=int, default=480, help="utterances for each condition")
    options = parser.parse_args()
    torch.set_num_threads(1)
    recognize = pipeline("automatic-speech-recognition", model=str(options.model), device="cpu")
    utterances = unseen_utterances(options.count)
    started = time.time()
    clean, whole = measure(recognize, utterances)
    noisy = {
        decibels: measure(
            recognize,
            [(voice, text, add_noise(wave, decibels, at)) for at, (voice, text, wave) in enumerate(utterances)],
        )[0]["all"]
        for decibels in (20, 10)
    }
    report = {
        "model": "spoken-numbers",
        "metric": "word error rate, percent",
        "asked": ASKED,
        "measured": clean["all"],
        "measured_by_voice": clean,
        "wholly_right": whole,
        "noise_20_dB": noisy[20],
        "noise_10_dB": noisy[10],
        "utterances": len(utterances),
        "bytes": os.path.getsize(options.model / "model.safetensors"),
        "seconds": round(time.time() - started, 1),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
