from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.embedding.minilm import MiniLMEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ranking.task_classifier import FILE, TaskClassifier, task_classifier, terms
from prefrontal.retrieval.ranking.task_match import TaskMatch
from prefrontal.tools.card import ModelCard
from prefrontal.tools.tasks import tasks


def test_terms_are_words_that_say_something_and_their_neighbours() -> None:
    assert terms("Please find the old maps, OLD maps!") == Counter({"old": 2, "maps": 2, "old maps": 2, "maps old": 1})


def test_evidence_sums_what_the_vector_and_the_words_say() -> None:
    head = TaskClassifier(
        tasks=("fill-mask", "translation"),
        places={"gap": 0, "french": 1},
        rarity=np.array([1.0, 2.0], np.float32),
        meaning=np.array([[1.0, 0.0], [0.0, 1.0]], np.float32),
        words=np.array([[3.0, 0.0], [0.0, 5.0]], np.float32),
        bias=np.array([0.25, 0.5], np.float32),
    )
    vector = np.array([0.6, 0.8], np.float32)
    assert head.evidence("anything else", vector) == pytest.approx({"fill-mask": 0.85, "translation": 1.3})
    found = head.evidence("the French gap", vector)  # the terms weigh 1 and 2 before they get length 1
    assert found == pytest.approx({"fill-mask": 0.85 + 3 / 5**0.5, "translation": 1.3 + 10 / 5**0.5})


def test_the_packaged_head_is_small_and_knows_the_tasks_of_the_table(minilm: MiniLMEmbedder) -> None:
    head = task_classifier(minilm.signature)
    assert head is not None
    assert set(head.tasks) <= set(tasks())
    assert len(head.tasks) > 50
    assert FILE.stat().st_size < 400_000


@pytest.mark.parametrize(
    ("request_", "task"),
    [
        ("Our museum wants visitors to hear the labels of its paintings read out in Greek.", "text-to-speech"),
        ("The vineyard would like to forecast the sugar content from rain and sunshine figures.", "tabular-regression"),
        ("I keep bees, and an app should outline every cell of the comb in a photo.", "image-segmentation"),
        ("As a notary I must black out each person and place that occurs in a deed.", "token-classification"),
    ],
)
def test_the_packaged_head_knows_what_longer_requests_ask_for(request_: str, task: str, minilm: MiniLMEmbedder) -> None:
    head = task_classifier(minilm.signature)
    assert head is not None
    evidence = head.evidence(request_, minilm.one(request_))
    assert task in sorted(evidence, key=lambda id: -evidence[id])[:2]


def test_a_task_that_no_candidate_has_takes_no_share(minilm: MiniLMEmbedder) -> None:
    query = "translate my letter"
    evidence = TaskMatch().evidence(query, minilm.one(query), np.zeros((0, 384)), minilm.signature, None)
    assert evidence.likely({"translation"}) == {"translation": 1.0}
    assert evidence.likely({"translation", "fill-mask", ""})["translation"] > 0.9


def test_another_embedder_has_no_head_and_finds_by_phrases(index: ModelIndex) -> None:
    assert task_classifier(HashEmbedder().signature) is None
    index.add(ModelCard(id="a/ears", task="automatic-speech-recognition"))
    assert index.search("transcribe this recording", k=1)[0].card.task == "automatic-speech-recognition"
