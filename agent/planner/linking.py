"""From matched clauses to typed steps: what feeds what, and which steps only make what another step takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...tools.tasks import Slot, Task, find_task
from .matching import PLACED, Match, Matcher
from .plan import Formula, Plan, PlanStep, node
from .reading import Clause, Reading, counted_noun, language, ordinals, read, recognised_noun, region, spell_operators
from .words import COMPARISON, FORMULAS, LANGUAGES, LINE, PAGE, REFERS, VERBS

_AS_TEXT = ("text", "number", "labels")  # output kinds that a text input can take
_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?![\w])")
_CAPTION = re.compile(r"\bcaption|\bdescri(?:be|ption)|\bin a sentence\b", re.IGNORECASE)
_SAID_IN = re.compile(r"\b(?:say|tell|give|write|answer|put|express|spell|name)\b", re.IGNORECASE)
_LANGUAGE_PHRASE = re.compile(rf"\b(?:in|into|to)\s+(?:{'|'.join(LANGUAGES)})\b|\btranslat\w+\b", re.IGNORECASE)
_CLEARLY = 0.8  # a score at which a clause asks for a task beyond doubt
_PAGE_SHAPE = 3.5  # width : height below which a picture of text is rather a page than a line


@dataclass(frozen=True, slots=True)
class File:
    """What the planner knows of a file: never more than its handle, kind, name and shape."""

    handle: str
    kind: str
    name: str = ""
    shape: float = 0.0  # width : height of a picture, 0 when not known


@dataclass
class Draft:
    """Steps under construction."""

    reading: Reading
    files: Sequence[File]
    matcher: Matcher
    steps: list[PlanStep] = field(default_factory=list)
    problem: str = ""

    def add(self, task: str, clause: Clause, match: Match | None, arguments: dict[str, Any], **more: Any) -> int:
        """Append a step and return its place; a value that fans out makes the step fan out."""
        row = find_task(task)
        assert row is not None
        more.setdefault("each", self._fanned(row, arguments))
        confidence = match.confidence if match else 0.9
        self.steps.append(PlanStep(row.id, arguments, clause.full, confidence=confidence, **more))
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
        step = self.steps[int(found.group(1))]
        row = find_task(step.task)
        return bool(step.each) or bool(row and row.output.many)

    def made(self, kinds: Sequence[str], asked: bool | None = None) -> int | None:
        """The last step whose output is of one of the kinds."""
        for place in range(len(self.steps) - 1, -1, -1):
            row = find_task(self.steps[place].task)
            if row and row.output.kind in kinds and asked in (None, self.steps[place].asked):
                return place
        return None

    def kinds(self) -> frozenset[str]:
        """The kinds of media that there are by now."""
        made = {row.output.kind for step in self.steps if (row := find_task(step.task))}
        return frozenset({file.kind for file in self.files} | made)

    def media(self, kind: str, clause: Clause) -> Any:
        """The handles that a clause means: one, a list to go through, or what an earlier step made; None if none."""
        made = self.made([kind])
        files = [file for file in self.files if file.kind == kind]
        named = [file for file in files if _is_named(file, clause.text)]
        places = [place for place in ordinals(clause.text) if place < len(files)]
        if named or places:
            chosen = named or [files[place] for place in places]
        elif made is not None and not re.search(r"\boriginal\b", clause.text):
            return node(made)
        else:
            chosen = files
        handles = [file.handle for file in chosen]
        if not handles and made is not None:
            return node(made)
        return handles[0] if len(handles) == 1 else handles or None


def make_plan(goal: str, files: Sequence[File], matcher: Matcher) -> Plan:
    """A plan for a goal; with a `problem` instead of steps when a part of it could not be placed."""
    reading = read(goal)
    draft = Draft(reading, files, matcher)
    for clause in _whole_clauses(reading):
        _place(draft, clause)
        if draft.problem:
            return Plan(goal, (), draft.problem)
    if not draft.steps:
        return Plan(
            goal, (), f"I could not find anything to do in {goal[:200]!r}; say what shall be done, with a verb."
        )
    return Plan(goal, tuple(draft.steps))


def _whole_clauses(reading: Reading) -> list[Clause]:
    """Clauses without words of their own (only quotes, greetings) belong to the one before."""
    whole: list[Clause] = []
    for clause in reading.clauses:
        if whole and not re.search(r"[A-Za-z]{2,}", clause.plain):
            last = whole[-1]
            whole[-1] = Clause(f"{last.text} {clause.text}", last.quotes + clause.quotes)
        else:
            whole.append(clause)
    return whole


def _place(draft: Draft, clause: Clause) -> None:
    if draft.reading.arithmetic and draft.reading.arithmetic in spell_operators(clause.text):
        draft.add("calculate", clause, None, {"expression": draft.reading.arithmetic}, why="arithmetic needs no model")
        return
    matches = draft.matcher.match(clause.plain, draft.kinds())
    best = matches[0] if matches else None
    if best is None or best.score < PLACED:
        if draft.steps and len(clause.plain.split()) < 4:
            return  # "please", "as a list": says how, not what
        draft.problem = _unplaced(draft, clause, matches)
        return
    build = _BUILDERS.get(best.task.id, _generic)
    build(draft, clause, best)
    if best.task.id != "translation" and best.task.output.kind in _AS_TEXT and not draft.problem:
        _also_translate(draft, clause)


def _also_translate(draft: Draft, clause: Clause) -> None:
    """ "Tell me in French how many there are": one clause that asks for a result, and for its language."""
    made = draft.made(_AS_TEXT)
    if made is not None and _SAID_IN.search(clause.plain) and (target := language(clause.text)):
        match = next((m for m in draft.matcher.match(clause.plain, draft.kinds()) if m.task.id == "translation"), None)
        if match:
            arguments = {"text": node(made), "target_language": target}
            draft.add("translation", clause, match, arguments, why=_in_language(target))


def _in_language(code: str) -> str:
    name = next((name for name, known in LANGUAGES.items() if known == code), "another language")
    return f"it shall be in {name.capitalize()}"


def _unplaced(draft: Draft, clause: Clause, matches: Sequence[Match]) -> str:
    nearest = ", ".join(match.task.id for match in matches[:3])
    there = draft.kinds()
    lacking = next((m.task for m in matches[:3] if any(slot.kind not in there for slot in m.task.media)), None)
    hint = f"; {lacking.id} would need {lacking.media[0].kind} passed along" if lacking else ""
    said = f"I could not place {clause.full!r}: no task fits it well enough"
    return f"{said}. The nearest are {nearest}{hint}; say it in other words."


# What each task needs to be asked for in its own way; the rest goes by the row alone.


def _generic(draft: Draft, clause: Clause, match: Match) -> None:
    arguments: dict[str, Any] = {}
    for slot in match.task.inputs:
        value = _value(draft, clause, slot)
        if value is None and slot.required:
            draft.problem = _lacking(match.task, slot, clause)
            return
        if value is not None:
            arguments[slot.name] = value
    noun = _NOUNS.get(match.task.id, lambda text: "")(clause.text)
    draft.add(match.task.id, clause, match, arguments, noun=noun, why=match.task.does)


def _lacking(task: Task, slot: Slot, clause: Clause) -> str:
    what = f"a file of kind {slot.kind}" if slot.is_media else slot.about[0].lower() + slot.about[1:]
    how = "pass it along" if slot.is_media else 'put it in quotes, as in "…"'
    return f"I read {clause.full!r} as {task.id}, but {what} is missing; {how}."


def _value(draft: Draft, clause: Clause, slot: Slot) -> Any:
    """What fills an input: a file, a quote, what an earlier step made, or the clause's own words; None if nothing."""
    if slot.is_media:
        value = draft.media(slot.kind, clause)
        place = region(clause.text)
        if value is not None and place and slot.kind == "image":
            cut = draft.add(
                "crop", clause, None, {"image": value, "region": place}, asked=False, why=f"only the {place} is meant"
            )
            return node(cut)
        return value
    if not slot.required:
        return None
    if slot.kind in ("boxes", "labels", "spans", "masks"):
        made = draft.made([slot.kind])
        return node(made) if made is not None else _produce(draft, clause, (slot.kind,))
    if slot.many and slot.name == "candidate_labels":
        return list(clause.quotes) or _listed(clause.plain)
    if slot.many:
        return list(clause.quotes) or None
    if slot.name == "question":
        return clause.quotes[0] if clause.quotes else clause.plain
    if slot.name in ("prompt", "expression"):
        return clause.quotes[0] if clause.quotes else _without_verb(clause.plain)
    return _text(draft, clause)


def _text(draft: Draft, clause: Clause) -> Any:
    """A text to work on: a quote, what came before, a number or words in the clause, or what a file says."""
    if clause.quotes:
        return clause.quotes[0]
    made = draft.made(_AS_TEXT)
    if made is not None:
        return node(made)
    if not REFERS.search(clause.plain) or not draft.files:
        if number := _NUMBER.search(clause.plain):
            return number.group()
        if not draft.files and (words := _without_verb(clause.plain)):
            return words
    return _produce(draft, clause, ("text",))


def _produce(draft: Draft, clause: Clause, kinds: Sequence[str]) -> str | None:
    """Insert the step that makes a value of one of the kinds out of the files; the best match of the goal counts."""
    there = {file.kind for file in draft.files}
    for match in draft.matcher.match(draft.reading.goal, frozenset(there)):
        needed = [slot for slot in match.task.inputs if slot.required]
        if match.task.output.kind in kinds and len(needed) == 1 and needed[0].is_media and needed[0].kind in there:
            before = len(draft.steps)
            build = _BUILDERS.get(match.task.id, _generic)
            build(draft, clause, match)
            if len(draft.steps) > before and not draft.problem:
                last = draft.steps[-1]
                draft.steps[-1] = PlanStep(
                    last.task, last.arguments, last.words, last.each, counted_noun(clause.text) or last.noun, False,
                    last.confidence, f"what comes next needs {match.task.output.kind}",
                )  # fmt: skip
                return node(len(draft.steps) - 1)
    return None


def _count(draft: Draft, clause: Clause, match: Match) -> None:
    noun = counted_noun(clause.text)
    found = draft.made(["boxes"], asked=True)
    boxes = node(found) if found is not None else _detect(draft, clause, noun)
    if boxes is None:
        draft.problem = _lacking(match.task, Slot("image", "image", "The picture"), clause)
        return
    label = {"label": noun} if noun else {}
    draft.add("count", clause, match, {"items": boxes, **label}, why="the number is the number of boxes")


def _detect(draft: Draft, clause: Clause, noun: str) -> str | None:
    slot = Slot("image", "image", "The picture")
    image = _value(draft, clause, slot)
    if image is None:
        return None
    why = f"to count {noun or 'things'}, a detector has to find them"
    return node(draft.add("object-detection", clause, None, {"image": image}, noun=noun, asked=False, why=why))


def _calculate(draft: Draft, clause: Clause, match: Match) -> None:
    comparison = COMPARISON.search(clause.text)
    if comparison and (noun := counted_noun(clause.text)):
        counts = draft.made(["number"])
        if counts is None:
            boxes = _detect(draft, clause, noun)
            if boxes is not None:
                why = "the numbers to compare"
                counts = draft.add("count", clause, match, {"items": boxes, "label": noun}, asked=False, why=why)
        if counts is not None:
            sign = "<" if re.search(r"\b(?:fewer|less|fewest)\b", clause.text, re.IGNORECASE) else ">"
            why = "numbers are compared by arithmetic"
            draft.add("calculate", clause, match, {"expression": Formula(sign, (node(counts),))}, each="", why=why)
            return
    sign = next((sign for pattern, sign in FORMULAS if pattern.search(clause.text)), "+")
    numbers = _NUMBER.findall(clause.plain)
    parts = tuple(numbers) if len(numbers) > 1 else _numbers_made(draft)
    if not parts:
        made = _produce(draft, clause, ("number", "labels", "text"))
        parts = (made,) if made else ()
    if not parts:
        draft.problem = _lacking(match.task, Slot("expression", "text", "The numbers to reckon with"), clause)
        return
    draft.add(
        "calculate", clause, match, {"expression": Formula(sign, parts)}, each="", why="numbers are added by arithmetic"
    )


def _numbers_made(draft: Draft) -> tuple[str, ...]:
    """What earlier steps gave that can be read as numbers: one that fans out, or all that were asked for."""
    last = draft.made(_AS_TEXT)
    if last is None:
        return ()
    if draft.steps[last].each:
        return (node(last),)
    used = {j for step in draft.steps for j in step.needs}
    rows = [(i, find_task(step.task)) for i, step in enumerate(draft.steps)]
    return tuple(node(i) for i, row in rows if row and row.output.kind in _AS_TEXT and i not in used)


def _read_text(draft: Draft, clause: Clause, match: Match) -> None:
    """A line is read at once; a page is split into lines first, and what was read is joined."""
    image = _value(draft, clause, match.task.inputs[0])
    if image is None:
        draft.problem = _lacking(match.task, match.task.inputs[0], clause)
        return
    if not _is_page(draft, clause, image):
        noun = "caption" if _CAPTION.search(clause.text) else ""
        draft.add(match.task.id, clause, match, {"image": image}, noun=noun, why=match.task.does)
        return
    lines = draft.add("split-lines", clause, None, {"image": image}, asked=False, why="a page is read line by line")
    if draft.steps[lines].each:  # several pages: lines of lines are not read in one go
        draft.steps[lines:] = [
            PlanStep("split-lines", {"image": _first(image)}, clause.full, asked=False, why="the first page")
        ]
    texts = draft.add(
        match.task.id, clause, match, {"image": node(lines)}, asked=False, why="each line is read by itself"
    )
    draft.add("join", clause, match, {"texts": node(texts)}, each="", why="the lines make the page's text")


def _first(image: Any) -> Any:
    return image[0] if isinstance(image, list) else image


def _is_page(draft: Draft, clause: Clause, image: Any) -> bool:
    if _CAPTION.search(clause.text) or LINE.search(clause.text):
        return False
    if not any(row.id == "split-lines" for row in draft.matcher.rows):
        return False
    if PAGE.search(clause.text):
        return True
    shapes = [file.shape for file in draft.files if file.handle == image]
    return bool(shapes and 0 < shapes[0] < _PAGE_SHAPE)


def _translate(draft: Draft, clause: Clause, match: Match) -> None:
    text = _asked_before(draft, clause) or _text(draft, clause)
    if draft.problem:
        return
    if text is None:
        draft.problem = _lacking(match.task, Slot("text", "text", "The text to translate"), clause)
        return
    arguments: dict[str, Any] = {"text": text}
    if source := language(clause.text, r"\bfrom\s+"):
        arguments["source_language"] = source
    if target := language(clause.text) or language(clause.text, r"\b"):
        arguments["target_language"] = target
    draft.add("translation", clause, match, arguments, why=_in_language(target))


def _asked_before(draft: Draft, clause: Clause) -> str | None:
    """What the clause asks for beside its language: "how many coins are there" in "… in French"."""
    if clause.quotes or draft.made(_AS_TEXT) is not None or not draft.files:
        return None
    rest = Clause(re.sub(_LANGUAGE_PHRASE, " ", clause.text))
    best = draft.matcher.match(rest.plain, draft.kinds())[0]
    if best.score < _CLEARLY or best.task.id == "translation" or best.task.output.kind not in _AS_TEXT:
        return None
    _BUILDERS.get(best.task.id, _generic)(draft, rest, best)
    return node(len(draft.steps) - 1) if not draft.problem else None


def _crop(draft: Draft, clause: Clause, match: Match) -> None:
    image, place = draft.media("image", clause), region(clause.text)
    if image is None or not place:
        lacking = (
            match.task.inputs[0] if image is None else Slot("region", "text", "The part to cut out, such as left half")
        )
        draft.problem = _lacking(match.task, lacking, clause)
        return
    draft.add("crop", clause, match, {"image": image, "region": place}, asked=False, why=f"only the {place} is meant")


def _compare(draft: Draft, clause: Clause, match: Match) -> None:
    quotes = list(clause.quotes) or list(draft.reading.quotes)
    made = draft.made(("text",))
    if made is None and len(quotes) < 2 and draft.files:
        text = _produce(draft, clause, ("text",))
        made = int(re.findall(r"\d+", text)[0]) if text else None
    if len(quotes) > 1 and made is None:
        place = _source_quote(clause, len(quotes))
        source, others = quotes[place], [q for i, q in enumerate(quotes) if i != place]
    elif quotes and made is not None:
        source, others = quotes[0], node(made)
    else:
        draft.problem = _lacking(match.task, Slot("sentences", "text", "Each sentence to compare"), clause)
        return
    draft.add(
        match.task.id,
        clause,
        match,
        {"text": source, "sentences": others},
        each="",
        why="meaning is compared by a sentence model",
    )


def _source_quote(clause: Clause, count: int) -> int:
    """Which quote the others are compared with: the one behind "as", "to" or "like", else the first."""
    found = re.search(r"\b(?:as|to|like|with)\s*:?\s*⟦(\d+)⟧", clause.text)
    first = re.search(r"⟦(\d+)⟧", clause.text)
    base = int(first.group(1)) if first else 0
    return min(count - 1, int(found.group(1)) - base) if found else 0


# Tasks for which a model must know the thing that is named, and how its name is read.
_NOUNS: dict[str, Callable[[str], str]] = {
    "object-detection": counted_noun,
    "image-classification": recognised_noun,
}
_BUILDERS: dict[str, Callable[[Draft, Clause, Match], None]] = {
    "count": _count,
    "calculate": _calculate,
    "image-to-text": _read_text,
    "translation": _translate,
    "crop": _crop,
    "sentence-similarity": _compare,
}


def _is_named(file: File, text: str) -> bool:
    """By its whole name, or by a stem that is no plain word: coins.png is not meant by "the coins"."""
    stem = file.name.rpartition(".")[0]
    by_stem = re.search(r"[\d_-]", stem) is not None and re.search(rf"\b{re.escape(stem)}\b", text) is not None
    return bool(file.name) and (file.name.lower() in text.lower() or by_stem)


def _listed(text: str) -> list[str] | None:
    """ "as a cat, a dog or a bird" gives the three."""
    found = re.search(r"\b(?:as|into|among|between|of)\s+(.+)$", text)
    items = re.split(r"\s*,\s*(?:or\s+|and\s+)?|\s+or\s+|\s+and\s+", found.group(1)) if found else []
    items = [re.sub(r"^(?:an?|the|either)\s+", "", item).strip() for item in items]
    return items if len(items) > 1 else None


def _without_verb(text: str) -> str:
    """The object of a request: "draw a picture of a cat" gives "a cat", "say forty-two in French" gives "forty-two"."""
    names = "|".join(LANGUAGES)
    text = re.sub(rf"\b(?:in|into|to)\s+(?:{names})\b", " ", text, flags=re.IGNORECASE)
    words = text.split()
    while words and (
        words[0].lower() in VERBS
        or words[0].lower() in ("please", "the", "me", "number", "word", "words", "text", "to")
    ):
        words.pop(0)
    rest = " ".join(words)
    return re.sub(
        r"^(?:an?|the)\s+(?:picture|image|photo|video|clip|sound|drawing|painting)s?\s+(?:of|showing|with)\s+", "", rest
    ).strip()
