"""Why a hit stands where it stands, in one line."""

from __future__ import annotations

from typing import Any

import pytest

from prefrontal.retrieval.hits import LINE, Hit, one_line
from prefrontal.retrieval.ranking.candidate import Candidate
from prefrontal.retrieval.ranking.card_languages import Stand
from prefrontal.retrieval.ranking.signals import reasons_of
from prefrontal.tools.card import ModelCard
from prefrontal.tools.fitness import Fitness

CARD = ModelCard(id="lab/opus-en-fr", task="translation", bytes=300_000_000, downloads=12_345)


def candidate(**changes: Any) -> Candidate:
    return Candidate(**{"card": CARD, "meaning": 0.4, "words": 0.5, "task": 0.5, **changes})


def test_the_strongest_stands_first() -> None:
    found = candidate(
        fits=True,
        shared=("translate", "english", "french", "letters", "home"),
        fitness=Fitness(False, False, "needs sacremoses, not installed here: pip install sacremoses", ("it is gated",)),
        language=Stand(1.0, "knows French"),
    )
    assert reasons_of(found, notes=["name looks like x/y, by another owner"]) == (
        "name looks like x/y, by another owner",
        "right task",
        "knows French",
        "cannot run here: needs sacremoses, not installed here",
        "close in meaning",
        "mentions english, french, letters",
        "12,345 downloads",
        "300 MB",
        "it is gated",
    )


@pytest.mark.parametrize(
    ("cosine", "words"), [(0.7, "very close in meaning"), (0.3, "close in meaning"), (0.2, "loosely related"),
                          (0.0, "hardly related")],
)  # fmt: skip
def test_no_number_is_needed_to_say_how_close_it_is(cosine: float, words: str) -> None:
    assert words in reasons_of(candidate(meaning=cosine))


@pytest.mark.parametrize(
    ("fitness", "words"),
    [
        (Fitness(True, True, "on this machine"), "runs here"),
        (Fitness(True, False, "to be downloaded first (300 MB)"), "runs here once downloaded"),
        (Fitness(False, False, "not downloaded, and offline"), "cannot run here: not downloaded, and offline"),
    ],
)
def test_whether_it_runs_here(fitness: Fitness, words: str) -> None:
    assert words in reasons_of(candidate(fitness=fitness))


def test_one_line_is_short_and_leaves_out_whole_reasons() -> None:
    long = "x" * 100
    assert one_line(["right task", "y" * 30, long, "3.9 MB"]) == f"right task; {'y' * 30}; 3.9 MB"
    assert one_line([long * 2, "3.9 MB"]) == long * 2
    assert one_line([]) == "nothing better was found"
    reasons = tuple(f"reason number {number}" for number in range(30))
    why = Hit(CARD, 0.5, reasons, 1).why
    assert 100 < len(why) <= LINE
    assert set(why.split("; ")) <= set(reasons)
