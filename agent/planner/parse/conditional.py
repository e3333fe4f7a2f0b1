"""What shall be said of a number: "if it is more than 20 say too many, otherwise say fine"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .arithmetic.quantities import numbers_of

_OVER = r"more|above|over|bigger|larger|greater|higher|longer|exceeds?|beyond|pass(?:es|ed)|tops"
_UNDER = r"fewer|less|smaller|lower|below|under|shorter"
_LEAST, _MOST = (
    r"at least|not (?:less|fewer|below|under)(?: than)?|no (?:less|fewer) than",
    r"at most|not (?:more|over|above)(?: than)?|no more than|up to",
)
_SIGNS = ((_LEAST, ">="), (_MOST, "<="), (rf"(?:{_OVER})(?: than)?", ">"), (rf"(?:{_UNDER})(?: than)?", "<"),
          (r"exactly|equal to|equals", "=="))  # fmt: skip
_SAY = (
    r"(?:(?:then|just|only|please|pls|plz|you|can|could|simply|behind it|there)\s+)*"
    r"(?:say|write|answer|reply|put|call it|print|shout|respond|tell me(?: that)?)"
    r"(?:\s+(?:just|only|that|me|behind it))*\s*:?\s+"
)
_QUOTED = r"[\"“„'‘](?P<{0}_quoted>[^\"”“'’]+)[\"”“'’]"
_WHERE = r"(?:\s+(?:(?:behind|under|below|after|next to) it|there|then))?"
_PLAIN = r"(?P<{0}_plain>[^,.;?!\n]+?)"
_ELSE = (
    r"(?:otherwise|or else|else|if (?:it(?:'s| is| int|'s not)?|they|that)?\s*(?:is|are|does|do|did|was|were)?\s*"
    r"(?:not|n['o]?t|isn'?t|doesn'?t|didn'?t|wasn'?t|int)?(?: then)?(?=[ ,])|if not|and not)"
)
_RULE = re.compile(
    rf"(?P<joint>[,;.]?\s*(?:\b(?:and then|and|then|but|so)\s+)?)\bif\b(?P<test>(?:[^.;?!\n]|\.(?=\w)){{0,100}}?)[,]?\s+{_SAY}"
    rf"(?:{_QUOTED.format('then')}{_WHERE}|{_PLAIN.format('then')})"
    rf"(?:[,.;]?\s*(?:and|but)?\s*{_ELSE}[,]?\s*(?:and\s+)?(?:{_SAY}(?:only\s+)?)?(?:{_QUOTED.format('other')}|{_PLAIN.format('other')}))?"
    r"\s*(?P<rest>,?\s*(?:so|because|cos)\b[^.?!]*)?(?=[.;?!\n]|$|,)",
    re.IGNORECASE,
)
# "Box the coins. If there are more than 10 …"
_MARKED = re.compile(
    r"\b(?:box|mark|frame|circle|find|draw|outline|put)\w*\b[^.?!]*?\b(?:the|all|every|each)\s+(?:of the\s+|the\s+)?(?P<what>[a-z]+)",
    re.IGNORECASE,
)
_ANY = re.compile(r"\s*(?:there ?(?:'s|s|are|is)|you (?:find|see|get)|it finds)\b", re.IGNORECASE)
_AT = r"(?:more|fewer|less|at least|at most|over|above|under|below|exactly)(?: than)?"
_THERE = re.compile(
    rf"\s*(?:there (?:are|is)|you (?:see|find|count)|i have) {_AT}\s+(?:\d+|[a-z]+)\s+(?P<what>[a-z]+)(?P<where>[^,]*)$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    rf"(?P<what>.+?)\s+(?:is|are|was|were|comes? to|makes?|gives?|has|have)\s+(?:{_AT}|bigger|larger|greater|higher|smaller|lower)\b",
    re.IGNORECASE,
)
_NO_NOUN = frozenset(
    "together of altogether in all then or and on per we i you they it that is he she per percent".split()
)
_TOGETHER = re.compile(r"\b(?:together|altogether|total|in all|the sum)\b", re.IGNORECASE)
# What is no text to be said, but another wish: "otherwise tell me how many I've got".
_WHY = re.compile(r"\s+(?:so (?:that|i|we|they|she|he|you|the|my|our)\b|because\b|cos\b).*$", re.IGNORECASE | re.DOTALL)
_ASKS = re.compile(
    r"\?|\b(?:how (?:many|much)|what|which|count|add|total|sum|work out|calculate|tell me|find)\b", re.IGNORECASE
)
_FINE = re.compile(
    r"\s*(?:it|that|this)(?:'?s| is)\s+(?:ok(?:ay)?|fine|all ?right|alright|good|enough|within (?:it|that))\s*",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"\b(?:under|below|less than|at most|no more than|not more than|up to|at least|over|above|more than)\s+\d+",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:only|limit\w*|allow\w*|accept\w*|take|max(?:imum)?|at most|up to|need|extra|above|over|more than|below|"
    r"under)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"(?:^|[.!?]\s+)(?:and |so )?(?:how|what|which|who)\b[^.!?]*$", re.IGNORECASE)
_CLAUSE = re.compile(r"(?<=[.!?])\s+|,\s+|\s+(?=so\b)")
_WISH = re.compile(
    r"^(?:me |us )?(?:how (?:many|much)|the (?:number|total|sum|result|amount)|what|which|who|it is|exactly)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Conditional:
    """A rule for what is said of a number.

    Attributes:
        goal: what is asked without the rule.
        how: a bound as `tools.comparing.compare_numbers` takes it: "> 20".
        then, otherwise: what is said when the number keeps it and when not; "" when nothing is.
        noun: what the bound counts, in small letters; "" when that is not said.
    """

    goal: str
    how: str
    then: str
    otherwise: str = ""
    noun: str = ""


def conditional(goal: str) -> Conditional | None:
    """The rule that stands in a goal; None when there is none over a number of the goal itself."""
    for found in _RULE.finditer(goal):
        bound = _bound(found["test"], goal[: found.start()])
        if bound is None:
            continue
        how, noun = bound
        then = (found["then_quoted"] or found["then_plain"] or "").strip()
        other = (found["other_quoted"] or found["other_plain"] or "").strip()
        lead = goal[: found.start()].rstrip()
        rest = f"{lead}{'' if lead.endswith(('?', '!', '.')) else '.'} {goal[found.end() :].lstrip(' .,;')}".strip(" .")
        rest = rest or _tested(found["test"])
        if then and not _WISH.match(then) and rest:
            rest, said = _without_bound(rest, how)
            noun = noun or said
            rest = f"{rest}{'?' if _ASKED.search(rest) else '.'}" if not rest.endswith("?") else rest
            rest = f"{rest} {_question(found['test'], rest, noun)}".strip()
            other = "" if _WISH.match(other) else _WHY.sub("", other)
            return Conditional(rest, how, _WHY.sub("", then), other, noun)
    return None


def _tested(test: str) -> str:
    """What is tested, as a question: "if 17 times 23 is more than 400", "if there are more than 20 coins in it"."""
    if there := _THERE.match(test):
        return f"How many {there['what']} are there{there['where'].rstrip()}?"
    subject = _SUBJECT.match(test)
    if subject is None or re.fullmatch(r"\W*(?:it|that|this|they|these|those)\W*", subject["what"], re.IGNORECASE):
        return ""
    return f"What is {subject['what'].strip()}?"


def _without_bound(text: str, how: str) -> tuple[str, str]:
    """Without what only tells the bound before the rule does, and what it counts: "they accept 150 words, so if it is
    over that"."""
    kept, noun = text, ""
    for clause in _CLAUSE.split(text):
        numbers = numbers_of(clause)
        told = [number.value for number in numbers] == [how.split()[-1]]
        others = len(numbers_of(text)) > 1 and not _LIMIT.search(clause)
        if told and not others and not _ASKS.search(clause) and kept.replace(clause, "").strip(" .,"):
            behind = re.match(r"\s*([a-z]{3,})", clause[numbers[0].end :], re.IGNORECASE)
            noun = behind[1].lower() if behind and behind[1].lower() not in _NO_NOUN else ""
            kept = kept.replace(clause, " ")
    return re.sub(r"\s+([.,])", r"\1", " ".join(kept.split())).strip(" .,"), noun


def _question(test: str, rest: str, noun: str) -> str:
    """What is asked by the rule alone: "if I have more than 20 pots left"."""
    if _TOGETHER.search(test):
        return "How much is that together?"
    if _ASKS.search(rest) or re.match(r"What is \b", rest):
        return ""
    left = re.search(r"\b(?:left|remaining|over)\W*$", test, re.IGNORECASE)
    things = _MARKED.search(rest) if _ANY.match(test) else None
    noun = noun or (things["what"].lower() if things else "")
    if noun:
        return f"How many {noun} are {'left' if left else 'there'}?"
    return f"How much is {'left' if left else 'that'}?"


def _bound(test: str, before: str) -> tuple[str, str] | None:
    """The bound, and the word behind its number; "if it is ok" keeps to the bound that was told before."""
    if _FINE.fullmatch(test) and (told := _KEPT.search(before)):
        test = before[told.start() :]
    for words, sign in _SIGNS:
        if said := re.search(rf"\b(?:{words})\b", test, re.IGNORECASE):
            text = test[said.end() :]
            if not numbers_of(text) and re.match(r"\s*(?:that|this|it)\b", text):
                text = before[numbers_of(before)[-1].start :] if numbers_of(before) else ""
            numbers = numbers_of(text)
            if len(numbers) != 1 or numbers[0].value.startswith("("):
                return None
            noun = re.match(r"\s*([a-z]+)", text[numbers[0].end :], re.IGNORECASE)
            said_noun = noun[1].lower() if noun else ""
            return f"{sign} {numbers[0].value}", "" if said_noun in _NO_NOUN else said_noun
    return None
