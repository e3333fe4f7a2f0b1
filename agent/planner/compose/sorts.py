"""Which sorts of models a plan needs, whatever way it goes: a receipt is read by a model for documents or line by line."""

from __future__ import annotations

from ..plan import Plan

_SORTS = {
    "audio-classification": "hear",
    "calculate": "reckon",
    "compare-numbers": "reckon",
    "automatic-speech-recognition": "hear",
    "count": "detect",
    "object-detection": "detect",
    "zero-shot-object-detection": "detect",
    "document-question-answering": "read",
    "find-amount": "read",
    "find-lines": "read",
    "image-text-to-text": "read",
    "image-to-text": "read",
    "split-lines": "read",
    "visual-question-answering": "read",
    "table-query": "table",
    "table-question-answering": "table",
}
_HELPERS = frozenset("compare-texts crop draw-boxes filter-boxes join pick".split())


def sorts_of(plan: Plan) -> frozenset[str]:
    """The sorts of the plan's steps, without those that only pass on what others gave."""
    return frozenset(_SORTS.get(step.task, step.task) for step in plan.steps if step.task not in _HELPERS)
