from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from prefrontal.errors import UsageError
from prefrontal.retrieval.embedder import HashEmbedder, MiniLMEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ranking import SIGNALS, Candidate, score, task_closeness, task_phrases
from prefrontal.tools.builtin import builtin_cards
from prefrontal.tools.card import ModelCard
from prefrontal.tools.fitness import Fitness


def candidate(**changes: object) -> Candidate:
    values = {"card": ModelCard(id="a/b"), "meaning": 0.5, "words": 0.5, "task": 0.5, **changes}
    return Candidate(**values)  # type: ignore[arg-type]  (the values are right, their dict is not typed)


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_every_signal_stays_between_0_and_1(signal: object) -> None:
    worst = candidate(card=ModelCard(id="a/b", bytes=10**15), meaning=-1.0, words=0.0, task=0.0, tongue=0.0)
    best = candidate(
        card=ModelCard(id="a/b", bytes=1, downloads=10**12),
        meaning=1.0,
        words=1.0,
        task=1.0,
        tongue=1.0,
        fitness=Fitness(True, True, ""),
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
        ({"tongue": 0.6}, {"tongue": 0.5}),
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


def test_a_task_is_as_close_as_the_three_closest_of_its_phrases() -> None:
    phrases = task_phrases()
    rows = np.zeros((len(phrases), 2), np.float32)
    places = [number for number, (task, _) in enumerate(phrases) if task == "translation"]
    rows[places[:2]] = [1.0, 0.0]
    closeness = task_closeness(rows, np.array([0.9, 0.6], np.float32))
    assert closeness["translation"] == pytest.approx(0.6)  # (0.9 + 0.9 + 0) / 3
    assert {task for task, near in closeness.items() if near} == {"translation"}


def test_an_index_written_with_another_task_table_still_answers(
    index: ModelIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    phrases = (*task_phrases()[:50], ("translation", "an even newer way to ask"))
    for module in ("ranking", "updates"):
        monkeypatch.setattr(f"prefrontal.retrieval.{module}.task_phrases", lambda: phrases)
    assert index.search("an even newer way to ask", k=1)[0].card.task == "translation"
    index.add(ModelCard(id="a/new"))
    assert index.verify()["cards"] == 7
    assert index.search("an even newer way to ask", k=1)[0].card.task == "translation"


def test_hits_say_why_in_one_line(index: ModelIndex) -> None:
    hit = index.search("find the coins in the photo", k=1)[0]
    assert (hit.card.id, hit.rank) == ("shop/coin-finder", 1)
    assert hit.why == (
        "right task; cannot run here: not downloaded, and offline; close in meaning; "
        "mentions find, coins, photo; 4.0 MB"
    )
    assert hit.why == "; ".join(hit.reasons)
    assert str(hit) == f"1. shop/coin-finder (object-detection) {hit.score:.2f}: {hit.why}"
    assert "\n" not in str(hit)


def test_hits_are_plain_json_and_show_themselves(index: ModelIndex) -> None:
    index.add(ModelCard(id="x/evil", task="translation", text="<script>alert(1)</script> translate translate"))
    hits = index.search("translate", k=3)
    assert set(json.loads(json.dumps(hits[0].to_dict()))) == {"rank", "id", "task", "score", "reasons", "variants"}
    html = hits._repr_mimebundle_()["text/html"]
    assert "<script>" not in html
    assert html.count("<tr>") == 4
    assert hits._repr_mimebundle_()["text/plain"] == "\n".join(map(str, hits))
    assert "<table>" in hits[0]._repr_mimebundle_()["text/html"]
    assert repr(hits[0]) == f"<Hit {hits[0]}>"


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
    (tmp_path / "weights").mkdir()
    index.add(
        make_card("here/local-detector").with_(path=str(tmp_path / "weights")),
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
