"""Measure the `spoken-numbers` of the zoo through the tool that an agent calls: numbers by voices never trained on.

Usage: python benchmarks/zoo_spoken_numbers.py [--model DIR] [--count N] [--piper VOICE.onnx] [--cache DIR] [--only SET]
Needs the programs espeak-ng and festival with the voices ked and slt (`apt install festival festvox-kdlpc16k
festvox-us-slt-hts`), and for --piper a voice of Piper and onnxruntime. Prints one JSON line, rates in percent.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from zoo_spoken_numbers_voices import FESTIVAL, festival, other_speech, piper, sounds  # noqa: E402

from prefrontal.agent.planner.execute.routes import shortcoming  # noqa: E402
from prefrontal.tools.card import ModelCard  # noqa: E402
from prefrontal.tools.media import Workspace  # noqa: E402
from prefrontal.tools.model_tool import ModelTool  # noqa: E402
from zoo.training.numbers_en_fr import english_words  # noqa: E402
from zoo.training.spoken_numbers_data import (  # noqa: E402
    ACCENTS,
    HELD_OUT_VARIANTS,
    RATE,
    SCOTTISH,
    coloured_noise,
    draw_number,
    draw_text,
    synthesize,
)

TASK = "automatic-speech-recognition"
ASKED = {"exact_0_to_99_at_least": 95.0, "word_error_at_most": 3.0, "refused_at_least": 97.0}
# In en-gb espeak-ng 1.51 ignores variants: the same voice as in training would speak.
VARIED = tuple("en-gb-x-rp" if accent == "en-gb" else accent for accent in ACCENTS)
SETS = ("0_to_99", "words", "figures", "engines", "others")
Utterance = tuple[str, str, np.ndarray]


class Listener:
    """The checkpoint as the tool that an agent has; a text that its planner would refuse is no answer."""

    def __init__(self, folder: Path) -> None:
        self.card = ModelCard.from_dir(folder)
        self.workspace = Path(tempfile.mkdtemp())
        self.fresh()

    def fresh(self) -> None:
        """A workspace of its own every now and then: its list of files is written anew for every file."""
        shutil.rmtree(self.workspace, ignore_errors=True)
        self.files = Workspace(self.workspace)
        self.tool = ModelTool(self.card, self.files)

    def hear(self, samples: np.ndarray) -> str:
        """What the tool writes down."""
        if len(self.files) >= 50:
            self.fresh()
        handle = self.files.add((np.clip(samples, -1, 1), RATE)).handle
        call = {"type": "tool_call", "id": "1", "name": self.tool.name, "args": {"audio": handle}}
        message = self.tool.invoke(call)
        if message.status == "error" and "the recording is silent" in str(message.content):
            return ""  # a tool refuses a recording without any sound before a model hears it
        if message.status == "error":
            raise SystemExit(str(message.content))
        return message.artifact["outputs"]["text"]

    @staticmethod
    def told(text: str) -> str:
        """What is told of it: "" for what is refused."""
        return "" if shortcoming(text, TASK) else text


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
    """Say unseen numbers with the held-out variants, also in the Scottish accent; (voice, text, samples)."""
    rng = random.Random(77)
    utterances = []
    for at in range(count):
        round_, place = divmod(at, len(HELD_OUT_VARIANTS) + 1)
        if place < len(HELD_OUT_VARIANTS):
            held_out = HELD_OUT_VARIANTS[place]
            voice = f"{rng.choice(VARIED)}+{held_out}"
        else:
            held_out = SCOTTISH
            voice = f"{SCOTTISH}+{HELD_OUT_VARIANTS[round_ % len(HELD_OUT_VARIANTS)]}"
        text = draw_text(rng, unseen=True)
        utterances.append((held_out, text, synthesize(text, voice, rng.randint(130, 210), rng.randint(35, 65))))
    return utterances


def add_noise(samples: np.ndarray, decibels: float, seed: int) -> np.ndarray:
    """Add coloured noise at a signal-to-noise ratio."""
    noise = coloured_noise(len(samples), np.random.default_rng(seed))
    return (samples + samples.std() * 10 ** (-decibels / 20) * noise).astype(np.float32)


def short_utterances(voice: Path | None) -> list[Utterance]:
    """0 to 99, each said by the held-out variants in figures and by the other engines in words."""
    rng = random.Random(78)
    utterances = [
        (variant, english_words(number, " and ", " "), synthesize(str(number), f"{rng.choice(VARIED)}+{variant}", 175))
        for variant in HELD_OUT_VARIANTS
        for number in range(100)
    ]
    return utterances + by_engines([english_words(number, " and ", " ") for number in range(100)], voice)


def by_engines(texts: Iterable[str], voice: Path | None) -> list[Utterance]:
    """Texts said by the two voices of festival, and by a voice of Piper when there is one."""
    texts = list(texts)
    said = [(f"festival {name}", text, festival(text, name)) for name in FESTIVAL for text in texts]
    return said + ([("piper", text, piper(text, voice)) for text in texts] if voice else [])


def figures(count: int) -> list[Utterance]:
    """Unseen numbers handed to the held-out variants as figures, which espeak-ng reads out in its own way."""
    rng = random.Random(79)
    utterances = []
    for at in range(count):
        variant, accent = HELD_OUT_VARIANTS[at % len(HELD_OUT_VARIANTS)], rng.choice(VARIED)
        number = draw_number(rng, unseen=True)
        text = english_words(number, " " if accent.startswith("en-us") else " and ", " ")
        utterances.append(("figures", text, synthesize(str(number), f"{accent}+{variant}", 175)))
    return utterances


def no_numbers(voice: Path | None) -> list[Utterance]:
    """Sentences in English and other languages by held-out variants and engines, and sounds; the texts say which."""
    rng = random.Random(80)
    utterances = []
    for at, (text, language) in enumerate(other_speech()):
        accent = rng.choice(VARIED) if language == "en" else language
        kind = "sentences" if language == "en" else "languages"
        if kind == "sentences" and at % 5 == 4:
            name = list(FESTIVAL)[at // 5 % 2]
            utterances.append((kind, "", piper(text, voice) if voice and at % 10 == 9 else festival(text, name)))
        else:
            utterances.append((kind, "", synthesize(text, f"{accent}+{rng.choice(HELD_OUT_VARIANTS)}")))
    return utterances + [("sounds", "", sound) for sound in sounds()]


def kept(folder: Path | None, name: str, make: Callable[[], list[Utterance]]) -> list[Utterance]:
    """Utterances, read from `folder` if an earlier run left them there."""
    path = folder / f"{name}.npz" if folder else None
    if path and path.exists():
        with np.load(path) as rows:
            waves = np.split(rows["samples"], np.cumsum(rows["sizes"])[:-1])
            return list(zip(rows["voices"].tolist(), rows["texts"].tolist(), waves, strict=True))
    utterances = make()
    if path:
        voices, texts, waves = zip(*utterances, strict=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, voices=voices, texts=texts, samples=np.concatenate(waves), sizes=[len(wave) for wave in waves])
    return utterances


def measure(listener: Listener, utterances: list[Utterance], show: bool = False) -> dict[str, object]:
    """Word error of what is written and share of the wholly right, by voice and over all; how much is told, and of
    that how much is right."""
    errors: dict[str, list[int]] = {}
    told = told_right = 0
    for voice, text, samples in utterances:
        answer = listener.hear(samples)
        plain = answer.removesuffix("[?]").strip()
        row = (word_errors(text.split(), plain.split()), len(text.split()), int(plain == text))
        errors[voice] = [a + b for a, b in zip(errors.get(voice, [0, 0, 0, 0]), (*row, 1), strict=True)]
        if show and answer != text:
            print(f"{voice}: {text!r} heard as {answer!r}", file=sys.stderr)
        if listener.told(answer):
            told, told_right = told + 1, told_right + (plain == text)
    errors["all"] = [sum(column) for column in zip(*errors.values(), strict=True)]
    return {
        "word_error": {voice: round(100 * row[0] / row[1], 2) for voice, row in errors.items()},
        "wholly_right": {voice: round(100 * row[2] / row[3], 1) for voice, row in errors.items()},
        "told": round(100 * told / len(utterances), 1),
        "right_of_told": round(100 * told_right / max(told, 1), 1),
        "utterances": len(utterances),
    }


def refused(listener: Listener, utterances: list[Utterance], show: bool = False) -> dict[str, float]:
    """The share of what is no number that is not told as one, by kind."""
    kinds: dict[str, list[bool]] = {}
    for kind, _, samples in utterances:
        answer = listener.hear(samples)
        kinds.setdefault(kind, []).append(not listener.told(answer))
        if show and listener.told(answer):
            print(f"{kind}: told {answer!r}", file=sys.stderr)
    return {kind: round(100 * sum(rows) / len(rows), 1) for kind, rows in kinds.items()}


def main() -> None:
    """Let the voices speak, the tool listen, and print what it got right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "zoo" / "models" / "spoken-numbers")
    parser.add_argument("--count", type=int, default=480, help="utterances for each condition")
    parser.add_argument("--piper", type=Path, help="a voice of Piper: an ONNX file beside its .json")
    parser.add_argument("--cache", type=Path, help="folder that keeps what the voices said")
    parser.add_argument("--only", nargs="+", choices=SETS, default=SETS, help="measure these sets")
    parser.add_argument("--show", action="store_true", help="print what is wrong to stderr")
    options = parser.parse_args()
    torch.set_num_threads(1)
    listener = Listener(options.model)
    rng = random.Random(81)
    texts = [draw_text(rng, unseen=True) for _ in range(max(1, options.count // 8))]
    sets: dict[str, Callable[[], list[Utterance]]] = {
        "0_to_99": lambda: short_utterances(options.piper),
        "words": lambda: unseen_utterances(options.count),
        "figures": lambda: figures(options.count // 2),
        "engines": lambda: by_engines(texts, options.piper),
    }
    said = {name: kept(options.cache, name, make) for name, make in sets.items() if name in options.only}
    started = time.time()
    report: dict[str, object] = {"model": "spoken-numbers", "asked": ASKED}
    for name, utterances in said.items():
        report[name] = measure(listener, utterances, options.show)
    for decibels in (20, 10) if "words" in said else ():
        some = enumerate(said["words"][::3])
        noisy = [(voice, text, add_noise(wave, decibels, at)) for at, (voice, text, wave) in some]
        report[f"noise_{decibels}_dB"] = measure(listener, noisy)
    if "others" in options.only:
        others = kept(options.cache, "others", lambda: no_numbers(options.piper))
        report["refused"] = refused(listener, others, options.show)
    report["bytes"] = os.path.getsize(options.model / "model.safetensors")
    report["seconds"] = round(time.time() - started, 1)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
