"""Steps under construction, and what there is for the next one to work on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ....tools.task import Task
from ....tools.tasks import find_task
from ..parse.clauses import Clause
from ..parse.mentions import kinds_near
from ..parse.reading import Reading, ordinals
from ..parse.words import PLURAL
from ..plan_step import Formula, PlanStep, node, nodes_in
from .matching import Matcher, Tool

AS_TEXT = ("text", "number", "labels", "boxes", "spans", "masks", "json")  # output kinds that can be put into words
_VIEWS = frozenset({"depth-estimation", "image-segmentation", "mask-generation", "draw-boxes"})  # pictures of a picture
_ORIGINAL = re.compile(r"\boriginal\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    """What the planner knows of a file: never more than its handle, kind, name, shape, and which page it is."""

    handle: str
    kind: str
    name: str = ""
    shape: float = 0.0  # width : height of a picture, 0 when not known
    page: str = ""  # "page 2 of 3", of a file of several pages or frames
    blank: bool = False  # nothing is on it


@dataclass
class Draft:
    """A plan being made.

    Attributes:
        refs: the steps that the clause at hand speaks of ("the edited image", "the summary").
        told: clauses that ask for nothing, but say what there is.
        build: adds a step with those it needs.
        assume: fill in what a request speaks of without passing it along ("a long article").
    """

    reading: Reading
    files: Sequence[File]
    matcher: Matcher
    assume: bool = False
    steps: list[PlanStep] = field(default_factory=list)
    tools: list[Tool] = field(default_factory=list)
    told: list[Clause] = field(default_factory=list)
    refs: list[int] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    spoken_of: dict[str, File] = field(default_factory=dict)  # by kind, the file that was named last
    problem: str = ""
    build: Callable[[Draft, Clause, Tool, float], None] = lambda *_: None

    def add(self, tool: Tool | str, clause: Clause, sure: float, arguments: dict[str, Any], **more: Any) -> int:
        """Append a step and return its place; a value that fans out makes the step fan out."""
        found = self.matcher.find(tool) if isinstance(tool, str) else tool
        if found is None:
            row = find_task(str(tool))
            assert row is not None, tool
            found = Tool(row.id, row)
        more.setdefault("each", self._fanned(found.task, arguments))
        self.used.update(value for value in arguments.values() if isinstance(value, str))
        self.tools.append(found)
        self.steps.append(PlanStep(found.name, arguments, clause.full, confidence=round(sure, 2), **more))
        return len(self.steps) - 1

    def _fanned(self, row: Task, arguments: dict[str, Any]) -> str:
        for name, value in arguments.items():
            slot = row.slot(name)
            if slot is None or slot.many or isinstance(value, Formula):
                continue
            if isinstance(value, list) or (isinstance(value, str) and self.is_many(value)):
                return name
        return ""

    def is_many(self, value: str) -> bool:
        """True when a reference stands for several values."""
        found = re.fullmatch(r"<node-(\d+)>", value)
        if not found:
            return False
        place = int(found.group(1))
        return bool(self.steps[place].each) or self.tools[place].task.output.many

    def output(self, place: int) -> str:
        """The kind of what a step gives."""
        return self.tools[place].task.output.kind

    def placed(self, tool: Tool) -> int | None:
        """The last step that calls this tool."""
        return next((i for i in range(len(self.steps) - 1, -1, -1) if self.tools[i].name == tool.name), None)

    def made(self, kinds: Sequence[str], asked: bool | None = None) -> int | None:
        """The step meant by the clause whose output is of one of the kinds, else the last one."""
        for place in (*reversed(self.refs), *range(len(self.steps) - 1, -1, -1)):
            if self.output(place) in kinds and asked in (None, self.steps[place].asked):
                return place
        return None

    def referred(self, kinds: Sequence[str]) -> list[int]:
        """The steps that the clause speaks of, with outputs of these kinds, in the order of the plan."""
        return sorted({place for place in self.refs if self.output(place) in kinds})

    def kinds(self) -> frozenset[str]:
        """The kinds of media that there are by now."""
        return frozenset({file.kind for file in self.files} | {self.output(i) for i in range(len(self.steps))})

    def quotes(self) -> Iterator[str]:
        """Quoted texts that were told, before or after, and are not used yet."""
        for clause in self.reading.clauses:
            if clause.asks:
                continue
            for quote in clause.quotes:
                if quote not in self.used:
                    yield quote

    def notice(self, clause: Clause) -> None:
        """Remember the files that a clause names."""
        for file in self.files:
            if file.name and file.name.lower() in clause.text.lower():
                self.spoken_of[file.kind] = file

    def media(self, kind: str, clause: Clause) -> Any:
        """The handles that a clause means: one, a list to go through, or what an earlier step made; None if none."""
        files = [file for file in self.files if file.kind == kind]
        named = [file for file in files if is_named(file, clause.text)]
        places = [place for place in ordinals(clause.text) if place < len(files)] if len(files) > 1 else []
        if (referred := self.referred([kind])) and not named:
            return node(referred[-1])
        made = self._picture(kind, files)
        if named or places:
            chosen = named or [files[place] for place in places]
        elif made is not None and not _ORIGINAL.search(clause.text):
            return node(made)
        elif kind in self.spoken_of and not PLURAL.search(clause.text):
            chosen = [self.spoken_of[kind]]
        else:
            chosen = files
        handles = [file.handle for file in chosen]
        if not handles and made is not None:
            return node(made)
        if not handles and self.assume:
            return f"<{kind}>"
        return handles[0] if len(handles) == 1 else handles or None

    def _picture(self, kind: str, files: Sequence[File]) -> int | None:
        """The last step that made one of the kind; a depth map or a mask is looked at and rarely worked on."""
        for place in range(len(self.steps) - 1, -1, -1):
            if self.output(place) == kind and not (files and self.tools[place].task.id in _VIEWS):
                return place
        return None

    def about(self, clause: Clause, where: tuple[int, int], end: int, answering: bool) -> list[str]:
        """The kinds that a request is about, the likeliest first: named, then what was made last, then the files.

        Args:
            where: where the clause speaks of the task; end: up to where what follows belongs to it.
            answering: a question is asked, which rather is about a picture than about the labels it was given.
        """
        kinds = kinds_near(clause, where[1], end, before=where[0])
        for place in (*reversed(self.refs), *range(len(self.steps) - 1, -1, -1)):
            kind = self.output(place)
            seen = [file for j in _sources(self.steps, place) for file in self.files if file.handle == j]
            looked_at = [file.kind for file in seen][:1]
            if kind in AS_TEXT:
                structured = kind in ("boxes", "masks", "labels")
                kinds += [*looked_at, "text"] if answering and structured else ["text", *looked_at]
            else:
                kinds.append(kind)
            break
        kinds += [kind for told in reversed(self.told) for kind in kinds_near(told, 0, len(told.seen))]
        kinds += [file.kind for file in reversed(self.files)]
        there = self.kinds()
        if "document" in kinds and "image" not in there:
            kinds = ["text" if kind == "document" else kind for kind in kinds]
        return list(dict.fromkeys(kinds))


def _sources(steps: Sequence[PlanStep], place: int) -> list[str]:
    """The files that a step looks at, straight or through the steps before it."""
    found: list[str] = []
    for value in steps[place].arguments.values():
        for one in value if isinstance(value, list) else [value]:
            behind = nodes_in(one)
            found += [file for j in behind for file in _sources(steps, j)] if behind else [str(one)]
    return found


def is_named(file: File, text: str) -> bool:
    """By its whole name, or by a stem that is no plain word: coins.png is not meant by "the coins"."""
    name = file.name.removesuffix(f", {file.page}")  # all pages of a file are meant by its name
    stem = name.rpartition(".")[0]
    by_stem = re.search(r"[\d_-]", stem) is not None and re.search(rf"\b{re.escape(stem)}\b", text) is not None
    return bool(name) and (name.lower() in text.lower() or by_stem)
