"""Quantities, units and how to round in a question about units, each named by a letter in its place.

`read("6 ft 2 in in centimetres")` leaves "Q0 in U0": what is converted into what can be told from the letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from ..errors import ToolInputError
from .number_words import in_figures, number_of, with_decimals
from .unit_names import CAPITALS, Unit, names

_NUMBER = (
    r"(?:-\s?|minus |plus |\+)?(?:\d{1,3}(?:[' \u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*(?:e[+-]?\d+)?|[.,]\d+)"
    r"(?: (?:thousand|million|billion)\b)?"
).replace("[' ", "['\u00a0")
_REGION = (
    r"(?:(us|u\.s\.|uk|u\.k\.|imperial|imp\.?|british|american|metric|short|long|food|small|mechanical)[ -]"
    r"(?:liquid )?)?"
)
REGIONS = {"us": "US", "u.s.": "US", "american": "US", "short": "US", "uk": "UK", "u.k.": "UK", "imperial": "UK",
           "imp": "UK", "imp.": "UK", "british": "UK", "long": "UK", "metric": "metric", "food": "food",
           "small": "small", "mechanical": "mechanical"}  # fmt: skip
_CUE = r"(?:in|into|to|as|how many|how much|what in|->|=>|→|=|wants?|needs?|wanted|needed|for|vs|from|or)"
# Words of everyday speech that are units only where one is due.
_EVERYDAY = set(
    """in are second seconds sec minute minutes min day days year years week weeks hour hours stone st bar bars
pound ha pt mil thou pa as ac au cup degree degrees deg degs ps pc gig meg yard foot ton gas mb nm gon grain""".split()
)
_ROUND_PATTERNS = (
    (r"(\d+)[ -]?(?:decimals?|decimal places?|decimal points?|dps?|d\.p\.|places)(?: places)?", lambda n: int(n)),
    (r"(?:no|without|0) (?:any )?(?:decimals?|decimal places)|(?:an? |as an? )?(?:integer|whole numbers?)|"
     r"nearest (?:whole|full|integer|unit|number|1)(?: (?:number|degree|one|unit))?|nearest degrees?|"
     r"whole degrees?", lambda _: 0),
    (r"nearest tenth(?: of an? [a-z]+)?", lambda _: 1), (r"nearest hundredth(?: of an? [a-z]+)?", lambda _: 2),
    (r"nearest thousandth", lambda _: 3), (r"nearest (?:ten|10)\b", lambda _: -1),
    (r"nearest (?:hundred|100)\b", lambda _: -2),
)  # fmt: skip
_ROUND_LEAD = (
    r"(?:,? ?(?:please )?(?:and )?(?:(?:round(?:ed|ing)?|accurate|correct|precise|exact|give|show)"
    r"(?: it| off| the answer)? ?)?(?:to|with|at|on|in|using|by)? ?(?:the |an? )?(?:up to |max |maximum )?)"
)
_MARKS = str.maketrans({"’": "'", "′": "'", "‘": "'", "″": '"', "”": '"', "“": '"', "−": "-", "–": "-", "º": "°",
                        "˚": "°", "℃": "°c", "℉": "°f"})  # fmt: skip
_TYPO_LEAST = 5  # letters: one wrong letter makes another word of a shorter name
_NO_TYPOS = set("points prints bites tones metal medal court quart".split())
_DIFFERENCE = re.compile(
    r"\b(?:differences?|delta|warmer|colder|hotter|cooler|(?:rise|rises|rose|drop|drops|dropped|fall|falls|fell|"
    r"increased?|increases|decreased?|changed?|went (?:up|down)|up|down|swing|range|spread) (?:of|by))\b"
)


@dataclass(frozen=True)
class Named:
    """A unit as it was written: what it can be, and the region that stands with it."""

    text: str
    units: tuple[Unit, ...]
    region: str = ""


@dataclass(frozen=True)
class Quantity:
    """How much of which unit; `values` has both readings of "1.250"."""

    values: tuple[float, ...]
    unit: Named
    rest: tuple[tuple[float, Named], ...] = ()  # the inches of "5 ft 11 in"


@dataclass
class UnitWords:
    """A question with Q0, U0, N0 where quantities, units and other numbers stood."""

    text: str
    quantities: list[Quantity] = field(default_factory=list)
    units: list[Named] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    decimals: int | None = None
    figures: int | None = None
    nearest: Named | None = None
    difference: bool = False
    complete: bool = False  # "how many whole weeks": what is begun does not count
    typos: list[str] = field(default_factory=list)


def read(question: str) -> UnitWords:
    """Every quantity, unit and number of the question, and the rounding it asks for.

    Raises:
        ToolInputError: a number cannot be read, or it is rounded in a way that is not known here.
    """
    words = UnitWords(_plain(question))
    words.difference = bool(_DIFFERENCE.search(words.text))
    _rounding(words)
    _typos(words)
    quantity = rf"(?<![\w.,/])({_NUMBER}|\ban?(?= )|\b1(?= ))[\s-]?{_REGION}({_pattern()})(?![a-z_²³^/'\"]|(?<=[23])\d)"
    words.text = re.sub(quantity, lambda found: _quantity(words, found), words.text)
    lone = rf"(?<![\w.'°/]){_REGION}({_pattern()})(?![\w²³^/'\"])"
    words.text = re.sub(lone, lambda found: _unit(words, found), words.text)
    words.text = re.sub(rf"(?<![A-Z\w.,]){_NUMBER}", lambda found: _number(words, found), words.text)
    _merge(words)
    words.text = " ".join(words.text.split())
    return words


def name_of(text: str) -> Named:
    """The unit that a text is the name of.

    Raises:
        ToolInputError: it is the name of none that is known.
    """
    found = re.fullmatch(rf"{_REGION}({_pattern()})", _plain(_corrected(_plain(text), [])))
    if not found:
        raise ToolInputError(f"{text.strip()!r} is no unit that is known here; write it out, such as kilometres")
    return Named(found.group(), names()[found[2]], REGIONS.get(found[1] or "", ""))


@cache
def _pattern() -> str:
    return "|".join(re.escape(name) for name in sorted(names(), key=len, reverse=True))


def _plain(question: str) -> str:
    if question != question.upper():  # in a question that shouts, capitals tell nothing
        for name, long in CAPITALS.items():
            question = re.sub(rf"(?<![^\W\d_/]){re.escape(name)}(?![\w/])", f" {long}", question)
    text = re.sub(r"[ \t\n]+", " ", question.lower().translate(_MARKS)).strip()
    text = re.sub(r"°\s+(?=[cf]\b)", "°", text)
    text = re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text)
    text = re.sub(r"\bcel[a-z]{1,2}[iu]+s\b", "celsius", re.sub(r"\bfah?r[ae]n?h[ei]{1,2}t\b", "fahrenheit", text))
    text = re.sub(r"(\d)\s*\^\s*", r"\1^", text)
    return with_decimals(in_figures(text))


def _rounding(words: UnitWords) -> None:
    if re.search(r"\bround(?:ed|ing)? (?:up|down)\b|\btruncat|nearest (?:half|quarter|0\.5|5\b|1/2)", words.text):
        raise ToolInputError(
            "only rounding to decimals, tens or hundreds, or to figures is known here; ask for one of them"
        )
    found = re.search(rf"{_ROUND_LEAD}(\d) (?:significant|sig\.?)(?: (?:figures?|digits?|figs?\.?))?", words.text)
    if found:
        words.figures = int(found[1])
        words.text = words.text.replace(found.group(), " ")
    for pattern, decimals in _ROUND_PATTERNS:
        found = re.search(rf"{_ROUND_LEAD}(?:{pattern})(?!\w)", words.text)
        if found and words.decimals is None:
            words.decimals = min(10, decimals(found[1] if found.groups() else ""))
            words.text = words.text.replace(found.group(), " ")
    words.complete = bool(re.search(rf"\bhow many (?:whole|full|complete|entire) (?:{_pattern()})\b", words.text))
    words.text, whole = re.subn(rf"\b(?:whole|full|complete|entire) (?=(?:{_pattern()})\b)", "", words.text)
    words.decimals = 0 if whole else words.decimals
    found = re.search(rf"{_ROUND_LEAD}nearest ({_pattern()})\b", words.text)
    if found:
        words.nearest, words.decimals = Named(found[1], names()[found[1]]), 0
        words.text = words.text.replace(found.group(), " ")


def _typos(words: UnitWords) -> None:
    words.text = re.sub(
        rf"((?:\d|\ban?|\b{_CUE}|\b(?:square|cubic|us|uk)) ?)([a-z]{{{_TYPO_LEAST},}})\b",
        lambda found: found[1] + _corrected(found[2], words.typos),
        words.text,
    )


def _corrected(word: str, told: list[str]) -> str:
    """The name of a unit from which a word differs by one letter, where there is just one such unit."""
    if word in names() or word in _NO_TYPOS or len(word) < _TYPO_LEAST:
        return word
    close = [
        name
        for name in names()
        if name.isalpha() and len(name) >= _TYPO_LEAST and name[0] == word[0] and _one_off(name, word)
    ]
    if len({names()[name] for name in close}) != 1:
        return word
    nearest = min(close, key=lambda name: (abs(len(name) - len(word)), name))
    told.append(f"{word} was read as {nearest}.")
    return nearest


def _one_off(name: str, word: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two have changed places."""
    if abs(len(name) - len(word)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(name, word, strict=False)) if a != b), min(len(name), len(word)))
    first, second = name[start:], word[start:]
    swapped = first[:2] == second[:2][::-1] and first[2:] == second[2:]
    return swapped or first[1:] == second[1:] or first[1:] == second or first == second[1:]


def _quantity(words: UnitWords, found: re.Match[str]) -> str:
    before = found.string[: found.start()].rstrip()
    if re.match(r"[-+]", found[1]) and re.search(r"[\dA-Z]$|\d ?[a-z]{1,2}$", before):
        raise ToolInputError(
            f"{found.group()!r} follows another number: a range or a sum is not converted; ask for one"
        )
    if found[1] in ("a", "an") and (len(found[3]) == 1 or found[3] in ("are", "ares", "as", "in")):
        return found.group()
    if (
        found[3] == "in"
        and re.search(r"[a-z]$", before)
        and words.quantities
        and _sign(words.quantities[-1].unit) != "ft"
    ):
        return found.group()  # "5 stone 4 in kg" has no inches
    unit = Named(f"{found[2] or ''} {found[3]}".strip(), names()[found[3]], REGIONS.get(found[2] or "", ""))
    words.quantities.append(Quantity((1.0,) if found[1] in ("a", "an") else number_of(found[1]), unit))
    return f" Q{len(words.quantities) - 1} "


def _sign(named: Named) -> str:
    return named.units[0].sign


def _unit(words: UnitWords, found: re.Match[str]) -> str:
    before = found.string[: found.start()].rstrip()
    due = re.search(rf"(?:^|[^a-z])(?:{_CUE}|{_CUE} (?:the|an?|full))$|\b(?:and|or|&|,)$", before)
    everyday = found[2] in _EVERYDAY or len(found[2]) == 1 or found[2] in ("'", '"', "''")
    listed = due and not re.search(rf"(?:^|[^a-z]){_CUE}(?: (?:the|an?))?$", before)
    if everyday and (not due or (listed and not re.search(r"\b(?:in|to|into) [^ ]+ ?(?:and|or|&|,)$", before))):
        return found.group()
    if found[2] == "in" and not re.search(r"\b(?:in|to|into|how many|as)$", before):
        return found.group()
    words.units.append(Named(found.group().strip(), names()[found[2]], REGIONS.get(found[1] or "", "")))
    return f" U{len(words.units) - 1} "


def _number(words: UnitWords, found: re.Match[str]) -> str:
    words.numbers.append(found.group())
    return f" N{len(words.numbers) - 1} "


# What a second quantity, or a bare number after it, adds to a first one.
_SMALLER = {"ft": ("in", 12), "st": ("lb", 14), "lb": ("oz", 16), "h": ("min", 60), "min": ("s", 60), "m": ("cm", 100),
            "kg": ("g", 1000), "days": ("h", 24), "yd": ("ft", 3), "km": ("m", 1000),
            "weeks": ("days", 7), "years": ("days", 366)}  # fmt: skip


def _merge(words: UnitWords) -> None:
    """ "Q0 Q1" as one where the second counts in parts of the first; and "5 ft 11"."""
    for _ in range(2):
        found = re.search(r"Q(\d)\s*(?:,|and|&)?\s*(?:Q(\d)|N(\d)(?!\d))", words.text)
        if not found:
            return
        first = words.quantities[int(found[1])]
        smaller, most = _SMALLER.get(_sign(first.rest[-1][1] if first.rest else first.unit), ("", 0))
        if found[2]:
            second = words.quantities[int(found[2])]
            fits = [unit for unit in second.unit.units if unit.sign == smaller]
            value, named = second.values[0], Named(second.unit.text, tuple(fits[:1]))
        else:
            fits = [unit for unit in names().get(smaller, ()) if unit.sign == smaller][:1]
            value, named = number_of(words.numbers[int(found[3])])[0], Named(smaller, tuple(fits))
        if not fits or not 0 <= value < most:
            return
        merged = Quantity(first.values, first.unit, (*first.rest, (value, named)))
        _replace(words, found, merged)


def _replace(words: UnitWords, found: re.Match[str], merged: Quantity) -> None:
    words.quantities[int(found[1])] = merged
    words.text = words.text[: found.start()] + f"Q{found[1]} " + words.text[found.end() :]
    letter, gone = ("Q", int(found[2])) if found[2] else ("N", int(found[3]))
    del (words.quantities if found[2] else words.numbers)[gone]
    words.text = re.sub(rf"{letter}(\d+)", lambda each: f"{letter}{int(each[1]) - (int(each[1]) > gone)}", words.text)
