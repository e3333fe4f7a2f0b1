"""The tools that a plan may use, and which of them a clause asks for when no cue tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ....tools.task import KINDS, Slot, Task
from ....tools.tasks import NOTHING, UNSERVED, find_task, plain_name, rows

MediaKinds = frozenset[str]
PLACED = 0.35  # below, a clause is not placed: asking is better than guessing (see benchmarks/planning.py)
_FITS_FILE = 0.12  # the task takes a kind of file that was passed
_LACKS_FILE = -0.6  # the task takes a kind of file that is not there
_NAMED = 0.4  # all words of the tool's name are there


@dataclass(frozen=True, slots=True)
class Tool:
    """Something a plan may call: its name in plans, the row that says what it takes and gives, and who it is."""

    name: str
    task: Task

    @property
    def known(self) -> bool:
        """True for a task of our own table; other tools are known by their description alone."""
        return find_task(self.task.id) is not None


@dataclass(frozen=True, slots=True)
class Match:
    """A tool with its score for a clause: about 0 (nothing in common) to 1 (beyond doubt)."""

    tool: Tool
    score: float

    @property
    def task(self) -> Task:
        return self.tool.task

    @property
    def confidence(self) -> float:
        return round(min(0.99, max(0.05, self.score)), 2)


def table_tools() -> list[Tool]:
    """Every row of the task table as a tool."""
    return [Tool(row.id, row) for row in rows()]


def described_tool(name: str, about: str, takes: Sequence[str] = (), gives: Sequence[str] = ()) -> Tool:
    """A tool known by name and description: a row of the table when one has that name, else a row made here.

    Args:
        takes, gives: the kinds of its inputs and outputs, when the description tells them; they go before the row's.
    """
    row = find_task(name)
    inputs = tuple(Slot(f"{kind}{i or ''}", kind, f"The {kind}") for i, kind in enumerate(takes) if kind in KINDS)
    outputs = tuple(Slot(kind, kind, f"The {kind}") for kind in gives if kind in KINDS)
    if row is None:
        lead = re.split(r"(?<=[.!?])\s", about.strip(), maxsplit=1)[0]
        outputs = outputs or (Slot("result", "text", "What came out"),)
        inputs = inputs or (Slot("text", "text", "What to work on"),)
        return Tool(name, Task(name, inputs, outputs, lead or name, (name, lead) if lead else (name,)))
    required = {slot.kind for slot in row.inputs if slot.required}
    if inputs and not required <= {slot.kind for slot in inputs}:  # it takes other things than our row of that name
        row = Task(row.id, inputs, row.outputs, row.does, row.asks, row.aliases, row.runner, row.needs)
    return Tool(name, row)


@dataclass
class Matcher:
    """The tools of a plan, by name, and how close each comes to the words of a clause.

    Args:
        similarity: gives each task's closeness to a text, from 0 to 1, by its id; tasks left out count as 0.
        tools: the only tools to use; the whole task table when None.
        closeness: the cosine of a text with each of some others; used for tools that the table does not know.
    """

    similarity: Callable[[str], Mapping[str, float]]
    tools: Sequence[Tool] = field(default_factory=table_tools)
    closeness: Callable[[str, Sequence[str]], Sequence[float]] | None = None

    @cached_property
    def _by_name(self) -> dict[str, Tool]:
        """Tools by their own name first, then by the task they stand for."""
        named = {plain_name(tool.name): tool for tool in self.tools}
        for tool in self.tools:
            named.setdefault(tool.task.id, tool)
        return named

    @cached_property
    def _stems(self) -> list[tuple[Tool, frozenset[str]]]:
        return [(tool, frozenset(word_stems(tool.name))) for tool in self.tools if not tool.known]

    def find(self, name: str) -> Tool | None:
        """The tool of that name or task, or one that stands in for it."""
        if tool := self._by_name.get(name):
            return tool
        row = find_task(name)
        for other in (row.id, *row.stands_in) if row else ():
            if other in self._by_name:
                return self._by_name[other]
        return None

    def has(self, task: str) -> bool:
        return task in self._by_name

    def named_in(self, words: str) -> Iterable[Tool]:
        """Tools outside of the table whose whole name is in the words, whatever their endings."""
        there = set(word_stems(words)) if self._stems else set()
        return [tool for tool, needed in self._stems if needed and needed <= there]

    def kind_of_asking(self, words: str) -> str:
        """`NOTHING` or `UNSERVED` when the words come closer to these than to any tool, else ""."""
        close = self.similarity(words)
        served = max((close.get(tool.task.id, 0.0) for tool in self.tools if tool.known), default=0.0)
        other = max((NOTHING, UNSERVED), key=lambda name: close.get(name, 0.0))
        return other if close.get(other, 0.0) > served else ""

    def match(self, words: str, files: MediaKinds) -> list[Match]:
        """All tools, the best first; `files` are the kinds of media that are there or will be made before."""
        close = self.similarity(words)
        named = {tool.name for tool in self.named_in(words)}
        strange = [tool for tool in self.tools if not tool.known]
        told = [f"{tool.name}: {tool.task.does}" for tool in strange]
        near = dict(
            zip(
                (tool.name for tool in strange),
                self.closeness(words, told) if told and self.closeness else (),
                strict=False,
            )
        )
        matches = [
            Match(
                tool,
                (close.get(tool.task.id, 0.0) if tool.known else near.get(tool.name, 0.0))
                + (_NAMED if tool.name in named else 0.0)
                + _by_files(tool.task, files),
            )
            for tool in self.tools
        ]
        return sorted(matches, key=lambda match: (-match.score, match.tool.name))


def word_stems(text: str) -> list[str]:
    """Words without their endings: "Video Stabilizer" and "stabilize the video" share both stems."""
    found = []
    for word in re.findall(r"[a-z]{3,}", text.lower()):
        short = re.sub(r"(?:i[sz](?:ers?|ing|ations?|e[sd]?)|ations?|ions?|ings?|ers?|ors?|ed|es|e|s|y)$", "", word)
        found.append(short if len(short) >= 3 else word)
    return found


def _by_files(row: Task, files: MediaKinds) -> float:
    needed = {slot.kind for slot in row.media if slot.required}
    if not needed:
        return 0.0
    return _FITS_FILE if needed <= files else _LACKS_FILE
