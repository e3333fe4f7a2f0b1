"""Wishes about what is printed in a picture: the total of a receipt, the price on a sign, the line that says something."""

from __future__ import annotations

import re
from dataclasses import replace

from ..parse.wishes import Wish
from .bench import Bench, Lacking, Result, names
from .draft import File
from .seeing import ask_picture as seen
from .seeing import of_one_file, page_text, read_digit, whole_text
from .wording import lines_about
from .wording import read_text as read_out

_SEEING = ("visual-question-answering", "document-question-answering", "image-text-to-text")
_DIGIT_SHAPE = 2.0  # width : height below which a picture may be of one digit
_HANDWRITTEN = re.compile(
    r"\b(?:(?:one|single|1) (?:number|digit|numeral|figure)|hand-?writ\w+|(?:wrote|written|scribbled|painted|drawn) (?:\w+ ){0,3}(?:number|digit)|by hand)\b",
    re.IGNORECASE,
)
_AMOUNTS = re.compile(
    r"\b(?:total|subtotal|sum|amount|price|cost|costs?|charged?|pa(?:y|id)|change|tax|vat|tip|balance|due|bill|owe|how much)\b",
    re.IGNORECASE,
)
_AMOUNT_OF = re.compile(
    r"\b(?:what(?:'s| is| was|s)?|how much (?:is|was|did|does|has)?|price of|cost of|look (?:what|up)|tell me|give me|i need|the|only|alone|actual|has|have|"
    r"cost|costs|price|did|does|is|was|paid|pay|for|on|this|that|it|receipt|bill|ticket|invoice|please|of|a|an|me|my|in|all|here|read|out)\b",
    re.IGNORECASE,
)


_ENDS = re.compile(
    r"\b(?:dearest|most expensive|priciest|costliest|(?P<low>cheapest|least expensive)|costs? (?:me |us )?the (?:most|(?P<least>least)))\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"\b(?:what|how much)\b[^.?!]*\b(?:grand |sub)?total\b", re.IGNORECASE)
_BILLS = re.compile(r"\b(?:receipts?|bills?|invoices?|slips?)\b", re.IGNORECASE)
_TAGS = re.compile(r"\b(?:tickets?|(?:price )?tags?|price (?:labels?|signs?|stickers?))\b", re.IGNORECASE)


def printed_amounts(bench: Bench, wish: Wish) -> list[Result]:
    """The totals of several receipts, or the prices on several tags, one of each picture; none where neither is told."""
    about = "total" if _BILLS.search(bench.goal) else "price" if _TAGS.search(bench.goal) else ""
    pictures = [file for file in bench.files if file.kind == "image"]
    if not about or len(pictures) < 2 or len(pictures) < len(bench.files) or of_one_file(pictures):
        return []
    texts = [Result("text", (page_text(bench, wish, file, asked=False),), names=(file.name,)) for file in pictures]
    return [replace(amount_of(bench, wish, text, about), names=text.names) for text in texts]


def ask_picture(bench: Bench, wish: Wish) -> Result:
    """A question about a picture: to a model that sees; where none is here, and it may be printed there, what is read."""
    if any(bench.has(task) for task in _SEEING):
        return seen(bench, wish)
    files = bench.files_for(wish, "image")
    if not of_one_file(files):
        raise Lacking("I answer from what is printed in one picture at a time; pass one.")
    if found := _at_the_end(bench, wish, files):
        return found
    question = wish.argument("topic") or wish.limit("about") or bench.segment(wish)
    text = Result("text", (whole_text(bench, wish, files),), names=names(files))
    if _AMOUNTS.search(question) or _AMOUNTS.search(bench.segment(wish)):
        return amount_of(bench, wish, text, question)
    return lines_about(bench, wish, text, " ".join(question.split()))


def amount_of(bench: Bench, wish: Wish, text: Result, question: str) -> Result:
    """The amount on the line that the question names: the total, the tax, an article."""
    named = next(
        (
            word
            for word in ("subtotal", "total", "tax", "vat", "tip", "change")
            if re.search(rf"\b{word}\b", question, re.I)
        ),
        "",
    )
    about = named or " ".join(_AMOUNT_OF.sub(" ", re.sub(r"[^\w\s'-]", " ", question)).split()) or "total"
    arguments = {"text": text.reference, "about": about}
    return Result(
        "number",
        (
            bench.add(
                "find-amount", arguments, wish, f"the amount on the line about {about}", covers=bench.sentence(wish)
            ),
        ),
    )


def _at_the_end(bench: Bench, wish: Wish, files: list[File]) -> Result | None:
    """The dearest or the cheapest article of a receipt."""
    asked = _ENDS.search(bench.goal)
    if not asked or not of_one_file(files) or files[0].kind != "image":
        return None
    text = Result("text", (whole_text(bench, wish, files),), names=names(files))
    end = "cheapest" if asked["low"] or asked["least"] else "dearest"
    arguments = {"text": text.reference, "about": f"{end} article"}
    why = "of the articles one costs the most, or the least"
    return Result("number", (bench.add("find-amount", arguments, wish, why, covers=bench.goal),))


def read_text(bench: Bench, wish: Wish) -> Result:
    """What is printed; where an amount is wanted, the line that it stands on."""
    about = wish.argument("about", "topic") or wish.limit("about")
    files = bench.files_for(wish, "image", "text")
    if all(file.kind == "image" and file.shape < _DIGIT_SHAPE for file in files) and _HANDWRITTEN.search(bench.goal):
        return read_digit(bench, wish)
    if found := _at_the_end(bench, wish, files):
        return found
    if not about and (total := _TOTAL.search(bench.segment(wish))):
        about = total.group()
    if files[0].kind == "image" and of_one_file(files) and _AMOUNTS.search(about):
        text = Result("text", (whole_text(bench, wish, files),), names=names(files))
        return amount_of(bench, wish, text, about)
    return read_out(bench, wish)
