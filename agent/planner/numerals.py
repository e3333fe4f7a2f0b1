"""English number words as figures: "forty-two thousand one hundred and five" is 42105."""

from __future__ import annotations

import re

_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen""".split()
_TENS = {
    name: 10 * n for n, name in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_VALUES = {**{name: n for n, name in enumerate(_SMALL)}, **_TENS}
_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_GAP, _JOINT = r"[\s-]+", r"[\s-]+(?:and[\s-]+)?"
_BELOW_HUNDRED = rf"(?:(?:{'|'.join(_TENS)})(?:{_GAP}(?:{'|'.join(_SMALL[1:10])}))?|{'|'.join(reversed(_SMALL))})"
_GROUP = rf"(?:(?:{_BELOW_HUNDRED}{_GAP})?hundred(?:{_JOINT}{_BELOW_HUNDRED})?|{_BELOW_HUNDRED})"
_SCALE = f"(?:{'|'.join(_SCALES)})"
# Numbers that only stand side by side, such as "two, three" and "two and three", are two.
_PHRASE = re.compile(
    rf"\b(?:(?:{_GROUP}{_GAP})?{_SCALE}(?:{_JOINT}{_GROUP}{_GAP}{_SCALE})*(?:{_JOINT}{_GROUP})?|{_GROUP})\b",
    re.IGNORECASE,
)


def in_figures(text: str) -> str:
    """The text with number words written as figures; what is no number stays."""
    return _PHRASE.sub(lambda found: str(_value(found.group())), text)


def _value(phrase: str) -> int:
    total = group = 0
    for word in re.findall(r"[a-z]+", phrase.lower()):
        if word in _VALUES:
            group += _VALUES[word]
        elif word == "hundred":
            group = max(1, group) * 100
        elif word in _SCALES:
            total += max(1, group) * _SCALES[word]
            group = 0
    return total + group
