"""The tables that connectors are read with: classes, libraries and signs, from the files beside this one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_START = 4  # letters of a word that are looked up before a pattern is tried
_WHOLE = ("words", "name")  # places whose patterns mean whole words


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says: `pattern` found means `task`, by so many points of evidence; `library` where it names one.

    `branches` are the alternatives of a pattern of words, each with the first letters of the words with which it can
    begin, None when it may begin with anything.
    """

    pattern: re.Pattern[str]
    task: str
    points: float
    library: str = ""
    branches: tuple[tuple[frozenset[str] | None, re.Pattern[str]], ...] = ()

    def places(self, text: str, begun: frozenset[str]) -> Iterator[int]:
        """Where a pattern of words stands in a text.

        Args:
            begun: the `word_starts` of the text. Trying fifty patterns at every word of a card is what takes the time;
                most of their alternatives begin with words that it does not hold.
        """
        for starts, branch in self.branches:
            if starts is None or not starts.isdisjoint(begun):
                yield from (found.start() for found in branch.finditer(text))


def _lines(name: str) -> Iterator[list[str]]:
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@cache
def classes() -> tuple[Row, ...]:
    """Classes and functions that open models; the first row that fits a name counts."""
    return tuple(
        Row(re.compile(pattern), task, float(points), library)
        for pattern, library, task, points in _lines("classes.tsv")
    )


@cache
def libraries() -> dict[str, tuple[str, str, float]]:
    """(library as the Hub calls it, the task that most of its models have, points), by import name."""
    return {name: (library, task, float(points)) for name, library, task, points in _lines("libraries.tsv")}


@cache
def signs(place: str) -> tuple[Row, ...]:
    """What words, data sets, measures, tags and names say of a task; `place` is the first column of signs.tsv."""
    rows = ((task, float(points), pattern) for where, task, points, pattern in _lines("signs.tsv") if where == place)
    return tuple(
        Row(_whole(pattern), task, points, branches=tuple((starts(one), _whole(one)) for one in _branches(pattern)))
        if place in _WHOLE
        else Row(re.compile(pattern), task, points)
        for task, points, pattern in rows
    )


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})(?!\w)")


def word_starts(text: str) -> frozenset[str]:
    """The first letters of all words of a text: 2 to 4 of them."""
    words = set(re.findall(r"[^\W_]+", text))
    return frozenset(word[:length] for word in words for length in (2, 3, _START))


def starts(pattern: str) -> frozenset[str] | None:
    """The first letters with which whatever fits a pattern begins; None when one of its branches can begin anyhow."""
    found: set[str] = set()
    for branch in _branches(pattern):
        branch = branch.removeprefix(r"\b")
        if branch.startswith("("):
            inner, rest = _group(branch)
            if rest[:1] in ("?", "*", "{") or inner.startswith("?"):
                return None
            more = starts(inner)
            if more is None:
                return None
            found |= more
            continue
        letters = re.match(r"[^\W_]*", branch)
        run = letters[0] if letters else ""
        if branch[len(run) : len(run) + 1] in ("?", "*", "{"):
            run = run[:-1]
        if len(run) < 2:
            return None
        found.add(run[:_START])
    return frozenset(found)


def _branches(pattern: str) -> list[str]:
    """The alternatives at the top of a pattern."""
    parts, depth, start = [], 0, 0
    for place, character in enumerate(pattern):
        escaped = place > 0 and pattern[place - 1] == "\\"
        depth += 0 if escaped else (character in "([") - (character in ")]")
        if character == "|" and not depth and not escaped:
            parts.append(pattern[start:place])
            start = place + 1
    return [*parts, pattern[start:]]


def _group(branch: str) -> tuple[str, str]:
    """What stands in the brackets that a branch begins with, and what follows."""
    depth = 0
    for place, character in enumerate(branch):
        depth += (character == "(") - (character == ")")
        if not depth:
            return branch[1:place], branch[place + 1 :]
    return branch[1:], ""
