"""The numbers of a line, as people write amounts: 1,234.56, 1.234,56, 1 234,56, € 5, 5,-."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import ToolInputError

_CURRENCY = r"[€$£¥₹]|\b(?:eur|euros?|usd|dollars?|gbp|pounds?|chf|pln|zł|zl|czk|sek|nok|dkk|fr)\b\.?"
_BLANK = "[ \u00a0\u202f]"
_DIGITS = rf"\d{{1,3}}(?:{_BLANK}\d{{3}})+(?:[.,]\d{{1,2}})?(?!\d)|\d+(?:[.,'’]\d+)*"
# What holds digits and is no number to reckon with: dates, times, shares, telephone numbers and the like.
_CODE = r"(?:eur|euros?|usd|gbp|chf|pln|zł|zl|czk|sek|nok|dkk)"
_OTHERS = re.compile(
    r"\b\d{1,4}([./-])\d{1,2}\1\d{2,4}\b|\b\d{1,2}:\d{2}(?::\d{2})?\b|\d+(?:[.,]\d+)?\s?%|(?<![\d.,])\d{6,}(?![.,]?\d)|"
    rf"\b(?!{_CODE}\d)[^\W\d_]+-?\d[\w.,-]*|(?<![\d.,])\d+(?:[.,]\d+)*(?!x\b|{_CODE}\b)[^\W\d_]\w*|#\s?\d+",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    rf"(?P<sign>(?<![\w.,)])[-−](?:(?:{_CURRENCY})\s?)?|)(?P<before>(?:{_CURRENCY})\s?)?(?P<digits>{_DIGITS})"
    rf"(?P<dash>,[-–—](?!\d)|[-−](?=\s|$))?(?P<after>\s?(?:{_CURRENCY}))?(?P<times>\s?[x×]\b)?",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’]\d{3})+")
_CENTS = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,'’ ]?\d{3})*([.,])\d{2}(?![\d.,]*\d)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a line; `is_money` when it has cents or a currency, `is_times` when it says how many ("2 x")."""

    value: float
    is_money: bool
    is_times: bool


def decimal_mark(text: str) -> str:
    """The sign before the cents in a text: "." or ",", or "" when it has no cents, or both kinds."""
    plain = _OTHERS.sub(" ", text)
    marks = {found[1] for found in _CENTS.finditer(plain)}
    return marks.pop() if len(marks) == 1 else ""


def figures_in(line: str, mark: str = "") -> list[Figure]:
    """The numbers of a line in their order; dates, times, percentages and codes are none.

    Args:
        mark: the sign before the decimals where this line comes from, when it is known.

    Raises:
        ToolInputError: a number such as 1.200 may be read in two ways.
    """
    plain = _OTHERS.sub(lambda found: " " * len(found[0]), line)
    return [_figure(found, mark) for found in _FIGURE.finditer(plain)]


def _figure(found: re.Match[str], mark: str) -> Figure:
    digits = re.sub(_BLANK, "", found["digits"])
    value, has_cents = _value(digits, mark)
    dash = found["dash"] or ""
    is_less = bool(found["sign"]) or (has_cents and dash.startswith(("-", "−")))
    is_money = has_cents or bool(found["before"] or found["after"] or dash.startswith(","))
    return Figure(-value if is_less else value, is_money, bool(found["times"]))


def _value(digits: str, mark: str) -> tuple[float, bool]:
    """The value, and whether it has two decimals."""
    plain = re.sub("['’]", "", digits)
    if _GROUPED.fullmatch(digits) and not (plain.count(".") and plain.count(",")):
        seps = {sign for sign in plain if sign in ".,"}
        if mark in seps and plain.count(mark) == 1:
            raise ToolInputError(
                f"{digits} may be read in two ways, for other numbers here have {mark!r} before their decimals; "
                "write it without separators"
            )
        return float(re.sub("[.,]", "", plain)), False
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return float(plain), False
    whole, cents = re.sub("[.,]", "", plain[:last]), plain[last + 1 :]
    return float(f"{whole or 0}.{cents}"), len(cents) == 2
