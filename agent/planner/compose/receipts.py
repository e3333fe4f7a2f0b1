"""What is asked about a receipt beside its total: what one article cost, also in a later turn, and the change."""

from __future__ import annotations

import re

from ..parse.wishes import Piece, Understanding, Wish
from ..plan import Plan
from .amounts import amount_of
from .bench import Bench, Lacking, Result, names
from .draft import File
from .seeing import whole_text
from .storied import reckoned

_BILL = re.compile(r"receipt|\bbills?\b|invoice|\bslip\b|\btill\b", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:change|(?:get|got|give me|gives me|comes?|hand me|owed?) back|left over|have left)\b", re.IGNORECASE
)
_PAID = re.compile(
    r"\b(?:pa(?:y|ys|id|ying)|handed?(?: over)?|hand over|gave|give|with|from|out of|for)\b(?: \w+){0,3}? ?"
    r"(?P<note>[€£$]?\d+(?:[.,]\d\d?)?)(?!\d|%|[.,]\d)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"^\W*(?:(?:and|so|ok|okay|then|also|but|thanks)\b\W*)*(?:how much (?:is|was|were|are|did|does|for)|how many (?:is|was|were|are)|"
    r"what (?:did|does|do|was|were|is|are)|what's|whats|price of|cost of)\s+(?P<about>[^?!.,]+?)(?:\s+(?:cost|come to|itself|alone))?\W*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.,])[€£$]?\d+(?:[.,]\d+)?")
_IT = re.compile(r"\b(?:it|that|this|they|those|these|them|there|then|he|she|we|you)\b", re.IGNORECASE)
_MOST_WORDS = 4  # of the name of an article


def receipt_asked(bench: Bench) -> Plan | None:
    """A goal about a receipt that was not understood otherwise: the change from a note, or the price of one article."""
    picture = receipt_of(bench)
    if picture is None:
        return None
    wish = Wish("ask_picture", "file", 0.5, (Piece(bench.goal, 0, len(bench.goal)),))
    bench.understanding = Understanding(bench.goal, (wish,), sure=0.5, idle=bench.understanding.idle)
    try:
        if not (_change(bench, wish, picture) or _article(bench, wish, picture)):
            return None
    except Lacking:
        return None
    return Plan(bench.goal, tuple(bench.steps), sure=bench.understanding.sure)


def receipt_of(bench: Bench) -> File | None:
    """The one picture of a receipt that the goal, or the turn before, is about."""
    if bench.files:
        pictures = [file for file in bench.files if file.kind == "image"]
        alone = len(bench.files) == 1
    else:
        pictures = [file for file in bench.before.files if file.kind == "image"][-1:]
        alone = True
    if not pictures or not alone:
        return None
    said = f"{bench.goal} {bench.before.goal} {pictures[0].name}"
    return pictures[0] if _BILL.search(said) else None


def _change(bench: Bench, wish: Wish, picture: File) -> bool:
    """What comes back of a note, once the total is paid."""
    paid, numbers = _PAID.search(bench.goal), _NUMBER.findall(bench.goal)
    if not (paid and _CHANGE.search(bench.goal)) or len(numbers) != 1:
        return False
    total = amount_of(bench, wish, _read(bench, wish, picture), "total")
    note = paid["note"].strip("€£$").replace(",", ".")
    reckoned(bench, wish, f"{note} - ({total.reference})", "what is paid less the total", told="story")
    return True


def _article(bench: Bench, wish: Wish, picture: File) -> bool:
    """What one line of the receipt says that an article cost."""
    asked = _ARTICLE.match(bench.goal.replace(picture.name, " ").strip(" :,-–"))
    if asked is None or _IT.search(asked["about"]) or _NUMBER.search(bench.goal):
        return False
    about = re.sub(r"^(?:the|my|our|a|an)\s+", "", asked["about"].strip(), flags=re.IGNORECASE)
    if not 0 < len(about.split()) <= _MOST_WORDS:
        return False
    amount_of(bench, wish, _read(bench, wish, picture), about)
    return True


def _read(bench: Bench, wish: Wish, picture: File) -> Result:
    return Result("text", (whole_text(bench, wish, [picture]),), names=names([picture]))
