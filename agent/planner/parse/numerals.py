"""English number words as figures, and back: "forty-two thousand one hundred and five" is 42105."""

from __future__ import annotations

import re
from decimal import Decimal

from ....tools.number_words import SCALES, SMALL, TENS, VALUES, whole_number

_GAP, _JOINT = r"[\s-]+", r"[\s-]+(?:and[\s-]+)?"
_BELOW_HUNDRED = rf"(?:(?:{'|'.join(TENS)})(?:{_GAP}(?:{'|'.join(SMALL[1:10])}))?|{'|'.join(reversed(SMALL))})"
_GROUP = rf"(?:(?:{_BELOW_HUNDRED}{_GAP})?hundred(?:{_JOINT}{_BELOW_HUNDRED})?|{_BELOW_HUNDRED})"
_SCALE = f"(?:{'|'.join(SCALES)})"
# Numbers that only stand side by side, such as "two, three" and "two and three", are two.
NUMBER_WORDS = re.compile(
    rf"\b(?:(?:{_GROUP}{_GAP})?{_SCALE}(?:{_JOINT}{_GROUP}{_GAP}{_SCALE})*(?:{_JOINT}{_GROUP})?|{_GROUP})\b",
    re.IGNORECASE,
)
# What multiplies the figure before it: "2 million", "1.5k", "3 dozen", "two twenties".
_MANY = {
    "k": 1_000, "grand": 1_000, "thousand": 1_000, "thousands": 1_000, "hundred": 100, "mio": 1_000_000,
    "mn": 1_000_000, "million": 1_000_000, "millions": 1_000_000, "billion": 1_000_000_000, "bn": 1_000_000_000,
    "dozen": 12, "dozens": 12,
    "fivers": 5, "tenners": 10, "fives": 5, "tens": 10, "twenties": 20, "fifties": 50, "hundreds": 100, "fiver": 5,
    "tenner": 10, "score": 20,
}  # fmt: skip
_OWN = {"half a dozen": "6", "half a million": "500000", "half a thousand": "500", "half a hundred": "50"}
_NOTES = {"dozen": "12", "fiver": "5", "tenner": "10", "grand": "1000"}
_FIGURE = r"(?<![\d.,])(\d+(?:[.,]\d{1,2})?)"
_TIMES = re.compile(rf"{_FIGURE}(?:[\s-]+({'|'.join(sorted(_MANY, key=len, reverse=True))})|(k))\b")
_POINT = re.compile(r"\b(\d+) point (\d+(?: \d)*)\b")
_AND_A_HALF = re.compile(r"(?<![\d.,])(\d+) and (?:a )?(half|quarter)\b(?! (?:of|the|an?)\b)")
# "which one", "one of them": no number is meant.
_NO_NUMBER = re.compile(
    r"\b(?:which|this|that|the \w+est|the|another|any|every|no|each|some|good|last|quick) one\b"
    r"(?! (?:third|half|quarter))"
    r"|\bone (?:of|more thing|can|question)\b"
)


def in_figures(text: str) -> str:
    """The text with number words written as figures; what is no number stays."""
    return NUMBER_WORDS.sub(lambda found: str(whole_number(found.group())), text)


def all_in_figures(text: str) -> str:
    """As `in_figures`, of a text in lower case, with what people count in besides: "half a dozen", "1.5k",
    "2 million", "two twenties", "a tenner", "two and a half", "three point five"."""
    for words, figure in _OWN.items():
        text = text.replace(words, figure)
    text = _NO_NUMBER.sub(lambda found: found.group().replace("one", "1ne"), text)
    text = _TIMES.sub(lambda found: _multiplied(found[1], _MANY[found[2] or found[3]]), text)
    text = re.sub(r"\ban? (hundred|thousand|million|billion)\b", r"one \1", text)
    text = in_figures(re.sub(r"\b(?:an?|nearest|next|closest) (dozen|fiver|tenner|grand)\b", _noted, text))
    text = text.replace("1ne", "one")
    text = _POINT.sub(lambda found: f"{found[1]}.{found[2].replace(' ', '')}", text)
    text = _AND_A_HALF.sub(lambda found: found[1] + (".5" if found[2] == "half" else ".25"), text)
    return _TIMES.sub(lambda found: _multiplied(found[1], _MANY[found[2] or found[3]]), text)


def in_words(number: int) -> str:
    """1250 -> "one thousand two hundred and fifty"; from 0 to billions."""
    for name, scale in reversed(SCALES.items()):
        if number >= scale:
            rest = number % scale
            joint = " and " if 0 < rest < 100 else " "
            return f"{in_words(number // scale)} {name}" + (joint + in_words(rest) if rest else "")
    if number >= 100:
        return f"{SMALL[number // 100]} hundred" + (f" and {in_words(number % 100)}" if number % 100 else "")
    if number < 20:
        return SMALL[number]
    tens = next(name for name, value in TENS.items() if value == number // 10 * 10)
    return tens + (f"-{SMALL[number % 10]}" if number % 10 else "")


def _noted(found: re.Match[str]) -> str:
    return found.group().removeprefix("an ").removeprefix("a ").replace(found[1], _NOTES[found[1]])


def _multiplied(figure: str, by: int) -> str:
    product = Decimal(figure.replace(",", ".")) * by
    return f"{product.normalize():f}"


def is_no_number(text: str) -> bool:
    """Whether a text is all number words, and yet no number: what a model of numbers makes of other speech."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < 2 or not set(words) <= {*VALUES, *SCALES, "hundred", "and", "a"}:
        return False
    text = re.sub(r"^a\b", "one", " ".join(text.lower().split()).strip(" ."))
    if NUMBER_WORDS.fullmatch(text) is None:
        return True
    plain, said = (
        " ".join(word for word in re.findall(r"[a-z]+", one) if word != "and")
        for one in (text, in_words(whole_number(text)))
    )
    return plain not in (said, said.removeprefix("one "))
