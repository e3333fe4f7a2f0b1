"""What fills a step's inputs: files, quotes, what earlier steps made, the clause's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ....tools.languages import english_names
from ....tools.task import Slot
from ....tools.tasks import usual_way
from ..parse.clauses import Clause
from ..parse.mentions import kinds_near
from ..parse.reading import counted_noun, region
from ..parse.words import REFERS, VERBS
from ..plan_step import PlanStep, node
from .draft import AS_TEXT, Draft
from .matching import Tool

NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?![\w])")
_OWN_WORDS = re.compile(
    r"\b(?:of|about|showing|depicting|with|for|that says|like|where|on)\s+(?!(?:the|this|that|it|its|them|these|"
    r"those|each|me|us)\b)\w",
    re.IGNORECASE,
)
_OWN_THING = re.compile(
    r"\b(?:draw|paint|sketch|compose)\s+(?:me\s+|us\s+)?(?:an?|some|two|three)\s+(?!(?:\w+\s+)?(?:picture|image|"
    r"photo|painting|drawing|sketch|illustration|scene)\b)\w",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?:say|says|said|saying|tells?|describes?|describing|explains?|mentions?|talks?)\b.*\b(?:recording|audio|voice|memo|call)\b"
    r"|\b(?:recording|audio|voice|memo|call)\b.*\b(?:say|says|said|saying|tells?|describes?|describing|explains?|mentions?|talks?)\b",
    re.IGNORECASE,
)
_BY_TEXT = re.compile(
    r"\b(?:based on|according(?:ly)?|reflect\w*|match\w*|per|using|with|instruct\w*|follow\w*|by the|to fit|from)\b",
    re.IGNORECASE,
)
# "the letter I scanned": it is somewhere, but neither in the goal nor among the files.
_ELSEWHERE = re.compile(
    r"\b(?:the|this|that|my|these|attached)\s+(?:\w+\s+)?(?:letter|page|scan|document|article|text|paragraph|file|book|note|email|review"
    r"|report|message|recording|photo|picture|image|story|essay|invoice|receipt|sentence)s?\b",
    re.IGNORECASE,
)
_INSTRUCTS = re.compile(
    r"\b(?:audio|recording|voice|speech)\b.*\b(?:describ\w+|instruct\w*|explain\w*|say\w*|said|tell\w*|ask\w*|"
    r"changes?|modif\w+|edit\w*)\b",
    re.IGNORECASE,
)
_LEADS = "as|into|among|between|of|labels|categories|topics|tags|classes|either|rather|about|whether|is|are|these|be"


def value_for(draft: Draft, clause: Clause, slot: Slot, tool: Tool) -> Any:
    """What fills an input: a file, a quote, what an earlier step made, or the clause's own words; None if nothing."""
    if slot.is_media:
        return picture_part(draft, clause, draft.media(slot.kind, clause), slot)
    if not slot.required:
        return _instruction(draft, clause) if slot.name == "prompt" else None
    if slot.kind in ("boxes", "labels", "spans", "masks"):
        made = draft.made([slot.kind])
        return node(made) if made is not None else produce(draft, clause, (slot.kind,))
    if slot.many and slot.name == "candidate_labels":
        return _several(clause.quotes) or _listed(clause.plain) or _told_list(draft)
    if slot.many:
        return list(clause.quotes) or list(draft.quotes()) or _made_list(draft)
    if slot.name in ("question", "query"):
        return _question(draft, clause)
    if slot.name == "prompt" or tool.task.id == "text-to-audio":
        return _prompt(draft, clause)
    if slot.name == "expression":
        return clause.quotes[0] if clause.quotes else without_verb(clause.plain)
    return text_for(draft, clause, "context" if slot.name == "context" else "")


def picture_part(draft: Draft, clause: Clause, value: Any, slot: Slot) -> Any:
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
        return node(referred[-1])
    if clause.quotes:
        return clause.quotes[0]
    if _SPOKEN.search(clause.plain) and draft.made(["text"]) is None and any(f.kind == "audio" for f in draft.files):
        return produce(draft, clause, ("text",), of="audio")
    made = draft.made(AS_TEXT)
    own = _OWN_WORDS.search(clause.plain) or _OWN_THING.search(clause.plain)
    if made is not None and (REFERS.search(clause.plain) or not own):
        return node(made)
    told = next((quote for quote in draft.quotes() if not quote.rstrip().endswith("?")), None)
    if told and (REFERS.search(clause.plain) or not own):
        return told
    return without_verb(clause.plain) or clause.plain


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
        told = produce(draft, clause, ("text",), of="audio")
    return told or clause.plain


def _is_spoken(draft: Draft, clause: Clause) -> bool:
    """True when the instruction is in a recording: "as I say in the audio"."""
    if not any(file.kind == "audio" for file in draft.files):
        return False
    here = "audio" in kinds_near(clause, 0, len(clause.seen)) and _BY_TEXT.search(clause.plain)
    return bool(here) or any(_INSTRUCTS.search(told.seen) for told in draft.told)


def text_for(draft: Draft, clause: Clause, role: str = "") -> Any:
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
        if number := NUMBER.search(clause.plain):
            return number.group()
        there = _ELSEWHERE.search(clause.plain) is None
        if there and not draft.files and not draft.assume and (words := without_verb(clause.plain)):
            return words
    made_of_file = None if _text_is_told(draft) else produce(draft, clause, ("text",))
    return made_of_file or ("<text>" if draft.assume else None)


def _text_is_told(draft: Draft) -> bool:
    """True for "I have a long article": it is not to be read out of a picture that is there for something else."""
    near = (kinds_near(told, 0, len(told.seen)) for told in draft.told)
    return any("text" in kinds and not {"image", "audio", "video", "document"} & {*kinds} for kinds in near)


def produce(draft: Draft, clause: Clause, kinds: Sequence[str], of: str = "") -> str | None:
    """Insert the step that makes a value of one of the kinds out of what is there: files, or a picture made before."""
    there = [*dict.fromkeys(file.kind for file in draft.files)]
    there += [
        kind
        for i in range(len(draft.steps))
        if (kind := draft.output(i)) in ("image", "audio", "video") and kind not in there
    ]
    there = [kind for kind in there if not of or kind == of]
    for tool in _makers(draft, there, kinds):
        before = len(draft.steps)
        draft.build(draft, clause, tool, 0.7)
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
    plain = [usual_way(have, want) for have in there for want in kinds]
    if re.search(r"\btables?\b", told) and "text" in kinds:
        plain.insert(0, "tabular-classification")  # where a table comes as a picture
    found = [tool for name in plain if name and (tool := draft.matcher.find(name)) and _makes(tool, there)]
    others = [tool for tool in draft.matcher.tools if tool.task.output.kind in kinds and _makes(tool, there)]
    return [*found, *others]


def _makes(tool: Tool, there: Sequence[str]) -> bool:
    needed = [slot for slot in tool.task.inputs if slot.required]
    return len(needed) == 1 and needed[0].is_media and needed[0].kind in there


def _listed(text: str) -> list[str] | None:
    """ "as a cat, a dog or a bird" gives the three, and so does "is it rather a cat, a dog or a bird"."""
    found = re.search(rf"(?:\b(?:{_LEADS})\b:?|:)\s+(?!.*\b(?:{_LEADS})\b)(.+)$", text, re.IGNORECASE)
    items = re.split(r"\s*,\s*(?:or\s+|and\s+)?|\s+or\s+|\s+and\s+", found.group(1)) if found else []
    items = [re.sub(r"^(?:an?|the|either|it|that|this)\s+", "", item.strip(" ?.")) for item in items]
    return items if len(items) > 1 else None


def without_verb(text: str) -> str:
    """The object of a request: "draw a picture of a cat" gives "a cat", "say forty-two in French" gives "forty-two"."""
    names = "|".join(english_names())
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
