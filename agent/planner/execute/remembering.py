"""What a conversation remembers: files, results and how its goals were read, told from the messages alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, ToolMessage

from ....errors import ToolInputError
from ....tools.media import Workspace
from ....tools.tasks import find_task
from ....tools.unit_names import names as unit_signs
from ...messages import MEDIA_KEY, artifact_of, is_goal
from ..compose.bench import NOTHING_BEFORE, Before, Result
from ..compose.draft import File
from ..compose.wording import quotes_in
from ..parse.clauses import FILE_NAME
from ..parse.known import known
from ..parse.numerals import in_figures
from ..parse.reader import goal_reader
from ..parse.wishes import Piece, Understanding, Wish, wishes_of
from .carrying import bare_number

_AGAIN = re.compile(
    r"^\W*(?:(?:and|now|ok|okay|then|n|also|please|so|what about|how about|same|again|too|as well|do|the|for|with|on|in|do it|thing|"
    r"this|that|these|those|other|next|second|last|new|one|ones|here|it|here's|is|me|another|photo|picture|image|pic|recording|file|crate|both|qs|questions?)\b\W*)+$",
    re.IGNORECASE,
)


_OF_A_TEXT = frozenset(
    """sentiment detect_language translate summarize classify_text count_words count_characters find_names number_in_words
    make_speech""".split()
)


def _unquoted(goal: str) -> str:
    for quote in quotes_in(goal):
        goal = goal.replace(quote, " ")
    return f"{re.sub(r'[^A-Za-z ]', ' ', goal)} one"


_DAY = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*,? \d{4}\b|\b\d{4}-\d\d-\d\d\b"
)
_HOW_MANY = re.compile(
    r"^\W*(?:(?:and|so|ok|okay|then)\b\W*)*how many (?:was|is|were|are|did you (?:find|frame|mark)) ?"
    r"(?:that|those|they|them|there|it|you)?(?: then| in all| in total| altogether)?\W*$",
    re.IGNORECASE,
)
_UNSURE = 0.3  # a short goal with a new file that is read with less is the wish of the turn before
_ANOTHER = re.compile(
    r"\b(?:and|same|this|that|other|another|next|now|also|too|again|what about|how about)\b", re.IGNORECASE
)


def understand(goal: str, files: Sequence[File] = (), before: Before = NOTHING_BEFORE) -> Understanding:
    """A goal as the reader reads it; "and this one?" with a new file is the wish of the turn before."""
    kinds = tuple(file.kind for file in files)
    whole = (Piece(goal, 0, len(goal)),)
    again = Understanding(goal, tuple(replace(wish, limits=()) for wish in before.wishes), sure=0.9)
    if quotes_in(goal) and any(wish.op in _OF_A_TEXT for wish in before.wishes) and _AGAIN.match(_unquoted(goal)):
        kept = [replace(w, words=whole, arguments=tuple(a for a in w.arguments if a.kind not in ("text", "texts")), limits=())
                for w in before.wishes if w.op in _OF_A_TEXT]  # fmt: skip
        return Understanding(goal, tuple(kept), sure=0.9)
    if before.wishes and files and len(goal.split()) <= 12 and _AGAIN.match(goal):
        return again
    if plain := known(goal, kinds):
        return plain
    found = [wish for wish in before.wishes if wish.op == "find_things"]
    if found and not files and _HOW_MANY.match(goal):
        return Understanding(goal, (replace(found[0], op="count_things", words=whole),), sure=0.9)
    read = _read(goal, kinds)
    same_kind = kinds and {file.kind for file in before.files} & set(kinds)
    if before.wishes and same_kind and read.sure < _UNSURE and len(goal.split()) <= 10 and _ANOTHER.search(goal):
        return again
    return read


_AS_DIGITS = re.compile(
    r"(?<=[.?!])\s+(?:please )?(?:give|write|tell|say|answer)(?: me)?(?: it| that| the (?:number|answer))? ?(?:as|in|with) "
    r"(?:digits|figures|numerals)(?: please)?\s*[.!]?\s*$",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def _read(goal: str, kinds: tuple[str, ...]) -> Understanding:
    """Once for each goal: a conversation's last one is looked back to at every turn of the next run."""
    plain = _AS_DIGITS.sub(lambda found: " " * len(found.group()), goal)  # how the answer shall look is no wish
    if len(FILE_NAME.findall(plain)) == 1:  # "leave.csv" speaks of no leave; of several names each says which it is
        plain = FILE_NAME.sub(lambda found: "file".ljust(len(found.group()))[: len(found.group())], plain)
    return replace(wishes_of(goal, goal_reader().read(plain, kinds)), goal=goal)


def before_of(messages: Sequence[AnyMessage | BaseMessage], workspace: Workspace) -> Before:
    """What the turns before a goal left."""
    if not messages:
        return NOTHING_BEFORE
    files: list[File] = []
    results: list[Result] = []
    wishes: tuple[Wish, ...] = ()
    goal: Any = None
    asked = sheet = ""
    for message in messages:
        if isinstance(message, AIMessage) and message.additional_kwargs.get("prefrontal", {}).get("reached") is False:
            results = []  # "that number" would be the one before, which is not meant
        if is_goal(message):  # type: ignore[arg-type]
            if _passed(message) or goal is None or not _passed(goal):
                passed = [file_of(workspace, handle) for handle in _passed(message) if handle in workspace]
                before = Before(tuple(files), (), wishes, goal.text if goal is not None else "")
                goal, wishes = message, understand(message.text, passed, before).wishes or wishes
            files += [file_of(workspace, handle) for handle in _passed(message) if handle in workspace]
        elif isinstance(message, ToolMessage) and (made := _result_of(message, workspace)):
            results += [*_number_behind(message), *_day_behind(message), _in_the_same_unit(made, message, results)]
            if question := _of_table(message, "question"):
                asked, sheet = question, _of_table(message, "sheet")
    if goal is None:
        return NOTHING_BEFORE
    return Before(tuple(files), tuple(results), wishes, goal.text, asked, sheet)


def file_of(workspace: Workspace, handle: str) -> File:
    """What the planner knows of a file."""
    media = workspace.get(handle)
    width, height = media.details.get("width", 0), media.details.get("height", 0)
    return File(
        handle,
        media.kind,
        media.name,
        width / height if height else 0.0,
        media.details.get("page", ""),
        "blank" in media.details,
    )


def _passed(message: Any) -> list[str]:
    noted = message.additional_kwargs.get(MEDIA_KEY)
    return noted if isinstance(noted, list) else []


def _result_of(message: ToolMessage, workspace: Workspace) -> Result | None:
    """The primary output of a call, and the bare value where the tool answers in a sentence."""
    artifact = artifact_of(message)
    row = find_task(artifact.get("task", "")) if artifact else None
    if row is None or message.status == "error":
        return None
    outputs = artifact["outputs"]
    value, kind = outputs.get(row.output.name), row.output.kind
    names = tuple(file.name for file in _inputs(artifact, workspace))
    if (number := bare_number(outputs)) is not None:
        return Result("number", value=number, names=names, thing=_unit(str(value), number))
    if kind == "labels" and isinstance(value, list) and value and isinstance(value[0], dict):
        return Result("labels", value=str(value[0].get("label", "")), names=names)
    if kind == "text" and not str(value).strip():
        return None
    return Result("translation" if row.id == "translation" else kind, value=value, names=names)


def _in_the_same_unit(made: Result, message: ToolMessage, results: Sequence[Result]) -> Result:
    """Half of 42 km is in km, too: what is reckoned from a number with a unit, by scaling it, keeps that unit."""
    artifact = artifact_of(message)
    expression = str(artifact.get("inputs", {}).get("expression", "")) if artifact.get("task") == "calculate" else ""
    known = next((one for one in reversed(results) if one.kind == "number"), None)
    if (
        made.thing
        or not expression
        or known is None
        or known.thing not in unit_signs()
        or re.search("[+-]", expression)
    ):
        return made
    used = re.search(rf"(?<![\d.]){re.escape(f'{known.value:g}')}(?![\d.])", expression)
    return replace(made, thing=known.thing) if used else made


def _day_behind(message: ToolMessage) -> list[Result]:
    """The day that a question about dates told: "three weeks after that"."""
    artifact = artifact_of(message)
    if artifact.get("task") in ("select-lines", "find-lines", "image-to-text", "join"):
        days = _DAY.findall(str(artifact["outputs"].get("text", "")))
        return (
            [Result("date", value=day.isoformat()) for day in _days_in(f"which weekday is {days[0]}")]
            if len(days) == 1
            else []
        )
    value = str(artifact["outputs"].get("value", "")) if artifact.get("task") == "dates" else ""
    asked = str(artifact["inputs"].get("question", "")) if artifact.get("task") == "dates" else ""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return [Result("date", value=value)]
    named = _days_in(asked)
    return [Result("date", value=named[-1].isoformat())] if len(named) == 1 else []


def _days_in(question: str) -> list[date]:
    """The one day that a question names: "which weekday is 14 March 2026"."""
    from ....tools.dates import ask_date

    try:
        told = str(ask_date(question)["answer"])
    except ToolInputError:
        return []
    found = re.findall(r"\b(\d{1,2}) ([A-Z][a-z]+) (\d{4})\b", told)
    return [datetime.strptime(" ".join(one), "%d %B %Y").date() for one in dict.fromkeys(found)]


def _of_table(message: ToolMessage, argument: str) -> str:
    """An argument of a call that asked a table."""
    artifact = artifact_of(message)
    return str(artifact["inputs"].get(argument) or "") if artifact.get("task") == "table-query" else ""


def _number_behind(message: ToolMessage) -> list[Result]:
    """The number that was translated: "half of that" is half of it, and not of its French name."""
    artifact = artifact_of(message)
    said = in_figures(str(artifact.get("inputs", {}).get("text", "")))
    is_number = artifact.get("task") == "translation" and re.fullmatch(r"\d+(?:\.\d+)?", said)
    return [Result("number", value=float(said) if "." in said else int(said))] if is_number else []


def _unit(sentence: str, value: float) -> str:
    """The unit that stands behind a value in its sentence: "days" in "From … it is 84 days."."""
    found = re.search(rf"(?<![\d.,]){re.escape(f'{value:g}')}\s*((?:°\s?)?[A-Za-z²³/%]+)", sentence)
    return found[1] if found else ""


def _inputs(artifact: dict[str, Any], workspace: Workspace) -> list[File]:
    given = artifact.get("inputs", {}).values()
    return [file_of(workspace, one) for one in given if isinstance(one, str) and one in workspace]
