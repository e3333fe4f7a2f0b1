"""From wishes to a plan: each is built by its row; what cannot be done is told beside what can."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from ....tools.languages import english_names
from ..parse.parts import BESIDE, MAKERS
from ..parse.reading import region
from ..parse.wishes import Understanding, Wish
from ..plan import Plan
from .bench import Bench, Lacking, Result
from .beside import DIFFERENCE
from .limits import limits_of, named_model
from .ops import BUILDERS, Builder
from .receipts import receipt_of
from .storied import learnt_story
from .told_lines import surely
from .typed_sums import typed_sum


def plan_of(bench: Bench) -> Plan:
    """The plan for all wishes of the bench's goal.

    What cannot be done stands in `Plan.left_out`, a sentence each; where nothing can, the first is the plan's problem.
    """
    if (named := named_model(bench.goal)) and not bench.knows(named):
        return Plan(
            bench.goal,
            problem=f"{named} is not in this index; add it with prefrontal index add {named}, or leave it out.",
        )
    left_out: list[str] = []
    wishes = [_meant(bench, wish) for wish in bench.understanding.wishes if not _is_negated(bench.understanding, wish)]
    if any(wish.op in ("most_similar", "rank") for wish in wishes):  # which says how similar the others are
        wishes = [wish for wish in wishes if wish.op != "similarity"]
    if any(wish.op == "similarity" for wish in wishes):
        wishes = [wish for wish in wishes if wish.op != "picture_similarity"]
    for wish in _in_order([*wishes, *_said_too(bench, wishes)]):
        kept = len(bench.steps)
        bench.all_files = _compared_next(wish, wishes)
        try:
            bench.results.append(_built(bench, wish))
        except Lacking as lacking:
            del bench.steps[kept:]
            bench.results.append(None)
            left_out.append(str(lacking))
    steps, replies = tuple(bench.steps), tuple(bench.replies)
    if not steps and not replies:
        return Plan(bench.goal, problem=left_out[0] if left_out else "There is nothing to do.")
    return Plan(bench.goal, steps, replies=replies, left_out=tuple(dict.fromkeys(left_out)))


def _meant(bench: Bench, wish: Wish) -> Wish:
    """Some words mean one thing, whatever the reader takes them for: cutting out, and which of several files is meant."""
    if wish.op in _LOOKING and _CROPS.search(bench.sentence(wish)) and region(bench.sentence(wish)):
        return replace(wish, op="edit_picture")
    kinds = [file.kind for file in bench.files]
    if wish.op in BESIDE and len(kinds) > 1 and {*kinds} == {"table"}:
        return replace(wish, op="table_lookup")
    if wish.op in BESIDE and len(kinds) > 1 and {*kinds} <= {"image", "text"} and _WORDING.search(bench.goal):
        return replace(wish, op="picture_similarity")
    if wish.op in _SEES and _HOW_MUCH.search(bench.sentence(wish)) and receipt_of(bench):
        return replace(wish, op="ask_picture", arguments=())
    if wish.op == "list_files" and sum(file.kind == "text" for file in bench.files) > 1 and _ABOUT.search(bench.goal):
        return replace(wish, op="find_line")
    return wish


def _built(bench: Bench, wish: Wish) -> Result:
    builder = BUILDERS[wish.op]
    bench.limits = limits_of(bench, wish)
    kept = len(bench.steps)
    try:
        return builder(bench, wish)
    except Lacking:
        for other in _others(bench, wish):
            del bench.steps[kept:]
            with suppress(Lacking):
                return other(bench, wish)
        raise


def _others(bench: Bench, wish: Wish) -> list[Builder]:
    """Tools that answer only what they understand in full, and so may be asked when the one that was meant cannot: a
    table that is there, then sums, dates and units, and stories at last."""
    if wish.op not in _ASKED:
        return []
    there = {file.kind for file in (*bench.files, *(() if bench.files else bench.before.files))}
    if wish.op == "count_things" and "audio" in there and "image" not in there and _SPOKEN.search(bench.goal):
        return [BUILDERS["transcribe"]]
    if wish.op in _TABLES and "image" in there and "table" not in there:
        return [BUILDERS["ask_picture"]]
    if wish.op == "watch_video" and "image" in there and "video" not in there:
        return [BUILDERS["ask_picture"]]
    if wish.op == "transcribe" and "image" in there and "audio" not in there and _PRINTED.search(bench.goal):
        return [BUILDERS["read_text"]]
    tables = [BUILDERS["table_lookup"]] if "table" in there and wish.op not in _TABLES else []
    alike = [
        BUILDERS[op] for op in ("story_problem", "days_between", "convert_unit") if not there and wish.source == "words"
    ]
    texts = [surely] if "text" in there else []
    return [*tables, typed_sum, *alike, *texts, learnt_story]


def _is_negated(understanding: Understanding, wish: Wish) -> bool:
    """Whether all words of a wish stand in what is not wanted."""
    return all(
        any(not_wanted.start <= piece.start and piece.end <= not_wanted.end for not_wanted in understanding.negated)
        for piece in wish.words
    )


def _in_order(wishes: Sequence[Wish]) -> list[Wish]:
    """What makes a number before what reckons with it: "add 10 to the number that is spoken"."""
    waiting = [wish for wish in wishes if wish.op in (_RECKON | _INTO) and wish.source != "words"]
    if not waiting or wishes.index(waiting[0]) > 0:
        return list(wishes)
    first = [wish for wish in wishes if wish.op in MAKERS]
    return [*first, *(wish for wish in wishes if wish not in first)]


def _said_too(bench: Bench, wishes: Sequence[Wish]) -> list[Wish]:
    """What one wish for a number says beside: "how many coins fewer", "add up the digits", "say in French how many"."""
    makers = [wish for wish in wishes if wish.op in MAKERS]
    if any(wish.op in _RECKON or wish.op in _INTO for wish in wishes):
        return []
    if (
        len(makers) == 2
        and len(wishes) == 2
        and {wish.source for wish in makers} == {"file"}
        and _JOINS.search(bench.goal)
    ):
        return [replace(makers[1], op="total", source="wish", limits=())]  # "add up the spoken number and the coins"
    if len(makers) != 1:
        return []
    several, maker = len(bench.files or bench.before.files) > 1, makers[0]
    also = [("difference", DIFFERENCE, several), ("total", _ADDS, several)]
    also.append(("number_in_words", _IN_A_LANGUAGE, maker.op != "read_text"))
    return [
        replace(maker, op=op, source="wish", limits=())
        for op, pattern, fits in also
        if fits and _wanted(bench, maker, pattern)
    ]


def _wanted(bench: Bench, wish: Wish, pattern: re.Pattern[str]) -> bool:
    """Whether the sentences of a wish say this anywhere but in what is not wanted."""
    understood, text = bench.understanding, bench.sentence(wish)
    undone = [(piece.start, piece.end) for piece in understood.negated]
    negated = [one for one in understood.wishes if _is_negated(understood, one)]
    undone += [(min(piece.start for piece in one.words), one.end) for one in negated]
    at = bench.goal.index(text)
    found = [(at + match.start(), at + match.end()) for match in pattern.finditer(text)]
    return any(not any(first <= start and end <= last for first, last in undone) for start, end in found)


def _compared_next(wish: Wish, wishes: Sequence[Wish]) -> bool:
    """Whether a wish is the only one that makes numbers, and they are compared or added up behind it."""
    makers = [one for one in wishes if one.op == wish.op]
    return len(makers) == 1 and wish.op in MAKERS and any(one.op in BESIDE for one in wishes)


_ABOUT = re.compile(r"\bwhich\b.*\b(?:about|abt|on|mentions?|speaks?|talks?|says?)\b", re.IGNORECASE)
_SPOKEN = re.compile(
    r"\b(?:spoken|said|says?|saying|recordings?|memos?|voice|listen|hear|dictat\w+|call(?:ed)?)\b", re.IGNORECASE
)
_INTO = frozenset({"translate", "number_in_words", "translate_speech"})
_LOOKING = frozenset({"segment", "ask_picture", "describe_picture", "find_things"})
_SEES = frozenset({"count_things", "find_things", "read_digit", "classify_picture"})
_HOW_MUCH = re.compile(r"\bhow much\b|\bprice of\b", re.IGNORECASE)
_WORDING = re.compile(r"\bwording\b|\bspot the differences?\b|\bdiffer\w* in (?:the )?(?:text|words?)\b", re.IGNORECASE)
_CROPS = re.compile(r"\b(?:crop\w*|cut\w* (?:out|off|away)|trim\w*|slice)\b", re.IGNORECASE)
_JOINS = re.compile(
    r"\b(?:add(?:ing)?|sum of|plus|product|multipl\w+|times|together|altogether|in total)\b", re.IGNORECASE
)
_ADDS = re.compile(r"\badd(?:ing)?\b|\bsums?\b|\btotals?\b|\btogether\b|\baltogether\b|\bin all\b", re.IGNORECASE)
_IN_A_LANGUAGE = re.compile(
    rf"(?<!not )(?<!n't )\bin(?:to)? (?:{'|'.join(name for name in english_names() if name != 'latin')})\b",
    re.IGNORECASE,
)
_PRINTED = re.compile(r"\b(?:print\w*|text|lines?|pages?|written|letters?|signs?|notes?|handwriting)\b", re.IGNORECASE)
_TABLES = frozenset(op for op in BUILDERS if op.startswith("table_"))
_ASKED = (
    frozenset(
        """
    calculate discount raise_by tip statistic total compare difference count_things find_line answer_question unserved split weekday days_between count_lines watch_video
    date_plus convert_unit story_problem percent_of round_number ask_picture transcribe
    """.split()
    )
    | _TABLES
)
_RECKON = frozenset(
    {"calculate", "percent_of", "discount", "raise_by", "tip", "split", "compare", "difference", "total"}
)
