"""What a story problem asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .story_quantity import Parts
from .story_words import LENGTHS, TIMES, counted, head, modifiers, unit_of

_KINDS = (
    ("more", r"\bhow (?:many|much) (?:[a-z]+ )?(?:more|fewer|less|further)\b|\b(?:difference|missing|short)\b"),
    ("start", r"\b(?:at first|originally|(?:in|at|to) (?:the )?(?:beginning|begin|start)|begin with|initially|before|start with|started with)\b"),
    ("over", r"\bleft[- ]?over\b.*|\band (?:how much|how many|what)\b.*\b(?:left|over|remains?|rest)\b"),
    ("change", r"\bchange\b|\b(?:get|give|gives|receive|due) (?:me |him |her )?back\b"),
    ("left", r"\b(?:left|remain(?:s|ing)?|still|left over|remaining|after|now)\b"),
    ("speed", r"\bspeed\b|\bhow fast\b"),
    ("each", r"\b(?:each|apiece|per (?:person|child|head|kid|friend|one)|every (?:one|child|person)|everyone|everybody)\b"),
    ("cost", r"\bwhat(?:'s|'ll)? (?:(?:is|does|do|did|will|would|must|should|have|has|'s) )?(?:(?:the|my|his|her|our|total|i|we|he|she|they|you|it|that|this|all|cost|costs|bill|price|sum|in|for|to|of) )*(?:cost|costs|make|come|pay|owe|price|total|bill|spend|#\d+ [a-z ]*cost)\b|\bhow much\b.*\b(?:cost|costs|pay|paid|owe|spend|spent|price|is (?:it|that|this)|does (?:it|that) (?:make|come))\b|\bhow much (?:in total|altogether|is it|for (?:all|it|them|everything|#))|^ ?(?:the )?(?:total|cost|price|pay|wages?|salary|earnings)\b|\bprice\b|\bhow much is (?:each|#)"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """What a way came to: an expression with its unit, and of what is left over, where that is asked, too."""

    expression: str
    unit: str
    remainder: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        unit: what the answer counts; "" when only the story says it.
        words: the question.
        kind: left, change, cost, speed, each, over (full ones and what is left over), more (than now), or plain.
        modifiers: which of the things that the unit names are asked for: "red".
    """

    unit: str
    words: str
    kind: str
    modifiers: frozenset[str] = frozenset()


def question_of(parts: Parts) -> Question:
    """The question with its kind, and the unit that it names."""
    words = re.sub(r"[?.!,]+", " ", parts.question)
    words = " ".join(re.sub(r"\b(?:please|pls|thanks|thank you)\b", " ", words).split())
    kind = next((name for name, pattern in _KINDS if re.search(pattern, words)), "plain")
    found = re.search(r"\bhow (?:many|much) (.*)$", words)
    return Question(_asked_unit(words, kind, parts), words, kind, modifiers(found[1].split()) if found else frozenset())


def _asked_unit(words: str, kind: str, parts: Parts) -> str:
    if kind in ("cost", "change"):
        return "money"
    found = re.search(r"\bhow (?:many|much)(?: more)? (.*)$", words)
    phrase = counted(found[1].split()) if found else []
    if phrase:
        named = unit_of(phrase[-1])
        return next((q.unit for q in parts.quantities if q.stuff == named), head(phrase))
    if re.search(r"\bhow far\b|\bdistance\b", words):
        return next((q.unit for q in parts.quantities if q.unit in LENGTHS), "km")
    if re.search(r"\bhow old\b|\bage\b", words):
        return "years"
    if found := re.search(r"\bhow long\b", words):
        return next((q.per[0] for q in parts.quantities if q.per and q.per[0] in TIMES.values()), "hours")
    if not re.search(r"\b(?:how|what)\b", words):
        found = re.match(
            r"(?:the )?(?:full )?([a-z]+)(?: (?:and (?:the )?(?:left ?over|rest|remainder|what is left)|left|remaining|needed|required|altogether|in total|each|now))?$",
            words,
        )
        return (
            unit_of(found[1])
            if found and found[1] not in ("left", "total", "change", "each", "altogether", "remaining")
            else ""
        )
    return ""
