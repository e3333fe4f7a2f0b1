from __future__ import annotations

from dataclasses import replace

import pytest

from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ranking.candidate import Candidate
from prefrontal.retrieval.ranking.card_languages import Stand
from prefrontal.retrieval.ranking.rank import Ranker
from prefrontal.retrieval.ranking.signals import SIGNALS, Signal, score
from prefrontal.tools.card import ModelCard
from prefrontal.tools.fitness import Fitness


def candidate(**changes: object) -> Candidate:
    values = {"card": ModelCard(id="a/b"), "meaning": 0.5, "words": 0.5, "task": 0.5, **changes}
    return Candidate(**values)  # type: ignore[arg-type]  (the values are right, their dict is not typed)


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_every_signal_stays_between_0_and_1(signal: object) -> None:
    worst = candidate(
        card=ModelCard(id="a/b", bytes=10**15), meaning=-1.0, words=0.0, task=0.0, shown=0.0, language=Stand(0.0, "")
    )
    best = candidate(
        card=ModelCard(id="a/b", bytes=1, downloads=10**12),
        meaning=1.0,
        words=1.0,
        task=1.0,
        shown=1.0,
        fitness=Fitness(True, True, ""),
        language=Stand(1.0, ""),
    )
    assert signal.value(worst) == 0.0  # type: ignore[attr-defined]
    assert signal.value(best) == 1.0  # type: ignore[attr-defined]
    assert (score(worst), score(best)) == (0.0, pytest.approx(1.0))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"meaning": 0.6}, {"meaning": 0.5}),
        ({"words": 0.6}, {"words": 0.5}),
        ({"task": 0.6}, {"task": 0.5}),
        ({"shown": 0.6}, {"shown": 0.5}),
        ({"fitness": Fitness(True, True, "")}, {"fitness": Fitness(True, False, "")}),
        ({"fitness": Fitness(True, False, "")}, {"fitness": Fitness(False, False, "")}),
        ({"card": ModelCard(id="a/b", downloads=1000)}, {"card": ModelCard(id="a/b")}),
        ({"card": ModelCard(id="a/b", bytes=10**7)}, {"card": ModelCard(id="a/b", bytes=10**10)}),
    ],
)
def test_each_signal_counts(better: dict[str, object], worse: dict[str, object]) -> None:
    assert score(candidate(**better)) > score(candidate(**worse))


def test_downloads_and_size_only_break_ties() -> None:
    popular = candidate(card=ModelCard(id="a/b", downloads=10**8, bytes=10**6), meaning=0.5)
    fitting = candidate(card=ModelCard(id="a/c", downloads=0, bytes=10**12), meaning=0.55)
    assert score(fitting) > score(popular)


def test_a_signal_that_does_not_count_weighs_nothing() -> None:
    assert score(candidate(language=Stand(0.0, ""))) < score(candidate()) < score(candidate(language=Stand(1.0, "")))


def test_weights_of_the_user_s_own_change_the_order_without_a_patch(index: ModelIndex) -> None:
    query = "find the coins in the photo"
    usual = index.search(query, k=6)
    only_cost = tuple(replace(row, weight=1.0 if row.name == "cost" else 0.0) for row in SIGNALS)
    cheap = ModelIndex(index.path, HashEmbedder(), ranker=Ranker(only_cost)).search(query, k=6)
    assert {hit.id for hit in cheap} == {hit.id for hit in usual}
    assert [hit.id for hit in cheap] != [hit.id for hit in usual]


def test_a_signal_of_the_user_s_own_is_told(index: ModelIndex) -> None:
    ours = Signal("ours", 9.0, lambda found: found.card.owner == "lab", lambda found: "made by us")
    hits = ModelIndex(index.path, HashEmbedder(), ranker=Ranker((ours, *SIGNALS))).search("find coins", k=1)
    assert hits[0].card.owner == "lab"
    assert hits[0].why.startswith("made by us; ")
