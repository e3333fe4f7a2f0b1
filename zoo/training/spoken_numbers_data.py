"""Speech for `spoken-numbers`: numbers said by espeak-ng, changed as rooms and microphones change them.

Usage (writes the sound files that the tests read; needs the program espeak-ng):
    python zoo/training/spoken_numbers_data.py --fixtures tests/data/spoken
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile
from scipy import fft, signal

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from zoo.training.numbers_en_fr import LIMIT, english_words, held_out  # noqa: E402

RATE = 16_000
ACCENTS = ("en-us", "en-gb", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029", "en-us-nyc")
VARIANTS = (
    "m1 m2 m4 m5 m6 m8 f1 f2 f3 f5 adam Alex Alicia Andrea Andy antonio aunty benjamin boris caleb "
    "david Denis Diogo ed edward Gene grandma grandpa Henrique Hugo iven Jacky john klatt klatt2 klatt4 "
    "klatt6 Lee linda Marco Mario max michel Nguyen norbert paul pedro quincy rob robert sandro shelby "
    "steph Storm travis Tweaky victor whisper whisperf"
).split()
SCOTTISH = "en-gb-scotland"  # heard in the second part of the training only
HELD_OUT_VARIANTS = ("m3", "m7", "Michael", "Mike", "f4", "Annie", "belinda")  # four male, three female
FIXTURES = (
    ("forty_two_thousand.wav", 42_107, "en-us+m3", " and "),
    ("seven_hundred.wav", 728, f"{SCOTTISH}+belinda", " and "),
    ("three_hundred_thousand.wav", 300_056, "en-gb-x-rp+m7", " "),
)


def synthesize(text: str, voice: str, speed: int = 165, pitch: int = 50, gap: int = 0) -> np.ndarray:
    """Let espeak-ng say a text; returns 16 kHz samples between -1 and 1."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "-g", str(gap), "--stdout", text]
    wave = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    samples = np.frombuffer(wave[44 : 44 + (len(wave) - 44) // 2 * 2], dtype="<i2")  # 44 bytes are the header
    return signal.resample_poly(samples.astype(np.float32) / 32768, 320, 441).astype(np.float32)


def draw_number(rng: random.Random, unseen: bool) -> int:
    """Draw a number, mostly long ones; `unseen` ones are those that training never uses."""
    while True:
        digits = rng.choice((3, 4, 5, 6, 6) if unseen else (1, 2, 3, 4, 5, 5, 6, 6, 6))
        number = rng.randrange(10 ** (digits - 1) if digits > 1 else 0, 10**digits)
        if number < LIMIT and held_out(number) == unseen:
            return number


def draw_text(rng: random.Random, unseen: bool = False) -> str:
    """Draw a number and spell it, with or without `and`."""
    return english_words(draw_number(rng, unseen), rng.choice((" and ", " and ", " ")), " ", "")


def draw_training_speech(rng: random.Random) -> tuple[str, np.ndarray]:
    """Draw one training utterance: its text and its samples."""
    text = draw_text(rng)
    variant = rng.choice(("", *VARIANTS))
    voice = rng.choice(ACCENTS) + (f"+{variant}" if variant else "")
    said = text
    if rng.random() < 0.15:  # a comma is a pause
        said = said.replace("thousand ", "thousand, ", 1)
    gap = rng.choice((0, 0, 0, rng.randint(1, 12)))
    return text, synthesize(said, voice, rng.randint(110, 250), rng.randint(20, 80), gap)


def coloured_noise(size: int, generator: np.random.Generator) -> np.ndarray:
    """Noise of unit power whose spectrum falls by a random slope (white to brown)."""
    length = fft.next_fast_len(size, real=True)
    spectrum = fft.rfft(generator.standard_normal(length, dtype=np.float32))
    edge = 20.0 * length / RATE  # below 20 Hz the spectrum stays level
    spectrum /= np.maximum(np.arange(len(spectrum)), edge).astype(np.float32) ** generator.uniform(0, 1)
    noise = fft.irfft(spectrum, length)[:size]
    return noise / (noise.std() + 1e-9)


def reverberate(samples: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Add the echo of a small room: decaying noise after the direct sound."""
    decay = generator.uniform(0.05, 0.35)
    times = np.arange(int(decay * RATE)) / RATE
    response = generator.standard_normal(len(times)) * np.exp(-6.9 * times / decay)
    response *= generator.uniform(0.1, 0.6) / (np.sqrt((response**2).sum()) + 1e-9)
    response[0] = 1.0
    return signal.oaconvolve(samples, response)


def filter_band(samples: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Cut the lows and the highs as a small microphone or a telephone line does."""
    low, high = generator.uniform(40, 350), generator.uniform(3000, 7600)
    sections = signal.butter(2, [low, high], btype="bandpass", fs=RATE, output="sos")
    return signal.sosfilt(sections, samples)


def trim(samples: np.ndarray) -> np.ndarray:
    """Cut the silence before the first and after the last sound."""
    loud = np.flatnonzero(np.abs(samples) > 0.02 * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples


def _surrounded(samples: np.ndarray, generator: np.random.Generator) -> tuple[np.ndarray, int, int]:
    before, after = generator.uniform(0, 0.7, 2) * RATE * (generator.random(2) < 0.7)
    start = int(before)
    return np.pad(samples, (start, int(after))), start, start + len(samples)


def place(samples: np.ndarray, generator: np.random.Generator) -> tuple[np.ndarray, int, int]:
    """Put silence around an utterance and change its loudness, nothing else; returns as `augment` does."""
    samples, start, stop = _surrounded(samples, generator)
    return (samples * 10 ** generator.uniform(-1.5, 0)).astype(np.float32), start, stop


def augment(
    samples: np.ndarray, generator: np.random.Generator, speeds: tuple[float, float] = (0.86, 1.16)
) -> tuple[np.ndarray, int, int]:
    """Change an utterance at random: speed and timbre, silence, room, band, noise, gain.

    Returns the changed samples and where in them the utterance starts and stops.
    """
    if generator.random() < 0.6:  # resampling shifts the formants too, which stands for other speakers
        places = np.arange(0, len(samples) - 1, generator.uniform(*speeds))
        samples = np.interp(places, np.arange(len(samples)), samples)
    samples, start, stop = _surrounded(samples, generator)
    if generator.random() < 0.25:
        samples = reverberate(samples, generator)
    if generator.random() < 0.35:
        samples = filter_band(samples, generator)
    if generator.random() < 0.65:
        level = samples.std() * 10 ** (-generator.uniform(5, 40) / 20)
        samples = samples + max(level, 1e-4) * coloured_noise(len(samples), generator)
    peak = np.abs(samples).max() + 1e-9
    gain = 10 ** generator.uniform(-1.5, 0.05)  # a little above full scale: clipped
    return np.clip(samples / peak * gain, -1, 1).astype(np.float32), start, stop


def write_fixtures(folder: Path) -> None:
    """Write a few utterances of voices and numbers that training never uses, and what they say."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for name, number, voice, joiner in FIXTURES:
        text = english_words(number, joiner, " ")
        samples = synthesize(text, voice)
        soundfile.write(folder / name, samples, RATE, subtype="PCM_16")
        entries.append({"file": name, "number": number, "text": text, "voice": voice})
        if not (folder / FIXTURES[0][0]).with_suffix(".flac").exists():
            flac = (folder / name).with_suffix(".flac")
            soundfile.write(flac, samples, RATE, subtype="PCM_16")
            entries.append({"file": flac.name, "number": number, "text": text, "voice": voice})
    (folder / "numbers.json").write_text(json.dumps(entries, indent=2) + "\n")


def main() -> None:
    """Parse the command line and write the sound files for the tests."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fixtures", type=Path, required=True, help="folder for the sound files")
    write_fixtures(parser.parse_args().fixtures)


if __name__ == "__main__":
    main()
