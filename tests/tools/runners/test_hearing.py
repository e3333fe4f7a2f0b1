"""How sure a model of numbers is of what it heard: the packaged one, and a tiny one that learnt nothing."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from prefrontal.errors import ToolInputError
from prefrontal.tools.card import ModelCard
from prefrontal.tools.runners import get_runner, hearing
from prefrontal.tools.runners.hearing import SPEEDS, TAG, likeliest, number_heard
from prefrontal.tools.text import UNSURE

ROOT = Path(__file__).resolve().parents[3]
RECORDINGS = ROOT / "tests" / "data" / "spoken"
ENTRIES = json.loads((RECORDINGS / "numbers.json").read_text())
RATE = 16_000


@pytest.fixture(scope="module")
def hear() -> Callable[[Any], str]:
    """The packaged model, run as an agent's tool runs it."""
    folder = ROOT / "zoo" / "models" / "spoken-numbers"
    card = ModelCard.from_dir(folder)
    assert TAG in card.tags
    runner = get_runner(card)
    model = runner.load(card, folder)
    return lambda array: runner.run(model, card, {"audio": {"array": array, "sampling_rate": RATE}})["text"]


def scripted(*readings: list[list[float]]) -> Any:
    """A pipeline whose model gives these chances of blank, "one " and "two " to the frames of any recording.

    Args:
        readings: of one call after the other, and again from the first.
    """
    given = type("Given", (dict,), {"to": lambda self, device: self})
    logits = itertools.cycle([torch.tensor([chances]).log() for chances in readings])
    model = type("Model", (), {"__call__": lambda self, **_: SimpleNamespace(logits=next(logits))})()
    model.device, model.config = "cpu", SimpleNamespace(pad_token_id=0)
    extractor = type("Extractor", (), {"__call__": lambda self, array, **_: given(), "sampling_rate": RATE})()
    words = ("", "one ", "two ")

    def decode(ids: list[int], **_: Any) -> str:
        kept = [now for before, now in zip([0, *ids], ids, strict=False) if now and now != before]
        return "".join(words[index] for index in kept)

    return SimpleNamespace(
        model=model, type="ctc", feature_extractor=extractor, tokenizer=SimpleNamespace(decode=decode)
    )


@pytest.mark.parametrize(
    ("chances", "text"),
    [
        ([[0.01, 0.98, 0.01], [0.98, 0.01, 0.01], [0.01, 0.01, 0.98]], "one two"),
        # 0.5 for blank and 0.5 for the word: three of the four ways to say it are "two"; so it has 0.75, not 0.25
        ([[0.5, 0.0001, 0.4999], [0.4999, 0.0001, 0.5]], f"two {UNSURE}"),
        ([[0.01, 0.6, 0.39], [0.98, 0.01, 0.01]], f"one {UNSURE}"),
        ([[0.6, 0.2, 0.2], [0.6, 0.2, 0.2]], ""),  # nothing was said: there is nothing to be unsure of
    ],
)
def test_a_text_of_little_chance_is_marked(
    chances: list[list[float]], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "SURE", 0.8)
    assert number_heard(scripted(chances), np.zeros(RATE, dtype=np.float32)) == text


def test_what_fits_all_three_readings_is_heard() -> None:
    """One reading of three leans to "one", the others are nearly sure of "two"."""
    assert len(SPEEDS) == 3
    text, chance = likeliest(scripted([[0.1, 0.5, 0.4]], [[0.1, 0.1, 0.8]], [[0.1, 0.1, 0.8]]), np.zeros(RATE))
    assert (text, round(chance, 4)) == ("two", round((0.4 * 0.8 * 0.8) ** (1 / 3), 4))


def test_the_same_word_twice_is_two_words() -> None:
    assert number_heard(scripted([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), np.zeros(RATE)) == "one one"


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["file"] for entry in ENTRIES])
def test_clear_recordings_are_sure(hear: Callable[[Any], str], entry: dict[str, Any]) -> None:
    soundfile = pytest.importorskip("soundfile")
    samples, rate = soundfile.read(RECORDINGS / entry["file"], dtype="float32")
    assert rate == RATE
    assert hear(samples) == entry["text"]


def test_two_recordings_over_each_other_are_not_told(hear: Callable[[Any], str]) -> None:
    soundfile = pytest.importorskip("soundfile")
    one, two = (soundfile.read(RECORDINGS / entry["file"], dtype="float32")[0] for entry in ENTRIES[::2][:2])
    size = min(len(one), len(two))
    assert UNSURE in hear(one[:size] + two[:size])


def test_silence_is_refused(hear: Callable[[Any], str]) -> None:
    with pytest.raises(ToolInputError, match="the recording is silent"):
        hear(np.zeros(RATE, dtype=np.float32))


def test_only_models_of_numbers_are_asked(load: Any) -> None:
    """Another model's text stays as its pipeline gives it; of one that learnt nothing, tagged so, nothing is sure."""
    loaded = load("automatic-speech-recognition")
    audio = {"array": np.random.default_rng(1).normal(0, 0.1, RATE).astype(np.float32), "sampling_rate": RATE}
    plain = loaded.run(audio=audio)["text"]
    tagged = replace(loaded.card, tags=(*loaded.card.tags, TAG))
    marked = loaded.runner.run(loaded.model, tagged, {"audio": audio})["text"]
    assert UNSURE not in plain
    assert not marked or marked.endswith(f" {UNSURE}")
