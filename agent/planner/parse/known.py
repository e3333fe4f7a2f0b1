"""Ways of asking that mean one thing, whatever the reader takes their words for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .wishes import Piece, Understanding, Wish

_BOX = r"(?:box(?:es)?|frames?|rectangles?|squares?|circles?)"
_NO_THING = "all|each|every|the|of|my|these|those|single|them|it|one|ones|both|everything|and|that|this"
_FRAME = re.compile(
    rf"\b(?:draw|put|make|mark|place|add)\w*\b[^.?!]{{0,30}}?\b{_BOX}\b[^.?!]{{0,12}}?\b(?:a?round|on|over)\s+"
    rf"(?:(?:all|each|every|the|of|my|these|those|single)\s+)*(?P<thing>(?!(?:{_NO_THING})\b)[a-z]+)",
    re.IGNORECASE,
)
_FRAME_VERB = re.compile(
    r"(?:^|[.,;:!?] |\b(?:please|pls|and|then|you|to) )(?:frame|box|outline|circle|ring)\s+(?:in\s+)?"
    rf"(?:(?:all|each|every|the|of|my|these|those|single)\s+)+(?P<thing>(?!(?:{_NO_THING})\b)[a-z]+)",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\b(?:how many|count|the (?:number|total|count)|what number)\b[^.?!]*", re.IGNORECASE)
_NTH = r"(?:the )?(?:first|second|third|fourth|fifth|sixth|last|\d+(?:st|nd|rd|th)) line"
_LINE = re.compile(
    r"(?:please |and |can you |could you )*"
    r"(?:what(?:'?s| is| does| do)?(?: it say| written| printed| there)?|read(?: out)?(?: me)?|tell me|give me|show me)"
    rf"(?: (?:on|in|out))? (?P<which>{_NTH})"
    r"(?: (?:say|says|of (?:it|this|the \w+)|in (?:it|this|the \w+)))?(?: please)?[?.!]*",
    re.IGNORECASE,
)
_READ_ALL = re.compile(
    r"^\W*(?:(?:please|pls|can you|could you)\s+)*(?:ocr|read(?: out)?|transcribe|"
    r"(?:extract|get) (?:all )?(?:the )?text (?:of|from|on))\s+"
    r"(?:(?:all|every|each|both|of|the|these|my|single|whole|\d+|two|three|four|five)\s+)*"
    r"(?:pages?|frames?|slides?)(?:\s+(?:please|pls|plz|thanks|thank you|in order|"
    r"(?:of|in) (?:this|the|my) (?:scan|file|document|tiff?|gif|animation)))*\W*$",
    re.IGNORECASE,
)
_SURE = 0.9
_MOST_WORDS = 45  # of a goal that says no more than this


def known(goal: str, kinds: Sequence[str]) -> Understanding | None:
    """The wishes of a goal that asks in such a way; None when it does not.

    Args:
        kinds: of the files that came along.
    """
    if line := _nth_line(goal, kinds):
        return line
    if kinds and {*kinds} == {"image"} and (all_read := _READ_ALL.match(goal)):
        return Understanding(goal, (Wish("read_text", "file", _SURE, (_piece(all_read),)),), sure=_SURE)
    framed = _FRAME.search(goal) or _FRAME_VERB.search(goal)
    if framed is None or "image" not in kinds or len(goal.split()) > _MOST_WORDS:
        return None
    thing = Piece(framed["thing"], framed.start("thing"), framed.end("thing"), "thing")
    wishes = [Wish("find_things", "file", _SURE, (_piece(framed),), (thing,))]
    if counted := _COUNT.search(goal, framed.end()) or _COUNT.search(goal[: framed.start()]):
        wishes.append(Wish("count_things", "file", _SURE, (_piece(counted),), (thing,)))
    return Understanding(goal, tuple(wishes), sure=_SURE)


def _nth_line(goal: str, kinds: Sequence[str]) -> Understanding | None:
    """ "What is written on the third line?", and nothing else."""
    asked = _LINE.fullmatch(goal.strip())
    if asked is None or sorted(kinds) not in (["image"], ["text"]):
        return None
    at = goal.index(asked["which"])
    which = Piece(asked["which"], at, at + len(asked["which"]), "nth")
    op = "read_text" if "image" in kinds else "nth_line"
    wish = Wish(op, "file", _SURE, (Piece(goal, 0, len(goal)),), limits=(which,))
    return Understanding(goal, (wish,), sure=_SURE)


def _piece(found: re.Match[str]) -> Piece:
    return Piece(found.group().strip(), found.start(), found.end())
