"""Choosing among candidates: a model must know the thing that is asked for, and must be meant for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from ....retrieval.index import ModelIndex
from ....tools.stems import content_words, stem
from ....tools.tasks import get_task
from ....tools.text import singular
from ....tools.units import human_bytes
from ...records import FoundModel, SearchRecord
from ..parse.foreign import foreign
from ..plan_step import PlanStep

_ANYTHING = frozenset({"thing", "object", "item", "one", "element"})
_USES = frozenset({"caption"})
_TELLING = 5  # words of a text, none of which is a little word of English
_ENGLISH = frozenset(
    """the a an is was were are it its i my me we our they he she you your to of and in for with not no but so very this
    that had have has at on all too never again will be been as by from just what who if or out up more best good great
    bad""".split()
)
_JUDGED = frozenset({"text-classification", "token-classification", "summarization", "question-answering"})
_DIGITS = re.compile(r"\b(?:digits?|numbers?|numerals?|figures?|written|wrote|write|handwrit\w+)\b", re.IGNORECASE)
_SAME_WORD = 0.6  # cosine of two nouns that mean the same to all-MiniLM-L6-v2, such as people and person


def choose(step: PlanStep, candidates: Sequence[FoundModel], index: ModelIndex) -> list[FoundModel]:
    """The candidates that fit the step, best first: they speak its language, and know the thing that is asked for."""
    return [c for c in candidates if _keeps(step, c, index) and _speaks(step, c) and _knows(step, c, index)]


def _keeps(step: PlanStep, candidate: FoundModel, index: ModelIndex) -> bool:
    """Within the limits that the goal sets for the model; what is built in is no model."""
    if not step.limits or get_task(step.task).builtin:
        return True
    card = index.get(candidate["id"])
    most, licences = step.limits.get("max_bytes"), step.limits.get("licences")
    named = step.limits.get("model")
    return (
        (not named or candidate["id"] == named)
        and (not most or 0 < card.bytes <= most)
        and (not licences or (card.license or "").lower() in licences)
    )


def _speaks(step: PlanStep, candidate: FoundModel) -> bool:
    wanted = step.arguments.get("target_language") or _language_of(step)
    return not wanted or not candidate["languages"] or wanted in candidate["languages"]


def _language_of(step: PlanStep) -> str:
    """The language of a text that is judged, told by its little words: "" for English, "another" for one not known."""
    text = step.arguments.get("text")
    if (
        step.task not in _JUDGED
        or "language" in step.noun
        or not isinstance(text, str)
        or re.fullmatch(r"(?:text|result)-\d+|<node.*", text)
    ):
        return ""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return foreign(text) or ("another" if len(words) >= _TELLING and _ENGLISH.isdisjoint(words) else "")


def _knows(step: PlanStep, candidate: FoundModel, index: ModelIndex) -> bool:
    """A model knows a thing when a label means it or its card names it; a model without labels may know anything,
    but what a task does in two ways, such as reading and captioning, its card has to name."""
    if step.task == "text-classification" and not step.noun:  # how a text sounds is not what kind of mail it is
        card = index.get(candidate["id"])
        own = {stem(word) for word in content_words(" ".join((card.name, *card.tags, *card.labels)))}
        return not candidate["labels"] or not own.isdisjoint(stem(word) for word in content_words(step.words))
    if step.task == "image-classification" and all(
        re.fullmatch(r"\d", label) for label in candidate["labels"] or ["-"]
    ):
        return _DIGITS.search(f"{step.words} {step.noun}") is not None  # who is in a photo is no 7
    if not step.noun or get_task(step.task).builtin or not (candidate["labels"] or step.noun in _USES):
        return True
    wanted = singular(step.noun.split()[-1])
    card = index.get(candidate["id"])
    # Not what its task says; and a card of a text classifier names what others are for: "this tells no sentiment".
    said = "" if step.task == "text-classification" else card.text[:600]
    own = " ".join((card.name, card.summary, said, *card.tags, *card.labels))
    named = {singular(word) for word in re.findall(r"[^\W\d_]+", own)}
    return wanted in named or label_for(step.noun, candidate["labels"], index) is not None


def label_for(noun: str, labels: Sequence[str], index: ModelIndex) -> str | None:
    """The label that a noun means: the same word, in singular or plural, or the closest in meaning; None if none."""
    wanted = singular(noun.split()[-1])
    if wanted in _ANYTHING:
        return labels[0] if len(labels) == 1 else None
    for label in labels:
        if wanted in {singular(word) for word in (label, *label.split())}:
            return label
    scored = index.similarities(noun, list(labels))
    best = max(range(len(labels)), key=lambda i: scored[i], default=None)
    return labels[best] if best is not None and scored[best] >= _SAME_WORD else None


def model_for(step: PlanStep, search: Callable[[str, int, str], SearchRecord], index: ModelIndex) -> dict[str, Any]:
    """The model that would run a step: {"id", "task", "size"}; without an id, `misfit` says why none can.

    Args:
        search: a toolbox's: the candidates of (query, k, task).
    """
    record = search(step.words, 5, step.task)
    best = next(iter(choose(step, record["candidates"], index)), None)
    if best is None:
        return {"task": step.task, "misfit": misfit(step, record)}
    return {"id": best["id"], "task": best["task"], "size": human_bytes(best["bytes"]) if best["bytes"] else "built in"}


def misfit(step: PlanStep, record: SearchRecord) -> str:
    """Why no model can take the step: what was needed, what there is, what to do."""
    found = record.get("candidates", [])
    advice = "Connect to the Hub, or add a model that is here (prefrontal index add FOLDER)."
    if found and step.limits:
        kept = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in step.limits.items())
        there = "; ".join(f"{c['id']} has {human_bytes(c['bytes'])}" for c in found[:3])
        return f"No model that runs here can do {step.task} within what you ask ({kept}): {there}. {advice}"
    if found and not any(_speaks(step, c) for c in found):
        known = "; ".join(f"{c['id']} knows {', '.join(c['languages'][:8])}" for c in found[:3])
        language = step.arguments.get("target_language") or _language_of(step)
        verb = "writes" if "target_language" in step.arguments else "knows"
        return f"No model that runs here {verb} the language {language!r}: {known}. {advice}"
    if found and step.noun:
        known = "; ".join(f"{c['id']} knows {', '.join(c['labels'][:8])}" for c in found[:3])
        return f"No model that runs here can do {step.task} for {step.noun!r}: {known}. {advice}"
    others = "; ".join(f"{o['id']}: {o['why']}" for o in record.get("others", []))
    near = f" The nearest: {others}." if others else ""
    return f"No model that runs here can do {step.task} for {step.words[:120]!r}.{near} {advice}"
