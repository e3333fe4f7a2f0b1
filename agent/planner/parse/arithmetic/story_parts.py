"""A story problem as typed quantities: each number with what it counts, per what, and what happens to it; and the question."""

from __future__ import annotations

import re
from dataclasses import replace

from .story_quantity import HOLDS, Parts, Quantity, behind_noun, quantity_of
from .story_roles import actor_of, is_bare, role_of
from .story_words import COST, GAIN, HAVE, LOSS, TIMES, counted, modifiers
from .sum_words import CURRENCY_KINDS, plain, value

MAX_CHARS = 1_000
_FIGURE = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)(?![\d.,]*\d)")


_SPEEDS = (
    (r"\b(?:km ?/ ?h|kmh|kph|km h)\b", "km per hour"),
    (r"\bmph\b", "miles per hour"),
    (r"\bm/s\b", "m per second"),
    (r"(?<=[a-z\d€$£]) ?/ ?(?=[a-z])", " per "),
)


_QUESTION = re.compile(
    r"\b(?:for |in |at |by )?(?:how (?:many|much|far|long|fast|old|heavy)|(?:and )?what(?:'s|s)?\b(?! (?:a|i mean)\b)|which|calculate|find|work out)\b.*$"
)


_SHORT_QUESTION = re.compile(
    r"(?:^|[.;,] *)([^.;,]*(?:\b(?:left|change|total|speed|each|altogether|cost)\b[^.;,]*\?*|\?))\s*$"
)


_BREAK = re.compile(r"\s*[.;!?:,]+(?:\s+|$)(?:(?:and|but|then|so)\s+)*|\s+(?:and|but|then|so|if|when)\s+(?:then\s+)?")


def parts_of(goal: str) -> Parts | None:
    """The parts of a story; None when it has no question, no two numbers, several currencies, or more
    than `MAX_CHARS` characters."""
    text = plain(goal) if len(goal) <= MAX_CHARS else ""
    for pattern, spelled in _SPEEDS:
        text = re.sub(pattern, spelled, text)
    text = re.sub(r"\btwice (?=as )", "2 times ", re.sub(r"\bthrice (?=as )", "3 times ", text))
    text = re.sub(rf"\b1 ([a-z]+) (?={HOLDS}\b)", r"each \1 ", text)
    text = re.sub(rf"\b(?:in|per|for) (?:1|an?) ({'|'.join(TIMES)})\b", r"per \1", text)
    money = _with_money(text)
    if money is None or re.search(r"\d ?/ ?\d", money):
        return None
    values: list[str] = []

    def atom(found: re.Match[str]) -> str:
        values.append(value(found.group(), text))
        return f" #{len(values) - 1} "

    spelled = " ".join(_FIGURE.sub(atom, money).split())
    spelled = re.sub(r"#(\d+) ?(?:%|percent\b)", r"%\1", spelled)
    if len(values) < 2 or re.search(r"(?<![#%\d])\d", spelled):
        return None
    told, question = _asked(spelled)
    if not question:
        return None
    parts = Parts(spelled, [clause for clause in _BREAK.split(told) if clause and clause.strip()], question, values)
    quantities = _quantities(parts)
    return replace(parts, quantities=quantities) if len(quantities) == len(values) else None


def _with_money(text: str) -> str | None:
    text = re.sub(r"([€$£¥₹])\s?(\d[\d.,]*\d|\d)", r"\2 money ", text)
    kinds = {
        kind
        for word, kind in CURRENCY_KINDS.items()
        if re.search(rf"(?<![\w'])(?<!money ){re.escape(word)}(?![\w'])", text) and len(word) > 1
    }
    kinds |= {sign for sign in "€$£¥₹" if sign in text}
    if len(kinds) > 1:
        return None
    words = "|".join(sorted((re.escape(word) for word in CURRENCY_KINDS if len(word) > 1), key=len, reverse=True))
    text = re.sub(rf"[€$£¥₹]|(?<![\w'])(?:{words})(?![\w'])(?! of\b)", " money ", text)
    return re.sub(r"\bmoney(?: +money)+\b", "money", text)


def _asked(text: str) -> tuple[str, str]:
    """What is told, and the question: from its first word to the end, or the end of a story that has no such word."""
    found = _QUESTION.search(text)
    if found:
        question = found.group()
        condition = re.search(r"[,?]? \b(?:if|when|given that|knowing that|provided)\b (.*)$|\? *([^?]*#.*)$", question)
        if condition:
            return f"{text[: found.start()]} , {condition[1] or condition[2]}", question[: condition.start()]
        return text[: found.start()], question
    found = _SHORT_QUESTION.search(text)
    return (text[: found.start()], found[1]) if found else (text, "")


def _quantities(parts: Parts) -> list[Quantity]:
    made: list[Quantity] = []
    role = actor = ""
    clauses = [*parts.clauses, parts.question]
    for number, clause in enumerate(clauses):
        asked = number == len(parts.clauses)
        distributed: tuple[str, ...] = ()
        actor = actor_of(clause) or (
            actor or "i" if re.match(rf"(?:{'|'.join(HAVE | GAIN | LOSS | COST)})\b", clause) and not asked else ""
        )
        words = re.sub(r"[?.!,;:()\"]", " ", clause).split()
        places = [i for i, word in enumerate(words) if re.match(r"[#%]\d+", word)]
        verbs = False
        for i, place in enumerate(places):
            left = words[(places[i - 1] + 1 if i else 0) : place]
            right = words[place + 1 : places[i + 1] if i + 1 < len(places) else len(words)]
            quantity = quantity_of(words[place], left, right, parts, made, number)
            role_here = (
                "" if quantity.unit in TIMES.values() else role_of(" ".join(words[:place]), right, quantity, not made)
            )
            verbs = verbs or bool(role_here)
            bare_ = is_bare(behind_noun(left, counted(left)).split() if i else left, right)
            role = role_here or ("" if asked or quantity.unit in TIMES.values() else role if bare_ else "?")
            if re.search(r"\beach of(?: the| our| these)?$", " ".join(left)) or (
                re.search(r"\b(?:the|all|our)$", " ".join(left)) and re.search(r"\beach\b", " ".join(right[:2]))
            ):
                distributed = (quantity.unit,)
            elif distributed and quantity.kind == "plain" and not set(distributed) & set(quantity.per):
                quantity = replace(quantity, per=(*distributed, *quantity.per))
            made.append(
                replace(
                    quantity,
                    role=role,
                    clause=number,
                    asked=asked,
                    place=len(made),
                    modifiers=modifiers(right),
                    actor=actor,
                )
            )
            role = role if role != "?" else ""
    return [_resolved(quantity, made) for quantity in made]


def _resolved(quantity: Quantity, made: list[Quantity]) -> Quantity:
    """ "3 each for 5 pies": each is one of what is counted next."""
    if "?" not in quantity.per:
        return quantity
    behind = next(
        (q.unit for q in made[quantity.place + 1 :] if q.clause == quantity.clause and q.unit and not q.per), "?"
    )
    return replace(quantity, per=tuple(behind if noun == "?" else noun for noun in quantity.per))
