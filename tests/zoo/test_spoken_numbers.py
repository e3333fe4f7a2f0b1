"""The zoo's recogniser of spoken numbers, on recordings of voices and numbers that training never used."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "zoo" / "models" / "spoken-numbers"
RECORDINGS = ROOT / "tests" / "data" / "spoken"
ENTRIES = json.loads((RECORDINGS / "numbers.json").read_text())
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

soundfile = pytest.importorskip("soundfile", reason="the recordings are sound files")


@pytest.fixture(scope="module")
def recognize():
    """The checkpoint as a user loads it."""
    from transformers import pipeline

    return pipeline("automatic-speech-recognition", model=str(MODEL), device="cpu")


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["file"] for entry in ENTRIES])
def test_recordings_are_written_down(recognize, entry: dict) -> None:
    """Every recording, WAV and FLAC, gives its words in lower case."""
    samples, rate = soundfile.read(RECORDINGS / entry["file"], dtype="float32")
    assert rate == 16_000
    assert recognize({"raw": samples, "sampling_rate": rate})["text"] == entry["text"]


def test_noise_loudness_and_silence_change_little(recognize) -> None:
    """A quieter recording with silence around it and a little noise is still right."""
    entry = ENTRIES[0]
    samples, rate = soundfile.read(RECORDINGS / entry["file"], dtype="float32")
    samples = np.pad(0.2 * samples, (rate // 4, rate // 2))
    samples = samples + np.random.default_rng(0).normal(0, 0.001, len(samples)).astype(np.float32)
    assert recognize({"raw": samples, "sampling_rate": rate})["text"] == entry["text"]


def test_silence_gives_no_words(recognize) -> None:
    """A second of digital silence is written down as nothing."""
    assert recognize({"raw": np.zeros(16_000, dtype=np.float32), "sampling_rate": 16_000})["text"] == ""


def test_checkpoint_is_small() -> None:
    """The weights stay under six megabytes."""
    assert (MODEL / "model.safetensors").stat().st_size <= 6_000_000


def test_fast_mel_features_are_the_extractors(recognize) -> None:
    """Training computes the mel features itself, for speed: they must be the extractor's."""
    pytest.importorskip("num2words", reason="the training module draws numbers with it")
    from zoo.training.spoken_numbers import mel_features

    samples, rate = soundfile.read(RECORDINGS / ENTRIES[1]["file"], dtype="float32")
    extractor = recognize.feature_extractor
    truth = extractor(samples, sampling_rate=rate, return_tensors="np")["input_features"][0]
    mels = mel_features(samples, extractor)[: 4 * len(truth)].reshape(len(truth), -1)
    np.testing.assert_allclose(mels[:-1], truth[:-1], atol=1e-3)


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="training lets espeak-ng speak")
def test_training_script_runs(tmp_path: Path) -> None:
    """The smoke run writes a checkpoint that loads and answers with text."""
    pytest.importorskip("num2words", reason="the training module draws numbers with it")
    from transformers import pipeline

    from zoo.training.spoken_numbers import main

    main(["--out", str(tmp_path), "--smoke"])
    recognize = pipeline("automatic-speech-recognition", model=str(tmp_path), device="cpu")
    answer = recognize({"raw": np.zeros(16_000, dtype=np.float32), "sampling_rate": 16_000})
    assert isinstance(answer["text"], str)
