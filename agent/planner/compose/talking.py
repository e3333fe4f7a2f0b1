"""What is asked of the assistant itself: which model it would take, what a model is. Answered out of the index."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ....errors import CardNotFoundError
from ....retrieval.hits import Hit
from ....retrieval.index import ModelIndex
from ....tools.card import ModelCard
from ....tools.units import human_bytes
from .draft import File
from .small_talk import abilities, hello, who

_ID = re.compile(r"\b([A-Za-z0-9][\w.-]*/[\w.-]*\w)")
_ASIDE = re.compile(
    r"\b(?:which|what|models?|would|you|do|does|use|take|for|and|why|the|a|an|of|yours?|have|is|are|there|any|can|could|please|tell|me|"
    r"show|list|find|search|recommend|suggest|suited|best|good|name|it|to|called|one|ones|i|my|with|so|just|want|need|if)\b",
    re.IGNORECASE,
)
_UNRELATED = "hardly related"  # see retrieval/ranking/reasons.py
_MOST = 5  # models that are listed


def answer(op: str, words: str, index: ModelIndex, files: Sequence[File] = ()) -> str:
    """The answer to what is said to the assistant; "" when the index tells nothing about it."""
    return _ROWS[op](words, index, files)


def _which(words: str, index: ModelIndex, files: Sequence[File]) -> str:
    """The model that would be taken, and why."""
    hits = [hit for hit in _hits(words, index, _MOST) if _UNRELATED not in hit.why]
    hits.sort(key=lambda hit: hit.card.source == "builtin")  # a model is asked for
    if not hits:
        return ""
    card = hits[0].card
    row = card.row
    does = f" {row.does.rstrip('.')}." if row else ""
    said = _summary(card) if card.source != "builtin" else ""
    return f"I would use {card.id} ({card.task}, {_size(card)}):{does} {said} Why: {hits[0].why}."


def _several(words: str, index: ModelIndex, files: Sequence[File]) -> str:
    hits = _hits(words, index, _MOST)
    lines = [f"- {hit.id} ({hit.card.task}, {_size(hit.card)}): {_summary(hit.card)}" for hit in hits]
    return "\n".join(["What fits, and runs here:", *lines]) if lines else ""


def _hits(words: str, index: ModelIndex, count: int) -> list[Hit]:
    query = " ".join(_ASIDE.sub(" ", re.sub(r"[^\w\s'-]", " ", words)).split())
    return list(index.search(query or words, count, runnable_only=True)) if len(query) > 2 else []


def _about(words: str, index: ModelIndex, files: Sequence[File]) -> str:
    named = _ID.search(words)
    name = named[1] if named else " ".join(_ASIDE.sub(" ", words).split())
    try:
        card = index.get(name)
    except CardNotFoundError:
        near = index.search(name, 3)
        known = [hit for hit in near if name.lower() in hit.id.lower()]
        if not known:
            nearest = f" The nearest here: {', '.join(hit.id for hit in near)}." if near else ""
            return f"{name} is not in this index, so I cannot tell.{nearest} Add it with prefrontal index add {name}."
        card = known[0].card
    gated = "gated: its owner wants to be asked first" if card.gated else "not gated"
    facts = [card.task or "no known task", card.license or "no licence named", _size(card), gated]
    if card.languages:
        facts.append(f"languages: {', '.join(card.languages[:10])}")
    if card.labels:
        facts.append(f"labels: {', '.join(card.labels[:10])}")
    return f"{card.id}: {_summary(card)} ({'; '.join(facts)}.)"


def _files(words: str, index: ModelIndex, files: Sequence[File]) -> str:
    if not files:
        return "No file came along; pass some with --file, or as arguments behind the goal."
    return "\n".join(
        [
            f"{len(files)} file{'s' if len(files) > 1 else ''}:",
            *(f"- {file.name or file.handle} ({file.kind})" for file in files),
        ]
    )


def _size(card: ModelCard) -> str:
    return human_bytes(card.bytes) if card.bytes else "built in" if card.source == "builtin" else "size not told"


def _summary(card: ModelCard) -> str:
    said = " ".join((card.summary or "").split())
    return said if said.endswith(".") else f"{said}." if said else ""


_ROWS: dict[str, Callable[[str, ModelIndex, Sequence[File]], str]] = {
    "greet": lambda words, index, files: hello(index),
    "thanks": lambda words, index, files: "You are welcome.",
    "help": lambda words, index, files: abilities(index),
    "who_are_you": lambda words, index, files: who(index),
    "which_model": _which,
    "search_models": _several,
    "about_model": _about,
    "list_files": _files,
}
