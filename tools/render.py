"""A result in a few words: what a language model, a log line and a person read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from .media import Workspace
from .task import Slot

MAX_LABEL = 800  # characters of one label: an answer, or a passage that was ranked
MAX_TEXT = 4_000  # characters shown; the whole stays behind the result's handle


def render(slot: Slot, value: Any, workspace: Workspace | None = None) -> str:
    """The value of an output in words, short whatever its size."""
    if slot.is_media:
        handles = value if isinstance(value, list) else [value]
        return ", ".join(str(workspace.get(h)) if workspace and h in workspace else str(h) for h in handles)
    return _FORMS.get(slot.kind, _as_text)(value)


def _as_text(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}… ({len(text):,} characters in all)"


def _short(value: Any, most: int = 80) -> str:
    text = str(value)
    return text if len(text) <= most else f"{text[:most]}…"


def _labels(value: Any) -> str:
    if not value:
        return "no label"
    more = f", … ({len(value)} in all)" if len(value) > 5 else ""
    return ", ".join(f"{_short(item['label'], MAX_LABEL)} ({_score(item)})" for item in value[:5]) + more


def _boxes(value: Any) -> str:
    if not value:
        return "nothing was found (0 boxes)"
    counts = Counter(str(item["label"]) for item in value)
    return f"{len(value)} found: " + ", ".join(f"{n} x {_short(label)}" for label, n in counts.most_common(8))


def _spans(value: Any) -> str:
    if not value:
        return "nothing was found"
    shown = (f"{_short(item['text'])} ({_short(item['label'])})" for item in value[:20])
    return ", ".join(shown) + (f", … ({len(value)} in all)" if len(value) > 20 else "")


def _points(value: Any) -> str:
    return f"{len(value)} points"


def _vector(value: Any) -> str:
    first = ", ".join("none" if x is None else f"{x:.3f}" for x in value[:4])
    return f"a vector of {len(value)} numbers: {first}{', …' if len(value) > 4 else ''}"


def _score(item: dict[str, Any]) -> str:
    score = item.get("score")
    return "no score" if score is None else f"{score:.2f}"


_FORMS: dict[str, Callable[[Any], str]] = {
    "labels": _labels,
    "boxes": _boxes,
    "masks": _boxes,
    "spans": _spans,
    "points": _points,
    "vector": _vector,
}
