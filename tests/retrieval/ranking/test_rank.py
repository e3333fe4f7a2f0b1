from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings
from model_folders import with_weights

from prefrontal.errors import UsageError
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.embedding.minilm import MiniLMEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.builtin import builtin_cards
from prefrontal.tools.card import ModelCard


def test_equal_cards_stand_in_the_order_of_their_ids(tmp_path: Path) -> None:
    index = ModelIndex(tmp_path / "index", HashEmbedder())
    index.add([ModelCard(id=f"{owner}/twin", task="translation", summary="The same.") for owner in "dbca"])
    for _ in range(3):
        assert [hit.id for hit in index.search("twin", k=4)] == ["a/twin", "b/twin", "c/twin", "d/twin"]


def test_an_id_as_the_query_finds_that_model_first(index: ModelIndex) -> None:
    for card in index:
        assert index.search(card.id, k=1)[0].card == card


def test_more_hits_than_cards_gives_all_cards(index: ModelIndex) -> None:
    hits = index.search("anything at all", k=500)
    assert len(hits) == len(index) == 6
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5, 6]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("vector", [[0.0, 0.0], [float("nan"), 1.0], [float("inf"), 1.0]])
def test_vectors_without_direction_give_a_defined_answer(tmp_path: Path, vector: list[float]) -> None:
    class Broken(Embeddings):
        signature, dimension = "broken/2", 2

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [vector for _ in texts]

        def embed_query(self, text: str) -> list[float]:
            return vector

    index = ModelIndex(tmp_path / "index", Broken())
    index.add([ModelCard(id="a/one", task="translation"), ModelCard(id="a/two", task="translation")])
    hits = index.search("two")
    assert [hit.id for hit in hits] == ["a/two", "a/one"]
    assert all(0 <= hit.score <= 1 for hit in hits)


def test_the_empty_answers_say_what_to_try(tmp_path: Path, index: ModelIndex) -> None:
    empty = ModelIndex(tmp_path / "empty", HashEmbedder())
    assert str(empty.search("coins")) == (
        f"No model fits 'coins': the index in {empty.path} is empty; "
        f"add models with prefrontal index add SOURCE --index {empty.path}"
    )
    assert str(index.search("coins", task="depth-estimation")) == (
        "No model fits 'coins': none of 6 models passes task=depth-estimation; try fewer filters"
    )
    with pytest.raises(UsageError, match="the query is empty; say in words what the model shall do, or name a task"):
        index.search("  ")
    with pytest.raises(UsageError, match="k is 0; ask for one hit or more"):
        index.search("coins", k=0)
    assert {hit.card.task for hit in index.search("", task="translation")} == {"translation"}


def test_only_what_runs_here(index: ModelIndex, tmp_path: Path, make_card: Callable[..., ModelCard]) -> None:
    index.add(
        make_card("here/local-detector").with_(path=with_weights(tmp_path / "weights")),
        next(card for card in builtin_cards() if card.task == "count"),
        make_card("gone/detector").with_(path=str(tmp_path / "deleted")),
    )
    hits = index.search("find coins", k=9, runnable_only=True)
    assert {hit.id for hit in hits} == {"here/local-detector", "prefrontal/count"}
    assert all("runs here" in hit.reasons for hit in hits)
    assert {card.id for card in index.list(runnable_only=True)} == {"here/local-detector", "prefrontal/count"}
    connected = index.search("find coins", k=9, runnable_only=True, offline=False)
    assert "shop/coin-finder" in {hit.id for hit in connected}
    assert "odd/no-task" not in {hit.id for hit in connected}


def test_a_picky_test_is_asked_beyond_the_first_candidates(tmp_path: Path) -> None:
    index = ModelIndex(tmp_path / "index", HashEmbedder(32))
    index.add([ModelCard(id=f"a/translator-{i:03d}", task="translation", downloads=i) for i in range(400)])
    hits = index.search("translator", k=3, where=lambda card: card.downloads % 100 == 7)
    assert len(hits) == 3


def test_meaning_finds_what_words_cannot(tmp_path: Path, minilm: MiniLMEmbedder, cards: list[ModelCard]) -> None:
    index = ModelIndex(tmp_path / "index", minilm)
    index.add(cards)
    assert index.search("how much money lies on the table", k=1)[0].id == "shop/coin-finder"
    assert index.search("what does the speaker say", k=1)[0].id == "ear/tiny-asr"
    assert index.search("put this into the language of Paris", k=1)[0].id == "lab/opus-en-fr"
