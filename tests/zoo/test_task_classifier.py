"""How the classifier of tasks is taught: its texts, and that a file keeps what was learnt."""

from __future__ import annotations

from pathlib import Path

import pytest

from prefrontal.retrieval.embedding.minilm import MiniLMEmbedder
from prefrontal.tools.tasks import tasks
from prefrontal.zoo.training.task_classifier import HOUSE, HOUSE_WEIGHT, REQUESTS, train, training_texts


def test_it_learns_from_our_own_texts_of_known_tasks() -> None:
    found = training_texts()
    assert {task for task, _, _ in found} <= set(tasks())
    assert all(text.strip() for _, text, _ in found)
    assert len(found) > 7000


def test_the_requests_name_their_writers_and_ours_weigh_more() -> None:
    lines = [line.split("\t") for line in REQUESTS.read_text(encoding="utf-8").splitlines()]
    assert lines[0] == ["writer", "task", "request"]
    assert {writer for writer, _, _ in lines[1:]} == {HOUSE, "strangers"}
    ours = {request for writer, _, request in lines[1:] if writer == HOUSE}
    weights = {text: weight for _, text, weight in training_texts()}
    assert {weights[request] for request in ours} == {HOUSE_WEIGHT}


def test_a_file_keeps_what_was_learnt(tmp_path: Path, minilm: MiniLMEmbedder) -> None:
    pytest.importorskip("sklearn", reason="training needs scikit-learn")
    texts = [row for row in training_texts() if row[0] in ("translation", "fill-mask", "summarization")][::10]
    learnt = train(texts, tmp_path / "small.npz")
    asked = "translate my letter into Greek"
    evidence = learnt.evidence(asked, minilm.one(asked))
    assert max(evidence, key=lambda task: evidence[task]) == "translation"
