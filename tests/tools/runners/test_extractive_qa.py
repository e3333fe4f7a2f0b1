"""Answers out of a text."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from prefrontal.errors import ToolInputError
from prefrontal.tools.runners import extractive_qa
from prefrontal.tools.runners.loading import device

QUESTION, CONTEXT = "where is the cat ?", "anna works in paris . the cat sits on the tree ."


@pytest.mark.parametrize("longest", [30, 1])
def test_the_answer_is_the_likeliest_span(longest: int, load: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(extractive_qa, "LONGEST_ANSWER", longest)
    loaded = load("question-answering")
    tokenizer, model = loaded.model.tokenizer, loaded.model.model

    out = loaded.run(question=QUESTION, context=CONTEXT)

    tokens = tokenizer(QUESTION, CONTEXT, return_tensors="pt", return_offsets_mapping=True)
    offsets = tokens.pop("offset_mapping")[0]
    inside = torch.tensor([part == 1 for part in tokens.sequence_ids(0)])
    with torch.inference_mode():
        logits = model(**tokens.to(device()))
    start = logits.start_logits[0].cpu().masked_fill(~inside, -1e9).softmax(0)
    end = logits.end_logits[0].cpu().masked_fill(~inside, -1e9).softmax(0)
    pairs = [(float(start[i] * end[j]), i, j) for i in range(len(start)) for j in range(i, min(i + longest, len(end)))]
    score, i, j = max(pairs)
    assert out["score"] == pytest.approx(score, rel=1e-4)
    assert (out["start"], out["end"]) == (int(offsets[i][0]), int(offsets[j][1]))
    assert out["text"] == CONTEXT[out["start"] : out["end"]].strip()


def test_an_answer_deep_in_a_long_text_is_found(load: Any):
    """The reader is made to like the word "paris"; it stands behind many windows of other words."""
    loaded = load("question-answering")
    model, tokenizer = loaded.model.model, loaded.model.tokenizer
    head, word = model.qa_outputs, tokenizer.convert_tokens_to_ids("paris")
    saved = head.weight.clone(), head.bias.clone()
    context = "the cat is small . " * 60 + "paris" + " . the dog is big" * 60
    try:
        with torch.no_grad():
            tokens = tokenizer("who ?", "the cat paris the dog", return_tensors="pt").to(device())
            states = model.bert(**tokens).last_hidden_state[0]
            ids = tokens["input_ids"][0].tolist()
            head.weight.copy_((states[ids.index(word)] - states.mean(dim=0)).repeat(2, 1) * 5)
        out = loaded.run(question="who ?", context=context)
    finally:
        with torch.no_grad():
            head.weight.copy_(saved[0])
            head.bias.copy_(saved[1])

    assert out["text"] == "paris"
    assert out["start"] == context.index("paris")


def test_a_score_is_the_share_of_the_whole_text(load: Any):
    """A reader that likes no word gives each of 300 the same small share, not each the share in its window."""
    score = load("question-answering").run(question="who ?", context="cat " * 300)["score"]

    assert 0 < score < (2 / 300) ** 2


@pytest.mark.parametrize(("question", "context"), [("", CONTEXT), (QUESTION, " ")])
def test_nothing_to_read_is_refused(question: str, context: str, load: Any):
    with pytest.raises(ToolInputError, match="question or context is empty"):
        load("question-answering").run(question=question, context=context)


def test_a_question_that_leaves_no_room_for_the_text_is_refused(load: Any):
    with pytest.raises(ToolInputError) as caught:
        load("question-answering").run(question="cat " * 60, context=CONTEXT)
    assert str(caught.value) == (
        "question has 62 tokens, question-answering reads 64 at once with the text; shorten it"
    )
