"""What authors claim of their models: read, bounded, and compared."""

from __future__ import annotations

import time

import pytest

from prefrontal.tools.card import ModelCard
from prefrontal.tools.reported import MAX_REPORTED, Reported, best_of, find_metric, read_reported

README = """---
license: mit
model-index:
- name: sst
  results:
  - task: {type: text-classification, name: Text Classification}
    dataset: {name: glue, type: glue, config: sst2, split: validation}
    metrics:
    - {type: accuracy, value: 0.9105, name: Accuracy}
    - {type: f1, value: 91.4, name: F1}
  - task: {type: automatic-speech-recognition}
    dataset: {name: LibriSpeech (clean), type: librispeech_asr}
    metrics: [{type: wer, value: '12.3%'}, {type: my-score, value: 3}, {type: accuracy, value: -}]
language: en
---
# A model
"""


def test_a_model_index_is_read() -> None:
    card = ModelCard.from_readme(README, id="a/b")
    assert (card.license, card.languages, card.remarks) == ("mit", ("en",), ())
    assert card.reported == (
        Reported("accuracy", 0.9105, "glue sst2", "text-classification"),
        Reported("f1", 0.914, "glue sst2", "text-classification"),
        Reported("wer", 0.123, "LibriSpeech (clean) (librispeech_asr)", "automatic-speech-recognition"),
        Reported("my score", 3.0, "LibriSpeech (clean) (librispeech_asr)", "automatic-speech-recognition"),
    )
    assert ModelCard.from_dict(card.to_dict()) == card
    told = dict(card.facts())["its author claims"]
    assert told.startswith("accuracy 0.9105 on glue sst2; f1 0.914 on glue sst2; wer 0.123 on")


def test_a_dump_s_parsed_header_and_a_row_with_a_readme() -> None:
    index = [{"name": "x", "results": [{"dataset": {"name": "CIFAR-10"}, "metrics": [{"type": "acc", "value": 97}]}]}]
    assert ModelCard.from_row({"id": "a/b", "meta": {"model-index": index}}).reported == (
        Reported("accuracy", 0.97, "CIFAR-10"),
    )
    assert len(ModelCard.from_row({"id": "a/b", "card": README}).reported) == 4


@pytest.mark.parametrize("index", [None, 7, "x", [], {}, [None], [{"results": 3}], [{"results": [{"metrics": "x"}]}]])
def test_odd_ones_give_none(index: object) -> None:
    assert read_reported(index)[0] == ()


def test_a_broken_one_costs_itself() -> None:
    card = ModelCard.from_readme("---\nlicense: mit\nmodel-index:\n- name: [x\ntags: [a]\n---\n", id="a/b")
    assert (card.license, card.tags, card.reported) == ("mit", ("a",), ())
    assert card.remarks[0].startswith("the header's model-index cannot be read (")


def test_a_long_one_is_read_as_far_as_it_goes() -> None:
    entry = "  - task: {type: Retrieval}\n    dataset: {name: D%d}\n    metrics:\n    - {type: ndcg_at_10, value: 50}\n"
    text = (
        "---\nmodel-index:\n- name: e5\n  results:\n" + "".join(entry % n for n in range(5_000)) + "license: mit\n---\n"
    )
    started = time.process_time()
    card = ModelCard.from_readme(text, id="a/b")
    assert time.process_time() - started < 2
    assert (card.license, len(card.reported), card.remarks) == ("mit", MAX_REPORTED, ())
    assert card.reported[0] == Reported("ndcg", 0.5, "D0", "Retrieval")


def test_the_best_by_a_metric_on_a_data_set() -> None:
    figures = [
        Reported("accuracy", 0.7, "CIFAR-10"),
        Reported("accuracy", 0.9, "cifar100"),
        Reported("accuracy", 0.8, "cifar10 (test)"),
        Reported("wer", 0.2, "x"),
        Reported("wer", 0.1, "x"),
    ]
    assert best_of(figures, "acc", "CIFAR 10") == figures[2]
    assert best_of(figures, "accuracy") == figures[1]
    assert best_of(figures, "word error rate") == figures[4]
    assert best_of(figures, "accuracy", "imagenet") is None
    assert (find_metric("Top-1 Accuracy") or find_metric("x")) is find_metric("accuracy")
    assert find_metric("beauty") is None
