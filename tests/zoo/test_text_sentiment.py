"""The zoo's sentiment classifier tells praise from complaint, also of writers that it never saw."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "zoo" / "models" / "text-sentiment"
OTHER_STYLE = ROOT / "benchmarks" / "zoo_text_sentiment.tsv"
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


@pytest.fixture(scope="module")
def classify():
    """The checkpoint as a user loads it."""
    from transformers import pipeline

    return pipeline("text-classification", model=str(MODEL), device="cpu")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The staff were friendly and the food was delicious.", "positive"),
        ("I love this phone, best purchase of the year!", "positive"),
        ("Terrible service, the room was dirty and nobody cared.", "negative"),
        ("It broke after two days and they refused to give me a refund.", "negative"),
        ("The food was not good at all.", "negative"),
        ("The meeting starts at nine in room four.", "neutral"),
    ],
)
def test_tells_the_sentiment(classify, text: str, label: str) -> None:
    """Plain praise, complaints and statements get their labels."""
    assert classify(text)[0]["label"] == label


def test_unseen_writers(classify) -> None:
    """Of the texts by writers that training never saw, at least 75 of 100 that take a side are on the right one."""
    from zoo.training.text_sentiment_data import read_texts

    rows = [(label, text) for label, text in read_texts(held_out=True) if label != "neutral"]
    answers = classify([text for _, text in rows], batch_size=32, top_k=None)
    scores = [{one["label"]: one["score"] for one in answer} for answer in answers]
    right = [(score["positive"] > score["negative"]) == (label == "positive") for score, (label, _) in zip(scores, rows, strict=True)]  # fmt: skip # noqa: E501
    assert sum(right) >= 0.75 * len(rows)


def test_runs_as_a_tool() -> None:
    """The card is found in the zoo, and its tool answers with a label in plain words."""
    from prefrontal.tools.model_tool import ModelTool
    from prefrontal.zoo import zoo_cards

    card = next(card for card in zoo_cards() if card.id == "prefrontal/text-sentiment")
    request = {"type": "tool_call", "id": "1", "name": "t", "args": {"text": "What a wonderful hotel, thank you!"}}
    assert card.license == "apache-2.0"
    assert ModelTool(card).invoke(request).artifact["outputs"]["labels"][0]["label"] == "positive"


def test_checkpoint_is_small() -> None:
    """The weights stay under two megabytes."""
    assert (MODEL / "model.safetensors").stat().st_size <= 2_000_000


def test_texts_are_many_and_writers_are_held_out_whole() -> None:
    """No text of a held-out writer, and none of the other test, is among those trained on."""
    from zoo.training.text_sentiment_data import LABELS, read_texts

    everything, kept, apart = read_texts(), read_texts(held_out=False), read_texts(held_out=True)
    assert len(everything) == len(kept) + len(apart) >= 1_500
    other = [line.split("\t")[1] for line in OTHER_STYLE.read_text(encoding="utf-8").splitlines()]
    assert len(other) == 150
    assert not {text for _, text in kept} & {*(text for _, text in apart), *other}
    assert {label for label, _ in everything} == set(LABELS)


def test_built_texts_keep_their_sign() -> None:
    """Texts of known words are built with all three labels, and the slips change little of them."""
    from zoo.training.text_sentiment_data import LABELS, built, disturbed

    rng = random.Random(0)
    texts = [built(rng) for _ in range(200)]
    assert {label for label, _ in texts} == set(LABELS)
    assert all(abs(len(disturbed(text, rng)) - len(text)) <= 8 for _, text in texts)


def test_training_script_runs(tmp_path: Path) -> None:
    """The smoke run writes a checkpoint that loads and answers with one of the same labels."""
    from transformers import pipeline

    from zoo.training.text_sentiment import LABELS, main

    main(["--out", str(tmp_path), "--smoke"])
    assert pipeline("text-classification", model=str(tmp_path), device="cpu")("Great!")[0]["label"] in LABELS
