"""How a step is built: by its row's inputs, and for a few tasks in their own way."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ....tools.languages import english_names
from ....tools.task import Slot, Task
from ..parse.clauses import Clause
from ..parse.reading import counted_noun, found_noun, language, recognised_noun, region
from ..parse.words import COMPARISON, FORMULAS, LINE, PAGE
from ..plan_step import Formula, node, nodes_in
from .arguments import NUMBER, picture_part, produce, text_for, value_for
from .draft import AS_TEXT, Draft
from .matching import Tool

_CAPTION = re.compile(r"\bcaption|\bdescri(?:be|ption)|\bin a sentence\b", re.IGNORECASE)
_PAGE_SHAPE = 3.5  # width : height below which a picture of text is rather a page than a line
_PARTS = frozenset("regions areas segments parts boxes names entities things objects".split())  # whatever there is


def build(draft: Draft, clause: Clause, tool: Tool, sure: float) -> None:
    """Add the step, and those it needs; sets the draft's problem when something is missing."""
    _BUILDERS.get(tool.task.id, _generic)(draft, clause, tool, sure)


def lacking_tool(clause: Clause) -> str:
    return f"I could not place {clause.full!r}: there is no tool for it. Pass more tools, or ask for something else."


def _generic(draft: Draft, clause: Clause, tool: Tool, sure: float) -> None:
    arguments: dict[str, Any] = {}
    for slot in tool.task.inputs:
        value = value_for(draft, clause, slot, tool)
        if value is None and slot.required:
            draft.problem = _lacking(tool.task, slot, clause)
            return
        if value is not None:
            arguments[slot.name] = value
    noun = _NOUNS.get(tool.task.id, lambda text: "")(clause.text)
    draft.add(tool, clause, sure, arguments, noun=noun, why=tool.task.does)


def _lacking(task: Task, slot: Slot, clause: Clause) -> str:
    what = f"a file of kind {slot.kind}" if slot.is_media else slot.about[0].lower() + slot.about[1:]
    how = "pass it along" if slot.is_media else 'put it in quotes, as in "…"'
    return f"I read {clause.full!r} as {task.id}, but {what} is missing; {how}."


# Tasks with a way of their own


def _count(draft: Draft, clause: Clause, tool: Tool, sure: float) -> None:
    noun = counted_noun(clause.text)
    countable = ("boxes", "masks", "spans")
    referred = draft.referred(countable)
    last = len(draft.steps) - 1
    if not referred and last >= 0 and draft.output(last) in countable:
        referred = [last]
    found = referred[-1] if referred else draft.made(["boxes"], asked=True)
    boxes = node(found) if found is not None else _detect(draft, clause, noun)
    if boxes is None:
        draft.problem = _lacking(tool.task, Slot("image", "image", "The picture"), clause)
        return
    label = {"label": noun} if noun and noun.split()[-1] not in _PARTS else {}
    if label and found is not None and draft.steps[found].task == "object-detection" and not draft.steps[found].noun:
        draft.steps[found] = replace(draft.steps[found], noun=noun)  # a detector of other things would not do
    draft.add(tool, clause, sure, {"items": boxes, **label}, why="the number is the number of boxes")


def _detect(draft: Draft, clause: Clause, noun: str) -> str | None:
    slot = Slot("image", "image", "The picture")
    image = picture_part(draft, clause, draft.media("image", clause), slot)
    if image is None:
        return None
    why = f"to count {noun or 'things'}, a detector has to find them"
    return node(draft.add("object-detection", clause, 0.9, {"image": image}, noun=noun, asked=False, why=why))


def _calculate(draft: Draft, clause: Clause, tool: Tool, sure: float) -> None:
    comparison = COMPARISON.search(clause.text)
    if comparison and (noun := counted_noun(clause.text)):
        counts = draft.made(["number"])
        if counts is None:
            boxes = _detect(draft, clause, noun)
            if boxes is not None:
                why = "the numbers to compare"
                counts = draft.add("count", clause, sure, {"items": boxes, "label": noun}, asked=False, why=why)
        if counts is not None:
            sign = "<" if re.search(r"\b(?:fewer|less|fewest)\b", clause.text, re.IGNORECASE) else ">"
            why = "numbers are compared by arithmetic"
            draft.add(tool, clause, sure, {"expression": Formula(sign, (node(counts),))}, each="", why=why)
            return
    sign = next((sign for pattern, sign in FORMULAS if pattern.search(clause.text)), "+")
    numbers = NUMBER.findall(clause.plain)
    made = _numbers_made(draft)
    parts = tuple(numbers) if len(numbers) > 1 else (*made, *numbers) if made else ()
    if not parts:
        produced = produce(draft, clause, ("number", "labels", "text"))
        parts = (produced,) if produced else ()
    if not parts:
        draft.problem = _lacking(tool.task, Slot("expression", "text", "The numbers to reckon with"), clause)
        return
    why = "numbers are added by arithmetic"
    draft.add(tool, clause, sure, {"expression": Formula(sign, parts)}, each="", why=why)


def _numbers_made(draft: Draft) -> tuple[str, ...]:
    """What earlier steps gave that can be read as numbers: one that fans out, or all that were asked for."""
    kinds = ("text", "number", "labels")
    last = draft.made(kinds)
    if last is None:
        return ()
    if draft.steps[last].each:
        return (node(last),)
    used = {j for step in draft.steps for j in step.needs}
    return tuple(node(i) for i in range(len(draft.steps)) if draft.output(i) in kinds and i not in used)


def _read_text(draft: Draft, clause: Clause, tool: Tool, sure: float) -> None:
    """A line is read at once; a page is split into lines first, and what was read is joined."""
    image = picture_part(draft, clause, draft.media("image", clause), tool.task.inputs[0])
    if image is None:
        draft.problem = _lacking(tool.task, tool.task.inputs[0], clause)
        return
    if not _is_page(draft, clause, image):
        noun = "caption" if _CAPTION.search(clause.text) else ""
        draft.add(tool, clause, sure, {"image": image}, noun=noun, why=tool.task.does)
        return
    why = "a page is read line by line"
    lines = draft.add("split-lines", clause, 0.9, {"image": image}, asked=False, why=why)
    several = bool(draft.steps[lines].each)
    why = "each line is read by itself"
    texts = draft.add(tool, clause, sure, {"image": node(lines)}, asked=False, why=why)
    why = "the lines make each page's text" if several else "the lines make the page's text"
    draft.add("join", clause, sure, {"texts": node(texts)}, each="texts" if several else "", why=why)


def _is_page(draft: Draft, clause: Clause, image: Any) -> bool:
    if _CAPTION.search(clause.text) or LINE.search(clause.text) or not draft.matcher.has("split-lines"):
        return False
    if PAGE.search(clause.text):
        return True
    handles = image if isinstance(image, list) else [image]
    return any(0 < file.shape < _PAGE_SHAPE for file in draft.files if file.handle in handles)


def _translate(draft: Draft, clause: Clause, tool: Tool, sure: float) -> None:
    text = text_for(draft, clause)
    if draft.problem:
        return
    if text is None:
        draft.problem = _lacking(tool.task, Slot("text", "text", "The text to translate"), clause)
        return
    arguments: dict[str, Any] = {"text": text}
    source, target = language(clause.text, r"\bfrom\s+"), language(clause.text) or language(clause.text, r"\b")
    if source and tool.task.slot("source_language"):
        arguments["source_language"] = source
    if target and tool.task.slot("target_language"):
        arguments["target_language"] = target
    name = next((name for name, code in english_names().items() if code == target), "another language")
    draft.add(tool, clause, sure, arguments, why=f"it shall be in {name.capitalize() if target else name}")


def _crop(draft: Draft, clause: Clause, tool: Tool, sure: float) -> None:
    image, place = draft.media("image", clause), region(clause.text)
    if image is None or not place:
        where = Slot("region", "text", "The part to cut out, such as left half")
        draft.problem = _lacking(tool.task, tool.task.inputs[0] if image is None else where, clause)
        return
    draft.add(tool, clause, sure, {"image": image, "region": place}, why=f"only the {place} is meant")


def _compare(draft: Draft, clause: Clause, tool: Tool, sure: float) -> None:
    """One text against others: quotes, what the clause speaks of, what was made, what was told."""
    quotes, why = list(clause.quotes), "meaning is compared by a sentence model"
    referred = draft.referred(AS_TEXT)
    if len(quotes) > 1 and not referred:
        place = _source_quote(clause, len(quotes))
        pair: tuple[Any, Any] = (quotes[place], [q for i, q in enumerate(quotes) if i != place])
    else:
        quotes = quotes or [q for q in draft.quotes() if not q.rstrip().endswith("?")][-2:]
        nodes = [node(i) for i in referred]
        if not nodes and len(quotes) < 2 and (made := draft.made(("text", *AS_TEXT))) is not None:
            nodes = [node(made)]
        if not nodes and len(quotes) < 2 and draft.files and (text := produce(draft, clause, ("text",))):
            nodes = [text]
        if len(nodes) == 1 and not quotes:
            nodes = [*(node(i) for i in range(len(draft.steps)) if draft.output(i) == "text" and node(i) not in nodes)][
                :1
            ] + nodes
        known = [*quotes, *nodes]
        if len(known) < 2 and draft.assume:
            known.append("<text>")
        if len(known) < 2:
            draft.problem = draft.problem or _lacking(
                tool.task, Slot("sentences", "text", "Each sentence to compare"), clause
            )
            return
        pair = (known[0], known[1:] if len(known) > 2 or not nodes_in(known[1]) else known[1])
    draft.add(tool, clause, sure, {"text": pair[0], "sentences": pair[1]}, each="", why=why)


def _source_quote(clause: Clause, count: int) -> int:
    """Which quote the others are compared with: the one behind "as", "to" or "like", else the first."""
    found = re.search(r"\b(?:as|to|like|with)\s*:?\s*⟦(\d+)⟧", clause.text)
    first = re.search(r"⟦(\d+)⟧", clause.text)
    base = int(first.group(1)) if first else 0
    return min(count - 1, int(found.group(1)) - base) if found else 0


# Tasks for which a model must know the thing that is named, and how its name is read.
_NOUNS: dict[str, Callable[[str], str]] = {
    "object-detection": found_noun,
    "image-classification": recognised_noun,
}
_BUILDERS: dict[str, Callable[[Draft, Clause, Tool, float], None]] = {
    "count": _count,
    "calculate": _calculate,
    "image-to-text": _read_text,
    "translation": _translate,
    "crop": _crop,
    "sentence-similarity": _compare,
}
