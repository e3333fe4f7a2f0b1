"""Sums over numbers that are known already or are found first: of the turns before, of recordings and pictures.

"They are 2.50 each, what do I owe?" behind a count, "multiply both" behind two: what is known is said in front of the
goal, a sentence for each number, and the reader of stories tells the sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..parse.arithmetic.story_reader import read_story
from ..parse.parts import MAKERS
from ..parse.wishes import Piece, Understanding, Wish
from ..plan import Plan
from .bench import Bench, Lacking, Result
from .linking import File
from .reckoning import number_in_files, plain_number
from .storied import SURE, is_other, is_sensible, reckoned, rounded, with_people, without_places

_UNKNOWN = ("37", "53", "71")  # stand for numbers that are known only when the files are looked into
_SEVERAL = re.compile(r"\b(?:both|two|them|together|altogether|these|those|all|difference|each other|other)\b", re.I)


@dataclass(frozen=True, slots=True)
class Known:
    """A number beside the goal: the sentence that says it, the figure in it, and what a step takes it by."""

    sentence: str
    figure: str
    reference: str


def known_sum(bench: Bench) -> Plan | None:
    """A goal that was not understood otherwise, as a sum over numbers of the turns before or of the files."""
    if is_other(bench.goal):
        return None
    wish = Wish("calculate", "before", 0.5, (Piece(bench.goal, 0, len(bench.goal)),))
    understood = bench.understanding
    bench.understanding = Understanding(bench.goal, (wish,), sure=0.5, idle=understood.idle)
    for known in _in_files(bench, understood) if bench.files else _before(bench):
        if made := _summed(bench, wish, known):
            return made
    return None


def _summed(bench: Bench, wish: Wish, known: Sequence[Known]) -> Plan | None:
    bare, places = without_places(with_people(bench.goal))
    text = " ".join([*(one.sentence for one in known), bare])
    reading = read_story(text)
    if reading is None or reading.sure < SURE or not is_sensible(reading, text, places):
        return None
    used = [one for one in known if re.search(rf"(?<![\w.]){re.escape(one.figure)}(?![\w.])", reading.whole)]
    if not used or any(reading.whole.count(one.figure) != 1 for one in used):
        return None
    expression = reading.whole
    for one in used:
        expression = re.sub(rf"(?<![\w.]){re.escape(one.figure)}(?![\w.])", one.reference, expression, count=1)
    reckoned(bench, wish, rounded(expression, places), f"read as {reading.expression}", told="story")
    return Plan(bench.goal, tuple(bench.steps), sure=0.5)


def _before(bench: Bench) -> Iterator[list[Known]]:
    """The numbers of the turns before: the last one, or the last two where the goal speaks of several."""
    found = []
    for result in bench.before.results:
        if result.kind in ("number", "labels", "text"):
            try:
                found.append((result, str(plain_number(result))))
            except Lacking:
                continue
    known = [Known(_sentence(result, number), number, number) for result, number in found[-2:]]
    if not known or len({one.figure for one in known}) < len(known):
        return
    several = len(known) > 1 and bool(_SEVERAL.search(bench.goal) or not re.search(r"\d", bench.goal))
    if several:
        yield known
    yield known[-1:]


def _sentence(result: Result, number: str) -> str:
    return f"It is {number} {result.thing}.".replace(" .", ".")


def _in_files(bench: Bench, understood: Understanding) -> Iterator[list[Known]]:
    """A number of each file that came with the goal, behind the last one of the turn before if the goal leans on it."""
    if len(bench.files) > len(_UNKNOWN) or any(file.kind not in ("audio", "image") for file in bench.files):
        return
    made = []
    for file, figure in zip(bench.files, _UNKNOWN, strict=False):
        found = _of_file(bench, understood, file)
        if found is None or found.many:
            return
        made.append(Known(_told(file, found, figure, len(bench.files) > 1), figure, f"({found.reference})"))
    before = next(_before(bench), []) if bench.before.results else []
    if before:
        yield [*before[-1:], *made]
    yield made


def _of_file(bench: Bench, understood: Understanding, file: File) -> Result | None:
    makers = [wish for wish in understood.wishes if wish.op in MAKERS]
    alone = replace(bench, files=(file,), understanding=understood if makers else bench.understanding)
    try:
        return number_in_files(alone, (makers or alone.understanding.wishes)[0])
    except Lacking:
        return None


def _told(file: File, found: Result, figure: str, several: bool) -> str:
    if file.kind == "audio":
        return f"The recording says {figure}."
    if found.thing:
        return f"There are {figure} {found.thing} in the picture."
    return f"The digit in the {'other ' if several else ''}picture is {figure}."
