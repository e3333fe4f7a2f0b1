"""The measure of spoken numbers: its arithmetic, and what it lets voices say that is no number."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    pytest.importorskip("num2words", reason="the training module draws numbers with it")
    pytest.importorskip("soundfile")
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    return importlib.import_module("zoo_spoken_numbers")


class Scripted:
    """A listener that writes down what a test says."""

    def __init__(self, script: ModuleType, *texts: str) -> None:
        self.texts = list(texts)
        self.told = script.Listener.told

    def hear(self, samples: np.ndarray) -> str:
        return self.texts.pop(0)


def test_what_is_told_and_what_of_it_is_right(script: ModuleType) -> None:
    silence = np.zeros(10, dtype=np.float32)
    said = [("a", "forty two", silence), ("a", "thirteen", silence), ("b", "ten", silence), ("b", "six", silence)]
    figures = script.measure(Scripted(script, "forty two", "thirty", "ten [?]", ""), said)
    assert figures == {
        "word_error": {"a": 33.33, "b": 50.0, "all": 40.0},
        "wholly_right": {"a": 50.0, "b": 50.0, "all": 50.0},
        "told": 50.0,
        "right_of_told": 50.0,
        "utterances": 4,
    }


def test_what_is_no_number_counts_as_refused(script: ModuleType) -> None:
    rows = [("sentences", "", np.zeros(10, dtype=np.float32))] * 4 + [("sounds", "", np.zeros(10, dtype=np.float32))]
    heard = Scripted(script, "[?]", "[?] two [?]", "five two nine", "seven", "")
    assert script.refused(heard, rows) == {"sentences": 75.0, "sounds": 100.0}


def test_utterances_are_kept(script: ModuleType, tmp_path: Path) -> None:
    made = [("a", "ten", np.arange(3.0)), ("b", "", np.arange(5.0))]
    again = [script.kept(tmp_path / "kept", "set", make) for make in (lambda: made, list)]
    for rows in again:
        assert [row[:2] for row in rows] == [row[:2] for row in made]
        assert all(np.array_equal(row[2], other[2]) for row, other in zip(rows, made, strict=True))


def test_there_is_enough_that_is_no_number(script: ModuleType) -> None:
    """A hundred sentences, forty in other languages, twenty sounds; and none that training has."""
    from zoo.training.spoken_numbers_other import FOREIGN, SHORT

    spoken = script.other_speech()
    texts = {text for text, _ in spoken}
    assert len(texts) == len(spoken) == 140
    assert sum(language == "en" for _, language in spoken) == 100
    assert not texts & {text for row in FOREIGN.values() for text in row.split("|")}
    assert not texts & set(SHORT)
    sounds = script.sounds()
    assert len(sounds) == 20
    assert all(np.isfinite(sound).all() and sound.dtype == np.float32 for sound in sounds)
