"""Finds the answer to a question in a text: question-answering, which transformers no longer has a pipeline for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import ToolInputError
from ..card import ModelCard
from .inputs import token_limit
from .loading import load_model, load_part, loading, running
from .local import LocalRunner

WINDOW = 384  # tokens read at once: what SQuAD models are trained with
STRIDE = 128  # tokens that neighbouring windows share, so that no answer is cut in two
LONGEST_ANSWER = 30  # tokens


@dataclass(frozen=True, slots=True)
class Reader:
    model: Any
    tokenizer: Any


class ExtractiveQARunner(LocalRunner):
    """BERT-like readers. A long text is read in overlapping windows; the best span of all of them is the answer.

    Beside `text`, the result has its `score` (0 to 1) and its place, `start` and `end`, in characters of the context.
    """

    def load(self, card: ModelCard, folder: Path) -> Reader:
        with loading(card, folder):
            from transformers import AutoModelForQuestionAnswering

            return Reader(
                load_model(card, folder, [AutoModelForQuestionAnswering]),
                load_part("AutoTokenizer", folder, card.id),
            )

    def run(self, model: Reader, card: ModelCard, inputs: dict[str, Any]) -> dict[str, Any]:
        question, context = inputs["question"].strip(), inputs["context"]
        if not question or not context.strip():
            raise ToolInputError("question or context is empty; give a question and the text that holds the answer")
        with running(card):
            windows = _windows(model, card, question, context)
            start, end, score = _best_span(model, windows)
            text = context[start:end]
            return {"text": text.strip(), "score": score, "start": start, "end": end}


def _windows(model: Reader, card: ModelCard, question: str, context: str) -> Any:
    size = min(WINDOW, token_limit(model.tokenizer, model.model.config))
    room = size - len(model.tokenizer(question)["input_ids"]) - 2
    if room < 8:
        raise ToolInputError(
            f"question has {size - room - 2} tokens, {card.id} reads {size} at once with the text; shorten it"
        )
    return model.tokenizer(
        question,
        context,
        truncation="only_second",
        max_length=size,
        stride=min(STRIDE, room // 2),
        padding=True,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        return_tensors="pt",
    )


def _best_span(model: Reader, windows: Any) -> tuple[int, int, float]:
    """The characters of the likeliest answer, and its probability over all windows."""
    import torch

    offsets = windows.pop("offset_mapping")
    windows.pop("overflow_to_sample_mapping", None)
    count = len(offsets)
    readable = torch.tensor([[part == 1 for part in windows.sequence_ids(i)] for i in range(count)])
    out = model.model(**windows.to(model.model.device))
    starts, ends = (_probabilities(logits.cpu(), readable) for logits in (out.start_logits, out.end_logits))
    best = (-1.0, 0, 0, 0)
    for i in range(count):
        spans = torch.outer(starts[i], ends[i]).triu().tril(LONGEST_ANSWER - 1)
        score, place = spans.flatten().max(dim=0)
        first, last = divmod(int(place), spans.shape[1])
        best = max(best, (float(score), i, first, last))
    score, i, first, last = best
    return int(offsets[i][first][0]), int(offsets[i][last][1]), score


def _probabilities(logits: Any, readable: Any) -> Any:
    masked = logits.float().masked_fill(~readable, float("-inf"))
    return masked.flatten().softmax(dim=0).reshape(masked.shape)
