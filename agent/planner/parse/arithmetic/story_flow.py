"""What is there at first, with what comes and without what goes; and what things cost together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .....tools.arithmetic import calculate
from .story_quantity import Parts, Quantity
from .story_questions import Question, Result
from .story_words import unit_of

_TOGETHER = re.compile(r"\b(?:together|in total|altogether|total|in all|overall|all in all|combined)\b")


_ASKED_ABOUT = re.compile(
    r"\b(?:does|did|do|has|have|will|can|must|should|would|had)(?: (?:my|his|her|their|our|the|a))? ([a-z]+)\b"
)


_ANYBODY = frozenset(
    "i we you he she they it there left each be have need take pay get in one all remaining still now cost make come me us them this everyone everybody to".split()
)


def flowing(items: list[Quantity], parts: Parts, question: Question) -> list[Result]:
    """What is there at first, with what comes and without what goes."""
    unit = question.unit or next((q.unit for q in items if q.unit), "")
    if not unit or any(q.unit not in (unit, "") for q in items):
        return []
    if not _alike(items, question) or (len(items) > 1 and any(q.role == "?" for q in items)) or not _same_actor(items):
        return []
    if (
        unit == "money"
        and any("*" in q.value for q in items)
        and any(not q.unit and q.role not in ("given", "paid", "have") for q in items)
    ):
        return []
    if (any(q.unit == "" for q in items) and not _is_told(unit, parts)) or not _is_theirs(items[0], question):
        return []
    if question.kind == "more":
        first, second = sorted(items, key=lambda q: -amount(q.value)) if len(items) == 2 else (None, None)
        return [_signed([first], [second], unit)] if first and second else []
    paid = "given" if question.kind == "change" else "loss"
    done = "loss" if question.kind == "left" and len(items) > 1 else "gain"
    given_too = "given" if question.kind == "change" or not any(q.role == "have" for q in items) else "gain"
    items = [replace(q, role=_role_here(q, unit, {"paid": paid, "done": done, "given": given_too})) for q in items]
    losses = [q for q in items if q.role == "loss" or (unit == "money" and q.role == "cost")]
    given = [q for q in items if q.role in ("given", "have")]
    rest = [q for q in items if q not in losses]
    text = parts.text
    if any(q.role == "have" for q in rest[1:]) and not _TOGETHER.search(text):
        return []
    if re.search(r"\b(?:left|remain|remains|remaining)\b", question.words) and not losses:
        return []
    if question.kind == "change":
        good = len(given) == 1 and all(q in losses or q in given or (q.role == "" and "*" in q.value) for q in items)
        return [_signed(given, [q for q in items if q not in given], unit)] if good and len(items) > 1 else []
    if question.kind == "cost":
        return (
            [_signed(items, [], unit)]
            if not given
            and all("*" in q.value or q.role in ("cost", "loss", "gain") for q in items)
            and len({q.role for q in items} & {"gain", "cost"}) < 2
            else []
        )
    if any(q.role == "" for q in rest[1:]) and not _TOGETHER.search(text):
        return []
    if len(
        [q for q in rest if q.role == "have" or (unit == "money" and q.role == "given")]
    ) > 1 and not _TOGETHER.search(text):
        return []
    if question.kind == "left":
        starts = rest and rest[0].place < min((q.place for q in items if q is not rest[0]), default=99)
        enough = (
            losses
            or any(q.role == "gain" for q in rest[1:])
            or (
                len(items) == 1 and re.search(r"\bafter\b|\bnow\b", text) and not re.search(r"\bleft\b", question.words)
            )
        )
        if not enough or (not starts and not (rest and rest[0].role in ("have", "given"))):
            return []
        return [_signed(rest, losses, unit)]
    if question.kind != "plain" or not (
        question.unit or _TOGETHER.search(question.words) or re.search(r"\bhow (?:many|much)\b", question.words)
    ):
        return []
    if losses:
        first = min(items, key=lambda q: q.place)
        return (
            [_signed(rest, losses, unit)]
            if rest
            and (first in rest or rest[0].role == "have")
            and not re.search(
                r"\b(?:"
                + "sell|sold|eat|ate|eaten|spend|spent|lose|lost|give|gave|use|used|drink|drank|break|broke"
                + r")\b",
                question.words,
            )
            else _lost(items, losses, unit)
        )
    counted_together = len(items) == 1 or _TOGETHER.search(text) or any(q.role == "gain" for q in rest[1:])
    return [_signed(rest, [], unit)] if counted_together and (len(items) > 1 or "*" in items[0].value) else []


def _alike(items: list[Quantity], question: Question) -> bool:
    """Whether it is the same things that are counted and asked for: red ones are not all."""
    told = {q.modifiers for q in items if q.modifiers}
    if question.modifiers:
        return told == {question.modifiers} and bool(items[0].modifiers)
    return len(told) < 2 or not any(q.role in ("loss", "cost") for q in items)


def _same_actor(items: list[Quantity]) -> bool:
    """Whether what comes and goes is that of the one who had it: "my dog ate 5" is, "she bought 3" may be hers."""
    owner = items[0].actor
    for item in items[1:]:
        if (
            item.actor in ("", owner, "there")
            or item.role in ("have", "given", "done", "")
            or owner in ("", "there", "it")
        ):
            continue
        if item.actor in ("he", "she", "they", "it") and owner not in ("i", "we"):
            continue
        if (item.actor == "i" and owner == "we") or (item.actor == "we" and owner == "i"):
            continue
        ours = (
            (owner in ("i", "we"), owner.startswith("my ")),
            (item.actor in ("i", "we"), item.actor.startswith("my ")),
        )
        if item.role == "loss" and any(ours[0]) and any(ours[1]) and not (ours[0][1] and ours[1][1]):
            continue
        return False
    return True


def amount(expression: str) -> float:
    value = calculate(expression)
    return float(value) if isinstance(value, int | float) else 0.0


def _is_told(unit: str, parts: Parts) -> bool:
    """Whether the story says what is counted, when its numbers do not: it is not what the question calls it."""
    told = " ".join(parts.clauses)
    return unit == "money" or any(unit_of(word) == unit for word in re.findall(r"[a-z]+", told))


def _is_theirs(first: Quantity, question: Question) -> bool:
    """Whether the question is about the one who had the first quantity."""
    found = _ASKED_ABOUT.search(question.words)
    if not found or found[1] in _ANYBODY or first.actor in ("", "there", "it"):
        return True
    return found[1] == first.actor.split()[-1]


def _role_here(quantity: Quantity, unit: str, roles: dict[str, str]) -> str:
    """What a role means for what is counted: who buys has more things, and less money."""
    money = unit == "money"
    here = {**roles, "buy": "cost" if money else "gain"} if money else {**roles, "buy": "gain", "given": "gain"}
    return here.get(quantity.role, quantity.role)


def _lost(items: list[Quantity], losses: list[Quantity], unit: str) -> list[Result]:
    """How many were sold, when nothing but that is told."""
    asked_for = len(items) == len(losses) and len({q.role for q in losses}) == 1
    return [_signed(losses, [], unit)] if asked_for else []


def _signed(plus: Sequence[Quantity], minus: Sequence[Quantity], unit: str) -> Result:
    return Result(" - ".join([" + ".join(q.value for q in plus), *(q.value for q in minus)]), unit)
