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


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng says the numbers")
@pytest.mark.parametrize("voice", ["en-gb", "en-us+f4", "en-us+m7"])
def test_short_numbers_are_told_apart(recognize, voice: str) -> None:
    """Teens and whole tens as espeak-ng reads figures out: at most one of eighteen is wrong."""
    pytest.importorskip("num2words", reason="the training module draws numbers with it")
    from zoo.training.numbers_en_fr import english_words
    from zoo.training.spoken_numbers_data import RATE, synthesize

    numbers = [*range(10, 20), *range(20, 100, 10)]
    heard = [recognize({"raw": synthesize(str(n), voice), "sampling_rate": RATE})["text"] for n in numbers]
    assert sum(text != english_words(n) for n, text in zip(numbers, heard, strict=True)) <= 1, heard


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng says the sentences")
@pytest.mark.parametrize("text", ["The bakery opens early on Saturdays.", "Could you speak a little louder, please?"])
def test_other_speech_is_no_number(recognize, text: str) -> None:
    """What holds no number is written as "[?]"."""
    from zoo.training.spoken_numbers_data import RATE, synthesize

    assert "[?]" in recognize({"raw": synthesize(text, "en-gb+m3"), "sampling_rate": RATE})["text"]


def test_the_second_mix_says_what_it_writes() -> None:
    """Words of numbers alone are written; single figures stay single, and sentences become marks."""
    pytest.importorskip("num2words", reason="the training module draws numbers with it")
    import random

    from zoo.training.spoken_numbers_mix import NUMBER_WORDS, draw_said
    from zoo.training.spoken_numbers_other import draw_other, written

    rng = random.Random(1)
    drawn = [draw_said(rng, voice) for voice in ("en-gb", "en-us+f2", "flite slt") for _ in range(200)]
    assert all(set(text.split()) <= NUMBER_WORDS for text, _ in drawn)
    assert ("thirteen", "13") in drawn or ("thirteen", "thirteen") in drawn
    assert not [text for text, said in drawn if said.isdigit() and int(said) < 100 and " and " in text]
    assert written("I have two apples and a pear", NUMBER_WORDS) == "[?] two [?] and [?]"
    assert all(draw_other(rng)[0] for _ in range(50))


def test_warped_frames_are_of_another_pace_and_as_many_bins() -> None:
    """Frames changed into another speaker's stay finite, of the same bins, and not twice as many nor a third."""
    from zoo.training.spoken_numbers_warp import warp, warp_tract

    mels = np.random.default_rng(0).normal(-5, 3, (90, 80)).astype(np.float32)
    seen = [warp(mels, np.random.default_rng(seed)) for seed in range(60)]
    assert all(each.shape[1] == 80 and each.dtype == np.float32 and np.isfinite(each).all() for each in seen)
    assert min(map(len, seen)) < 80
    assert max(map(len, seen)) > 100
    assert all(30 < len(each) < 180 for each in seen)
    ramp = np.tile(np.arange(80, dtype=np.float32), (20, 1))  # a tract that moves every formant keeps their order
    moved = warp_tract(ramp, np.random.default_rng(1))
    assert moved.shape == ramp.shape
    assert (np.diff(moved, axis=1) >= 0).mean() > 0.95


def test_a_pass_uses_few_utterances_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Part 3 takes so many of each kind of speech, however few there are."""
    pytest.importorskip("num2words", reason="the training module draws numbers with it")
    from zoo.training import spoken_numbers as training

    monkeypatch.setattr(training, "PASS", {"mix": 4, "more": 5, "neural": 3})
    monkeypatch.setattr(training, "load_shard", lambda folder, at: [(f"mix {at}", np.zeros(1))] * 3)
    monkeypatch.setattr(training, "load_more", lambda folder, kind, at: [(f"{kind} {at}", np.zeros(1))] * 2)
    texts = [text for text, _ in training.load_voices(Path(), {"mix": 2, "more": 1, "neural": 0})]
    assert texts == ["mix 0"] * 3 + ["mix 1"] + ["more 0"] * 5


def test_checkpoint_is_small() -> None:
    """The weights stay under four megabytes."""
    assert (MODEL / "model.safetensors").stat().st_size <= 4_000_000


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
