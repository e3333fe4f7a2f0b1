"""The best by what authors report, where it is asked for, and told as their claim."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from prefrontal.errors import UsageError
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ranking.claims import asked_claim, read_claim
from prefrontal.tools.card import ModelCard
from prefrontal.tools.reported import Reported

MakeIndex = Callable[..., ModelIndex]


@pytest.mark.parametrize(
    ("text", "metric", "dataset", "rest"),
    [
        ("the best sentiment model by reported accuracy on sst2", "accuracy", "sst2", "sentiment model"),
        ("best speech recognition by WER on LibriSpeech", "wer", "LibriSpeech", "speech recognition"),
        ("a classifier with the highest reported top-1 accuracy on CIFAR-10.", "accuracy", "CIFAR-10", "a classifier"),
        ("the best image classifier by its author's accuracy", "accuracy", "", "image classifier"),
        ("best translation by BLEU on wmt 14 en de", "bleu", "wmt 14 en de", "translation"),
    ],
)
def test_what_asks_for_it(text: str, metric: str, dataset: str, rest: str) -> None:
    claim, left = asked_claim(text)
    assert claim is not None
    assert (claim.metric.name, claim.dataset, left) == (metric, dataset, rest)


@pytest.mark.parametrize(
    "text", ["the best sentiment model", "translate by hand", "sort by accuracy", "recall what was said", "stand by me"]
)
def test_what_does_not(text: str) -> None:
    assert asked_claim(text) == (None, text)


def test_a_metric_that_is_none_is_told() -> None:
    assert read_claim("accuracy on sst2").dataset == "sst2"
    with pytest.raises(UsageError, match="best_by is 'beauty'; allowed are accuracy, "):
        read_claim("beauty")


def tagger(id: str, *figures: Reported, task: str = "text-classification", **more: object) -> ModelCard:
    return ModelCard(id, task=task, summary=f"Tells the sentiment of a text, by {id}.", reported=figures, **more)


def test_the_best_claims_come_first_and_are_told_as_such(made: MakeIndex) -> None:
    index = made(
        tagger("a/silent", downloads=10**6),
        tagger("b/good", Reported("accuracy", 0.91, "glue sst2")),
        tagger("c/better", Reported("accuracy", 0.95, "SST-2"), Reported("loss", 0.4, "SST-2")),
        tagger("d/elsewhere", Reported("accuracy", 0.99, "imdb"), Reported("loss", 0.2, "SST-2")),
        tagger("e/other-task", Reported("accuracy", 1.0, "sst2"), task="translation"),
    )
    asked = "sentiment of a text"
    plain = [hit.id for hit in index.search(asked, task="text-classification")]
    hits = index.search(asked, task="text-classification", best_by="accuracy on sst2")
    assert [hit.id for hit in hits][:2] == ["c/better", "b/good"]
    assert hits[0].reasons[0] == "claims accuracy 0.95 on SST-2 (its author's own figure)"
    assert not any("claims" in reason for reason in hits[2].reasons)
    assert [hit.id for hit in hits][2:] == [id for id in plain if id not in ("c/better", "b/good")]
    less = index.search(asked, task="text-classification", best_by="loss")
    assert [hit.id for hit in less][:2] == ["d/elsewhere", "c/better"], "of a loss, less is better"
    spoken = index.search("the best sentiment of a text by reported accuracy on SST-2", task="text-classification")
    assert [hit.id for hit in spoken][:2] == ["c/better", "b/good"]
    assert not any("claims" in reason for hit in index.search(asked) for reason in hit.reasons), "nobody asked"
