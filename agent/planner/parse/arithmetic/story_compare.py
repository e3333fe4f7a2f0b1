"""Two who are compared: "Emma has three times as many stickers as Paul, together 48", "Tom is 7 years older than Lisa"."""

from __future__ import annotations

import re

from .story_quantity import Parts, Quantity
from .story_questions import Question, Result
from .story_words import head

_WHO = r"((?:my |his |her |our |the )?[a-z]+)"
_RELATION = re.compile(
    rf"\b{_WHO}(?:'s| has| have| had| is| are| got| owns| owned| weighs| collected| picked| reads?| earns?| was| baked| scored| sold| ran| saved)+(?: got)? #(\d+) "
    rf"(?:(?:times|x) as [a-z]+(?: [a-z]+){{0,2}}? as|(?:[a-z]+ ){{0,2}}?(?:more|fewer|less|older|younger|taller|longer|heavier)(?: [a-z]+){{0,2}}? than) {_WHO}(?: (?:has|have|does|did|is|had|do))?\b"
)
_TWICE = ((r"\b(?:twice|double) (?=as |the )", "#t times "), (r"\bhalf as (?=many|much|old)", "#h times as "))
_TOGETHER = re.compile(
    r"(?:\b(?:together|in total|altogether|in all|both|combined|the two of them|between them)\b[a-z' ,]*#(\d+)|#(\d+)[a-z ]*\b(?:together|in total|altogether|in all|between them|combined))"
)
_PRONOUNS = {"he", "she", "they", "it", "him", "her", "them", "me"}


def comparing(parts: Parts, question: Question) -> list[Result]:
    """What one of two has, or both, by one relation and one amount."""
    relations = [q for q in parts.quantities if q.kind in ("times", "more", "fewer")]
    facts = [q for q in parts.quantities if q.kind == "plain" and not q.per]
    if len(parts.quantities) != 2 or len(relations) != 1 or len(facts) != 1:
        return []
    relation, fact = relations[0], facts[0]
    found = _RELATION.search(" , ".join([*parts.clauses, parts.question]))
    if not found or int(found[2]) != relation.place or (fact.unit and question.unit and fact.unit != question.unit):
        return []
    one, other = _named(found[1]), _named(found[3])
    text = " , ".join(parts.clauses)
    known = "both" if _TOGETHER.search(text) else _owner(text, fact, one, other)
    wanted = _wanted(question.words, one, other)
    if not known or not wanted or other in _PRONOUNS - {"me"} or one in _PRONOUNS:
        return []
    noun = re.search(r"(?:as many|as much|more|fewer|less) ([a-z]+) (?:as|than)\b", found[0])
    unit = question.unit or fact.unit or (head([noun[1]]) if noun else "")
    expression = _SOLVED.get((relation.kind, known, wanted), "").format(n=fact.value, k=relation.value)
    return [Result(expression, unit)] if expression and expression != fact.value else []


_SOLVED = {
    ("times", "other", "one"): "{n} * {k}",
    ("times", "other", "both"): "{n} * {k} + {n}",
    ("times", "one", "other"): "{n} / {k}",
    ("times", "one", "both"): "{n} + {n} / {k}",
    ("times", "both", "one"): "{n} / ({k} + 1) * {k}",
    ("times", "both", "other"): "{n} / ({k} + 1)",
    ("more", "other", "one"): "{n} + {k}",
    ("more", "other", "both"): "{n} + {n} + {k}",
    ("more", "one", "other"): "{n} - {k}",
    ("more", "one", "both"): "{n} + {n} - {k}",
    ("more", "both", "one"): "({n} + {k}) / 2",
    ("more", "both", "other"): "({n} - {k}) / 2",
    ("fewer", "other", "one"): "{n} - {k}",
    ("fewer", "other", "both"): "{n} + {n} - {k}",
    ("fewer", "one", "other"): "{n} + {k}",
    ("fewer", "one", "both"): "{n} + {n} + {k}",
    ("fewer", "both", "one"): "({n} - {k}) / 2",
    ("fewer", "both", "other"): "({n} + {k}) / 2",
}  # fmt: skip


def _named(who: str) -> str:
    return {"me": "i"}.get(who.split()[-1], who.split()[-1])


def _owner(text: str, fact: Quantity, one: str, other: str) -> str:
    """Whose amount is told: the nearest of the two before it, as the one who has it."""
    before = re.search(
        rf"\b({re.escape(one)}|{re.escape(other)})\b(?: (?:has|have|had|is|are|got|owns|weighs|collected|picked|earns?|was|baked|scored|read|reads|sold|ran|saved)|'s)+(?: got)? #{fact.place}\b",
        text,
    )
    return "" if not before else "one" if before[1] == one else "other"


def _wanted(words: str, one: str, other: str) -> str:
    if re.search(r"\b(?:together|in total|altogether|in all|both|combined|they)\b", words):
        return "both"
    names = [name for name in (one, other) if re.search(rf"\b{re.escape(name)}\b", words)]
    return "" if len(names) != 1 else "one" if names[0] == one else "other"


def ageing(parts: Parts, question: Question) -> list[Result]:
    """ "Lisa is 12. How old will she be in 5 years?"."""
    items = parts.quantities
    if len(items) != 2 or "how old" not in question.words or any(q.kind != "plain" or q.per for q in items):
        return []
    now, later = items
    if (
        not re.search(
            rf"(?:is|am|'s|i'm|are|turned|turns) (?:now )?#{now.place}\b(?! (?!years?\b|and\b|now\b|today\b)[a-z]+)",
            parts.text,
        )
        or later.unit != "years"
    ):
        return []
    asked = parts.question
    if re.search(rf"\b(?:in|after) #{later.place}\b|#{later.place} years? (?:from now|later|time)", asked):
        return [Result(f"{now.value} + {later.value}", "years")]
    return (
        [Result(f"{now.value} - {later.value}", "years")]
        if re.search(rf"#{later.place} years? (?:ago|earlier)", asked)
        else []
    )
