"""How the static student is taught: the texts, the batches, the loss, and that a file keeps what was learnt."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch
from torch.nn.functional import normalize

from prefrontal.retrieval.embedding import static_minilm as static
from prefrontal.retrieval.embedding.static_minilm import StaticMiniLM, bags, forward
from prefrontal.tools.tasks import find_task
from prefrontal.zoo.training import static_student as student
from prefrontal.zoo.training.static_texts import CardMaker


@pytest.fixture(scope="module")
def maker() -> CardMaker:
    return CardMaker(["A passage out of a docstring, as long as any."], random.Random(3))


def test_made_up_cards_have_the_format_that_is_embedded(maker):
    cards = [maker.card() for _ in range(60)]
    heads = [card.partition(".")[0].replace(" ", "-") for card in cards]
    assert sum(find_task(head) is not None for head in heads) > 40
    assert len(set(cards)) == 60
    assert not any("{" in card for card in cards)


def test_phrases_hold_the_word_that_they_are_made_for(maker):
    assert all("otter" in maker.phrase("otter", ["pear", "lamp"]) for _ in range(30))


def test_batches_hold_every_text_once_and_no_more_tokens_than_allowed():
    lengths = [5, 90, 12, 3, 60, 60, 7]
    batches = student.batches_by_length(lengths, tokens=100)
    assert sorted(i for batch in batches for i in batch) == list(range(7))
    assert all(len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= 100 for batch in batches)


def test_neighbourhoods_are_closer_together_than_chance():
    generator = torch.Generator().manual_seed(1)
    rows = normalize(torch.randn(512, 16, generator=generator))
    batches = student.neighbourhoods(rows, 32, generator)
    alike = torch.stack([(rows[batch] @ rows[batch].T).mean() for batch in batches]).mean()
    assert batches.shape == (16, 32)
    assert len(set(batches.flatten().tolist())) == 512
    assert alike > (rows @ rows.T).mean() + 0.05


def test_the_loss_is_nothing_for_the_teachers_own_rows_and_more_for_shuffled_ones():
    rows = normalize(torch.randn(32, 384, generator=torch.Generator().manual_seed(2)))
    assert [float(part) for part in student.loss(rows, rows)] == pytest.approx([0, 0], abs=1e-5)
    assert all(float(part) > 0.1 for part in student.loss(rows.flip(0), rows))


def test_a_saved_student_gives_the_rows_that_it_was_trained_to(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    ids = [rng.integers(1000, 1200, 20).astype(np.uint16) for _ in range(256)]
    words = rng.normal(size=(1200, 384)).astype(np.float32)
    count = np.bincount(np.concatenate(ids), minlength=1200).astype(np.float32)
    wanted = normalize(torch.stack([torch.from_numpy(words[some]).mean(0) for some in ids]))
    layers = student.start(token=words * (count > 0)[:, None], count=count, words=words, rank=32, hidden=8)
    before = (forward(layers, *bags(ids)) * wanted).sum(1).mean()
    layers = student.train(ids, wanted, layers, epochs=4, seconds=60, size=32)
    rows = forward(layers, *bags(ids))
    assert (rows * wanted).sum(1).mean() > before

    student.save(layers, tmp_path / "static_minilm.npz")
    monkeypatch.setattr(static, "_FILE", tmp_path / "static_minilm.npz")
    saved = forward(StaticMiniLM()._layers, *bags(ids))
    assert float((saved * rows).sum(1).min()) > 0.999
