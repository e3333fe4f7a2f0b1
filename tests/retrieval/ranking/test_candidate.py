from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ranking.candidate import Candidate
from prefrontal.retrieval.ranking.card_languages import NEUTRAL
from prefrontal.retrieval.ranking.rank import Ranker
from prefrontal.retrieval.ranking.signals import SIGNALS, Signal
from prefrontal.tools.card import ModelCard


def candidates(index: ModelIndex, query: str) -> dict[str, Candidate]:
    """What a search finds out of each card, as the last look of a signal sees it."""
    seen: dict[str, Candidate] = {}

    def look(found: Candidate) -> float:
        seen[found.card.id] = found
        return 0.0

    signals = (Signal("look", 0.0, look, lambda found: ""), *SIGNALS)
    ModelIndex(index.path, HashEmbedder(), ranker=Ranker(signals)).search(query, k=9, offline=True)
    return seen


def test_of_a_card_that_nobody_looked_at_nothing_is_said() -> None:
    found = Candidate(ModelCard(id="a/b"), meaning=0.0, words=0.0, task=0.0)
    assert (found.shown, found.shared, found.fitness, found.language, found.fits) == (NEUTRAL, (), None, None, False)
    with pytest.raises(FrozenInstanceError):
        found.meaning = 1.0  # type: ignore[misc]


def test_a_search_finds_out_all_of_it(index: ModelIndex) -> None:
    found = candidates(index, "finds the coins in photos")
    assert set(found) == {card.id for card in index}
    best = found["shop/coin-finder"]
    assert best.card == index.get("shop/coin-finder"), "the whole card"
    assert (best.words, best.shared, best.fits) == (1.0, ("finds", "coins", "photos"), True)
    assert best.fitness
    assert not best.fitness.ok, "it is not here, and offline it cannot be had"
    assert best.language is None, "no language is asked for"
    assert all(-1 <= each.meaning <= best.meaning <= 1 for each in found.values())
    assert all(0 <= value <= 1 for each in found.values() for value in (each.words, each.task, each.shown))
    assert best.task == max(each.task for each in found.values())


def test_languages_that_are_asked_for_are_looked_up(index: ModelIndex) -> None:
    found = candidates(index, "translate a German letter into English")
    german, silent = found["lab/opus-de-en"].language, found["shop/coin-finder"].language
    assert german
    assert silent
    assert german.value > silent.value
    assert found["lab/opus-en-fr"].language is None, "it names others only: nobody looked further"
