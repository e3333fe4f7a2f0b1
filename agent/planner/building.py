"""How a step gets its arguments: by the row's inputs, and for a few tasks in their own way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from ...tools.tasks import Slot, Task
from .draft import AS_TEXT, Draft
from .matching import Tool
from .mentions import kinds_near
from .plan import Formula, PlanStep, node, nodes_in
from .reading import Clause, counted_noun, language, recognised_noun, region
from .words import COMPARISON, FORMULAS, LANGUAGES, LINE, PAGE, REFERS, VERBS

_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?![\w])")
_CAPTION = re.compile(r"\bcaption|\bdescri(?:be|ption)|\bin a sentence\b", re.IGNORECASE)
_PAGE_SHAPE = 3.5  # width : height below which a picture of text is rather a page than a line
_OWN_WORDS = re.compile(
    r"\b(?:of|about|showing|depicting|with|for|that says|like|where|on)\s+(?!(?:the|this|that|it|its|them|these|those|each|me|us)\b)\w",
    re.IGNORECASE,
)
_OWN_THING = re.compile(
    r"\b(?:draw|paint|sketch|compose)\s+(?:me\s+|us\s+)?(?:an?|some|two|three)\s+(?!(?:\w+\s+)?(?:picture|image|photo|painting|drawing|sketch|illustration|scene)\b)\w",
    re.IGNORECASE,
)
_BY_TEXT = re.compile(
    r"\b(?:based on|according(?:ly)?|reflect\w*|match\w*|per|using|with|instruct\w*|follow\w*|by the|to fit|from)\b", re.IGNORECASE
)
_INSTRUCTS = re.compile(
    r"\b(?:audio|recording|voice|speech)\b.*\b(?:describ\w+|instruct\w*|explain\w*|say\w*|said|tell\w*|ask\w*|changes?|modif\w+|edit\w*)\b",
    re.IGNORECASE,
)
_PARTS = frozenset("regions areas segments parts boxes names entities things objects".split())  # whatever there is
# What makes one kind out of another when a step needs it and nobody asked: the plainest way.
_MAKERS = {
    ("audio", "text"): "automatic-speech-recognition",
    ("image", "text"): "image-to-text",
    ("video", "text"): "video-text-to-text",
    ("image", "labels"): "image-classification",
    ("image", "number"): "image-classification",
    ("audio", "labels"): "audio-classification",
    ("image", "boxes"): "object-detection",
}


def build(draft: Draft, clause: Clause, tool: Tool, sure: float) -> None:
    """Add the step, and those it needs; sets the draft's problem when something is missing."""
    _BUILDERS.get(tool.task.id, _generic)(draft, clause, tool, sure)


def lacking_tool(clause: Clause) -> str:
    return f"I could not place {clause.full!r}: there is no tool for it. Pass more tools, or ask for something else."


def _generic(draft: Draft, clause: Clause, tool: Tool, sure: float) -> None:
    arguments: dict[str, Any] = {}
    for slot in tool.task.inputs:
        value = _value(draft, clause, slot, tool)
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


def _value(draft: Draft, clause: Clause, slot: Slot, tool: Tool) -> Any:
    """What fills an input: a file, a quote, what an earlier step made, or the clause's own words; None if nothing."""
    if slot.is_media:
        return _picture_part(draft, clause, draft.media(slot.kind, clause), slot)
    if not slot.required:
        return _instruction(draft, clause) if slot.name == "prompt" else None
    if slot.kind in ("boxes", "labels", "spans", "masks"):
        made = draft.made([slot.kind])
        return node(made) if made is not None else _produce(draft, clause, (slot.kind,))
    if slot.many and slot.name == "candidate_labels":
        return _several(clause.quotes) or _listed(clause.plain) or _told_list(draft)
    if slot.many:
        return list(clause.quotes) or list(draft.quotes()) or _made_list(draft)
    if slot.name in ("question", "query"):
        return _question(draft, clause)
    if slot.name == "prompt" or tool.task.id == "text-to-audio":
        return _prompt(draft, clause)
    if slot.name == "expression":
        return clause.quotes[0] if clause.quotes else _without_verb(clause.plain)
    return _text(draft, clause, "context" if slot.name == "context" else "")


def _picture_part(draft: Draft, clause: Clause, value: Any, slot: Slot) -> Any:
    place = region(clause.text)
    if value is None or not place or slot.kind != "image" or not draft.matcher.has("crop"):
        return value
    why = f"only the {place} is meant"
    return node(draft.add("crop", clause, 0.9, {"image": value, "region": place}, asked=False, why=why))


def _several(quotes: Sequence[str]) -> list[str] | None:
    """Quoted labels: one quote each, or one quote that lists them; a quoted text among them is no label."""
    if len(quotes) == 1 and "," in quotes[0]:
        return [part for part in (re.sub(r"^(?:or|and)\s+", "", one.strip()) for one in quotes[0].split(",")) if part]
    return list(quotes) if len(quotes) > 1 else None


def _made_list(draft: Draft) -> Any:
    made = draft.made(AS_TEXT)
    return node(made) if made is not None else None


def _told_list(draft: Draft) -> list[str] | None:
    return next((listed for told in reversed(draft.told) if (listed := list(told.quotes) or _listed(told.plain))), None)


def _question(draft: Draft, clause: Clause) -> Any:
    """A quoted question; one told before; one that somebody speaks in a recording; else the clause's own words."""
    asked = [quote for quote in (*clause.quotes, *draft.quotes()) if quote.rstrip().endswith("?")]
    if asked:
        return asked[0]
    if spoken := [i for i in draft.referred(["text"]) if draft.tools[i].task.id == "automatic-speech-recognition"]:
        return node(spoken[-1])
    return clause.quotes[0] if clause.quotes else clause.plain.rstrip("?") + ("?" if clause.question else "")


def _prompt(draft: Draft, clause: Clause) -> Any:
    """What to make: a quote, what an earlier step gave when that is meant, or the clause's own words."""
    if referred := draft.referred(AS_TEXT):
        return _one_or_many(referred)
    if clause.quotes:
        return clause.quotes[0]
    made = draft.made(AS_TEXT)
    own = _OWN_WORDS.search(clause.plain) or _OWN_THING.search(clause.plain)
    if made is not None and (REFERS.search(clause.plain) or not own):
        return node(made)
    told = next((quote for quote in draft.quotes() if not quote.rstrip().endswith("?")), None)
    if told and (REFERS.search(clause.plain) or not own):
        return told
    return _without_verb(clause.plain) or clause.plain


def _one_or_many(places: Sequence[int]) -> Any:
    return node(places[-1])


def _instruction(draft: Draft, clause: Clause) -> Any:
    """How something shall be changed: a quote, a text that an earlier step made, or the clause's own words."""
    if clause.quotes:
        return clause.quotes[0]
    if referred := draft.referred(AS_TEXT):
        return node(referred[-1])
    made = draft.made(AS_TEXT)
    if made is not None and _BY_TEXT.search(clause.plain):
        return node(made)
    told = next((quote for quote in draft.quotes() if not quote.rstrip().endswith("?")), None)
    if told is None and made is None and _is_spoken(draft, clause):
        told = _produce(draft, clause, ("text",), of="audio")
    return told or clause.plain


def _is_spoken(draft: Draft, clause: Clause) -> bool:
    """True when the instruction is in a recording: "as I say in the audio"."""
    if not any(file.kind == "audio" for file in draft.files):
        return False
    here = "audio" in kinds_near(clause, 0, len(clause.seen)) and _BY_TEXT.search(clause.plain)
    return bool(here) or any(_INSTRUCTS.search(told.seen) for told in draft.told)


def _text(draft: Draft, clause: Clause, role: str = "") -> Any:
    """A text to work on: what the clause speaks of, a quote, what came before, or what a file says."""
    if referred := draft.referred(AS_TEXT):
        return node(referred[-1])
    quotes = [q for q in clause.quotes if not (role and q.rstrip().endswith("?"))]
    if quotes:
        return quotes[0]
    if (made := draft.made(["text"])) is not None:
        return node(made)
    told = [q for q in draft.quotes() if not (role and q.rstrip().endswith("?"))]
    if told:
        return max(told, key=len) if role else told[0]
    if files := [file.handle for file in draft.files if file.kind == "text"]:
        return files[0]
    made = draft.made(AS_TEXT)  # labels and boxes can be put into words
    if made is not None and not (role and draft.output(made) in ("labels", "boxes")):
        return node(made)
    if not role and (not REFERS.search(clause.plain) or not draft.files):
        if number := _NUMBER.search(clause.plain):
            return number.group()
        if not draft.files and not draft.assume and (words := _without_verb(clause.plain)):
            return words
    made_of_file = None if _text_is_told(draft) else _produce(draft, clause, ("text",))
    return made_of_file or ("<text>" if draft.assume else None)


def _text_is_told(draft: Draft) -> bool:
    """True for "I have a long article": it is not to be read out of a picture that is there for something else."""
    near = (kinds_near(told, 0, len(told.seen)) for told in draft.told)
    return any("text" in kinds and not {"image", "audio", "video", "document"} & {*kinds} for kinds in near)


def _produce(draft: Draft, clause: Clause, kinds: Sequence[str], of: str = "") -> str | None:
    """Insert the step that makes a value of one of the kinds out of what is there: files, or a picture made before."""
    there = [*dict.fromkeys(file.kind for file in draft.files)]
    there += [kind for i in range(len(draft.steps)) if (kind := draft.output(i)) in ("image", "audio", "video") and kind not in there]
    there = [kind for kind in there if not of or kind == of]
    for tool in _makers(draft, there, kinds):
        before = len(draft.steps)
        build(draft, clause, tool, 0.7)
        if len(draft.steps) > before and not draft.problem:
            last = draft.steps[-1]
            draft.steps[-1] = PlanStep(
                last.task, last.arguments, last.words, last.each, counted_noun(clause.text) or last.noun, False,
                last.confidence, f"what comes next needs {tool.task.output.kind}",
            )  # fmt: skip
            return node(len(draft.steps) - 1)
    return None


def _makers(draft: Draft, there: Sequence[str], kinds: Sequence[str]) -> list[Tool]:
    """Tools that make one of the kinds out of one file, the plainest first."""
    told = " ".join(c.seen for c in draft.reading.clauses)
    plain = [_MAKERS.get((have, want)) for have in there for want in kinds]
    if re.search(r"\btables?\b", told) and "text" in kinds:
        plain.insert(0, "tabular-classification")  # where a table comes as a picture
    found = [tool for name in plain if name and (tool := draft.matcher.find(name)) and _makes(tool, there)]
    others = [tool for tool in draft.matcher.tools if tool.task.output.kind in kinds and _makes(tool, there)]
    return [*found, *others]


def _makes(tool: Tool, there: Sequence[str]) -> bool:
    needed = [slot for slot in tool.task.inputs if slot.required]
    return len(needed) == 1 and needed[0].is_media and needed[0].kind in there


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
    draft.add(tool, clause, sure, {"items": boxes, **label}, why="the number is the number of boxes")


def _detect(draft: Draft, clause: Clause, noun: str) -> str | None:
    slot = Slot("image", "image", "The picture")
    image = _picture_part(draft, clause, draft.media("image", clause), slot)
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
    numbers = _NUMBER.findall(clause.plain)
    made = _numbers_made(draft)
    parts = tuple(numbers) if len(numbers) > 1 else (*made, *numbers) if made else ()
    if not parts:
        produced = _produce(draft, clause, ("number", "labels", "text"))
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
    image = _picture_part(draft, clause, draft.media("image", clause), tool.task.inputs[0])
    if image is None:
        draft.problem = _lacking(tool.task, tool.task.inputs[0], clause)
        return
    if not _is_page(draft, clause, image):
        noun = "caption" if _CAPTION.search(clause.text) else ""
        draft.add(tool, clause, sure, {"image": image}, noun=noun, why=tool.task.does)
        return
    why = "a page is read line by line"
    lines = draft.add("split-lines", clause, 0.9, {"image": image}, asked=False, why=why)
    if draft.steps[lines].each:  # several pages: lines of lines are not read in one go
        first = image[0] if isinstance(image, list) else image
        draft.steps[lines] = PlanStep("split-lines", {"image": first}, clause.full, asked=False, why="the first page")
    why = "each line is read by itself"
    texts = draft.add(tool, clause, sure, {"image": node(lines)}, asked=False, why=why)
    draft.add("join", clause, sure, {"texts": node(texts)}, each="", why="the lines make the page's text")


def _is_page(draft: Draft, clause: Clause, image: Any) -> bool:
    if _CAPTION.search(clause.text) or LINE.search(clause.text) or not draft.matcher.has("split-lines"):
        return False
    if PAGE.search(clause.text):
        return True
    shapes = [file.shape for file in draft.files if file.handle == image]
    return bool(shapes and 0 < shapes[0] < _PAGE_SHAPE)


def _translate(draft: Draft, clause: Clause, tool: Tool, sure: float) -> None:
    text = _text(draft, clause)
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
    name = next((name for name, code in LANGUAGES.items() if code == target), "another language")
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
        if not nodes and len(quotes) < 2 and draft.files and (text := _produce(draft, clause, ("text",))):
            nodes = [text]
        if len(nodes) == 1 and not quotes:
            nodes = [*(node(i) for i in range(len(draft.steps)) if draft.output(i) == "text" and node(i) not in nodes)][:1] + nodes
        known = [*quotes, *nodes]
        if len(known) < 2 and draft.assume:
            known.append("<text>")
        if len(known) < 2:
            draft.problem = draft.problem or _lacking(tool.task, Slot("sentences", "text", "Each sentence to compare"), clause)
            return
        pair = (known[0], known[1:] if len(known) > 2 or not nodes_in(known[1]) else known[1])
    draft.add(tool, clause, sure, {"text": pair[0], "sentences": pair[1]}, each="", why=why)


_LEADS = "as|into|among|between|of|labels|categories|topics|tags|classes|either|rather|about|whether|is|are|these|be"


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
_BUILDERS: dict[str, Callable[[Draft, Clause, Tool, float], None]] = {
    "count": _count,
    "calculate": _calculate,
    "image-to-text": _read_text,
    "translation": _translate,
    "crop": _crop,
    "sentence-similarity": _compare,
}


def _listed(text: str) -> list[str] | None:
    """ "as a cat, a dog or a bird" gives the three, and so does "is it rather a cat, a dog or a bird"."""
    found = re.search(rf"(?:\b(?:{_LEADS})\b:?|:)\s+(?!.*\b(?:{_LEADS})\b)(.+)$", text, re.IGNORECASE)
    items = re.split(r"\s*,\s*(?:or\s+|and\s+)?|\s+or\s+|\s+and\s+", found.group(1)) if found else []
    items = [re.sub(r"^(?:an?|the|either|it|that|this)\s+", "", item.strip(" ?.")) for item in items]
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
