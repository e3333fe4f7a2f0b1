"""Questions about a text file in everyday words, answered by the line that speaks of it, or not at all.

A line is scored by the words that it shares with the question, the rare ones more, and by its closeness in meaning.
"""

from __future__ import annotations

import re
from math import log

from ....tools.stems import content_words, stem, tokens_of
from ....tools.texts import lines_of
from ..parse.arithmetic.quantities import numbers_of
from ..parse.wishes import Piece, Understanding, Wish
from ..plan import Plan
from .bench import Bench, Lacking, Result
from .draft import File

# What a line is told by; measured on the texts of six writers, no wrong line of 40 questions (benchmarks/README.md).
_SHARED = 0.15  # what a shared word adds, times the logarithm of how rare it is
_CLOSE = 0.27  # the least cosine
_SCORE, _AHEAD = 0.55, 0.2  # the least score, or by how much the line is ahead of the next one
_SURE, _SURELY_CLOSE = 0.9, 0.5  # of a goal that was read as something else
_READ = 0.12  # of the reader; a goal that it is less sure of may be a question all the same
_TWO = re.compile(
    r"(?:\b(?:find|read|tell|show|look|give)\b|\?)[^?]*\b(?:and|n|&)(?: also| then)? (?:how (?:much|many)|what would|what does)\b",
    re.IGNORECASE,
)
# What only says that a line is looked for, and nothing of what it is about.
_LEAD = re.compile(
    r"^\W*(?:(?:please|can you|could you|i need you to)\W+)*(?:find|give|show|read|tell|get|quote)(?: me| us| out)? (?:the|a|that|any) "
    r"(?:line|sentence|part|bit)s?\b(?: (?:in|of|from|on)(?: (?:it|the|this|that|my) ?(?:text|file|letter|notes?|minutes|page)?)?)?"
    r"(?: (?:that|which)(?:'s| is| are)?)? (?:about|on|of|mentioning|mentions|that says|which says|saying|with)\b\s*",
    re.IGNORECASE,
)
_MOST_LINES = 400
_LOOKS_UP = frozenset("find_line answer_question unclear ask_picture nth_line read_text".split())
# What makes something new of a text, or counts in it, is not answered by one of its lines.
_CHANGES = frozenset(
    """translate translate_speech summarize count_words count_lines count_characters sort_lines make_speech sentiment
    detect_language similarity rank most_similar edit_picture make_picture continue_text write_text find_names calculate
    compare difference total count_things weekday days_between date_plus convert_unit""".split()
)
_GENERIC = frozenset(
    map(
        stem,
        """line text file note letter minutes newsletter say write written find bit word tell read give please something
        somebody look whole want know get thing page document paragraph invitation rule meeting talk mention""".split(),
    )
)


def ask_text(bench: Bench, wish: Wish, least: float = 0.0, close: float = _CLOSE) -> Result:
    """The line that a question is about.

    Raises:
        Lacking: there is no text file, or no line that is near enough.
    """
    files = [file for file in (bench.files or bench.before.files) if file.kind == "text"]
    files = files if bench.files else files[-1:]
    if not files:
        raise Lacking("There is no text file to look into; pass one along.")
    alone = len(bench.understanding.wishes) < 2
    question = _plain(bench.goal if alone else bench.segment(wish), files)
    rows = [(file, at, line) for file in files for at, line in enumerate(_lines(bench, file), start=1)]
    ranked = _ranked(bench, question, [line for _, _, line in rows])
    if not ranked:
        raise Lacking("No line of the text speaks of that.")
    (score, near, place), ahead = ranked[0], ranked[0][0] - (ranked[1][0] if len(ranked) > 1 else 0.0)
    if near < close or score < least or (score < _SCORE and ahead < _AHEAD):
        raise Lacking(f"No line of the text speaks of “{question[:60]}” closely enough.")
    file, at, line = rows[place]
    told = {number.value for number in numbers_of(line)}
    if any(number.value not in told for number in numbers_of(question) if not number.loose):
        raise Lacking(f"The line “{line.strip()[:60]}” speaks of that, but not of every number that is asked about.")
    if len(files) > 1:
        bench.replies.append(f"{file.name}: “{line.strip()}”")
        return Result("text", value=line)
    arguments = {"text": file.handle, "which": f"line {at}"}
    covers = bench.goal if alone else f"{bench.segment(wish)} {bench.sentence(wish)}"
    why = "the line that shares the most with the question, in words and in meaning"
    return Result("text", (bench.add("select-lines", arguments, wish, why, covers=covers),), value=None)


def is_generic(words: str) -> bool:
    """Whether words only say that something is looked for: "look in the minutes please"."""
    return {stem(word) for word in content_words(words)} <= _GENERIC


def told_line(bench: Bench) -> Plan | None:
    """A goal about a text that was not understood otherwise, when a line of it surely speaks of that."""
    ops = {wish.op for wish in bench.understanding.wishes}
    if ops & _CHANGES and bench.understanding.sure > _READ:
        return None
    if _TWO.search(bench.goal):
        return None  # one line is no answer to both
    other = bench.understanding.sure > _READ and bool(ops - _LOOKS_UP)
    wish = Wish("find_line", "file", 0.5, (Piece(bench.goal, 0, len(bench.goal)),))
    bench.understanding = Understanding(bench.goal, (wish,), sure=0.5)
    try:
        if other:
            surely(bench, wish)
        else:
            ask_text(bench, wish, _SCORE)
    except Lacking:
        return None
    return Plan(bench.goal, tuple(bench.steps), replies=tuple(bench.replies), sure=0.5)


def surely(bench: Bench, wish: Wish) -> Result:
    """As `ask_text`, for a goal that was taken for something else."""
    return ask_text(bench, wish, _SURE, _SURELY_CLOSE)


def _lines(bench: Bench, file: File) -> list[str]:
    seen = bench.look(file.handle)
    return lines_of(seen)[:_MOST_LINES] if isinstance(seen, str) else []


def _plain(text: str, files: list[File]) -> str:
    for file in files:
        for form in (file.name, file.name.rpartition(".")[0]):
            text = text.replace(form, " ") if form else text
    return " ".join(text.split())


def _ranked(bench: Bench, question: str, lines: list[str]) -> list[tuple[float, float, int]]:
    """(score, cosine, place) of each line, best first."""
    if not lines:
        return []
    held = [{stem(token) for token in tokens_of(line)} for line in lines]
    wanted = {stem(word) for word in content_words(question)} - _GENERIC
    rare = {word: log(1 + len(lines) / count) for word in wanted if (count := sum(word in stems for stems in held))}
    shared = [sum(weight for word, weight in rare.items() if word in stems) for stems in held]
    near = bench.closeness(_LEAD.sub("", question), lines)
    scores = [
        (_SHARED * words + float(cosine), float(cosine), i)
        for i, (words, cosine) in enumerate(zip(shared, near, strict=True))
    ]
    return sorted(scores, reverse=True)
