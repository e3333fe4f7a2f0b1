"""A number of a story: what it counts, and what it is for one of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .story_words import MEASURES, MONEY, PIECES, TIMES, counted, head, unit_of

HOLDS = r"(?:takes?|holds?|seats?|carry|carries|fits?|contains?|weighs?|needs?|costs?|is|'s|goes for|drinks?|eats?|makes?|produces?|gets?|sells for|sell for|uses?|can (?:take|hold|carry|seat|fit|transport|be filled with)|has room for|has|have|has space for|pays?|has to pay|earns?|gives?|reads?|lays?|brings?|receives?|bakes?|saves?|delivers?|builds?|has got|packs?|assembles?|sews?|writes?|plants?|picks?|consumes?|burns?|fills?|feeds?|serves?|covers?|lasts?)"


_EACH_SUBJECT = re.compile(
    rf"(?:\b(each|every|an?|one|per|the)(?: (?:full|single|new|small|big|large))? |^)([a-z]+?)(?: of them)?(?: (?:only|just))?(?: {HOLDS}|'s)(?: (?:up to|for|with|on|at))?$"
)


_PER = re.compile(
    r"^(?:(?:,? ?(?:in|on|for|to|with|of) )?(?:per|every|each)(?: (?:one|single|of (?:the|these|those|them|us)))?|(?:(?:to|in) )?an?) ([a-z]+)\b"
)


_EACH = re.compile(
    r"^(?:(?:in|on|for|to|at) )?(?:each(?: one)?|apiece|a piece|every one|per piece)\b(?! [a-z]+)|^(?:(?:in|on|for|to|at) )?(?:each|apiece)\b(?= (?:and|with|for|from|to|in|at|on|of them|week|of these))"
)


_PER_TIME = re.compile(rf"^(?:each|every) (?:{'|'.join(TIMES)})\b")


_PRICED = re.compile(r"\b(?:costs?|is|sells for|goes for)$|'s$")


_IN_EACH = re.compile(r"\bin (each|every|an?) ([a-z]+) (?:are|is|fit|go|there are|there is|you find)$")


_THAT_HOLD = re.compile(rf"\b([a-z]+s)(?: that| which| can| could| to)* {HOLDS}(?: up to)?$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a story.

    Attributes:
        value: as `calculate` takes it.
        unit: what it counts, in the singular; "" when the story does not say.
        per: what it is for one of: ("box",), ("person", "days").
        role: what happens to it: have, gain, buy, loss, done (of what there is), cost, given (to the teller), paid (to others), "" for nothing, or
            "?" for something that is not known.
        kind: plain, percent, times ("3 times as many as"), more or fewer ("8 more than").
        clause: the number of its clause.
        asked: it stands in the question.
        place: its number in the story.
        stuff: what it is a measure of: "rice" of 300 g.
        modifiers: what tells some of the counted things from others: "red".
        actor: who it happens to, or who does it: "i", "tom", "my brother"; "" when nobody is named.
    """

    value: str
    unit: str
    per: tuple[str, ...] = ()
    role: str = ""
    kind: str = "plain"
    clause: int = 0
    asked: bool = False
    place: int = 0
    stuff: str = ""
    modifiers: frozenset[str] = frozenset()
    actor: str = ""


@dataclass(frozen=True)
class Parts:
    """A story: its clauses with atoms, its question, and its quantities."""

    text: str
    clauses: list[str]
    question: str
    values: list[str]
    quantities: list[Quantity] = field(default_factory=list)


def quantity_of(
    atom: str, left: list[str], right: list[str], parts: Parts, made: list[Quantity], clause: int
) -> Quantity:
    number = parts.values[int(atom[1:])]
    if atom.startswith("%"):
        return Quantity(number, "%", kind="percent")
    before, after = " ".join(left), " ".join(right)
    if found := re.match(r"(?:times|x) (?:as (?:many|much|old|long|far|tall|heavy)|the (?:number|amount))", after):
        return Quantity(number, "", kind="times")
    if found := re.match(
        r"(?:[a-z]+ ){0,3}?(more|older|further|longer|fewer|less|younger)\b(?: [a-z]+){0,2} than\b", after
    ):
        return Quantity(
            number,
            head(counted([w for w in right if w != found[1]])),
            kind="fewer" if found[1] in ("fewer", "less", "younger") else "more",
        )
    phrase = counted(right)
    unit = head(phrase)
    per: list[str] = []
    rest = behind_noun(right, phrase)
    if len(phrase) > 1 and phrase[0] in MEASURES and unit_of(phrase[-1]) in PIECES and not rest.startswith("of "):
        per.append(unit_of(phrase[-1]))
    previous = next(
        (
            q
            for q in reversed(made)
            if q.unit not in ("", "%", "money") and q.kind == "plain" and q.unit not in TIMES.values() and not q.per
        ),
        None,
    )
    near = previous if previous and previous.clause == clause and previous is made[-1] else None
    unit, found_per = _after_number(rest, unit, before, previous)
    per += found_per
    if found := _each_subject(before, after, parts):
        each = [previous.unit] if previous and _THAT_HOLD.search(before) else []
        per = [found, *(noun for noun in per if noun not in (found, "?", *each))]
        unit = unit or ("money" if _PRICED.search(before) else "")
    if near and re.search(r"\beach$", before):
        per = [near.unit, *per]
    if not per:
        per, unit = _before_number(before, unit, near)
    if (not unit and MONEY.search(" ".join(re.findall(r"[a-z]+", before)[-3:]))) or (
        not unit
        and re.search(r"\bfor$", before)
        and re.search(r"\b(?:buy|buys|bought|sell|sells|sold|get|got)\b", parts.text)
    ):
        unit = "money"
    return Quantity(number, unit, per=tuple(per), stuff=_stuff(right, phrase, per))


def _stuff(right: list[str], phrase: list[str], per: list[str]) -> str:
    """What a measure is of: "g of rice", "g flour"."""
    if not phrase or phrase[0] not in MEASURES:
        return ""
    behind = counted(right[right.index(phrase[0]) + 1 :][right[1:2] == ["of"] :])
    return unit_of(behind[-1]) if behind and unit_of(behind[-1]) not in per else ""


def _each_subject(before: str, after: str, parts: Parts) -> str:
    """What a number is for one of, told before it: "each box holds"; without each, only what the story counts, too."""
    if (found := _THAT_HOLD.search(before)) and re.match(r"(?:[a-z]+ )?(?:each|apiece)\b", after):
        return unit_of(found[1])
    found = _IN_EACH.search(before) or _EACH_SUBJECT.search(before)
    if not found:
        return ""
    noun = unit_of(found[2])
    others = any(word != found[2] and unit_of(word) == noun for word in re.findall(r"[a-z]+", parts.text))
    return noun if found[1] in ("each", "every", "per") or others else ""


def behind_noun(right: list[str], phrase: list[str]) -> str:
    if not phrase:
        return " ".join(right)
    start = right.index(phrase[0])
    return " ".join(right[start + len(phrase) :])


def _after_number(rest: str, unit: str, before: str, previous: Quantity | None) -> tuple[str, list[str]]:
    """What the words behind a number and its noun say it is for one of: "a day", "in each box", "each"."""
    per: list[str] = []
    if re.match(r"of [a-z]+ ", rest):
        rest = re.sub(r"^of [a-z]+ ", "", rest)
    while True:
        if _EACH.match(rest) and not _PER_TIME.match(rest):
            rest = _EACH.sub("", rest, count=1).strip()
            sold = re.search(r"([a-z]+) (?:at|for)$", before)
            at_noun = unit_of(sold[1]) if sold and not previous else ""
            if not previous and not at_noun:
                return unit, ["?"]
            per.append(previous.unit if previous else at_noun)
            unit = unit or ("money" if re.search(r"\b(?:at|for|costs?|costing|paid|pay|a|are)$", before) else unit)
        elif found := _PER.match(rest):
            if found[1] in ("note", "coin") or found[1] in ("total", "while", "lot", "bill"):
                break
            per.append(unit_of(found[1]))
            rest = rest[found.end() :].strip()
        else:
            break
    return unit, per


def _before_number(before: str, unit: str, near: Quantity | None) -> tuple[list[str], str]:
    """What the words before a number say it is for one of: "3 pens at", "5 crates of", "boxes of"."""
    if near and re.search(r"\bat$", before) and unit in ("", "money"):
        return [near.unit], "money"
    if not near and unit in ("", "money") and (found := re.search(r"\b([a-z]+) at$", before)):
        return [unit_of(found[1])], "money"
    if (
        near
        and near.unit not in MEASURES.values()
        and re.search(r"\b(?:of|containing|holding|with|x)$", before)
        and unit != "money"
        and unit not in TIMES.values()
    ):
        return [near.unit], unit
    if found := re.search(r"\b(?:in|into|as)(?: [a-z]+)? ([a-z]+) of$", before):
        return [unit_of(found[1])], unit
    return [], unit
