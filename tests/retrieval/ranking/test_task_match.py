from __future__ import annotations

import numpy as np
import pytest

from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ranking.task_match import TaskMatch, task_closeness
from prefrontal.tools.card import ModelCard
from prefrontal.tools.tasks import task_phrases


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
    for module in ("ranking.task_match", "ingest.commit"):
        monkeypatch.setattr(f"prefrontal.retrieval.{module}.task_phrases", lambda: phrases)
    assert index.search("an even newer way to ask", k=1)[0].card.task == "translation"
    index.add(ModelCard(id="a/new"))
    assert index.verify()["cards"] == 7
    assert index.search("an even newer way to ask", k=1)[0].card.task == "translation"


def test_a_cue_makes_its_task_likelier() -> None:
    def cues(text: str, takes: str | None) -> dict[str, float]:
        return {"translation": 1.0}

    rows, vector = np.zeros((len(task_phrases()), 2), np.float32), np.array([1, 0], np.float32)
    evidence = TaskMatch(classifier=lambda signature: None, cues=cues).evidence("x", vector, rows, "any", None)
    likely = evidence.likely(["translation", "fill-mask"])
    assert likely["translation"] > likely["fill-mask"]
