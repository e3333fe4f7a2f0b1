"""Vectors, similarities and ranks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tiny_compare import close

from prefrontal.errors import ModelUnavailableError, ToolInputError
from prefrontal.tools.card import ModelCard
from prefrontal.tools.checkpoints import MINILM, packaged_minilm
from prefrontal.tools.runners import get_runner


def test_similarities_are_cosines_the_closest_first(load: Any):
    loaded = load("sentence-similarity")
    texts = ["hello world", "the cat is small", "paris"]
    vectors = loaded.model.encode(["the cat is small", *texts])
    cosines = (vectors[1:] @ vectors[0]) / (np.linalg.norm(vectors[1:], axis=1) * np.linalg.norm(vectors[0]))

    labels = loaded.run(text="the cat is small", sentences=texts)["labels"]

    assert [label["label"] for label in labels] == [texts[i] for i in np.argsort(-cosines)]
    assert [label["score"] for label in labels] == pytest.approx(sorted(cosines, reverse=True), abs=1e-5)
    assert labels[0]["score"] == pytest.approx(1, abs=1e-5)


def test_meaning_counts_with_real_weights():
    card = ModelCard(id=MINILM, task="sentence-similarity", library="sentence-transformers")
    runner = get_runner(card)
    model = runner.load(card, packaged_minilm())
    sentences = ["The stock market fell today", "A kitten plays with wool"]

    labels = runner.run(model, card, {"text": "A small cat is playing", "sentences": sentences})["labels"]
    vector = runner.run(model, card.with_(task="feature-extraction"), {"text": "A small cat"})["vector"]

    assert labels[0]["label"] == "A kitten plays with wool"
    assert labels[0]["score"] > 0.5 > labels[1]["score"]
    assert len(vector) == 384


def test_ranks_are_the_cross_encoders_scores(load: Any):
    loaded = load("text-ranking")
    texts = ["hello world", "the cat is small"]
    scores = loaded.model.predict([("where is the cat ?", text) for text in texts])

    labels = loaded.run(query="where is the cat ?", texts=texts)["labels"]

    assert [label["score"] for label in labels] == close(sorted(scores.tolist(), reverse=True))


@pytest.mark.parametrize(
    ("name", "inputs", "slot"),
    [
        ("sentence-similarity", {"text": "cat", "sentences": []}, "sentences"),
        ("text-ranking", {"query": "cat", "texts": []}, "texts"),
    ],
)
def test_nothing_to_compare_is_refused(name: str, inputs: dict[str, Any], slot: str, load: Any):
    with pytest.raises(ToolInputError) as caught:
        load(name).run(**inputs)
    assert str(caught.value) == f"{slot} is empty; give at least one text"


def test_an_encoder_that_cannot_rank_is_refused():
    card = ModelCard(id=MINILM, task="text-ranking", library="sentence-transformers")

    with pytest.raises(ModelUnavailableError) as caught:
        get_runner(card).load(card, packaged_minilm())
    assert str(caught.value) == (
        f"{MINILM} is not usable for text-ranking: its weights lack classifier.bias, classifier.weight of "
        "BertForSequenceClassification; pick a model that was trained for this task"
    )


def test_a_classifier_of_several_labels_cannot_rank(tiny: Any):
    folder = tiny("text-classification")
    card = ModelCard.from_dir(folder).with_(task="text-ranking", library="sentence-transformers")

    with pytest.raises(ModelUnavailableError, match="it gives 3 scores for each text, not one; pick another model"):
        get_runner(card).load(card, folder)
