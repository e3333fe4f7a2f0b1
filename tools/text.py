"""Small words about words: one line of an error, one thing of several."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

UNSURE = "[?]"  # behind a line that was read without certainty
_IRREGULAR = {
    "children": "child", "feet": "foot", "men": "man", "mice": "mouse", "people": "person", "teeth": "tooth",
    "women": "woman", "movies": "movie", "cookies": "cookie", "pies": "pie", "ties": "tie", "series": "series",
    "species": "species", "glasses": "glasses", "knives": "knife", "leaves": "leaf", "lives": "life", "wolves": "wolf",
}  # fmt: skip

# The Unicode categories Cc (without tab and new line), Cs and Co, zero-width and bidirectional characters; one pattern
# is 100 times as fast as asking for each, and 20 times as fast as str.translate.
_UNPRINTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ue000-\uf8ff"
    "\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)


def singular(word: str) -> str:
    """ "Berries" -> "berry", "boxes" -> "box", "glass" -> "glass": English nouns in lower case, as labels have them."""
    plain = word.strip().lower()
    if plain in _IRREGULAR:
        return _IRREGULAR[plain]
    if plain.endswith("ies") and len(plain) > 4:
        return plain[:-3] + "y"
    if plain.endswith(("sses", "uses", "shes", "ches", "xes", "zes")):
        return plain[:-2]
    return plain[:-1] if plain.endswith("s") and not plain.endswith(("ss", "us", "is")) else plain


def clean(value: Any, limit: int) -> str:
    """Text without control, zero-width and bidirectional characters, with plain line ends, capped."""
    if not isinstance(value, str):
        return ""
    text = unicodedata.normalize("NFC", value[: 2 * limit]).replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTED.sub("", text)[:limit]


def error_line(error: BaseException, most: int = 160) -> str:
    """The first words of an error's text in one line, or its class when it says nothing."""
    line = " ".join(str(error).split()) or type(error).__name__
    return line if len(line) <= most else f"{line[:most]}…"


def in_file(said: str, name: str) -> str:
    """What is wrong with a file, with its name in it: "the file is damaged" is "a.xlsx is damaged"."""
    if name in said:
        return said
    found = re.match(r"(?:the|this) file |line \d+ of the file |no sheet of this \.xlsx file ", said)
    if found:
        return re.sub(r"(?:the|this)(?: \.xlsx)? file ", lambda _: f"{name} ", said, count=1)
    return f"{name}: {said}"
