"""How people ask for tasks: the cues of cues.txt, compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...tools.languages import english_names
from ...tools.tasks import find_task

NOUNS = {
    "image": "image|picture|photo|photograph|pic|scan|screenshot|drawing|painting|snapshot|artwork|illustration"
    "|portrait|selfie|x-ray|frame|poster|sketch|shot|scene|‹image›",
    "audio": "audio|recording|sound|soundtrack|wav|mp3|podcast|voice|speech|voicemail|memo|call|song|interview|lecture"
    "|spoken|speaker|dictation|‹audio›",
    "video": "video|movie|film|footage|clip|‹video›",
    "document": "document|invoice|receipt|form|contract|pdf|bill|certificate|questionnaire",
    "table": "table|spreadsheet|csv|sheet|dataset|tabular|data frame|‹table›",
    "text": "text|article|paragraph|sentence|essay|story|review|passage|summary|transcript|transcription|caption"
    "|description|email|e-mail|comment|message|tweet|answer|response|report|note|post|poem|translation|book|abstract"
    "|headline|quote|blog|paper|novel|‹text›",
}  # fmt: skip
_LANGUAGES = "|".join(english_names())
_GAP = r"(?:[\s,]+[\w'‹›⟦⟧-]+){0,4}?"
# Words between a verb and the very thing it makes: no preposition, and no other thing that is made.
_OWN_GAP = (
    r"(?:[\s,]+(?!(?:from|of|in|on|to|for|with|by|about|based|into|at|and|text|textual|descriptions?|captions?|"
    r"summary|labels?|audio"
    r"|speech|video|masks?|boxes|segmented|edited|modified|enhanced|transformed|annotated|labell?ed|given|depth|"
    r"response|answer)\b)"
    r"[\w'‹›-]+){0,4}?"
)
_MAKE = (
    "generat(?:e|es|ing)|creat(?:e|es|ing)|mak(?:e|es|ing)|produc(?:e|es|ing)|writ(?:e|es|ing)|compos(?:e|es|ing)|"
    "craft(?:ing)?"
    "|draft(?:ing)?|build(?:ing)?|provid(?:e|es|ing)|giv(?:e|es|ing)|prepar(?:e|ing)|(?:come|think|dream|"
    "make) up(?: with)?|invent|develop(?:ing)?|formulate"
    "|(?:want|need|get|have|obtain|like|see|receive)(?= (?:me |back )?(?:an?|some|new|more)\\b)"
)
_SHOW = (
    "draw(?:ing)?|paint(?:ing)?|generat(?:e|es|ing)|creat(?:e|es|ing)|mak(?:e|es|ing)|produc(?:e|es|ing)|design(?:ing)?"
    "|render(?:ing)?|sketch(?:ing)?|visuali[sz](?:e|ing)|illustrat(?:e|ing)|imagine|develop(?:ing)?"
    "|(?:want|need|get|have|see|provide|give)(?= (?:me |us |back )?(?:an?|some|new)\\b(?! \\w+ed\\b))"
)
_BETTER = (
    "enhanc|improv|upscal|sharpen|restor|denois|deblur|brighten|refin|clean|increas|colou?ri[sz]|retouch|clarif|boost"
    "|polish|fix"
)
_LEARN = "know|find out|tell me|learn|determine|understand|figure out|see|check|identify|ask|wonder(?:ing)?|explain"


@dataclass(frozen=True, slots=True)
class Cue:
    """One way of asking: (kind or "", task's name) pairs in order, a weight, a pattern; `noun` for a thing made."""

    tasks: tuple[tuple[str, str], ...]
    weight: float
    pattern: re.Pattern[str]
    noun: bool


def _cues(text: str) -> Iterator[Cue]:
    """The blocks of cues.txt; the things made of a block are a cue of their own."""
    for block in re.split(r"\n\s*\n", re.sub(r"(?m)^#.*\n?", "", text).strip()):
        head, *patterns = (line.strip() for line in block.splitlines())
        *tasks, weight = head.split()
        names = tuple((kind, name) for kind, _, name in (task.rpartition(":") for task in tasks))
        for noun in (False, True):
            parts = [pattern.removeprefix("= ") for pattern in patterns if pattern.startswith("= ") is noun]
            if parts:
                whole = rf"(?<![\w-])(?:{_filled('|'.join(parts))})(?![\w-])"
                yield Cue(names, float(weight), re.compile(whole, re.IGNORECASE), noun)


def _filled(pattern: str) -> str:
    for name, words in NOUNS.items():
        pattern = re.sub(rf"\b{name.upper()}\b", f"(?:{words})s?", pattern)
    for name, words in (
        ("MAKE", _MAKE),
        ("SHOW", _SHOW),
        ("BETTER", _BETTER),
        ("LEARN", _LEARN),
        ("LANGUAGES", _LANGUAGES),
    ):
        pattern = re.sub(rf"\b{name}\b", lambda _, words=words: words, pattern)
    for written, meant in (
        (" ~~ ", rf"{_OWN_GAP}[\s,]+"),
        (" ~ ", rf"{_GAP}[\s,]+"),
        ("(?: ~)?", _GAP),
        ("(?: ~|)", f"(?:{_GAP})"),
        ("(?: ~~|)", f"(?:{_OWN_GAP})"),
        (" ~?", rf"{_GAP}[\s,]*"),
        (" ~", ""),
    ):
        pattern = pattern.replace(written, meant)
    return pattern


if TYPE_CHECKING:
    CUES: tuple[Cue, ...]
    ANSWER: Cue


@cache
def _all_cues() -> tuple[Cue, ...]:
    """Compiled at first use, in a quarter of a second: who only adds a card asks for nothing."""
    return tuple(_cues(Path(__file__).with_name("cues.txt").read_text(encoding="utf-8")))


def __getattr__(name: str) -> Any:
    if name == "CUES":
        return _all_cues()
    if name == "ANSWER":
        return next(cue for cue in _all_cues() if ("text", "question-answering") in cue.tasks and cue.weight > 0.6)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


KIND_NOUN = re.compile(
    "|".join(f"(?P<{kind}>(?<![\\w-])(?:{words})s?(?![\\w-]))" for kind, words in NOUNS.items()), re.IGNORECASE
)


def cued_tasks(query: str, takes: str | None = None) -> dict[str, float]:
    """How surely the words of a request mean each task, by its id, from 0 to 1; tasks without a cue are left out.

    Args:
        takes: the kind of file that comes with the request, when that is known.
    """
    found: dict[str, float] = {}
    for cue in _all_cues():
        if not cue.pattern.search(query):
            continue
        for kind, name in cue.tasks:
            row = find_task(name)
            # Without a file, a cue that depends on the kind of thing means each of its tasks a little less.
            sure = cue.weight * (0.0 if kind and takes and kind != takes else 0.8 if kind and not takes else 1.0)
            if row and sure > found.get(row.id, 0.0):
                found[row.id] = sure
    return found
