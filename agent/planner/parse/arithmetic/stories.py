"""Story problems: "had 5 crates with 24 records in each. sold 37, threw 8 away. how many are left?".

A story is read as typed quantities and what happens to them; ways to put them together are tried, and the story is
accepted only when every number is used exactly once, the units come to what is asked, and the ways agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .....errors import ToolInputError
from .....tools.arithmetic import calculate
from .story_compare import ageing, comparing
from .story_parts import parts_of
from .story_quantity import Parts
from .story_questions import Result, question_of
from .story_ways import by_units, in_proportion
from .story_words import CONTINUOUS, GAIN, LOSS, PLURALS, UNCERTAIN, VAGUE, unit_of

_WAYS = (by_units, in_proportion, comparing, ageing)
_SIGNS = str.maketrans({"*": "×", "/": "÷", "-": "−"})
_UNPRICED = re.compile(
    r"\b(?:and|,|plus) (?:an?|one|the) ([a-z]+)\b(?! (?:of|takes|costs|holds|seats|is|has|weighs|carries|can|needs|fits|drinks))"
)
# What happens without a number leaves something out.
_EVENT = re.compile(rf"\b(?:{'|'.join((GAIN | LOSS) - VAGUE)})\b")
_WHOSE = re.compile(
    r"\b(?:does|did|do|has|have|will|is|can|must|should|would|had)(?: (my|his|her|their|our|the))? ([a-z]+)\b"
)
_NOBODY = frozenset(
    """i we you he she they it there left each the be have need take pay get in that one all remaining still now him cost make come me us them
    all this everyone everybody required needed necessary change total bill speed age price going be receive drive go work run""".split()
)


@dataclass(frozen=True, slots=True)
class Story:
    """A story problem that has one reading.

    Attributes:
        expression: as `tools.arithmetic.calculate` takes it.
        unit: what the result counts: "records", "km/h", "money" for any currency.
        told: how it was read: "5 × 24 − 37 − 8 records".
        remainder: the expression of what is left over, where that is asked, too.
    """

    expression: str
    unit: str
    told: str
    remainder: str = ""


def story(goal: str) -> Story | None:
    """The one reading of a story problem; None when there is none, when there are several, and when a number is of no
    use, something is missing, or the story says more than the quantities do ("except", "some", "half of the rest")."""
    parts = parts_of(goal)
    if not parts or _uncertain(parts):
        return None
    question = question_of(parts)
    results = {result.expression: result for way in _WAYS for result in way(parts, question)}
    if len(results) != 1:
        return None
    (result,) = results.values()
    return _story(result) if _is_sensible(result) else None


def _uncertain(parts: Parts) -> bool:
    if UNCERTAIN.search(parts.text) or any(
        _EVENT.search(clause) for clause in parts.clauses if not re.search(r"[#%]\d", clause)
    ):
        return True
    if any(re.search(r"#\d+(?: [a-z]+){0,3} (?:left|remain|remaining|left over)$", clause) for clause in parts.clauses):
        return True
    asks = len(re.findall(r"\b(?:how (?:many|much|old|far|long|fast)|what)\b", parts.question))
    if asks > 1 and not re.search(r"\b(?:left|over|remains?|rest)\b", parts.question):
        return True
    unpriced = _UNPRICED.search(parts.text)
    return bool(
        unpriced and re.search(r"\b(?:at|cost|costs|each|pay|buy|bought)\b|money", parts.text)
    ) or _someone_else(parts)


def _someone_else(parts: Parts) -> bool:
    """Whether the question is about somebody who is not the one that the story begins with."""
    found = _WHOSE.search(parts.question)
    if not found or found[2] in _NOBODY:
        return False
    told = " . ".join(parts.clauses)
    return not re.search(rf"\b{re.escape(found[2])}\b|\b{re.escape(unit_of(found[2]))}", told)


def _is_sensible(result: Result) -> bool:
    """Whether nobody ends up with less than nothing, or with a part of a whole thing."""
    try:
        values = [calculate(made) for made in (result.expression, result.remainder) if made]
    except ToolInputError:
        return False
    return all(isinstance(value, int | float) and value >= 0 for value in values)


def _story(result: Result) -> Story:
    unit = (
        result.unit
        if result.unit in CONTINUOUS or result.unit == "pages" or "/" in result.unit
        else _plural(result.unit)
    )
    told = f"{result.expression.translate(_SIGNS)} {unit}".strip()
    if result.remainder:
        told = f"{told}, and {result.remainder.translate(_SIGNS)} left over"
    return Story(result.expression, unit, told, result.remainder)


def _plural(noun: str) -> str:
    if noun in PLURALS or noun in PLURALS.values():
        return PLURALS.get(noun, noun)
    if re.search(r"(?:s|x|ch|sh)$", noun):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if re.search(r"[^aeiou]y$", noun) else f"{noun}s"
