"""Wishes about tables: the table is looked into while the plan is made, so that what is not there is refused at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ....errors import ToolInputError
from ....tools.table_follow import leans_back, stays_within
from ....tools.table_words import words_of
from ..parse.wishes import Piece, Understanding, Wish
from ..plan import Plan
from .bench import Bench, Lacking, Result, names
from .beside import how_compared
from .draft import File
from .table_asks import frame_of, queried, without_asides
from .tables_beside import BY_HOW_MUCH, by_how_much, compared, of_the_one, set_against

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
_ONE = re.compile(r"\b(?:she|he|her|him|his)\b", re.IGNORECASE)  # one person: a row of its own
_TWO = re.compile(r"\b(?:and|n|&)\s+(?:also\s+)?(?:what|how (?:many|much)|which|who)\b", re.IGNORECASE)
_PASSES = 4  # of looking for words that are story
_CLAUSES = re.compile(
    r"\s*[,.;:!?()–]+\s+|\s+(?=(?:cos|because|becoz|since|so|but|which|though|although|whereby|while)\b)", re.IGNORECASE
)
_SUPERLATIVE = re.compile(r"[a-z]{3,}(?:iest|est)", re.IGNORECASE)  # "the laziest day" is no story
_REASON = re.compile(r"not (?:that|because|how|like)\b", re.IGNORECASE)  # "not that anybody reads them"
_CALLED = re.compile(
    r"\b([a-z]{3,})s? (?:list|table|sheet|file|csv|excel|spreadsheet|data)\b|\b(?:list|table|sheet|file) of (?:all |the |my |our |open )*([a-z]{3,})\b",
    re.IGNORECASE,
)
_IT = re.compile(
    r"\W*(?:and |n |also )*(?:what|how much|how many|which|who)(?:'s|s)?(?: (?:is|was|are|were))?(?: (?:it|that|they|this|those))?\W*$",
    re.IGNORECASE,
)


def ask_table(bench: Bench, wish: Wish) -> Result:
    """The smallest part of the goal that the table answers: the wish's sentence, its own words, the whole.

    Raises:
        Lacking: there is no table, or it does not answer.
    """
    if _IT.match(bench.segment(wish)) and (told := _told_already(bench)) is not None:
        return Result("number", (told,))
    files = bench.files_for(wish, "table")
    if BY_HOW_MUCH.search(bench.goal) and len(files) == 1:
        return by_how_much(bench, wish, files[0])
    if len(files) > 1 and (how := how_compared(bench.goal)):
        return compared(bench, wish, files, how)
    places: list[int] = []
    for file in files:
        places += [queried(bench, wish, file, question, how) for question, how in _answered(bench, wish, file)]
    return Result("number", tuple(places), names=names(files), many=False)


def _told_already(bench: Bench) -> int | None:
    """ "Who has the dearest, and what is it?": which row it is tells the value, too."""
    told = [place for place, step in enumerate(bench.steps) if step.task == "table-query"]
    return told[-1] if told else None


def _answered(bench: Bench, wish: Wish, file: File) -> list[tuple[str, str | None]]:
    """The questions that the table answers, each with a hint of the operation.

    Raises:
        Lacking: there are none; it says what kept the table from answering the first that was tried.
    """
    frame, problem = frame_of(bench, file), ""
    hint, story = _HOW.get(wish.op), Story(bench, wish, frame)
    for question in (*of_the_one(bench, frame), *set_against(frame, bench, wish)):
        with suppress(ToolInputError):
            return [(_placed(frame, question, None, story), None)]
    leans = bool(bench.before.asked) and not bench.files
    if not bench.files and leans_back(bench.goal):  # "how many of them": never of the whole table
        for question in _followed(bench, frame) if leans and not _ONE.search(bench.goal) else ():
            if stays_within(frame, bench.before.asked, question):
                return [(question, None)]
        raise Lacking(f"What “{bench.goal[:60]}” means of what was asked before could not be told; say it in full.")
    for text in _texts(bench, wish):
        for parts in _parted(text) if _TWO.search(text) else ():
            with suppress(ToolInputError):
                return [(_in_turn(frame, parts, at, story), None) for at in range(len(parts))]
        for how, spare in dict.fromkeys(((hint, frozenset()), (None, frozenset()), (hint, _spoken(wish)))):
            try:
                return [(_placed(frame, text, how, story, spare), how)]
            except ToolInputError as error:
                problem = problem or str(error)
        for parts in _parted(text):
            with suppress(ToolInputError):
                return [(_in_turn(frame, parts, at, story), None) for at in range(len(parts))]
    if leans:
        for question in _followed(bench, frame):
            return [(question, None)]
    raise Lacking(problem[0].upper() + problem[1:])


def _spoken(wish: Wish) -> frozenset[str]:
    """The words that ask for it: with the operation given, "what did I take" needs no column that is called so. What is
    counted has to be there, and only a wish for a table says which operation it is."""
    if wish.op not in _HOW or wish.op == "table_count":
        return frozenset()
    return frozenset(
        word for piece in wish.words for word in re.findall(r"[^\W\d_]+(?:['’][a-z]+)?", piece.text.lower())
    )


def _texts(bench: Bench, wish: Wish) -> Iterator[str]:
    """What the table may be asked, without what other wishes are about; the sentence first where all that narrows the
    wish stands in it."""
    others = [one for one in bench.understanding.wishes if one is not wish and one.words != wish.words]
    foreign = [piece.text for one in others for piece in one.words if one.op != wish.op]
    sentence, segment = bench.sentence(wish), bench.segment(wish)
    inside = all(piece.text in sentence for piece in wish.limits if piece.kind not in ("format", "rounding"))
    inside &= all(piece.text in sentence for piece in wish.arguments if piece.kind in ("where", "by", "column"))
    texts = bench.questions(wish)
    if clause := _up_to_the_next(bench, wish):
        texts = [*bench.as_asked(wish, clause), *texts]
    if inside and sentence in segment and sentence != segment:
        texts = [*bench.as_asked(wish, sentence), *texts]
    for text in dict.fromkeys(texts):
        if text != segment and any(words in text for words in foreign):
            continue
        yield without_asides(text, [file.name for file in bench.files or bench.before.files])


def _up_to_the_next(bench: Bench, wish: Wish) -> str:
    """From the words that ask up to those that ask for the next thing: "how many are in Finance, and how many days …"."""
    start = min(piece.start for piece in wish.words)
    others = [min(piece.start for piece in one.words) for one in bench.understanding.wishes if one is not wish]
    after = [other for other in others if other > start]
    if not after:
        return ""
    return re.sub(r"[\s,;.?!]*\b(?:and|n|also|then|plus)?[\s,;.?!]*$", "", bench.goal[start : min(after)])


@dataclass(frozen=True)
class Story:
    """What of a goal is none of a table's business.

    Args:
        frame: a word of its columns and cells is never story.
    """

    bench: Bench
    wish: Wish
    frame: Any

    def without(self, question: str, words: frozenset[str], spare: frozenset[str]) -> str:
        """The question without these words, which have no place in the table; "" when one of them may matter.

        A word is passed over when the reader is sure that it has no part, or when it only says that something is
        asked (`spare`); a clause, when it has no word of the table and nothing in it narrows the wish.
        """
        idle = (self.bench.understanding.idle | spare | self._rows()) - _TURNS
        kept = []
        for clause in _CLAUSES.split(question):
            own = set(words_of(clause))
            lost = {word for word in own & words if word.lower() not in idle or _SUPERLATIVE.fullmatch(word)}
            if lost and not self._is_aside(clause):
                return ""
            if lost:
                continue
            kept += [word for word in clause.split() if not set(words_of(word)) & words]
        return " ".join(kept)

    def _is_aside(self, clause: str) -> bool:
        from ....tools.table_columns import sheet_of
        from ....tools.table_follow import speaks_of

        asks = any(piece.text.strip() in clause or clause.strip() in piece.text for piece in self.wish.words)
        narrows = [piece for piece in (*self.wish.limits, *self.bench.understanding.negated) if piece.text in clause]
        matters = [
            piece for piece in narrows if piece.kind not in ("format", "rounding") and not _REASON.match(piece.text)
        ]
        return not asks and not matters and not speaks_of(sheet_of(self.frame), clause)

    def _rows(self) -> frozenset[str]:
        """What the table is called: "the order list" has orders."""
        goals = f"{self.bench.before.goal} . {self.bench.goal}"
        named = [found[1] or found[2] for found in _CALLED.finditer(goals)]
        return frozenset(form for word in named for form in (word.lower(), f"{word.lower().removesuffix('s')}s"))


def _placed(frame: Any, question: str, how: str | None, story: Story, spare: frozenset[str] = frozenset()) -> str:
    """The question as the table answers it: without what is story.

    Raises:
        ToolInputError: a word that is no story has no place, or whatever else keeps the table from answering.
    """
    from ....tools.table_columns import UnplacedWords
    from ....tools.tables import ask_table as ask

    for _ in range(_PASSES):
        try:
            ask(frame, question, how)
        except UnplacedWords as left:
            question = story.without(question, left.words, spare)
            if not question:
                raise
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


def _in_turn(frame: Any, parts: Sequence[str], at: int, story: Story) -> str:
    """One of several questions, the later ones leaning on the first where they do not stand by themselves."""
    from ....tools.table_follow import followed

    first = _placed(frame, parts[0], None, story)
    if at == 0:
        return first
    for question in followed(frame, first, parts[at]):
        with suppress(ToolInputError):
            return _placed(frame, question, None, story)
    raise ToolInputError("the second question could not be told from the first")


def _followed(bench: Bench, frame: Any) -> Iterator[str]:
    """What a follow-up asks of the table that the turn before asked."""
    from ....tools.table_follow import followed

    wish = bench.understanding.wishes[0] if bench.understanding.wishes else _any_wish(bench)
    for question in followed(frame, bench.before.asked, bench.goal):
        with suppress(ToolInputError):
            yield _placed(frame, question, None, Story(bench, wish, frame))


def _any_wish(bench: Bench) -> Wish:
    return Wish("table_lookup", "before", 0.5, (Piece(bench.goal, 0, len(bench.goal)),))


def follow_up(bench: Bench) -> Plan | None:
    """A goal that was not understood, as a follow-up to the question about a table in the turn before."""
    tables = [file for file in bench.before.files if file.kind == "table"]
    if not bench.before.asked or bench.files or not tables:
        return None
    wish = _any_wish(bench)
    bench.understanding = Understanding(bench.goal, (wish,), sure=0.5, idle=bench.understanding.idle)
    if BY_HOW_MUCH.search(bench.goal):
        with suppress(Lacking):
            by_how_much(bench, wish, tables[-1])
            return Plan(bench.goal, tuple(bench.steps), sure=bench.understanding.sure)
        return None
    frame = bench.look(tables[-1].handle)
    for question in _followed(bench, frame):
        if leans_back(bench.goal) and not stays_within(frame, bench.before.asked, question):
            continue
        queried(bench, wish, tables[-1], question, None)
        return Plan(bench.goal, tuple(bench.steps), sure=bench.understanding.sure)
    return None


def watched(task: str, gives: str, why: str) -> Any:
    def build(bench: Bench, wish: Wish) -> Result:
        files = bench.files_for(wish, "video")
        return Result(gives, (bench.add(task, {"video": files[0].handle}, wish, why),), names=names(files))

    return build
