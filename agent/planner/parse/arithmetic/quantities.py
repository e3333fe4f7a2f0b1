"""The numbers of a text and where they stand: figures, number words, fractions, per cents, "a dozen", "twice"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from .....tools.number_words import whole_number
from ..numerals import NUMBER_WORDS

_FRACTIONS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
              "ninth": 9, "tenth": 10, "twelfth": 12}  # fmt: skip
_COUNTS = {name: at for at, name in enumerate("a one two three four five six seven eight nine ten eleven".split())}
_COUNTS["a"] = _COUNTS["an"] = 1
_NAMED = {"dozen": "12", "dozens": "12", "twice": "2", "double": "2", "doubled": "2", "thrice": "3", "triple": "3",
          "half": "(1/2)", "halves": "(1/2)", "halved": "(1/2)", "quarter": "(1/4)", "fiver": "5", "fivers": "5",
          "tenner": "10", "tenners": "10", "grand": "1000", "fives": "5", "tens": "10", "twenties": "20",
          "fifties": "50", "hundreds": "100"}  # fmt: skip
_PART = "|".join(sorted(_FRACTIONS, key=len, reverse=True))
_FIGURE = r"\d+(?:[ '’\u00a0\u202f]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
_FOUND = re.compile(
    rf"""
    (?P<slashed>(?<![\d/.,])(?:(?P<whole>\d+)[ ])?(?P<over>\d{{1,2}})\s?[/⁄]\s?(?P<under>\d{{1,3}})(?![\d/]))
    |(?P<spoken>\b(?P<count>{"|".join(_COUNTS)})[ -](?P<part>(?:{_PART})s?)\b(?![ ](?:hour|an?\s)))
    |(?P<figure>(?<![\w])-?(?:{_FIGURE}))\s?(?P<scale>k(?!\w)|grand\b|million\b|thousand\b)?(?P<percent>\s?(?:%|per\s?cent\b|percent\b|prozent\b|pct\b|pc\b))?
    |(?P<words>{NUMBER_WORDS.pattern})(?P<per>\s?(?:per\s?cent\b|percent\b|%))?
    |\b(?P<named>{"|".join(sorted(_NAMED, key=len, reverse=True))})\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SCALES = {"k": 1000, "grand": 1000, "thousand": 1000, "million": 1_000_000}
# "which one", "one of them", "the other one", "one day": no number is meant.
_NO_ONE = re.compile(
    r"(?:which|this|that|the|another|any|every|no|each|some|good|last|same|only|big|small)\s+$", re.IGNORECASE
)
_ONE_OF = re.compile(r"\s+(?:of|is|was|has|day|another|more|thing|time)\b|\s*[?.,!']|\s*$", re.IGNORECASE)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text.

    Attributes:
        value: as `tools.arithmetic.calculate` takes it: "8.50", "(3/8)".
        start, end: where it stands.
        percent: a per cent sign or word is behind it.
        loose: a word such as "one" or "half", which may count nothing.
    """

    value: str
    start: int
    end: int
    percent: bool = False
    loose: bool = False


def numbers_of(text: str) -> list[Number]:
    """The numbers of a text in its order; ordinals and what is part of a word or a name is none."""
    found = []
    for match in _FOUND.finditer(text):
        number = _number(match, text)
        if number is not None:
            found.append(number)
    return found


def _number(match: re.Match[str], text: str) -> Number | None:
    start, end = match.span()
    if match["figure"]:
        if _ORDINAL.match(text, match.end("figure")) or re.match(r"[A-Za-z]\w*\d", text[match.end("figure") :]):
            return None
        value = _plain(match["figure"])
        if not value:
            return None
        if match["scale"]:
            value = f"{float(value) * _SCALES[match['scale'].lower()]:.12g}"
        return Number(value, start, start + len(match.group().rstrip()), bool(match["percent"]))
    if match["slashed"]:
        if not int(match["under"]):
            return None
        value = Fraction(int(match["over"]), int(match["under"])) + int(match["whole"] or 0)
        return Number(f"({value.numerator}/{value.denominator})", start, end)
    if match["spoken"]:
        under = _FRACTIONS[match["part"].lower().removesuffix("s") if match["part"].lower() != "halves" else "half"]
        return Number(f"({_COUNTS[match['count'].lower()]}/{under})", start, end, loose=True)
    if match["words"]:
        if match["words"].lower() == "one" and (_NO_ONE.search(text[:start]) or _ONE_OF.match(text, end)):
            return None
        return Number(str(whole_number(match["words"])), start, end, bool(match["per"]), loose=not match["per"])
    return Number(_NAMED[match["named"].lower()], start, end, loose=True)


def _plain(figure: str) -> str:
    """A figure with a point for decimals; "" for one that is none, such as 1.2.3."""
    figure = re.sub(r"(?<=\d)[ '’\u00a0\u202f](?=\d{3})", "", figure)
    if re.fullmatch(r"-?\d+(?:\.\d+)?", figure):
        return figure
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", figure):
        return figure.replace(",", "")
    if re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+,\d+", figure) or re.fullmatch(r"-?\d+,\d+", figure):
        return figure.replace(".", "").replace(",", ".")
    return ""
