"""The workbench on which a plan is put together: the steps so far, what each wish gave, and what there is to work on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ....tools.stems import content_words, stem
from ....tools.tasks import get_task
from ..parse.parts import MAKERS
from ..parse.reading import ordinals
from ..parse.wishes import Understanding, Wish
from ..plan_step import PlanStep, node, nodes_in
from .draft import File, is_named

_SAYS = {"image": "picture", "audio": "recording", "text": "text file", "document": "text file"}
_LAST = re.compile(
    r"\b(?:last|latter|newer|other) (?:one|photo|picture|image|recording|file|clip|page|list|table)\b", re.I
)
_BOTH = re.compile(r"\b(?:both|each|every|all|two|three|these|those|them)\b", re.IGNORECASE)
_FILE_WORDS = r"(?:photos?|pictures?|images?|pics?|shots?|scans?|recordings?|clips?|memos?|notes?|files?|tables?|lists?|lines?|ones?|page)"
_NTH = r"(first|second|third|fourth|fifth|1st|2nd|3rd)"
# "The second", but no "second row", and no "first" that only says in which order things are done.
_ORDINAL = re.compile(
    rf"\b(?:the|this|that|my|our|your|his|her|their|in|of|on|from|and|or|only|just)\s+{_NTH}\b(?!\s+(?:row|column|word|sentence|paragraph)s?\b)"
    rf"|\b{_NTH}\s+(?:\w+\s+)?{_FILE_WORDS}\b",
    re.IGNORECASE,
)


_HURRY = (
    (re.compile(r"\bw/o\b|\bw/out\b", re.I), "without"),
    (re.compile(r"\bw/|\bw\b(?= )", re.I), "with "),
    (re.compile(r"(?<=\s)(?:&|n)(?=\s)", re.I), "and"),
    (re.compile(r"\b(?:frm|fr)\b", re.I), "from"),
    (re.compile(r"\b(?:abt|bout)\b", re.I), "about"),
    (re.compile(r"\bhv\b", re.I), "have"),
    (re.compile(r"\b(?:tmrw|tmr|2moro)\b", re.I), "tomorrow"),
    (re.compile(r"\bwhats\b", re.I), "what's"),
    (
        re.compile(
            r"\b(?:(?:it is |is )?(?:file |table |list )?attached|as exported|(?:in|from) (?:this|the|that) (?:attached )?(?:file|sheet|table|excel|list|csv))\b",
            re.I,
        ),
        " ",
    ),
    (re.compile(r"\b(?:now|please|pls|plz|kindly|thanks|thx|ta|lol|haha|ok|okay|btw)\b[!,]?", re.I), " "),
)


def unhurried(text: str) -> str:
    """Without what people write in a hurry, and without courtesy."""
    for pattern, words in _HURRY:
        text = pattern.sub(words, text)
    return text


class Lacking(Exception):
    """A wish cannot be planned; the message says in a sentence what is missing, or what nothing here can do."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a wish gave, for the wishes behind it.

    Attributes:
        kind: "number", "text", "labels", "boxes", "image" …
        places: the steps that hold it; none where the value is known.
        value: a value of an earlier turn, or out of the goal itself.
        names: of what each value is, such as the files' names.
        many: the step gives one value for each of several files.
        thing: what was counted, or the unit of a number; "" when neither is known.
    """

    kind: str
    places: tuple[int, ...] = ()
    value: Any = None
    names: tuple[str, ...] = ()
    many: bool = False
    thing: str = ""

    @property
    def reference(self) -> Any:
        """What a step takes it by."""
        return node(self.places[-1]) if self.places else self.value


@dataclass(frozen=True, slots=True)
class Before:
    """What the turns before left: files, results (the newest last), how the last goal was read, the last question
    that a table was asked, and the sheet that it named."""

    files: tuple[File, ...] = ()
    results: tuple[Result, ...] = ()
    wishes: tuple[Wish, ...] = ()
    goal: str = ""
    asked: str = ""
    sheet: str = ""


NOTHING_BEFORE = Before()


@dataclass
class Bench:
    """A plan being made out of wishes.

    Args:
        files: what came with the goal.
        look: gives the content of a file by its handle: tables and texts are looked into, so that a question about a
            column that is not there is refused before anything runs.
        labels: what the detectors that run here can find.
        closeness: the cosine of a text with each of some others.
        knows: whether the index holds a model of that id.
        reply: the answer to what is said to the assistant itself, by op and words.
        has: whether a model of a task can run here.
    """

    understanding: Understanding
    files: Sequence[File]
    before: Before = NOTHING_BEFORE
    look: Callable[[str], Any] = lambda handle: None
    labels: Callable[[], Sequence[str]] = tuple
    has: Callable[[str], bool] = lambda task: True
    closeness: Callable[[str, list[str]], Sequence[float]] = lambda text, others: [1.0] * len(others)
    knows: Callable[[str], bool] = lambda id: True
    reply: Callable[[str, str], str] = lambda op, words: ""
    steps: list[PlanStep] = field(default_factory=list)
    results: list[Result | None] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    limits: dict[str, Any] = field(default_factory=dict)
    all_files: bool = False  # what comes next compares them, so "in the first one" leaves none of them out

    @property
    def goal(self) -> str:
        return self.understanding.goal

    def segment(self, wish: Wish) -> str:
        """The words of the goal that a wish is about."""
        wishes = self.understanding.wishes
        return self.understanding.segment(next(i for i, one in enumerate(wishes) if one.words == wish.words))

    def sentence(self, wish: Wish) -> str:
        """The sentences in which the wish stands."""
        start = max((m.end() for m in re.finditer(r"[.!?]\s+|\n", self.goal[: wish.start])), default=0)
        end = re.search(r"[.!?](?:\s|$)|\n", self.goal[wish.end :])
        return self.goal[start : wish.end + end.end() if end else len(self.goal)].strip()

    def questions(self, wish: Wish) -> list[str]:
        """What a tool may be asked that reads words itself, the least first: the wish's own words, its sentence, the
        whole goal; each first without the names of files, how the answer shall look, and what people write in a hurry."""
        texts = (self.segment(wish), self.sentence(wish), self.goal)
        return list(dict.fromkeys(one for text in texts for one in self.as_asked(wish, text)))

    def as_asked(self, wish: Wish, text: str) -> list[str]:
        """A piece of the goal without names of files, the answer's looks and what is written in a hurry; and as it is."""
        plain = text
        for file in (*self.files, *self.before.files):
            plain = plain.replace(file.name, " ") if file.name else plain
        for piece in wish.limits:
            plain = plain.replace(piece.text, " ") if piece.kind == "format" else plain
        plain = unhurried(plain)
        return [one for one in (" ".join(plain.split()).strip(" ,;:-–."), text) if one]

    def add(self, task: str, arguments: dict[str, Any], wish: Wish, why: str, **more: Any) -> int:
        """Append a step; its place."""
        words = " ".join(self.segment(wish).split())[:200] or wish.op.replace("_", " ")
        more["each"] = more.get("each") or self._fanned(task, arguments)
        more.setdefault("covers", " ".join(piece.text for piece in wish.limits))
        made = PlanStep(task, arguments, words, confidence=round(wish.sure, 2), why=why, limits=self.limits, **more)
        self.steps.append(made)
        return len(self.steps) - 1

    def _fanned(self, task: str, arguments: dict[str, Any]) -> str:
        """The argument of which each value gets a call of its own: what several calls gave, for a slot that takes one."""
        row = get_task(task)
        for name, value in arguments.items():
            slot, places = row.slot(name), nodes_in(value)
            if slot is None or slot.many or not places or value != node(places[0]):
                continue
            source = self.steps[places[0]]
            if source.each or get_task(source.task).output.many:
                return name
        return ""

    # What there is

    def files_for(self, wish: Wish, *kinds: str) -> list[File]:
        """The files that a wish is about: named, counted off, all of a kind, or those of the turn before.

        Raises:
            Lacking: there is none of these kinds.
        """
        text = self.segment(wish)
        if kinds == ("audio",) and not any(file.kind == "audio" for file in self.files):
            kinds = ("audio", "video")  # the sound of a video
        named = [file for file in self.files if file.kind in kinds and is_named(file, text)]
        if named:
            return (self._called(wish, named) or named) if len(named) > 1 and not self.all_files else named
        there = [file for file in self.files if file.kind in kinds]
        if not there and not self.files:
            there = [file for file in self.before.files if file.kind in kinds]
            if len(there) > 1 and not _BOTH.search(text):
                there = there[-1:]
        if not there:
            raise Lacking(self._missing(wish, kinds))
        if len(there) > 1 and not self.all_files:
            return self._counted_off(text, there) or self._called(wish, there) or there
        return there

    def _called(self, wish: Wish, there: list[File]) -> list[File]:
        """Of several wishes over pictures each is about the one that is called as it is: coins are counted in coins.png."""
        makers = {one.op for one in self.understanding.wishes if one.op in MAKERS}
        if wish.op not in makers or len(makers) < 2:
            return []
        said = {stem(word) for piece in (*wish.words, *wish.arguments) for word in content_words(piece.text)}
        called = [file for file in there if said & {stem(word) for word in content_words(_title(file.name))}]
        return called if len(called) < len(there) else []

    def _counted_off(self, text: str, there: list[File]) -> list[File]:
        """ "In the second photo": the second of these files."""
        found = [ordinal for match in _ORDINAL.finditer(text) for ordinal in match.groups() if ordinal]
        places = {place for word in found for place in ordinals(word) if place < len(there)}
        places |= {i for i, file in enumerate(there) if file.page and _says_page(text, file.page)}
        if places and len(places) < len(there):
            return [there[place] for place in sorted(places)]
        return [there[-1]] if _LAST.search(text) else []

    def _missing(self, wish: Wish, kinds: Sequence[str]) -> str:
        want = " or ".join(dict.fromkeys(_SAYS.get(kind, kind) for kind in kinds))
        article = "an" if want[0] in "aeiou" else "a"
        words = "; ".join(f"“{piece.text}”" for piece in wish.words[:2])
        named = [
            name
            for name in re.findall(r"[\w.-]+\.[A-Za-z]\w{1,4}\b", self.goal)
            if name not in {f.name for f in self.files}
        ]
        if named and not self.files:
            return (
                f"{' and '.join(dict.fromkeys(named))} {'is' if len(set(named)) == 1 else 'are'} named but was not passed along; "
                f"pass {article} {want} with --file, or as an argument behind the goal."
            )
        if self.files:
            got = ", ".join(
                f"{file.name or file.handle} is {_a(_SAYS.get(file.kind, file.kind))}" for file in self.files[:4]
            )
            return f"{words} needs {article} {want}, but {got}; pass {article} {want} along."
        return f"{words} needs {article} {want}: pass it along with --file, or as an argument behind the goal."

    # What was made

    def made(self, wish: Wish, *kinds: str) -> Result | None:
        """What an earlier wish gave, or an earlier turn, of one of the kinds."""
        for result in reversed(self.results):
            if result is not None and (not kinds or result.kind in kinds):
                return result
        return self.earlier(*kinds)

    def earlier(self, *kinds: str) -> Result | None:
        """What an earlier turn gave."""
        return next((r for r in reversed(self.before.results) if not kinds or r.kind in kinds), None)


def _title(name: str) -> str:
    """The words of a file's name."""
    return re.sub(r"[\W_\d]+", " ", name.rpartition(".")[0] or name)


def _says_page(text: str, page: str) -> bool:
    """ "Page 2", or "frames 1 and 2", of a file whose picture is "page 2 of 3"."""
    part, first, *_ = page.split()
    last = page.split()[3] if " to " in page else first
    said = re.findall(rf"\b{part.rstrip('s')}s?\s+((?:\d+(?:\s*(?:,|and|&|to|-)\s*)?)+)", text, re.IGNORECASE)
    named: set[int] = set()
    for one in said:
        named |= {int(number) for number in re.findall(r"\d+", one)}
        for low, high in re.findall(r"(\d+)\s*(?:to|-)\s*(\d+)", one):
            named |= set(range(int(low), min(int(high), 999) + 1))
    return any(int(first) <= number <= int(last) for number in named)


def handles(files: Sequence[File]) -> Any:
    """One handle, or a list of several."""
    return files[0].handle if len(files) == 1 else [file.handle for file in files]


def names(files: Sequence[File]) -> tuple[str, ...]:
    return tuple(file.name or file.handle for file in files)


def each(name: str, files: Sequence[File]) -> str:
    return name if len(files) > 1 else ""


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
