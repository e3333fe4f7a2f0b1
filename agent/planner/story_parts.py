# ruff: noqa: E501 (patterns, one a row)
"""A story problem as typed quantities: each number with what it counts, per what, and what happens to it; and the question."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from .story_words import (
    COST,
    GAIN,
    HAVE,
    LOSS,
    MEASURES,
    MONEY,
    PIECES,
    PROGRESS,
    TIMES,
    counted,
    head,
    modifiers,
    unit_of,
)
from .sum_words import CURRENCY_KINDS, plain, value

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
_TO = r"(?: (?:over|back))?(?: (?:me|him|her|us|you|them|(?:the|a|my) [a-z]+))?"
_PAID = re.compile(
    rf"\b(?:(?:pay|pays|paid|paying|payed)(?: it| for (?:it|them|this|that|everything))? (?:with|using|by)|(?:gives?|gave|giving|hands?|handed)(?: over)?{_TO}|with|out of)(?: (?:a|an|my|one))?$"
)
_TO_ME = re.compile(r"\b(?:me|us)(?: (?:a|an|one|another))?$")
_GETS = re.compile(
    r"\b(?:gave|gives?|handed|sent|brought|lent|bought) (?:me|him|her|us)\b(?: [a-z]+)?$|\b(?:got|get|gets) on$"
)
_TAKEN = re.compile(r"\b(?:take|takes|took|taken|taking|got|get|gets)\b.*\b(?:away|out|off)\b")
_HOLDS = r"(?:takes?|holds?|seats?|carry|carries|fits?|contains?|weighs?|needs?|costs?|is|'s|goes for|drinks?|eats?|makes?|produces?|gets?|sells for|sell for|uses?|can (?:take|hold|carry|seat|fit|transport|be filled with)|has room for|has|have|has space for|pays?|has to pay|earns?|gives?|reads?|lays?|brings?|receives?|bakes?|saves?|delivers?|builds?|has got|packs?|assembles?|sews?|writes?|plants?|picks?|consumes?|burns?|fills?|feeds?|serves?|covers?|lasts?)"
_EACH_SUBJECT = re.compile(
    rf"(?:\b(each|every|an?|one|per|the)(?: (?:full|single|new|small|big|large))? |^)([a-z]+?)(?: of them)?(?: (?:only|just))?(?: {_HOLDS}|'s)(?: (?:up to|for|with|on|at))?$"
)
_PER = re.compile(
    r"^(?:,? ?(?:in|on|for|to|with|of) )?(?:per|every|each|an?)(?: (?:one|single|of (?:the|these|those|them|us)))? ([a-z]+)\b"
)
_EACH = re.compile(
    r"^(?:(?:in|on|for|to|at) )?(?:each(?: one)?|apiece|a piece|every one|per piece)\b(?! [a-z]+)|^(?:(?:in|on|for|to|at) )?(?:each|apiece)\b(?= (?:and|with|for|from|to|in|at|on|of them|week|of these))"
)


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


def parts_of(goal: str) -> Parts | None:
    """The parts of a story; None when it has no question, no two numbers, or several currencies."""
    text = plain(goal)
    for pattern, spelled in _SPEEDS:
        text = re.sub(pattern, spelled, text)
    text = re.sub(r"\btwice (?=as )", "2 times ", re.sub(r"\bthrice (?=as )", "3 times ", text))
    text = re.sub(rf"\b1 ([a-z]+) (?={_HOLDS}\b)", r"each \1 ", text)
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
        actor = _actor(clause) or (
            actor or "i" if re.match(rf"(?:{'|'.join(HAVE | GAIN | LOSS | COST)})\b", clause) and not asked else ""
        )
        words = re.sub(r"[?.!,;:()\"]", " ", clause).split()
        places = [i for i, word in enumerate(words) if re.match(r"[#%]\d+", word)]
        verbs = False
        for i, place in enumerate(places):
            left = words[(places[i - 1] + 1 if i else 0) : place]
            right = words[place + 1 : places[i + 1] if i + 1 < len(places) else len(words)]
            quantity = _quantity(words[place], left, right, parts, made, number)
            role_here = (
                "" if quantity.unit in TIMES.values() else _role(" ".join(words[:place]), right, quantity, not made)
            )
            verbs = verbs or bool(role_here)
            bare_ = _is_bare(_after(left, counted(left)).split() if i else left, right)
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


_BARE_LEFT = re.compile(
    r"(?:(?:a|an|the|and|plus|with|of|in|at|for|from|to|another|so|ok|hi|hello|hey|my|our|me|is|are|it's|that|then|also|per|each|by|as|on|cut|into)\b ?)*"
)
_BARE_RIGHT = re.compile(
    r"(?:(?:in|on|to|from|for|at|of|with|by|per|each|every|a|an|apiece|and|full|long|into|cut|off|who|that|which|left|equally|evenly|together|altogether|today|yesterday)\b.*)?"
)


def _is_bare(left: list[str], right: list[str]) -> bool:
    """Whether nothing is said to happen to a number: no verb stands beside it."""
    return bool(_BARE_LEFT.fullmatch(" ".join(left)) and _BARE_RIGHT.fullmatch(_after(right, counted(right))))


_ACTOR = re.compile(
    r"(?:(?:then|later|yesterday|today|now|also|so|hi|hello|ok|well|on [a-z]+day|in the [a-z]+|last [a-z]+) )*((?:my|me|his|her|our|the|a|an) )?([a-z']+)(?: (?:also|then|just|already|each))?\b"
)


def _actor(clause: str) -> str:
    """Who acts in a clause: what stands before its first verb."""
    found = _ACTOR.match(clause)
    behind = re.findall(r"[a-z']+", clause[found.end() :])[:1] if found else []
    name = found[2].split("'")[0] if found else ""
    short = bool(found and "'" in found[2])
    if (
        not found
        or name in HAVE | GAIN | LOSS | COST
        or not (short or behind and behind[0] in HAVE | GAIN | LOSS | COST | {"then"})
    ):
        return ""
    return "my " + name if found[1] and found[1].strip() in ("my", "me", "our") else name


def _quantity(
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
    rest = _after(right, phrase)
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
    if (
        not unit
        and MONEY.search(" ".join(re.findall(r"[a-z]+", before)[-3:]))
        or (
            not unit
            and re.search(r"\bfor$", before)
            and re.search(r"\b(?:buy|buys|bought|sell|sells|sold|get|got)\b", parts.text)
        )
    ):
        unit = "money"
    return Quantity(number, unit, per=tuple(per), stuff=_stuff(right, phrase, per))


_PRICED = re.compile(r"\b(?:costs?|is|sells for|goes for)$|'s$")


def _stuff(right: list[str], phrase: list[str], per: list[str]) -> str:
    """What a measure is of: "g of rice", "g flour"."""
    if not phrase or phrase[0] not in MEASURES:
        return ""
    behind = counted(right[right.index(phrase[0]) + 1 :][right[1:2] == ["of"] :])
    return unit_of(behind[-1]) if behind and unit_of(behind[-1]) not in per else ""


_IN_EACH = re.compile(r"\bin (each|every|an?) ([a-z]+) (?:are|is|fit|go|there are|there is|you find)$")
_THAT_HOLD = re.compile(rf"\b([a-z]+s)(?: that| which| can| could| to)* {_HOLDS}(?: up to)?$")


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


def _after(right: list[str], phrase: list[str]) -> str:
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


_PER_TIME = re.compile(rf"^(?:each|every) (?:{'|'.join(TIMES)})\b")


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


def _role(before: str, right: list[str], quantity: Quantity, first: bool) -> str:
    """What happens to a quantity: the verb before it, or the one right behind it when that takes something away."""
    phrase = counted(right)
    behind = (
        _after(right, phrase)
        .removeprefix("of them ")
        .removeprefix("were ")
        .removeprefix("are ")
        .removeprefix("have ")
        .split()
    )
    if quantity.unit in ("", "money") and not quantity.per and _PAID.search(before):
        return "given" if _TO_ME.search(before) or re.search(r"\b(?:pay|pays|paid|paying)\b", before) else "paid"
    if _GETS.search(before):
        return "gain"
    if re.search(r"\b(?:put|puts|putting|set|sets|setting|lay|lays) (?:aside|away|by)$", before):
        return "gain"
    if _TAKEN.search(f"{before} {' '.join(right)}"):
        return "loss"
    if behind and behind[0] in LOSS and not (behind[0] in ("left",)):
        return "loss"
    if (
        behind[:2] == ["got", "off"]
        or behind[:2] == ["get", "off"]
        or (behind and behind[0] == "left" and len(behind) > 1)
    ):
        return "loss"
    verb = next((word for word in reversed(re.findall(r"[a-z']+", before)) if word in HAVE | GAIN | LOSS | COST), "")
    if verb in ("got", "get", "gets") and (first is False or re.search(r"^(?:[a-z]+ )?from\b", " ".join(behind))):
        return "gain"
    if verb:
        return _role_of(verb, quantity)
    return _role_of(behind[0], quantity) if behind and behind[0] in GAIN | COST else ""


def _role_of(verb: str, quantity: Quantity) -> str:
    if verb in COST:
        return "cost" if quantity.unit == "money" or verb not in GAIN else "buy"
    if verb in PROGRESS:
        return "done"
    if quantity.unit == "money" and verb in ("sell", "sells", "sold", "selling"):
        return "gain"
    return "have" if verb in HAVE else "gain" if verb in GAIN else "loss"
