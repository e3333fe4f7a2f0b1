"""What is asked of a list of numbers, in any layout: "the mean and the median of 3, 9 and 4"."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence

from .sum_rules import Make

_VALUE = r"(?: (?:value|number|one|score|figure|price|mark|temperature|amount|result|grade))?"


def _row(name: str, pattern: str, make: Make) -> tuple[str, re.Pattern[str], Make]:
    return (
        name,
        re.compile(
            rf"\b(?:the )?(?:{pattern})\b{_VALUE}(?: (?:of|from|for|in|among|between|out of))?(?: (?:these|the following|the|those|this|all|my|following)\b)*"
        ),
        make,
    )


def _call(function: str) -> Make:
    return lambda listed: f"{function}({', '.join(listed)})"


# The earlier of two that match at one place is meant.
ASKS = (
    _row("population standard deviation", r"population (?:standard deviation|stdev|sd)", _call("pstdev")),
    _row("standard deviation", r"(?:sample )?(?:standard deviation|stdev|std dev|sd)", _call("stdev")),
    _row("range", r"range|spread|(?:difference|gap) between (?:the )?(?:biggest|largest|highest|maximum|max) and (?:the )?(?:smallest|lowest|minimum|min)|(?:biggest|largest|highest|maximum|max) minus (?:the )?(?:smallest|lowest|minimum|min)",
         lambda listed: f"max({', '.join(listed)}) - min({', '.join(listed)})"),
    _row("mean", r"(?:arithmetic )?(?:mean|average)(?: average)?", _call("mean")),
    _row("median", r"median|middle value", _call("median")),
    _row("mode", r"mode|modal value|most (?:common|frequent)", _call("mode")),
    _row("largest", r"biggest|largest|greatest|highest|maximum|max", _call("max")),
    _row("smallest", r"smallest|lowest|minimum|min|littlest", _call("min")),
    _row("product", r"product", lambda listed: " * ".join(listed)),
    _row("sum", r"(?:sum|total)(?! (?:up|them))|(?:add|sum|total)(?: (?:up|these|them|together))*(?= (?:#|the|these|those|all|my|following)|[:,;.])|add(?: (?:them|these|it))*(?: all)? (?:up|together)|(?:added|summed) (?:up|together)|altogether|in total|add up to", _call("sum")),
)  # fmt: skip
_SIGNED = r"(?:- ?)?#\d+"
_MARKS = re.compile(rf"{_SIGNED}(?:(?:\s*[,;/|]\s*(?:and\s+)?|\s+and\s+|\s+){_SIGNED})+")


def asked(text: str, atoms: Sequence[str], written: Sequence[str]) -> tuple[list[tuple[str, str]], str]:
    """What is asked of the only list in a text with atoms, each with its expression, and the text that is left without
    list and asks; nothing and the text, when there is no list or no ask, or when something in between is neither."""
    found = _MARKS.search(text)
    if (
        not found
        or len(re.findall(r"#\d", text)) != len(re.findall(r"#\d", found.group()))
        or _uneven(found.group(), written)
    ):
        return [], text
    listed = [("-" if sign else "") + atoms[int(number)] for sign, number in re.findall(r"(-)? ?#(\d+)", found.group())]
    rest = text[: found.start()] + " ; " + text[found.end() :]
    asks: list[tuple[int, str, str]] = []
    for name, pattern, make in ASKS:
        for place in pattern.finditer(rest):
            asks.append((place.start(), name, make(listed)))
        rest = pattern.sub(lambda m: " " * len(m.group()), rest)
    named = {name: expression for _, name, expression in sorted(asks)}
    if "mode" in named and len(statistics.multimode(map(float, listed))) != 1:
        return [], text
    left = re.sub(r"\b(?:and|as well as|plus|then|also|or)\b(?=\s*(?:$|[;,.?!]|and\b))|(?<=;) *and\b", " ", rest)
    return list(named.items()), " ".join(left.replace("(", " ").replace(")", " ").split())


def _uneven(listed: str, written: Sequence[str]) -> bool:
    """Whether it is doubtful what is a number: "100 200, 300", "4,5 and 6", of which one was written 4,5."""
    gaps = re.split(_SIGNED, listed)[1:-1]
    bare = [not gap.strip() for gap in gaps]
    commas = sum(bool(re.fullmatch(r"\d+,\d{1,2}", figure)) for figure in written)
    return (any(bare) and not all(bare)) or commas == 1
