"""Wishes about tables: the table is looked into while the plan is made, so that what is not there is refused at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from ....errors import ToolInputError
from ....tools.table_words import TOTALS
from ..parse.wishes import Piece, Understanding, Wish
from ..plan import Plan
from .bench import Bench, Lacking, Result, names
from .draft import File

_HOW = {
    "table_sum": "sum", "table_mean": "mean", "table_max": "max", "table_min": "min", "table_count": "count",
    "table_lookup": "lookup", "table_group": "group", "table_row": "row", "table_columns": "columns",
}  # fmt: skip
# A word that turns a question into another one is never passed over as story, whatever the reader takes it for.
_TURNS = frozenset(
    """not no none without except but only nor never neither n't don't dont doesn't didn't isn't aren't wasn't than per each
    every before after since until between other others another first last next more less most least fewer half twice
    both either or if""".split()
)
_OUT = r"(?:leav(?:e|ing)|left|skip|ignor\w+|(?:do ?n['’]?t|not|without)(?: be| go| going)? (?:count\w*|double|include\w*)|exclud\w+|out|away)"
_BLANKS = re.compile(
    rf"[,;.]?\s*(?:and |but |so |where(?:by|as)? |there['’]?s )*(?:\b(?:a|an|one|the|some|any) )?(?:\w+ ){{0,5}}"
    rf"\b(?:blanks?|empty|nulls?|missing)\b[^.;?!]{{0,60}}?\b{_OUT}\b[^.;?!]*",
    re.IGNORECASE,
)
_TOTALS = "|".join(sorted(map(re.escape, TOTALS), key=len, reverse=True))
_SUM_ROWS = re.compile(
    rf"[,;.(]?\s*(?:and |but |so )*(?:there['’]?s |without |not |except )?(?:\b(?:a|an|the) )?(?:"
    rf"\b(?:row|line|entry) (?:called )?[\"“']?(?:{_TOTALS})\b|\b(?:{_TOTALS}) (?:row|line)\b)[^.;?!]*",
    re.IGNORECASE,
)
_PASSES = 4  # of looking for words that are story


def ask_table(bench: Bench, wish: Wish) -> Result:
    """The smallest part of the goal that the table answers: the wish's own words, its sentence, the whole.

    Raises:
        Lacking: there is no table, or it does not answer.
    """
    files = bench.files_for(wish, "table")
    places: list[int] = []
    for file in files:
        asked = _answered(bench, wish, file, len(files) > 1)
        places += [_asked(bench, wish, file, question, how) for question, how in asked]
    return Result("number", tuple(places), names=names(files), many=False)


def _asked(bench: Bench, wish: Wish, file: File, question: str, how: str | None) -> int:
    arguments: dict[str, Any] = {"table": file.handle, "question": question, **({"how": how} if how else {})}
    why = "the table itself answers, without a model"
    covers = f"{bench.sentence(wish)} {question}"
    return bench.add("table-query", arguments, wish, why, covers=covers)


def _answered(bench: Bench, wish: Wish, file: File, several: bool) -> list[tuple[str, str | None]]:
    """The questions that the table answers, each with a hint of the operation.

    Raises:
        Lacking: none; what is said is what kept the table from answering the first.
    """
    frame, problem = bench.look(file.handle), ""
    hint = _HOW.get(wish.op)
    idle, spoken = bench.understanding.idle, _spoken(bench, wish)
    for text in _texts(bench, wish, several):
        for how, spare in dict.fromkeys(((hint, idle), (None, idle), (hint, idle | spoken))):
            try:
                return [(_placed(frame, text, how, spare), how)]
            except ToolInputError as error:
                problem = problem or str(error)
        for parts in _parted(text):
            with suppress(ToolInputError):
                return [(_in_turn(frame, parts, at, bench.understanding.idle), None) for at in range(len(parts))]
    if bench.before.asked and not bench.files:
        for question in _followed(bench, frame):
            return [(question, None)]
    raise Lacking(problem[0].upper() + problem[1:])


def _spoken(bench: Bench, wish: Wish) -> frozenset[str]:
    """The words that ask for it: with the operation given, "what did I take" needs no column that is called so. What is
    counted has to be there, and only a wish for a table says which operation it is."""
    if wish.op not in _HOW or wish.op == "table_count":
        return frozenset()
    return frozenset(
        word for piece in wish.words for word in re.findall(r"[^\W\d_]+(?:['’][a-z]+)?", piece.text.lower())
    )


def _texts(bench: Bench, wish: Wish, several: bool) -> Iterator[str]:
    """What the table may be asked, without what other wishes are about, and of several tables without their names."""
    others = [one for one in bench.understanding.wishes if one is not wish and one.words != wish.words]
    foreign = [piece.text for one in others for piece in one.words if one.op != wish.op]
    parts = (
        {word for file in bench.files for word in re.findall(r"[^\W\d_]{3,}|\d{4}", file.name.lower())}
        if several
        else set()
    )
    for text in bench.questions(wish):
        if text != bench.segment(wish) and any(words in text for words in foreign):
            continue
        bare = _without_asides(text, [file.name for file in bench.files or bench.before.files])
        yield " ".join(word for word in bare.split() if word.lower().strip(",.?!") not in parts) if parts else bare


def _without_asides(text: str, files: Sequence[str]) -> str:
    """Without names of files, and without what is said of empty cells and of rows of totals: both are left out anyway."""
    for name in files:
        for form in (name, name.rpartition(".")[0]):
            text = re.sub(rf"(?<![\w.]){re.escape(form)}(?!\w|\.\w)", " ", text, flags=re.IGNORECASE) if form else text
    return " ".join(_SUM_ROWS.sub(" ", _BLANKS.sub(" ", text)).split()).strip(" ,;:-–")


def _placed(frame: Any, question: str, how: str | None, idle: frozenset[str]) -> str:
    """The question as the table answers it: without words that are story to the reader and nothing to the table.

    Raises:
        ToolInputError: a word that is no story has no place, or whatever else keeps the table from answering.
    """
    from ....tools.table_columns import UnplacedWords
    from ....tools.tables import ask_table as ask

    for _ in range(_PASSES):
        try:
            ask(frame, question, how)
        except UnplacedWords as left:
            story = {word for word in left.words if word.lower() in idle - _TURNS}
            if story < left.words or not story:
                raise
            question = " ".join(word for word in question.split() if word.strip("?.,;:!\"'“”‘’()[]…") not in story)
        else:
            return question
    raise ToolInputError("the question has too many words that the table does not know; ask in fewer words")


def _parted(text: str) -> list[list[str]]:
    """Two questions that are asked in one breath: "how many are from ZH and how many from GR"."""
    found = []
    for joint in re.finditer(r",?\s+(?:and|n|&)\s+(?:also\s+)?", text, re.IGNORECASE):
        one, two = text[: joint.start()], text[joint.end() :]
        if len(one.split()) > 2 and two:
            found.append([one, two])
    return found


def _in_turn(frame: Any, parts: Sequence[str], at: int, idle: frozenset[str]) -> str:
    """One of several questions, the later ones leaning on the first where they do not stand by themselves."""
    from ....tools.table_follow import followed

    first = _placed(frame, parts[0], None, idle)
    if at == 0:
        return first
    for question in followed(frame, first, parts[at]):
        with suppress(ToolInputError):
            return _placed(frame, question, None, idle)
    raise ToolInputError("the second question could not be told from the first")


def _followed(bench: Bench, frame: Any) -> Iterator[str]:
    """What a follow-up asks of the table that the turn before asked."""
    from ....tools.table_follow import followed

    texts = bench.questions(bench.understanding.wishes[0]) if bench.understanding.wishes else [bench.goal]
    for text in texts[-1:]:
        for question in followed(frame, bench.before.asked, text):
            with suppress(ToolInputError):
                yield _placed(frame, question, None, bench.understanding.idle)


def follow_up(bench: Bench) -> Plan | None:
    """A goal that was not understood, as a follow-up to the question about a table in the turn before."""
    tables = [file for file in bench.before.files if file.kind == "table"]
    if not bench.before.asked or bench.files or not tables:
        return None
    wish = Wish("table_lookup", "before", 0.5, (Piece(bench.goal, 0, len(bench.goal)),))
    bench.understanding = Understanding(bench.goal, (wish,), sure=0.5, idle=bench.understanding.idle)
    for question in _followed(bench, bench.look(tables[-1].handle)):
        _asked(bench, wish, tables[-1], question, None)
        return Plan(bench.goal, tuple(bench.steps), sure=bench.understanding.sure)
    return None


def watched(task: str, gives: str, why: str) -> Any:
    def build(bench: Bench, wish: Wish) -> Result:
        files = bench.files_for(wish, "video")
        return Result(gives, (bench.add(task, {"video": files[0].handle}, wish, why),), names=names(files))

    return build
