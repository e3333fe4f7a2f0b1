"""Other ways to the same end: when a result is of no use, and which task can stand in for another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ....tools.task import Slot
from ....tools.tasks import get_task
from ....tools.text import UNSURE
from ..parse.numerals import is_no_number
from ..plan_step import PlanStep

_PART, _MARKED = 0.2, 0.5  # of the lines of a page: lost, and with a doubtful word
_DOUBTED = {"image-classification": 0.6, "text-classification": 0.5}  # below, a label of one word is a guess
_SOUNDS = {"positive", "negative", "neutral"}  # 92 % right above this bound, see benchmarks/README.md
_SOUNDS_SURELY = 0.8
_FEW, _PERHAPS = 2, 0.65  # so few boxes, none of them surer, are not told as things
_LOW = 0.1  # a best label below this says nothing


def ways(step: PlanStep) -> Iterator[PlanStep]:
    """The step itself, and then the same wish as other tasks."""
    yield step
    for task in get_task(step.task).falls_back:
        if arguments := _refilled(step, task):
            yield replace(step, task=task, arguments=arguments, noun="")


def _refilled(step: PlanStep, task: str) -> dict[str, Any] | None:
    """The arguments for another task: by name, else by kind, else the step's own words; None when one is missing."""
    row = get_task(step.task)
    left = dict(step.arguments)
    filled: dict[str, Any] = {}
    for slot in get_task(task).inputs:
        name = next((n for n in left if n == slot.name), None) or next(
            (n for n in left if _fits(row.slot(n), slot)), None
        )
        if name:
            filled[slot.name] = left.pop(name)
        elif slot.required and slot.kind == "text" and not slot.many:
            filled[slot.name] = step.words
        elif slot.required:
            return None
    return filled


def _fits(have: Slot | None, want: Slot) -> bool:
    return have is not None and want.required and (have.kind, have.many) == (want.kind, want.many)


def no_answer(value: Any, task: str, alone: bool = True) -> str:
    """Why a result is no answer at all; "" when it is one.

    Number words that make no number are what a model that knows only these hears in any other speech; a recording that
    it is not sure of was not heard, and a picture of which more than a fifth of the lines was lost, or more than half
    has a doubtful word, was not read. Else it is told with its marks.

    Args:
        alone: the result is no line among others of a page.
    """
    if task in _DOUBTED and isinstance(value, list) and value and isinstance(value[0], dict):
        return _doubtful(value[0], task)
    if task == "object-detection" and isinstance(value, list):
        return _may_be_none(value)
    if not isinstance(value, str):
        return ""
    if task == "automatic-speech-recognition" and alone and not value.strip():
        return "it heard no words that it knows"
    if task == "automatic-speech-recognition" and UNSURE in value:
        heard = " ".join(value.replace(UNSURE, " ").split())
        return f"it heard {heard[:60]!r}, but is not sure" if heard else "it heard no words that it knows"
    if task == "automatic-speech-recognition" and is_no_number(value):
        return f"it heard {value[:60]!r}, number words that make no number, so something else was said"
    if (task == "join" and (alone or value.strip())) or (task == "image-to-text" and alone):
        lines = value.splitlines() or [""]
        marked = sum(UNSURE in line for line in lines) if len(lines) > 1 else 0
        if sum(map(_is_lost, lines)) > _PART * len(lines) or marked > _MARKED * len(lines):
            read = " / ".join(line for line in lines if line.strip())
            return f"it could be read only in part: {read[:300]}" if read else "nothing could be read in the picture"
    return ""


def _is_lost(line: str) -> bool:
    """Of a line nothing was read, or its doubtful words are more than a third."""
    words = line.split()
    doubtful = words.count(UNSURE)
    return not words or 3 * doubtful > len(words) - doubtful


def _may_be_none(boxes: list[Any]) -> str:
    """A thing or two of which a detector is not sure may be none at all: it was asked where they are, not whether."""
    scores = [box.get("score") for box in boxes if isinstance(box, dict)]
    if 0 < len(scores) <= _FEW and all(isinstance(score, int | float) and score < _PERHAPS for score in scores):
        return f"it found {len(scores)} that may be one, {max(scores):.0%} sure at the best"  # type: ignore[type-var]
    return ""


def _doubtful(best: dict[str, Any], task: str) -> str:
    """A handwritten digit, or how a text sounds, that is rather guessed; what has a thousand classes is seldom sure."""
    label, score = str(best.get("label", "")), best.get("score")
    least = _SOUNDS_SURELY if label.lower() in _SOUNDS else _DOUBTED[task]
    plain = re.fullmatch(r"\d", label) is not None or task == "text-classification"
    if plain and isinstance(score, int | float) and score < least and "box" not in best:
        return f"it is {label!r} at the best, and only {score:.0%} sure"
    return ""


def shortcoming(value: Any, task: str) -> str:
    """Why a result is of no use for what comes next; "" when it is. That a detector finds nothing is an answer, and so
    is that two texts have nothing in common."""
    if why := no_answer(value, task, alone=task != "image-to-text"):
        return why
    if isinstance(value, str) and not value.strip():
        return "it gave an empty text"
    if task.endswith("classification") and isinstance(value, list) and value and isinstance(value[0], dict):
        score = value[0].get("score")
        if isinstance(score, int | float) and "label" in value[0] and score < _LOW:
            return f"its best label has a score of only {score:.2f}"
    return ""
