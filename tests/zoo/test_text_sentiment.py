"""The zoo's sentiment classifier tells praise from complaint, also of writers that it never saw."""

from __future__ import annotations

import hashlib
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
    """The checkpoint as our own runner loads it: an adapter, put into the packaged all-MiniLM-L6-v2."""
    from prefrontal.tools.runners import get_runner
    from prefrontal.zoo import zoo_cards

    card = next(card for card in zoo_cards() if card.id == "prefrontal/text-sentiment")
    return get_runner(card).open(card).model


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
    """Of the texts by writers that training never saw, at least 85 of 100 get their label."""
    from zoo.training.text_sentiment_data import read_texts

    rows = read_texts(held_out=True)
    answers = classify([text for _, text in rows], batch_size=32)
    right = [answer["label"] == label for answer, (label, _) in zip(answers, rows, strict=True)]
    assert sum(right) >= 0.85 * len(rows)


def test_what_is_told_is_mostly_right(classify) -> None:
    """Above the bound from which the planner tells how a text sounds, 92 of 100 answers are right."""
    from prefrontal.agent.planner.execute.routes import _SOUNDS_SURELY
    from zoo.training.text_sentiment_data import read_texts

    rows = read_texts(held_out=True)
    answers = classify([text for _, text in rows], batch_size=32)
    told = [
        answer["label"] == label
        for answer, (label, _) in zip(answers, rows, strict=True)
        if answer["score"] >= _SOUNDS_SURELY
    ]
    assert len(told) >= 0.5 * len(rows)
    assert sum(told) >= 0.92 * len(told)


def test_runs_as_a_tool() -> None:
    """The card is found in the zoo, and its tool answers with a label in plain words."""
    from prefrontal.tools.model_tool import ModelTool
    from prefrontal.zoo import zoo_cards

    card = next(card for card in zoo_cards() if card.id == "prefrontal/text-sentiment")
    request = {"type": "tool_call", "id": "1", "name": "t", "args": {"text": "What a wonderful hotel, thank you!"}}
    assert card.license == "apache-2.0"
    assert ModelTool(card).invoke(request).artifact["outputs"]["labels"][0]["label"] == "positive"


def test_checkpoint_is_small() -> None:
    """All files together stay under two megabytes: the base's are not copied."""
    assert sum(file.stat().st_size for file in MODEL.iterdir()) <= 2_000_000
    assert not list(MODEL.glob("*token*"))


def test_texts_are_many_and_writers_are_held_out_whole() -> None:
    """No text of a held-out writer, and none of the other test, is among those trained on."""
    from zoo.training.text_sentiment_data import LABELS, read_texts

    everything, kept, apart = read_texts(), read_texts(held_out=False), read_texts(held_out=True)
    assert len(everything) == len(kept) + len(apart) >= 1_500
    other = [line.split("\t")[1] for line in OTHER_STYLE.read_text(encoding="utf-8").splitlines()]
    assert len(other) == 150
    assert not {text for _, text in kept} & {*(text for _, text in apart), *other}
    assert {label for label, _ in everything} == set(LABELS)


def test_the_writers_held_out_stay_the_same() -> None:
    """Figures can be compared only as long as the 466 texts are these; new writers go to the end of the file."""
    from zoo.training.text_sentiment_data import read_texts

    lines = "\n".join(f"{label}\t{text}" for label, text in read_texts(held_out=True))
    assert hashlib.sha256(lines.encode()).hexdigest().startswith("b7c3a6fc4740552a")


def test_slips_are_small() -> None:
    """A text with slips is nearly the same, and two that are joined keep the first one's words."""
    from zoo.training.text_sentiment_data import disturbed, mixed, read_texts

    rng, texts = random.Random(0), read_texts(held_out=False)[:200]
    assert all(abs(len(disturbed(text, rng)) - len(text)) <= 8 for _, text in texts)
    by_label = {label: [text for other, text in texts if other == label] for label, _ in texts}
    assert all(text in mixed(label, text, by_label, rng) for label, text in texts)


def test_training_script_runs(tmp_path: Path) -> None:
    """The smoke run writes an adapter that loads and answers with one of the same labels."""
    from prefrontal.tools.card import ModelCard
    from prefrontal.tools.runners import get_runner
    from zoo.training.text_sentiment import LABELS, main

    main(["--out", str(tmp_path), "--smoke"])
    card = ModelCard.from_dir(tmp_path, id="lab/smoke")
    assert get_runner(card).open(card).run({"text": "Great!"})["labels"][0]["label"] in LABELS
