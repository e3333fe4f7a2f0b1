"""Tables, or two cells of one, set against each other: which has more, and by how much."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ....errors import ToolInputError
from ..parse.wishes import Wish
from ..plan_step import node
from .bench import Bench, Lacking, Result, names
from .draft import File
from .table_asks import frame_of, queried, without_asides

BY_HOW_MUCH = re.compile(r",?\s*\b(?:and )?by how (?:much|many)\b", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?:they|them)\b(?!['’])", re.IGNORECASE)  # of a firm, or of somebody
_FIRST = re.compile(r"((?!.* and ).+?) has the (?:highest|lowest) ")
_PRONOUN = re.compile(r"\b(?:it|that one|this one|he|she|him|her)\b(?!['’])", re.IGNORECASE)


def compared(bench: Bench, wish: Wish, files: Sequence[File], how: str) -> Result:
    """The same of each table, and which has more: what is asked in so many words, else the total of the one column."""
    known = [place for place, step in enumerate(bench.steps) if step.task == "compare-numbers"]
    if known:
        return Result("sentence", (known[-1],))
    places = []
    for file in files:
        frame = frame_of(bench, file)
        question = _measured(frame, bench.goal, [one.name for one in bench.files])
        if not question:
            raise Lacking(
                f"What shall be compared of {' and '.join(names(files))}? Name a column of both, such as “which has the higher total …?”."
            )
        places.append(queried(bench, wish, file, question, None))
    bench.steps[:] = [replace(step, asked=False) if at in places else step for at, step in enumerate(bench.steps)]
    arguments = {"numbers": [node(place) for place in places], "how": how, "names": list(names(files))}
    place = bench.add("compare-numbers", arguments, wish, "numbers are compared exactly", covers=bench.goal)
    return Result("sentence", (place,))


def by_how_much(bench: Bench, wish: Wish, file: File) -> Result:
    """Two cells beside each other, with the difference: of this goal, or of the question before.

    Raises:
        Lacking: no two cells are compared, so that how much what is more is not clear.
    """
    from ....tools.table_versus import versus

    frame = frame_of(bench, file)
    asked = bench.before.asked if not bench.files else ""
    own = without_asides(BY_HOW_MUCH.sub(" ", bench.goal), [one.name for one in bench.files or bench.before.files])
    found = versus(frame, own) or (versus(frame, asked) if asked else None)
    if found is None:
        raise Lacking("Between which two the difference is meant could not be told; name both.")
    places = [queried(bench, wish, file, question, None) for question in found.each]
    bench.steps[:] = [replace(step, asked=False) if at in places else step for at, step in enumerate(bench.steps)]
    arguments = {
        "numbers": [node(at) for at in places],
        "how": "more" if found.more else "fewer",
        "names": [*found.cells],
    }
    place = bench.add("compare-numbers", arguments, wish, "numbers are compared exactly", covers=bench.goal)
    return Result("sentence", (place,))


def _measured(frame: Any, goal: str, names: Sequence[str] = ()) -> str:
    """The question for the total that two tables are compared by, of the rows that the goal names; "" when it is not clear
    which one that is."""
    from ....tools.table_columns import sheet_of
    from ....tools.table_follow import cells_named, columns_named
    from ....tools.table_question import columns_of_kind

    if re.search(r"\b(?:average|avg|mean|median|oldest|newest|share|per ?cent)\b", goal, re.IGNORECASE):
        return ""
    sheet = sheet_of(frame)
    named = [column for column in columns_named(sheet, goal) if column in sheet.measures()]
    money = columns_of_kind(sheet, "price")
    cells = cells_named(sheet, without_asides(goal, names))
    if len(cells) > 1:
        return ""
    for found in (named, money, sheet.measures()):
        if len(found) == 1:
            return " of ".join([f"total {found[0].name}", *cells])
        if found:
            return ""
    return ""


def of_the_one(bench: Bench, frame: Any) -> list[str]:
    """ "What does it cost?" behind a question that one row answered: of that row."""
    from ....tools.tables import ask_table as ask

    pronoun = next((one for one in (_PRONOUN, _PLURAL) if one.search(bench.goal)), None)
    if bench.files or not bench.before.asked or pronoun is None:
        return []
    try:
        answer = ask(frame, bench.before.asked)
    except ToolInputError:
        return []
    first = _FIRST.match(answer["answer"])  # "Flash has the highest altitude, 463"
    told = answer["value"] if isinstance(answer["value"], str) or first is None else first[1]
    if not isinstance(told, str) or not told or (pronoun is _PLURAL and first is None):
        return []
    return [pronoun.sub(lambda _: told, bench.goal, count=1)]


def set_against(frame: Any, bench: Bench, wish: Wish) -> list[str]:
    """ "Which took in more, bakery or drinks?": of two cells that are set against each other."""
    from ....tools.table_versus import versus

    text = without_asides(bench.sentence(wish), [file.name for file in bench.files or bench.before.files])
    found = versus(frame, text)
    return [found.which] if found else []
