"""Where a clause speaks of a task: cues found in it, as things to do or as things done before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ....retrieval.ranking.cues import CUES, KIND_NOUN, Cue
from .clauses import Clause

_SURE = 0.66  # beside a mention this sure, unsure ones in the same clause say nothing
_DEFINITE = re.compile(
    r"\b(?:the|this|that|its|their|these|those|your|his|her|said|whose)\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE
)
_INDEFINITE = re.compile(r"\b(?:an?|some|another)\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE)
_SOURCE = re.compile(
    r"\b(?:of|from|on|by|per|to|with|using|use|reflects?|matches|match|into|about|after|once|in|between|and|"
    r"considering|through|when)"
    r"\s+(?:(?:the|this|that|its|their|these|those|both|my)\s+)?(?:[\w-]+\s+){0,1}$",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(r"\w+(?:ed|wn|ten|ken)\b(?!\s+by\b)", re.IGNORECASE)
_ACTED = re.compile(
    r"\b(?:be|been|being|get|gets|have|has|having|is|are|was|were|it|them|that|him|her|you|i|needs?|‹\w+›|"
    r"⟦\d+⟧)\s+(?:\w+ly\s+)?$"
    r"|\b(?:need|want|like|get|have|has)\s+(?:\S+\s+){1,5}$|(?:^|,|\band)\s*(?:then\s+|finally\s+|also\s+)?$",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(r"\b(?:after|once|when|as soon as)\b[^,]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A task spoken of.

    Attributes:
        tasks: (kind or "", name) pairs: the task it means, by the kind of what it is about.
        start, end: where in the clause's `seen` words.
        sure: from 0 to 1.
        refers: it may speak of something that an earlier step makes: "the summary", "the edited image".
        participle: "edited", "summarised": without such a step it says how things are, and asks for nothing.
        made_of: it stands behind "of", "from", "based on": what is asked for is made out of it.
        inside: it is part of another mention ("read the summary aloud"): it may point at a step, and adds none.
    """

    tasks: tuple[tuple[str, str], ...]
    start: int
    end: int
    sure: float
    refers: bool = False
    participle: bool = False
    made_of: bool = False
    inside: bool = False
    noun: bool = False


def mentions(clause: Clause) -> list[Mention]:
    """What a clause speaks of, in the order in which it is done."""
    seen = clause.seen
    chosen: list[Mention] = []
    for mention in sorted(_all(seen), key=lambda m: (m.sure < _SURE, m.refers, -m.sure, m.start - m.end, m.start)):
        if _is_lone(seen, mention):  # "an enhanced audio version": two things in one
            if all(other.tasks != mention.tasks and other.start != mention.start for other in chosen):
                chosen.append(mention)
            continue
        over = [
            other
            for other in chosen
            if mention.start < other.end and other.start < mention.end and not _is_lone(seen, other)
        ]
        if not over:
            chosen.append(mention)
        elif mention.refers and all(
            not o.refers and o.start < mention.start and o.tasks != mention.tasks for o in over
        ):
            chosen.append(replace(mention, inside=True))
    surest = max((m.sure for m in chosen if (m.noun or not m.refers) and not m.inside), default=0.0)
    if surest >= _SURE:
        chosen = [m for m in chosen if m.sure >= _SURE or m.refers or (m.sure > 0.6 and asks_quoted(clause))]
    elif surest:
        chosen = [m for m in chosen if m.sure == surest or m.refers]
    return _in_order(seen, sorted(chosen, key=lambda m: m.start))


def _is_lone(seen: str, mention: Mention) -> bool:
    return re.fullmatch(r"\w+ed", seen[mention.start : mention.end]) is not None


def asks_quoted(clause: Clause) -> bool:
    """True when a question is quoted."""
    return any(quote.rstrip().endswith("?") for quote in clause.quotes)


def _all(seen: str) -> Iterator[Mention]:
    for cue in CUES:
        for found in cue.pattern.finditer(seen):
            yield _mention(cue, seen, found)


def _mention(cue: Cue, seen: str, found: re.Match[str]) -> Mention:
    before = seen[: found.start()]
    source = bool(_SOURCE.search(before))
    if cue.noun:
        definite = bool(_DEFINITE.search(before) or re.match(r"(?:the|this|that|its)\b", found.group(), re.IGNORECASE))
        return Mention(
            cue.tasks, found.start(), found.end(), cue.weight,
            refers=definite or (source and not _INDEFINITE.search(before)), made_of=source, noun=True,
        )  # fmt: skip
    # "the edited image", "detected objects", but not "an edited image", "get it edited", "once you have edited it"
    participle = bool(_PARTICIPLE.match(found.group())) and not _INDEFINITE.search(before) and not _ACTED.search(before)
    done = (
        bool(_AFTERWARDS.search(before)) or re.match(r"^\W*(?:after|once|when|by|using|from)\s*$", before) is not None
    )
    return Mention(
        cue.tasks,
        found.start(),
        found.end(),
        cue.weight,
        refers=participle or done,
        participle=participle,
        made_of=source,
    )


def _in_order(seen: str, chosen: list[Mention]) -> list[Mention]:
    """What something is made of comes before it, and so does the thing before what is done to it ("an enhanced
    audio version" is an audio version first)."""
    ordered: list[Mention] = []
    for mention in chosen:
        place = len(ordered)
        if ordered and ((mention.made_of and mention.refers) or _is_done_to(seen, ordered[-1], mention)):
            place -= 1
        ordered.insert(place, mention)
    return ordered


def _is_done_to(seen: str, before: Mention, thing: Mention) -> bool:
    """True for "enhanced" before "audio version"."""
    return _is_lone(seen, before) and not before.refers and thing.start - before.end < 2


def kinds_near(clause: Clause, start: int, end: int, before: int = 0) -> list[str]:
    """The kinds of things named between two places, in their order; then in quotes; then before `before`."""
    seen = clause.seen
    found = [_kind(m) for m in KIND_NOUN.finditer(seen, start, end)]
    if "image" in found:  # "an image of a table" is about the table
        found.sort(key=lambda kind: kind not in ("table", "document"))
    found += [_kind(m) for quote in clause.quotes for m in KIND_NOUN.finditer(quote)]
    found += [_kind(m) for m in KIND_NOUN.finditer(seen, 0, before)]
    return list(dict.fromkeys(found))


def _kind(found: re.Match[str]) -> str:
    return found.lastgroup or ""
