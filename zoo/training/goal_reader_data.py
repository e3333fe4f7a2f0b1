"""Annotated goals as the tokens, tags and classes that the reader of goals learns from, and more goals made of them.

What is made of them: words swapped for others of the same part (things, languages, numbers), letters dropped or turned
round, case and marks lost, wishes of two goals in one, and the story of one goal before the wish of another. Words
keep their parts through all of it, so nothing is annotated twice.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prefrontal.agent.planner.parse.parts import ARGUMENTS, LIMITS, OPS, SOURCES, argument_of, prefix

GOALS = Path(__file__).with_name("goals")
_SWAPPED = ("thing", "language", "number", "column", "date", "unit", "topic")


@dataclass
class Marked:
    """A goal whose characters are marked.

    Attributes:
        wish: for each character (wish, piece) by number, or None.
        op, source: of each wish.
        argument, limit: for each character a part and the number of its piece, or None.
    """

    text: str
    files: list[str]
    ops: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    wish: list[tuple[int, int] | None] = field(default_factory=list)
    argument: list[tuple[str, int] | None] = field(default_factory=list)
    limit: list[tuple[str, int] | None] = field(default_factory=list)
    writer: str = ""


def goals_of(folder: Path = GOALS) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.open(encoding="utf-8")]


def marked(goal: dict[str, Any]) -> Marked:
    """The annotation of a goal, put on its characters."""
    text = goal["goal"]
    size = len(text)
    made = Marked(text, list(goal["files"]), wish=[None] * size, argument=[None] * size, limit=[None] * size,
                  writer=goal["writer"])  # fmt: skip
    pieces = 0
    for number, wish in enumerate(goal["wishes"]):
        made.ops.append(wish["op"])
        made.sources.append(source_of(wish["takes"]))
        for words in wish["words"]:
            pieces += 1
            _mark(text, words, made.wish, (number, pieces))
    for wish in goal["wishes"]:
        for name, value in wish["args"].items():
            for words in value if isinstance(value, list) else [value]:
                pieces += 1
                _mark(text, words, made.argument, (argument_of(name), pieces))
        for part in (*wish["qualifiers"], *wish["constraints"]):
            pieces += 1
            _mark(text, part["words"], made.limit, (part["kind"], pieces))
    for words in goal["negated"]:
        pieces += 1
        _mark(text, words, made.limit, ("negated", pieces))
    return made


def source_of(takes: Sequence[str]) -> str:
    """One class for where a wish takes its input from."""
    if any(one.startswith("wish") for one in takes):
        return "wish"
    if any(one.startswith(("file", "all", "each")) for one in takes):
        many = len(takes) > 1 or any(one in ("all-files", "each-file") for one in takes)
        return "files" if many else "file"
    return "before" if "before" in takes else "words"


def _mark(text: str, words: str, marks: list[Any], mark: Any) -> None:
    """At the first place where the words stand by themselves and nothing is marked yet."""
    best = -1
    for found in re.finditer(re.escape(words), text):
        start, end = found.span()
        whole = not (start and text[start - 1].isalnum() and words[0].isalnum()) and not (
            end < len(text) and text[end].isalnum() and words[-1].isalnum()
        )
        free = all(marks[i] is None for i in range(start, end))
        if whole and free:
            best = start
            break
        best = start if best < 0 and free else best
    if best >= 0:
        marks[best : best + len(words)] = [mark] * len(words)


# More goals out of those that there are


def varied(goal: Marked, others: Sequence[Marked], chance: random.Random, fillers: dict[str, list[str]]) -> Marked:
    """The goal as somebody else might have typed it."""
    made = goal
    if chance.random() < 0.5:
        made = _swapped(made, chance, fillers)
    roll = chance.random()
    if roll < 0.15:
        made = _joined(made, chance.choice(others), chance)
    elif roll < 0.3:
        made = _after_story(made, chance.choice(others), chance)
    if chance.random() < 0.35:
        made = _mistyped(made, chance)
    roll = chance.random()
    if roll < 0.15:
        made = _spelled(made, str.lower)
    elif roll < 0.2:
        made = _spelled(made, str.upper)
    return made


def fillers_of(goals: Sequence[Marked]) -> dict[str, list[str]]:
    """By part of speech, the words that stand there in any goal."""
    found: dict[str, set[str]] = {}
    for goal in goals:
        for (kind, _), start, end in _runs(goal.argument):
            found.setdefault(kind, set()).add(goal.text[start:end])
    return {kind: sorted(words) for kind, words in found.items()}


def _runs(marks: Sequence[Any]) -> list[tuple[Any, int, int]]:
    runs: list[tuple[Any, int, int]] = []
    for i, mark in enumerate(marks):
        if mark is None:
            continue
        if runs and runs[-1][0] == mark and runs[-1][2] == i:
            runs[-1] = (mark, runs[-1][1], i + 1)
        else:
            runs.append((mark, i, i + 1))
    return runs


def _replaced(goal: Marked, start: int, end: int, words: str) -> Marked:
    def put(marks: list[Any]) -> list[Any]:
        return [*marks[:start], *[marks[start] if start < end else None] * len(words), *marks[end:]]

    return Marked(goal.text[:start] + words + goal.text[end:], goal.files, goal.ops, goal.sources, put(goal.wish),
                  put(goal.argument), put(goal.limit), goal.writer)  # fmt: skip


def _swapped(goal: Marked, chance: random.Random, fillers: dict[str, list[str]]) -> Marked:
    for (kind, _), start, end in reversed(_runs(goal.argument)):
        alone = len({goal.wish[i] for i in range(start, end)}) == 1
        same = len({goal.limit[i] for i in range(start, end)}) == 1
        if kind in _SWAPPED and alone and same and chance.random() < 0.6:
            goal = _replaced(goal, start, end, chance.choice(fillers[kind]))
    return goal


def _moved(marks: list[Any], wishes: int, pieces: int) -> list[Any]:
    return [(m[0] + wishes if isinstance(m[0], int) else m[0], m[1] + pieces) if m else None for m in marks]


def _joined(one: Marked, other: Marked, chance: random.Random) -> Marked:
    """Two goals in one message; what the second takes from words or files stays what it was."""
    if len(one.ops) + len(other.ops) > 4 or len(one.text) + len(other.text) > 300:
        return one
    link = chance.choice([". ", ", and then ", ". Also, ", " and ", "; ", ". Then ", "\n"])
    n = len(link)
    return Marked(one.text.rstrip(".!? ") + link + other.text, [*one.files, *other.files], [*one.ops, *other.ops],
                  [*one.sources, *other.sources],
                  [*one.wish[: len(one.text.rstrip(".!? "))], *[None] * n, *_moved(other.wish, len(one.ops), 1000)],
                  [*one.argument[: len(one.text.rstrip(".!? "))], *[None] * n, *_moved(other.argument, 0, 1000)],
                  [*one.limit[: len(one.text.rstrip(".!? "))], *[None] * n, *_moved(other.limit, 0, 1000)],
                  one.writer)  # fmt: skip


def _after_story(goal: Marked, other: Marked, chance: random.Random) -> Marked:
    """A sentence of another goal in which nothing is wished, before or behind this one."""
    stories = [
        found for found in re.finditer(r"[^.!?\n]+[.!?]", other.text)
        if not any(other.wish[i] or other.argument[i] or other.limit[i] for i in range(*found.span()))
        and len(found.group().split()) > 3
    ]  # fmt: skip
    if not stories:
        return goal
    told = chance.choice(stories).group().strip()
    if chance.random() < 0.7:
        return _replaced(goal, 0, 0, f"{told} ")
    end = len(goal.text)
    return Marked(f"{goal.text} {told}", goal.files, goal.ops, goal.sources, *(
        [*marks[:end], *[None] * (len(told) + 1)] for marks in (goal.wish, goal.argument, goal.limit)
    ), writer=goal.writer)  # fmt: skip


def _mistyped(goal: Marked, chance: random.Random) -> Marked:
    """One or two letters lost, doubled or turned round; a mark lost."""
    for _ in range(chance.randint(1, 2)):
        letters = [m.start() for m in re.finditer(r"(?<=\w)[a-z](?=[a-z])|[,.!?']", goal.text)]
        if not letters:
            return goal
        at = chance.choice(letters)
        letter = goal.text[at]
        if not letter.isalpha():
            goal = _replaced(goal, at, at + 1, "")
        else:
            after = goal.text[at + 1 : at + 2]
            goal = _replaced(goal, at, at + 2, chance.choice([letter, after + letter, letter * 2 + after]))
    return goal


def _spelled(goal: Marked, how: Any) -> Marked:
    text = "".join(how(c) if len(how(c)) == 1 else c for c in goal.text)
    return Marked(text, goal.files, goal.ops, goal.sources, goal.wish, goal.argument, goal.limit, goal.writer)


# Tokens


def tokens_of(goal: Marked, tokenizer: Any, limit: int) -> dict[str, list[int]]:
    """Token ids and their classes; -100 where nothing is to be learnt."""
    lead = prefix(goal.files)
    encoded = tokenizer.encode(lead + goal.text)
    ids, spans = encoded.ids[:limit], encoded.offsets[:limit]
    rows: dict[str, list[int]] = {name: [] for name in ("wish", "op", "source", "argument", "limit")}
    seen_piece: set[int] = set()
    last: dict[str, Any] = {"argument": None, "limit": None}
    for start, end in spans:
        start, end = start - len(lead), end - len(lead)
        if end <= 0 or start < 0:
            for row in rows.values():
                row.append(-100)
            continue
        mark = next((goal.wish[i] for i in range(start, end) if goal.wish[i]), None)
        if mark is None:
            rows["wish"].append(0)
            rows["op"].append(-100)
            rows["source"].append(-100)
        else:
            number, piece = mark
            first = piece not in seen_piece
            rows["wish"].append(1 if first else 2)
            rows["op"].append(OPS.index(goal.ops[number]))
            rows["source"].append(SOURCES.index(goal.sources[number]))
            seen_piece.add(piece)
        for name, marks, kinds in (("argument", goal.argument, ARGUMENTS), ("limit", goal.limit, LIMITS)):
            part = next((marks[i] for i in range(start, end) if marks[i]), None)
            inside = part is not None and part == last[name]
            rows[name].append(0 if part is None else 1 + 2 * kinds.index(part[0]) + int(inside))
            last[name] = part
    return {"ids": ids, **rows}
