"""Sums that the reader's ops and the kinds of the numbers settle: a bill, a per cent, how many share it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..parse.arithmetic.quantities import Number, numbers_of
from ..parse.arithmetic.sums import asks_saving
from ..parse.wishes import Wish
from .bench import Bench, Lacking, Result
from .storied import reckoned, rounded, without_places

_SURE = 0.3  # of the reading
_WHY = "numbers are reckoned with exactly"
_WHOLE = re.compile(
    r"\b(?:total|altogether|all in|in all|to pay|do (?:i|we) pay|come to|comes to|with (?:the )?(?:tip|vat|tax|gst)|including|each|"
    r"apiece|owe|share)\b",
    re.IGNORECASE,
)
_PERCENT: dict[str, Callable[[str, str], str]] = {
    "percent_of": lambda x, p: f"{x} * {p} / 100",
    "discount": lambda x, p: f"{x} * (1 - {p} / 100)",
    "raise_by": lambda x, p: f"{x} * (1 + {p} / 100)",
}
# Whether a per cent is on top or comes off is told by these, whichever the reader took it for; what is in it already, or
# both of them, is not told apart here.
_UP = re.compile(
    r"\b(?:on top|plus|add(?:s|ed|ing)?|vat|tax(?:es)?|gst|mwst|increas\w*|rais\w*|rise|more|extra|tips?|gratuity|markup|interest|surcharge|"
    r"service(?: charge)?)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:off|discount\w*|reduc\w*|rebate|knock\w*|less|minus|cheaper|deduct\w*|commission|keeps?|takes?|drop\w*|fell|loses?|lost)\b",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"\b(?:includ\w*|inclusive|in it|gross|net|before (?:tax|vat)|without (?:the )?(?:vat|tax|tip))\b", re.IGNORECASE
)
_PART = re.compile(
    r"\bof\b|\bhow much (?:is|was) (?:the|it|that)\b|\bthe (?:vat|tax|gst|tip|overhead|commission)\b", re.IGNORECASE
)
# Two things are asked: how much the per cent is, and what it makes.
_BOTH = re.compile(
    r",?\s+(?:and|n|&)(?: then| also)?\s+(?:the (?:total|rest|whole|remainder|balance|new)|what\w*|how much|total|(?:what )?i get)\b",
    re.IGNORECASE,
)
_PARTED = re.compile(
    r"\b(?:state|give|tell|show|say|how much|what(?:'?s| is| are)?|work out|calculate|vat|tax|tip|gst)\b", re.IGNORECASE
)
_OPS = frozenset({*_PERCENT, "tip", "split"})


def typed_sum(bench: Bench, wish: Wish) -> Result:
    """A per cent of the one number, what is left or there with it, or the share of each, as the op of the wish says.

    Raises:
        Lacking: the goal has other numbers, or the reading is not sure.
    """
    goal, places = without_places(bench.goal)
    numbers = numbers_of(goal)
    percents = [n for n in numbers if n.percent]
    plain = [n for n in numbers if not n.percent]
    ops = {one.op for one in bench.understanding.wishes}
    people = _people(bench.understanding.wishes, plain)
    base = [n for n in plain if n is not people]
    shared = "split" in ops
    fits = len(base) == 1 and len(percents) <= 1 and (people is not None) == shared and bool(percents or shared)
    if not ops <= _OPS or not fits or bench.understanding.sure < _SURE or bench.files:
        raise Lacking("This is no sum of one number, a per cent and how many share it.")
    expression = base[0].value
    if percents and not shared and (joint := _BOTH.search(goal)) and _PARTED.search(goal[: joint.start()]):
        return _both(bench, wish, base[0].value, percents[0].value, places)
    if percents:
        expression = _with_percent(bench, wish, ops, base[0].value, percents[0].value)
    if shared and people is not None and (wish.op == "split" or len(ops) > 1):
        expression = f"({expression}) / {people.value}"
    return Result("number", (reckoned(bench, wish, rounded(expression, places), _WHY),))


def _both(bench: Bench, wish: Wish, base: str, rate: str, places: int | None) -> Result:
    """How much the per cent is, and what there is with it or without."""
    up, down = bool(_UP.search(bench.goal)), bool(_DOWN.search(bench.goal))
    if up == down or _INSIDE.search(bench.goal):
        raise Lacking("Whether the per cent is on top, comes off or is in it already could not be told.")
    rows = (("percent_of", f"{rate} % of {base}"), ("raise_by", "with it") if up else ("discount", "without it"))
    found = []
    for op, said in rows:
        place = reckoned(bench, wish, rounded(_PERCENT[op](base, rate), places), _WHY)
        bench.steps[place] = replace(bench.steps[place], told=f"named {said}")
        found.append(place)
    return Result("number", tuple(found))


def _with_percent(bench: Bench, wish: Wish, ops: set[str], base: str, rate: str) -> str:
    """In a goal that shares, the per cent is on the bill; a tip by itself is a part of it."""
    up, down = bool(_UP.search(bench.goal)), bool(_DOWN.search(bench.goal))
    if _INSIDE.search(bench.goal) or (wish.op != "percent_of" and up == down):
        raise Lacking("Whether the per cent is on top, comes off or is in it already could not be told.")
    if asks_saving(bench.goal) and down and "split" not in ops:
        return _PERCENT["percent_of"](base, rate)
    part = wish.op == "percent_of" or (wish.op == "tip" and "split" not in ops and not _WHOLE.search(bench.goal))
    if part and ("split" in ops or not (_PART.search(bench.goal) or wish.op == "tip")):
        raise Lacking("Of what the per cent is could not be told.")
    return _PERCENT["percent_of" if part else "raise_by" if up else "discount"](base, rate)


def _people(wishes: Sequence[Wish], plain: Sequence[Number]) -> Number | None:
    """The number of those who share, as the reader saw it."""
    for wish in wishes:
        for said in wish.all("people"):
            values = [n.value for n in numbers_of(said)]
            if found := [n for n in plain if n.value in values]:
                return found[0]
    return None
