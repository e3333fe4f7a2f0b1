"""Answers about pictures."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from tiny_compare import close
from tiny_media import picture

from prefrontal.errors import ToolInputError
from prefrontal.tools.runners.loading import device

QUESTION = "what colour is the house ?"


def test_a_model_that_chooses_gives_its_best_answers(load: Any):
    loaded = load("visual-question-answering")
    given = loaded.model.processor(images=picture(), text=QUESTION, return_tensors="pt").to(device())
    with torch.inference_mode():
        expected = loaded.model.model(**given).logits[0].sigmoid().sort(descending=True)

    labels = loaded.run(image=picture(), question=QUESTION, top_k=2.0)["labels"]

    assert [label["score"] for label in labels] == close(expected.values[:2].tolist())
    assert {label["label"] for label in labels} < {"red", "blue", "two"}


def test_a_model_that_writes_gives_one_answer_with_its_probability(load: Any):
    loaded = load("visual-question-answering/blip")
    given = loaded.model.processor(images=picture(), text=QUESTION, return_tensors="pt").to(device())
    with torch.inference_mode():
        ids = loaded.model.model.generate(**given, max_new_tokens=63)

    (label,) = loaded.run(image=picture(), question=QUESTION)["labels"]

    assert label["label"] == loaded.model.processor.decode(ids[0], skip_special_tokens=True).strip()
    assert 0 <= label["score"] < 1


def test_an_empty_question_is_refused(load: Any):
    with pytest.raises(ToolInputError) as caught:
        load("visual-question-answering").run(image=picture(), question=" ")
    assert str(caught.value) == "question is empty; ask something about the picture"
