"""Wishes that a tool reads in words itself: dates and units."""

from __future__ import annotations

import re
from typing import Any

from ....errors import ToolInputError
from ....tools.builtin import FUNCTIONS
from ..parse.wishes import Wish
from .bench import Bench, Lacking, Result
from .reckoning import FIGURES, REFERS, plain_number

_DECIMALS = re.compile(r"\b(?:\d+|one|two|three)\s*(?:decimals?|decimal places?|places|dp|digits)\b", re.IGNORECASE)


_UNITS = "RESULT {} in {}"


def asked_of(task: str, kind: str, why: str) -> Any:
    """A builder for tools that take a question in words: the smallest part of the goal that they understand."""

    def build(bench: Bench, wish: Wish) -> Result:
        made = bench.made(wish) if wish.source in ("wish", "before") else None
        problem = ""
        units = [_UNITS.format(*wish.all("unit")[:2])] if made is not None and len(wish.all("unit")) > 1 else []
        for question in dict.fromkeys((*units, _with(bench.segment(wish), made), *bench.questions(wish))):
            try:
                FUNCTIONS[task](question=question.replace("RESULT", "12"))
            except ToolInputError as error:
                problem = problem or str(error)
                continue
            if "RESULT" in question and made is not None:
                filled = str(made.reference) if made.places else str(plain_number(made))
                question = question.replace("RESULT", filled)
            return Result(kind, (bench.add(task, {"question": question}, wish, why, covers=question),))
        raise Lacking(problem[0].upper() + problem[1:])

    return build


def _with(text: str, made: Result | None) -> str:
    """The question with a result in the place of "that"."""
    if made is None or FIGURES.search(_DECIMALS.sub(" ", text)):
        return text
    known = f"RESULT {made.thing}" if made.thing and not made.places else "RESULT"
    return REFERS.sub(known, text, count=1) if REFERS.search(text) else f"{known} {text}"
