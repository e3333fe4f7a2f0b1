"""The amount on a line of a receipt or a bill; the total is the one after tax, and is never a subtotal."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import ToolInputError
from .figures import Figure, decimal_mark, figures_in
from .line_search import holding
from .stems import content_words, folded
from .text_parts import lines_of

_TAX = (
    r"\b(?:sales )?(?:tax(?:es)?|vat|gst|hst|pst|mwst|mehrwertsteuer|umsatzsteuer|ust|tva|iva|ptu|podatek|steuer|taxe)"
    r"\b"
)
# What names a line in English, German, French, Spanish, Italian and Polish, without accents: the first that fits.
_NAMES: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "subtotal": r"\bsub[ -]?totals?\b|zwischensumme|\bsous[ -]?total\b|\bsubtotale\b|totale parziale|"
        r"suma czesciowa|\bnet total\b|\btotal net\b|\bnetto(?:betrag|summe)?\b|\btotal ht\b|hors taxes?|"
        r"base imponible|imponibile|"
        rf"\btotal (?:before|without|excl\w*\.?) (?:{_TAX})|before tax",
        "grand": r"\bgrand total\b|\btotal \(?(?:after|incl\w*|with|inc)\b\.?(?: of)? (?:all )?(?:sales )?"
        rf"(?:{_TAX})|\btotal ttc\b|gesamtbetrag|rechnungsbetrag|rechnungssumme|gesamtsumme|endbetrag|endsumme|"
        r"\b(?:summe|gesamt) brutto\b|bruttobetrag|totale (?:complessivo|fattura|documento)|razem brutto|"
        r"importe total|montant total|importo totale|total general",
        "due": r"\b(?:amount|balance|total)(?: due| payable| to pay)\b|\bto pay\b|\bzu zahlen\b|zahlbetrag|"
        r"\bnet a payer\b|\ba payer\b|\ba pagar\b|\bda pagare\b|\bdo zaplaty\b|montant du\b|importo dovuto|naleznosc",
        "tip": r"\b(?:tip|gratuity|trinkgeld|pourboire|propina|mancia|napiwek)\b",
        "total": r"\b(?:totals?|sum|summe|gesamt|insgesamt|somme|suma|totale|razem|lacznie|ogolem)\b",
        "tax": _TAX,
    }.items()
}
# What has such a word in it and is another thing.
_NOT_AMOUNTS = re.compile(
    r"\btotal (?:items?|qty|quantit\w+|articles?|artikel|units?|pieces|pcs|savings?|saved|discounts?|points|weight|"
    rf"hours|miles|{_TAX})|\b(?:items?|{_TAX}|discount|savings|running|page|previous|last) totals?\b|\bnumber of\b|"
    rf"\byou saved\b|{_TAX}\W*(?:id|no|nr|number|reg\w*|idnr|nummer|invoice)\b|\bsumme artikel\b"
)
_NEXT = {"total": ("grand", "total", "due"), "grand": ("grand", "total", "due"), "due": ("due", "grand", "total")}
_FILLERS = frozenset(
    """amount amounts price cost costs sum bill receipt invoice order purchase overall final whole entire full pay paid
    spend spent total betrag rechnung""".split()
)
_JOINED = re.compile(r"\bsub[ -]total", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\b(?:no|nr|num|number|nummer|numero|invoice|table|tisch|page|tel|phone|fax)\b[.:#\s]*\d[\d\s/-]*(?![.,]?\d)",
    re.IGNORECASE,
)
_CENT = 0.005
_MOST = 12  # lines shown in an error


@dataclass(frozen=True, slots=True)
class _Row:
    line: str
    amount: float | None  # None: there is none, or more than one
    figures: int = 0

    @property
    def plain(self) -> str:
        return folded(self.line)

    @property
    def name(self) -> str:
        if _NOT_AMOUNTS.search(self.plain):
            return ""
        return next((name for name, pattern in _NAMES.items() if pattern.search(self.plain)), "")


_PRICES = frozenset(("price", "cost"))
_ENDS: dict[str, Callable[..., float]] = {
    **dict.fromkeys(("dearest", "most expensive", "priciest", "costliest"), max),
    **dict.fromkeys(("cheapest", "least expensive"), min),
}
_PRICED = re.compile(r"[^\W\d_]{3}.*\d[.,]\d\d(?!\d)")  # an article with something like a price behind it
_PAID = re.compile(r"\b(?:cash|change|card|visa|paid|payment|rueckgeld|bar|gegeben)\b")


def amount_on(text: str, about: str) -> dict[str, Any]:
    """The amount on the line of a receipt or a bill that is about something.

    "Total" means the grand total, after tax, by its name in six languages or by the sums; never a subtotal. "Price" on
    a tag that does not say so means the only amount on it; "dearest" and "cheapest" mean the article above the total
    that costs the most or the least. Anything else means the line that holds all words of `about`, one letter of a long
    word possibly misread.

    Returns:
        {"line": the line as it stands there, "amount": its amount as a number}

    Raises:
        ToolInputError: no line fits, or more than one with different amounts; the message lists them.
    """
    rows = _rows(text)
    if end := next((way for word, way in _ENDS.items() if re.search(rf"\b{word}\b", folded(about))), None):
        return _at_the_end(rows, end)
    name = _named(about)
    found = _totals(rows, name) if name in _NEXT else [row for row in rows if name and row.name == name]
    if not found and name not in _NEXT:  # a total that is not there is no other line with that word
        named = [row for row in rows if row.figures]
        found = [named[place] for place in holding([_JOINED.sub("subtotal", row.line) for row in named], about)]
    if not found and folded(about).strip() in _PRICES:  # a price tag says one price, and rarely that it is one
        found = [row for row in rows if row.figures and not _NOT_AMOUNTS.search(row.plain)]
    if unclear := next((row for row in found if row.amount is None and row.figures > 1), None):
        raise ToolInputError(f"which amount of {unclear.line!r} is meant cannot be told; ask for the line, and read it")
    fits = [row for row in found if row.amount is not None]
    if len({row.amount for row in fits}) == 1:
        return {"line": fits[0].line, "amount": fits[0].amount}
    shown = _shown(fits) if fits else _shown([row for row in rows if row.amount is not None])
    count = f"{len(fits)} lines give different amounts" if fits else "no line gives an amount"
    raise ToolInputError(f"{count} for {about!r}; there are: {shown}; name one by the words of its line")


def _at_the_end(rows: Sequence[_Row], way: Callable[..., float]) -> dict[str, Any]:
    """The article that costs the most, or the least, above the first line that is a total."""
    last = next((at for at, row in enumerate(rows) if row.name), len(rows))
    articles = [row for row in rows[:last] if row.amount is not None and not _PAID.search(row.plain)]
    if len(articles) < 2:
        raise ToolInputError("no two articles with a price were found to be compared; ask for the line, and read it")
    doubtful = [row for row in rows[:last] if row.amount is None and _PRICED.search(row.line)]
    if doubtful:
        raise ToolInputError(f"the price of {doubtful[0].line[:80]!r} cannot be told, and that article may be it")
    best = way(row.amount for row in articles if row.amount is not None)
    fits = [row for row in articles if row.amount == best]
    if len({row.line for row in fits}) > 1:
        raise ToolInputError(f"several articles have that price: {_shown(fits)}; name one by the words of its line")
    return {"line": fits[0].line, "amount": best}


def _shown(rows: Sequence[_Row]) -> str:
    lines = [repr(row.line[:80]) for row in rows]
    return ", ".join(lines[:_MOST]) + (", …" if len(lines) > _MOST else "") if lines else "no lines with amounts"


def _named(about: str) -> str:
    """What kind of line is asked for: "total" for "the total of the bill"; "" when other words count too."""
    plain = folded(about)
    for name, pattern in _NAMES.items():
        rest = pattern.sub(" ", plain)
        if rest != plain and not [word for word in content_words(rest) if word not in _FILLERS]:
            return name
    return "total" if content_words(about) and all(word in _FILLERS for word in content_words(about)) else ""


# Lines and their amounts


def _rows(text: str) -> list[_Row]:
    """Each line; one that has no number takes those of the line below when there is nothing else in it."""
    mark, lines = decimal_mark(text), lines_of(text)
    rows = []
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        figures = figures_in(_NUMBERED.sub(" ", line), mark)
        if not figures and below and _is_bare(below):
            line, figures = f"{line}\n{below}", figures_in(below, mark)
        rows.append(_Row(line, _amount(figures), len(figures)))
    return rows


def _is_bare(line: str) -> bool:
    return re.search(r"\d", line) is not None and not re.sub(r"(?i)[\W\d_]|eur|usd|gbp|chf|pln|zł", "", line)


def _amount(figures: Sequence[Figure]) -> float | None:
    """The only amount; of several, the last when it is what the others come to: price times number, or their sum."""
    money = [figure.value for figure in figures if figure.is_money]
    plain = [figure.value for figure in figures if not figure.is_money]
    if len(money) == 1 or len(set(money)) == 1:
        return money[0]
    if not money:
        return plain[0] if len(plain) == 1 and not figures[0].is_times else None
    *parts, last = money
    products = [number * price for number in plain for price in parts if len(parts) == 1]
    sums = [sum(parts)] if len(parts) > 1 else []
    return last if any(abs(last - result) < _CENT for result in (*products, *sums)) else None


# The line that is meant


def _totals(rows: Sequence[_Row], name: str) -> list[_Row]:
    """The rows that give the total: one that is another total and the tax, else those of the best name."""
    taxes = [row.amount for row in rows if row.name == "tax" and row.amount is not None]
    sums = [row for row in rows if row.name in _NEXT[name] and row.figures]
    added = [
        row
        for row in sums
        for other in sums
        if taxes and None not in (row.amount, other.amount)
        and any(abs((other.amount or 0) + tax - (row.amount or 0)) < _CENT for tax in {sum(taxes), *taxes} if tax)
    ]  # fmt: skip
    if added:
        return added
    return next((named for one in _NEXT[name] if (named := [row for row in sums if row.name == one])), [])
