"""To what a result is rounded: "to two decimals", "to the nearest ten", "rounded up", "to the cent"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .sum_rules import ATOM

_DECIMALS = rf"(?:(?:to|on|at|with|in|by)(?: the)? )?(?:{ATOM}) ?(?:decimals?(?: places?| digits?)?|(?:decimal )?places(?: after the (?:comma|point))?|d\.?p\.?|digits? (?:after|behind) the (?:decimal )?(?:point|comma|dot))"
_NAMED = rf"(?:{ATOM}|(whole number|whole|number|integer|one|hundredths?|thousandths?|tenths?|half|quarter)\b)"
_UNIT = rf"(?:(?:(?:to|on|up to|down to|till) )?(?:the |a )?(?:nearest|closest)|(?:to|on|up to|down to) (?:the |a )?(?:next|full|whole|round)) {_NAMED}|(?:to|as|into) (?:a |an |the )?(whole number|integer|hundredth|full number)s?\b"
_WORD = re.compile(
    r"(?:\b(?:and|then|but)\s+)*\bround(?:ed|ing)?(?: it| that| this| the (?:result|answer|total))?(?: off)?(?: (up|down))?\b"
)
_PLACE = re.compile(rf",?\s*(?:{_DECIMALS}|{_UNIT})")
_AWAY = re.compile(r"(?<=[\d)]) (up|down)\b")
_SMALL = {"hundredth": 2, "tenth": 1, "thousandth": 3}
_STEPS = {"half": "0.5", "quarter": "0.25"}
Wrap = Callable[[str], str]


def rounding(text: str, atoms: Sequence[str]) -> tuple[str, Wrap | None]:
    """A clause without the words that round its result, and what puts that around an expression; None, when nothing is
    said about rounding, or when numbers follow that are not rounded."""
    word, place = _WORD.search(text), _PLACE.search(text)
    if not word and not place:
        return text, None
    towards = word[1] if word else None
    last = (
        max(found.end() for found in (word, place) if found)
        if place or not re.search(r"#", text[word.end() :] if word else "")
        else len(text)
    )
    if "#" in text[last:]:
        return text, None
    if (
        word
        and place
        and word.start() < place.start()
        and "#" in text[: word.start()]
        and "#" in text[word.end() : place.start()]
    ):
        return text, None  # "10 / 3 rounded plus 2 to 2 decimals"
    rest = text if not place else text[: place.start()] + " " + text[place.end() :]
    rest = _WORD.sub(" ", rest, count=1) if word else rest
    if word and not towards and (found := _AWAY.search(rest)):
        towards, rest = found[1], rest[: found.start()] + rest[found.end() :]
    return " ".join(rest.split()), lambda expression: _wrapped(expression, place, towards, atoms)


def _wrapped(expression: str, place: re.Match[str] | None, towards: str | None, atoms: Sequence[str]) -> str:
    decimals, unit, named, plain = place.groups() if place else (None, None, None, None)
    name = (named or plain or "").removesuffix("s")
    places = int(atoms[int(decimals)]) if decimals else _SMALL.get(name, 0)
    step = atoms[int(unit)] if unit else _STEPS.get(name)
    if not step and places and towards:
        step = f"{10**-places:.{places}f}"
    call = {"up": "ceil", "down": "floor"}.get(towards or "", "round")
    if step and float(step) != 1:
        return (
            f"{call}({expression} / {step}) * {step}"
            if "(" in expression or expression.isdigit()
            else f"{call}(({expression}) / {step}) * {step}"
        )
    return f"{call}({expression}, {places})" if call == "round" else f"{call}({expression})"
