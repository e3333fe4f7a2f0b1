"""The third mix of speech for `spoken-numbers`: six more voices and mixtures of them, for ears less used to espeak-ng.

The shards `more` hold 1,000 utterances of flite, RHVoice, SVOX Pico, hibari and Gnuspeech; the shards `neural` hold
250 by mixtures of Kokoro's speakers, which take a few seconds each. `validation` has voices of their own.

Usage (makes shards beforehand; what must be installed is in `spoken_numbers_voices.py`):
    python zoo/training/spoken_numbers_more.py --cache /tmp/spoken --kind more --shards 0 4
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from zoo.training.numbers_en_fr import english_words  # noqa: E402
from zoo.training.spoken_numbers_data import RATE, draw_number  # noqa: E402
from zoo.training.spoken_numbers_mix import (  # noqa: E402
    FLITE_VOICES,
    NUMBER_WORDS,
    Speech,
    draw_said,
    draw_short,
    flite,
    lossy,
)
from zoo.training.spoken_numbers_other import draw_other, written  # noqa: E402
from zoo.training.spoken_numbers_voices import (  # noqa: E402
    KOKORO,
    gnuspeech,
    hibari,
    kokoro,
    pico,
    rhvoice,
)

SEED = 31
SHARES = {"hibari": 0.26, "rhvoice": 0.26, "pico": 0.2, "flite": 0.2, "gnuspeech": 0.08}
OTHERS = 0.12  # of the utterances are sentences and single words


def say(text: str, engine: str, rng: random.Random) -> np.ndarray:
    """Let an engine say a text, by a voice of its own, at a pace and a pitch drawn at random."""
    pace = rng.choice((1.0, rng.uniform(0.75, 1.4)))
    pitch = rng.choice((100, rng.randint(75, 135)))
    if engine == "hibari":
        return hibari(text, rng.random() < 0.5, pace)
    if engine == "rhvoice":
        return rhvoice(text, rng.choice(("bdl", "clb")), int(100 * pace), pitch)
    if engine == "pico":
        return pico(text, "en-US", int(100 * pace), pitch)
    if engine == "flite":
        return flite(text, rng.choice(FLITE_VOICES), 1 / pace)
    return gnuspeech(text, rng.choice(("male", "large_child", "small_child")), pace)


def neural(text: str, rng: random.Random) -> np.ndarray:
    """Let a mixture of Kokoro's speakers say a text; beyond a speaker, away from another, lie new ones."""
    one, other = rng.sample(KOKORO, 2)
    share = rng.choice((1.0, rng.uniform(0.4, 1.35)))
    return kokoro(text, {one: share, other: 1 - share}, rng.random() < 0.4, rng.uniform(0.85, 1.35))


def draw_more(rng: random.Random) -> tuple[str, np.ndarray]:
    """Draw one utterance of a shard `more`: what is to be written, and its samples."""
    generator = np.random.default_rng(rng.randrange(2**32))
    (engine,) = rng.choices(list(SHARES), list(SHARES.values()))
    if rng.random() < OTHERS:
        said, language = draw_other(rng)
        while language != "en":
            said, language = draw_other(rng)
        text = written(said, NUMBER_WORDS)
    else:
        text, said = draw_said(rng, "flite")
    samples = say(said, engine, rng)
    return text, lossy(samples, generator) if rng.random() < 0.12 else samples


def draw_neural(rng: random.Random) -> tuple[str, np.ndarray]:
    """Draw one utterance of a shard `neural`: mostly short, for each second takes its time."""
    if rng.random() < 0.08:
        said, language = draw_other(rng)
        if language == "en" and len(said) < 30:
            return written(said, NUMBER_WORDS), neural(said, rng)
    if rng.random() < 0.75:
        text = english_words(draw_short(rng), " ", " ")
        return text, neural(text + rng.choice(("", ".")), rng)
    text, said = draw_said(rng, "flite")
    return text, neural(said, rng)


def draw_validation(rng: random.Random) -> tuple[str, np.ndarray]:
    """Draw one utterance by a voice that no training hears: of Pico, of Gnuspeech, and seldom one of Kokoro."""
    short = rng.random() < 0.75
    number = rng.randint(0, 99) if short else draw_number(rng, unseen=True)
    text = english_words(number, rng.choice((" and ", " ")), " ")
    kind = rng.random()
    if kind < 0.6:
        return text, pico(text, "en-GB", rng.choice((100, rng.randint(80, 130))))
    if kind < 0.92:
        return text, gnuspeech(text, "female", rng.uniform(0.9, 1.2))
    return text, kokoro(text, {"jf_nezumi": 1.0}, rng.random() < 0.5, rng.uniform(0.9, 1.2))


KINDS: dict[str, tuple[int, Callable[[random.Random], tuple[str, np.ndarray]]]] = {
    "more": (1000, draw_more),
    "neural": (250, draw_neural),
    "validation": (200, draw_validation),
}


def load(folder: Path, kind: str, shard: int) -> Speech:
    """The utterances of a shard: read from `folder`, or made and written there."""
    size, draw = KINDS[kind]
    path = folder / f"{kind}-{shard:03}.npz"
    if not path.exists():
        rng = random.Random(f"{SEED} {kind} {shard}")
        speech = [(text, wave) for text, wave in (draw(rng) for _ in range(size)) if len(wave) > RATE // 10]
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
    parser.add_argument("--kind", choices=KINDS, required=True)
    parser.add_argument("--shards", type=int, nargs=2, required=True, metavar=("FIRST", "STOP"))
    options = parser.parse_args()
    for shard in range(*options.shards):
        print(shard, len(load(options.cache, options.kind, shard)), flush=True)


if __name__ == "__main__":
    main()
