"""The second mix of speech for `spoken-numbers`: half of it 0 to 99, four engines' voices, and what is no number.

Numbers are said in words or in figures: of "610" espeak-ng makes one breath with a swallowed `and`, of "six hundred
and ten" three words. The utterances come in numbered shards of 1,000, each seeded by its number, so that several
processes can make them. Needs the programs espeak-ng and flite.

Usage (makes the shards 0, 2, 4, ... beforehand, beside another process that makes 1, 3, 5, ...):
    python zoo/training/spoken_numbers_mix.py --cache /tmp/spoken --shards 0 12 2
"""

from __future__ import annotations

import argparse
import io
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from scipy import signal

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from zoo.training.numbers_en_fr import LIMIT, TENS, UNITS, english_words, held_out  # noqa: E402
from zoo.training.spoken_numbers_data import ACCENTS, RATE, SCOTTISH, VARIANTS, synthesize  # noqa: E402
from zoo.training.spoken_numbers_other import draw_other, draw_sound, written  # noqa: E402

SHARD = 1000
SEED = 23
ALL_ACCENTS = (*ACCENTS, SCOTTISH)
FLITE_VOICES = ("kal", "kal16", "awb", "rms", "slt")
NUMBER_WORDS = frozenset((*UNITS, *TENS[2:], "hundred", "thousand", "and"))
Speech = list[tuple[str, np.ndarray]]


def draw_short(rng: random.Random) -> int:
    """A number below 100, the teens and the whole tens more often than their share."""
    kind = rng.random()
    if kind < 0.28:
        return rng.randint(10, 19)
    if kind < 0.46:
        return 10 * rng.randint(2, 9)
    return rng.randint(0, 9) if kind < 0.56 else rng.randint(0, 99)


def draw_long(rng: random.Random) -> int:
    """A number from 100 up that is not held out: of three to six figures, round ones among them."""
    while True:
        digits = rng.choice((3, 3, 4, 5, 6, 6))
        number = rng.randrange(10 ** (digits - 1), 10**digits)
        if rng.random() < 0.15:  # 4,013 and 600,040: a short number behind a gap
            number = number // 1000 * 1000 + draw_short(rng) if digits > 3 else number // 100 * 100 + draw_short(rng)
        elif rng.random() < 0.08:
            number -= number % 10 ** rng.randint(1, digits - 1)
        if 100 <= number < LIMIT and not held_out(number):
            return number


def draw_said(rng: random.Random, voice: str) -> tuple[str, str]:
    """Draw a number; returns the words to write and the text that the voice is given.

    In figures, espeak-ng's American voices leave out `and`, its others say it. "A hundred" is written `one hundred`.
    """
    if rng.random() < 0.04:  # single figures with pauses are written one by one
        figures = [UNITS[rng.randint(0, 9)] for _ in range(rng.randint(2, 6))]
        return " ".join(figures), rng.choice((", ", " ")).join(figures)
    number = draw_short(rng) if rng.random() < 0.62 else draw_long(rng)
    if "flite" not in voice and rng.random() < 0.45:
        joiner = " " if voice.startswith("en-us") else " and "
        said = f"{number:,}" if rng.random() < 0.1 else str(number)
        return english_words(number, joiner, " "), said
    joiner = rng.choice((" and ", " and ", " "))
    text = english_words(number, joiner, " ")
    said = english_words(number, joiner, rng.choice("- "), rng.choice(("", "", ",")))
    if text.startswith(("one hundred", "one thousand")) and rng.random() < 0.3:
        said = "a" + said[3:]
    return text, said + rng.choice(("", "", ".", "!", "?"))


def flite(text: str, voice: str, stretch: float) -> np.ndarray:
    """Let flite say a text, `stretch` times as long as it would; 16 kHz samples."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        command = ["flite", "-voice", voice, "--setf", f"duration_stretch={stretch:.2f}", "-t", text, "-o", file.name]
        subprocess.run(command, capture_output=True, check=True, timeout=60)
        samples, rate = soundfile.read(file.name, dtype="float32")
    return samples if rate == RATE else signal.resample_poly(samples, RATE // 100, rate // 100).astype(np.float32)


def lossy(samples: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Write samples as a small MP3 or Ogg file and read them back."""
    kind = ("MP3", "OGG")[generator.integers(0, 2)]
    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format=kind, compression_level=generator.uniform(0.6, 0.99))
    file.seek(0)
    return soundfile.read(file, dtype="float32")[0]


def draw_voice(rng: random.Random) -> str:
    """An accent of espeak-ng, mostly with a variant, or one of flite's voices."""
    if rng.random() < 0.22:
        return f"flite {rng.choice(FLITE_VOICES)}"
    variant = rng.choice(("", "", "", *VARIANTS))
    return rng.choice((*ALL_ACCENTS, "en-gb", "en-us")) + (f"+{variant}" if variant else "")


def draw_mixed_speech(rng: random.Random) -> tuple[str, np.ndarray]:
    """Draw one utterance: what is to be written, and its samples."""
    generator = np.random.default_rng(rng.randrange(2**32))
    kind = rng.random()
    if kind < 0.03:
        return "", draw_sound(generator)
    voice = draw_voice(rng)
    if kind < 0.16:
        said, language = draw_other(rng)
        text = written(said, NUMBER_WORDS)
        if language != "en":
            text, voice = "[?]", language + rng.choice(("", "+f2", "+m2", "+f5", "+Andy"))
    else:
        text, said = draw_said(rng, voice)
    if voice.startswith("flite"):
        samples = flite(said, voice.split()[1], rng.uniform(0.75, 1.4))
    else:
        gap = rng.choice((0, 0, 0, 0, rng.randint(1, 12)))
        speed = rng.choice((175, rng.randint(110, 220)))  # 175 is what espeak-ng speaks at when nothing is asked
        samples = synthesize(said, voice, speed, rng.choice((50, rng.randint(20, 80))), gap)
    if len(samples) < RATE // 10:
        return "", np.zeros(RATE // 2, dtype=np.float32)
    return text, lossy(samples, generator) if rng.random() < 0.12 else samples


def load_shard(folder: Path, shard: int, size: int = SHARD) -> Speech:
    """The utterances of a shard: read from `folder`, or made and written there."""
    path = folder / f"mix-{shard:03}.npz"
    if not path.exists():
        rng = random.Random(1000 * SEED + shard)
        speech = [draw_mixed_speech(rng) for _ in range(size)]
        waves = [np.round(np.clip(wave, -1, 1) * 32767).astype(np.int16) for _, wave in speech]
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part.npz")
        np.savez(part, samples=np.concatenate(waves), sizes=[len(w) for w in waves], texts=[text for text, _ in speech])
        part.rename(path)
    with np.load(path) as kept:
        return list(zip(kept["texts"].tolist(), np.split(kept["samples"], np.cumsum(kept["sizes"])[:-1]), strict=True))


def main() -> None:
    """Parse the command line and make shards."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True, help="folder for the shards")
    parser.add_argument("--shards", type=int, nargs=3, required=True, metavar=("FIRST", "STOP", "STEP"))
    options = parser.parse_args()
    for shard in range(*options.shards):
        print(shard, len(load_shard(options.cache, shard)), flush=True)


if __name__ == "__main__":
    main()
