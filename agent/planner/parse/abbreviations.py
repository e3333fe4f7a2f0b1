"""What is written short in messages, in the words that the reader learnt: "hw mny", "ocr this"."""

from __future__ import annotations

import re

_WORDS = {"hw": "how", "mny": "many", "foto": "photo", "fotos": "photos", "wht": "what", "wat": "what", "abt": "about",
          "btwn": "between", "b4": "before", "fone": "phone", "recieve": "receive", "msgs": "messages"}  # fmt: skip
_SHORT = re.compile(rf"(?<![\w.\"'“‘@/-])(?:{'|'.join(_WORDS)})(?![\w.@/-]*\w)", re.IGNORECASE)
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
    return _SHORT.sub(lambda found: _WORDS[found.group().lower()], text)
