"""Answers questions about pictures: visual-question-answering, which transformers no longer has a pipeline for."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any

from ...errors import ToolInputError
from ..card import ModelCard
from .inputs import options
from .loading import load_model, load_part, loading, running, writing
from .local import LocalRunner

_PROMPTS = {"blip-2": "Question: {} Answer:"}  # how these models were trained to be asked
_TOP_K = 5


@dataclass(frozen=True, slots=True)
class Answerer:
    model: Any
    processor: Any


class VisualQARunner(LocalRunner):
    """BLIP, BLIP-2 and ViLT. The answers are labels, the best first, each with the probability that the model gives it:
    one answer from a model that writes, the best ones of its list (five, or `top_k`) from one that chooses."""

    def load(self, card: ModelCard, folder: Path) -> Answerer:
        with loading(card, folder):
            from transformers import AutoModelForVisualQuestionAnswering

            return Answerer(
                load_model(card, folder, [AutoModelForVisualQuestionAnswering]),
                load_part("AutoProcessor", folder, card.id),
            )

    def run(self, model: Answerer, card: ModelCard, inputs: dict[str, Any]) -> dict[str, Any]:
        question = inputs["question"].strip()
        if not question:
            raise ToolInputError("question is empty; ask something about the picture")
        top_k = options(inputs).get("top_k", _TOP_K)
        asked = _PROMPTS.get(model.model.config.model_type, "{}").format(question)
        with running(card):
            given = model.processor(images=inputs["image"], text=asked, return_tensors="pt").to(model.model.device)
            answer = _written if model.model.can_generate() else _chosen
            return {"labels": answer(model, given, top_k)}


def _chosen(model: Answerer, given: Any, top_k: int) -> list[dict[str, Any]]:
    probabilities = model.model(**given).logits[0].sigmoid()  # several answers may be right: trained as yes or no each
    names = model.model.config.id2label
    scores, places = probabilities.topk(min(top_k, len(probabilities)))
    return [{"label": names[i], "score": s} for i, s in zip(places.tolist(), scores.tolist(), strict=True)]


def _written(model: Answerer, given: Any, top_k: int) -> list[dict[str, Any]]:
    out = model.model.generate(**given, **writing(model.model, {}), return_dict_in_generate=True, output_scores=True)
    new = out.sequences[0][-len(out.scores) :]
    text = model.processor.decode(new, skip_special_tokens=True).strip()
    return [{"label": text, "score": _probability(out, new)}]


def _probability(out: Any, tokens: Any) -> float:
    """Of the whole answer: the beam's own score, or the product of its tokens' probabilities."""
    if getattr(out, "sequences_scores", None) is not None:
        return float(out.sequences_scores[0].exp())
    steps = zip(out.scores, tokens, strict=True)
    logs = [logits[0].float().log_softmax(dim=-1)[token].item() for logits, token in steps]
    return exp(sum(logs))
