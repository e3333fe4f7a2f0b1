"""A question as a step over one table, without what is said of the file, of empty cells and of rows of totals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ....errors import ToolInputError
from ....tools.table_words import TOTALS
from ..parse.wishes import Wish
from .bench import Bench, Lacking
from .draft import File

_OUT = r"(?:leav(?:e|ing)|left|skip|ignor\w+|(?:do ?n['’]?t|not|without)(?: be| go| going)? (?:count\w*|double|include\w*)|exclud\w+|out|away)"
_BLANKS = re.compile(
    rf"[,;.]?\s*(?:and |but |so |where(?:by|as)? |there['’]?s )*(?:\b(?:a|an|one|the|some|any) )?(?:\w+ ){{0,5}}"
    rf"\b(?:blanks?|empty|nulls?|missing)\b[^.;?!]{{0,60}}?\b{_OUT}\b[^.;?!]*",
    re.IGNORECASE,
)
_SKIPS = re.compile(
    r"[,;.]?\s*\b(?:and |but |please |pls )*(?:skip|ignor\w+|exclud\w+|leav\w+ out|without|not counting|do ?n['’]?t count) "
    r"(?:(?:the|any|all|a|an|that|this|one) )*(?:blanks?|empty|missing|null)s?(?: (?:ones?|cells?|rows?|values?|scores?|entr(?:y|ies)))?\b",
    re.IGNORECASE,
)
# Beside "the second highest" it says nothing new.
_NOT_TOP = re.compile(
    r",?\s*(?:and |but )?\bnot the (?:top|first|best|highest|biggest|very first|winner)(?: one)?\b", re.IGNORECASE
)
_TOTALS = "|".join(sorted(map(re.escape, TOTALS), key=len, reverse=True))
_SUM_ROWS = re.compile(
    rf"[,;.(]?\s*(?:and |but |so )*(?:there['’]?s |without |not |except )?(?:\b(?:a|an|the) )?(?:"
    rf"\b(?:row|line|entry) (?:called )?[\"“']?(?:{_TOTALS})\b|\b(?:{_TOTALS}) (?:row|line)\b)[^.;?!]*",
    re.IGNORECASE,
)

_COMES_TO = re.compile(r"\bc(?:o|a)mes? to\b", re.IGNORECASE)


def queried(bench: Bench, wish: Wish, file: File, question: str, how: str | None) -> int:
    sheet = frame_of(bench, file).attrs.get("sheet", "")
    arguments: dict[str, Any] = {"table": file.handle, "question": question, **({"how": how} if how else {})}
    arguments |= {"sheet": sheet} if sheet else {}
    why = "the table itself answers, without a model"
    covers = f"{bench.sentence(wish)} {question}" if question not in bench.sentence(wish) else bench.sentence(wish)
    covers = f"{covers} sheet worksheet tab {sheet}" if sheet else covers
    return bench.add("table-query", arguments, wish, why, covers=covers)


def frame_of(bench: Bench, file: File) -> Any:
    """The table of a file; of a workbook, the sheet that the goal names.

    Raises:
        Lacking: the goal names several sheets.
    """
    try:
        return bench.look(file.handle)
    except ToolInputError as error:
        raise Lacking(f"{str(error)[0].upper()}{str(error)[1:]}.") from error


def without_asides(text: str, files: Sequence[str]) -> str:
    """Without names of files, and without what is said of empty cells and of rows of totals: both are left out anyway."""
    for stem in (name.rpartition(".")[0] for name in files):  # of "sales.csv" the rows are sales
        if stem.isalpha() and stem.endswith("s"):
            text = re.sub(
                rf"\b(how many|number of|count(?: the| all| of)?) {stem}\b", r"\1 rows", text, flags=re.IGNORECASE
            )
    if _COMES_TO.search(text) and not re.search(r"\b(?:total|sum|average|mean|median)\b", text, re.IGNORECASE):
        text = f"total {_COMES_TO.sub(' ', text)}"
    if re.search(r"\b(?:mean|average|avg)\b", text, re.IGNORECASE):
        text = re.sub(r"\bper (?:row|entry|record|line)\b", " ", text, flags=re.IGNORECASE)
    for name in files:
        for form in (name, name.rpartition(".")[0]):
            text = re.sub(rf"(?<![\w.]){re.escape(form)}(?!\w|\.\w)", " ", text, flags=re.IGNORECASE) if form else text
    if re.search(r"\b(?:second|2nd|third|3rd)\b", text, re.IGNORECASE):
        text = _NOT_TOP.sub(" ", text)
    return " ".join(_SUM_ROWS.sub(" ", _SKIPS.sub(" ", _BLANKS.sub(" ", text))).split()).strip(" ,;:-–")
