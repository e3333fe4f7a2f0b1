"""What is written short in messages, in the words that the reader learnt: "hw mny", "ocr this"."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

from ....tools.english import is_strange

_WORDS = {"hw": "how", "mny": "many", "foto": "photo", "fotos": "photos", "wht": "what", "wat": "what", "abt": "about",
          "btwn": "between", "b4": "before", "fone": "phone", "recieve": "receive", "msgs": "messages"}  # fmt: skip
_SHORT = re.compile(rf"(?<![\w.\"'“‘@/-])(?:{'|'.join(_WORDS)})(?![\w.@/-]*\w)", re.IGNORECASE)
# Words that a plan hangs on: one of them with a slip of the keys is no English word, and taken for what it nearly is.
_KEYS = """average median total totals together altogether difference percent percentage number numbers count coins
picture pictures photo recording recordings receipt receipts column columns table which what between multiply subtract
divide second third sentence sentences similar words lines letters weekday temperature kilometres kilometers celsius
fahrenheit highest lowest biggest smallest largest remaining divided calculate translate handwritten french
language""".split()
_THEN = re.compile(r"\b(more|less|fewer|bigger|lower|older|higher) then(?= \d)", re.IGNORECASE)
# Said of frames, "round" is no rounding; a verb, "times" is multiplying.
_ROUND = re.compile(
    r"\b((?:box|frame|circle|square|rectangle|line|ring)(?:e?s)?) round(?= (?:the|each|every|all|my|these|them|it)\b)",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"(?:^|(?<=, )|(?<=\. )|(?<=and )|(?<=then ))times(?= (?:the|that|this|it|both|my|what)\b[^.?!]{0,60}? by\b)",
    re.IGNORECASE,
)
_NEAR = 0.8  # of difflib's ratio
_OCR = re.compile(
    r"\b(?:(?:do|run|perform|make) (?:an? )?ocr (?:on|of|for|over)"
    r"|ocr(?= (?:all|the|this|that|these|those|it|my|every|each|both|pages?)\b))",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“«][^\"”»]*[\"”»]")


def spelled_out(goal: str) -> str:
    """The goal with such words written out; what stands in quotes stays as it is."""
    kept, at = "", 0
    for quote in _QUOTED.finditer(goal):
        kept += _plain(goal[at : quote.start()]) + quote.group()
        at = quote.end()
    return kept + _plain(goal[at:])


def _plain(text: str) -> str:
    text = _OCR.sub(lambda found: "Read the text of" if found.group()[0].isupper() else "read the text of", text)
    text = _THEN.sub(r"\1 than", text)
    text = _ROUND.sub(r"\1 around", text)
    text = _TIMES.sub(lambda found: "Multiply" if found.group()[0] == "T" else "multiply", text)
    text = _SHORT.sub(lambda found: _WORDS[found.group().lower()], text)
    return re.sub(r"(?<![\w.'’@/-])[a-z]{4,}(?![\w'’@/-]|\.\w)", lambda found: _mended(found.group()), text)


@lru_cache(maxsize=512)
def _mended(word: str) -> str:
    """The key word that a word is with a letter wrong, lost, doubled or turned round; any other word as it is."""
    if not is_strange(word):
        return word
    found = get_close_matches(word, _KEYS, 3, _NEAR)
    near = [key for key in found if key[0] == word[0] and abs(len(key) - len(word)) < 2]
    return near[0] if near else word
