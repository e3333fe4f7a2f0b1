"""English number words and fractions as figures: "twenty-five" is 25, "two and a half kilos" is 2.5 kilos."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

from ..errors import ToolInputError

SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen""".split()
TENS = {name: 10 * n for n, name in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
VALUES = {**{name: n for n, name in enumerate(SMALL)}, **TENS}
SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_BELOW_HUNDRED = rf"(?:(?:{'|'.join(TENS)})(?:[\s-]+(?:{'|'.join(SMALL[1:10])}))?|{'|'.join(reversed(SMALL))})"
_GROUP = rf"(?:(?:(?:{_BELOW_HUNDRED}|an?)\s+)?hundred(?:\s+(?:and\s+)?{_BELOW_HUNDRED})?|{_BELOW_HUNDRED})"
_SCALE = rf"(?:{'|'.join(SCALES)})"
# "one" is a number before a noun only: "which one", "one of us" and "one's" are none.
_NO_NUMBER = (
    r"(?<!which )(?<!this )(?<!that )(?<!the )(?<!no )(?<!any )(?!one(?:\s+(?:of|is|was|has|day)\b|\s*[?.,!']|\s*$))"
)
_PHRASE = re.compile(
    rf"{_NO_NUMBER}\b(?:(?:(?:{_GROUP}|an?)\s+){_SCALE}(?:\s+(?:and\s+)?{_GROUP})?|{_GROUP})\b", re.IGNORECASE
)
_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "eighth": 8,
          "eighths": 8, "tenth": 10, "tenths": 10}  # fmt: skip
_PART = "|".join(_PARTS)
_SIGNS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8"}


def in_figures(text: str) -> str:
    """The text with whole numbers in words written as figures; what is no number stays."""
    return _PHRASE.sub(lambda found: str(whole_number(found.group())), text)


def says_several(text: str) -> bool:
    """Whether a text in figures or words says more than one whole number: "12 and 15", "twenty thirty"."""
    plain = re.sub(r"(?<=\d)[ ,.'’](?=\d{3}(?!\d))", "", in_figures(text.lower()))
    figures = [int(figure) for figure in re.findall(r"\d+", plain)]
    # "one thousand, two hundred" is 1000 and 200: each part fills up what the one before leaves.
    return not all(one and two < _place(one) for one, two in pairwise(figures))


def _place(number: int) -> int:
    """The value of the last figure that is no zero: 100 for 1200."""
    return 10 ** (len(str(number)) - len(str(number).rstrip("0")))


def with_decimals(text: str) -> str:
    """The text, its numbers being figures already, with fractions as decimals: "half a pound" is "0.5 pound".

    "A pound and a half" becomes "1.5 pound"; a fraction that stands for no amount, such as "the second half", stays.
    """
    for sign, plain in _SIGNS.items():
        text = re.sub(rf"(\d?)\s?{sign}", lambda found, plain=plain: f"{found[1]} {plain}".strip(), text)
    text = re.sub(r"(?<![\d/.,])(?:(\d+)[\s-]+)?(\d{1,2})/(\d{1,3})(?![\d/])", _slashed, text)
    text = re.sub(rf"\b(\d+) and (?:an? |(\d) )?({_PART})\b", _added, text)
    text = re.sub(rf"\b(\d+|an?) ([a-z]+) and (?:an? |(\d) )?({_PART})\b(?! an?\b)", _trailing, text)
    return re.sub(rf"\b(?:an? |(\d+) )?({_PART})(?:(?: of)? an?\b| of (?=1 )|(?= [a-z]))(?! of)", _alone, text)


def number_of(text: str) -> tuple[float, ...]:
    """What a number can be: two readings where a mark before three digits may part thousands or decimals.

    Raises:
        ToolInputError: its marks stand where no number has them.
    """
    figure, _, scale = text.strip().replace("minus ", "-").replace("plus ", "+").partition(" ")
    if scale not in ("", *SCALES):
        figure, scale = f"{figure}{scale}".replace(" ", ""), ""
    figure = re.sub(r"['\u00a0\u202f]", "", figure)
    factor = SCALES.get(scale, 1)
    readings = _readings(figure)
    if not readings:
        raise ToolInputError(f"{text.strip()!r} is no number; write it such as 1250.5")
    return tuple(float(reading) * factor for reading in readings)


def whole_number(phrase: str) -> int:
    """What number words say: "forty-two thousand one hundred and five" is 42105."""
    total = group = 0
    for word in re.findall(r"[a-z]+", phrase.lower()):
        if word in VALUES:
            group += VALUES[word]
        elif word == "hundred":
            group = max(1, group) * 100
        elif word in SCALES:
            total += max(1, group) * SCALES[word]
            group = 0
    return total + group


def _decimal(value: Fraction) -> str:
    return f"{float(value):.10g}"


def _slashed(found: re.Match[str]) -> str:
    if int(found[3]) == 0:
        return found.group()
    return _decimal(int(found[1] or 0) + Fraction(int(found[2]), int(found[3])))


def _added(found: re.Match[str]) -> str:
    return _decimal(int(found[1]) + Fraction(int(found[2] or 1), _PARTS[found[3]]))


def _trailing(found: re.Match[str]) -> str:
    whole = int(found[1]) if found[1].isdigit() else 1
    return f"{_decimal(whole + Fraction(int(found[3] or 1), _PARTS[found[4]]))} {found[2]}"


def _alone(found: re.Match[str]) -> str:
    return _decimal(Fraction(int(found[1] or 1), _PARTS[found[2]]))


def _readings(figure: str) -> list[str]:
    sign, body = ("-", figure[1:].strip()) if figure.startswith("-") else ("", figure.lstrip("+"))
    if re.fullmatch(r"\d*\.?\d+e[+-]?\d{1,2}|\d{1,30}", body):
        return [sign + body]
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", body):
        whole, decimal = re.sub(r"[.,]", "", body), body.replace(",", ".")
        return [sign + each for each in ((whole, decimal) if "," in body else (decimal, whole))]
    if re.fullmatch(r"\d{0,30}[.,]\d{1,20}", body):
        return [sign + body.replace(",", ".")]
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", body):
        return [sign + body.replace(",", "")]
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", body):
        return [sign + body.replace(".", "").replace(",", ".")]
    return []
