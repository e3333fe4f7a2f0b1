"""What happens to a number of a story, and who does it."""

from __future__ import annotations

import re

from .story_quantity import Quantity, behind_noun
from .story_words import COST, GAIN, HAVE, LOSS, PROGRESS, counted

_TO = r"(?: (?:over|back))?(?: (?:me|him|her|us|you|them|(?:the|a|my) [a-z]+))?"


_PAID = re.compile(
    rf"\b(?:(?:pay|pays|paid|paying|payed)(?: it| for (?:it|them|this|that|everything))? (?:with|using|by)|(?:gives?|gave|giving|hands?|handed)(?: over)?{_TO}|with|out of)(?: (?:a|an|my|one))?$"
)


_TO_ME = re.compile(r"\b(?:me|us)(?: (?:a|an|one|another))?$")


_GETS = re.compile(
    r"\b(?:gave|gives?|handed|sent|brought|lent|bought) (?:me|him|her|us)\b(?: [a-z]+)?$|\b(?:got|get|gets) on$"
)


_TAKEN = re.compile(r"\b(?:take|takes|took|taken|taking|got|get|gets)\b.*\b(?:away|out|off)\b")


_GO = re.compile(
    r"(?:go|goes|went|gone|walk|walked|drove|moved|ran|got|get|gets|swam|rolled|hopped) (?:off|out|away|home|overboard)\b"
)
_COME = re.compile(
    r"(?:got|get|gets|climb|climbed|hop|hopped|come|came) (?:on|in|back)\b|(?:is|are|were|was) (?:added|returned)\b"
)
_BARE_LEFT = re.compile(
    r"(?:(?:a|an|the|and|plus|with|of|in|at|for|from|to|another|so|ok|hi|hello|hey|my|our|me|is|are|it's|that|then|also|per|each|by|as|on|cut|into)\b ?)*"
)


_BARE_RIGHT = re.compile(
    r"(?:(?:in|on|to|from|for|at|of|with|by|per|each|every|a|an|apiece|and|full|long|into|cut|off|who|that|which|left|equally|evenly|together|altogether|today|yesterday)\b.*)?"
)


_ACTOR = re.compile(
    r"(?:(?:then|later|yesterday|today|now|also|so|hi|hello|ok|well|on [a-z]+day|in the [a-z]+|last [a-z]+) )*((?:my|me|his|her|our|the|a|an) )?([a-z']+)(?: (?:also|then|just|already|each))?\b"
)


def role_of(before: str, right: list[str], quantity: Quantity, first: bool) -> str:
    """What happens to a quantity: the verb before it, or the one right behind it when that takes something away."""
    phrase = counted(right)
    behind = (
        behind_noun(right, phrase)
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
    if behind and behind[0] in LOSS and behind[0] not in ("left",):
        return "loss"
    if _GO.match(" ".join(behind)) or (behind and behind[0] == "left" and len(behind) > 1):
        return "loss"
    if _COME.match(" ".join(behind)):
        return "gain"
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


def is_bare(left: list[str], right: list[str]) -> bool:
    """Whether nothing is said to happen to a number: no verb stands beside it."""
    return bool(_BARE_LEFT.fullmatch(" ".join(left)) and _BARE_RIGHT.fullmatch(behind_noun(right, counted(right))))


def actor_of(clause: str) -> str:
    """Who acts in a clause: what stands before its first verb."""
    found = _ACTOR.match(clause)
    behind = re.findall(r"[a-z']+", clause[found.end() :])[:1] if found else []
    name = found[2].split("'")[0] if found else ""
    short = bool(found and "'" in found[2])
    if (
        not found
        or name in HAVE | GAIN | LOSS | COST
        or not (short or (behind and behind[0] in HAVE | GAIN | LOSS | COST | {"then"}))
    ):
        return ""
    return "my " + name if found[1] and found[1].strip() in ("my", "me", "our") else name
