"""The lines of a text that are about something: by stems, and where a word was misread, by all letters but one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from math import log

from .stems import content_words, is_misread, stem, tokens_of
from .text_parts import lines_of


def lines_about(text: str, about: str) -> list[str]:
    """The lines that hold the words of `about`, best first; what follows a heading or a colon comes with its line.

    Words are the same by their stems (rent, rents, renting), in any case, with or without accents; when no line holds
    all of them, a word of six letters or more may be misread in one letter, as by a scanner. When no line holds all
    words even so, those with some of them are given; [] when there is none.
    """
    rows = _rows(text)
    found = holding([line for line, _ in rows], about) or _holding_some([line for line, _ in rows], about)
    return ["\n".join(filter(None, rows[place])) for place in found]


def holding(lines: Sequence[str], about: str) -> list[int]:
    """The places of the lines that hold all words of `about`: as they are, else with a letter of a long one misread."""
    held, words = _stems(lines), content_words(about)
    exact = [place for place, stems in enumerate(held) if words and all(stem(word) in stems for word in words)]
    return exact or [place for place, stems in enumerate(held) if words and all(_forms(word, stems) for word in words)]


def _holding_some(lines: Sequence[str], about: str) -> list[int]:
    """The places of the lines that hold any of the words, first those with the most, and the rarest."""
    held = _stems(lines)
    there = set[str]().union(*held)
    wanted = [_forms(word, there) for word in content_words(about)]
    weights = [log(1 + len(held) / max(1, sum(bool(forms & stems) for stems in held))) for forms in wanted]
    scores = [sum(weight for weight, forms in zip(weights, wanted, strict=True) if forms & stems) for stems in held]
    return sorted((place for place, score in enumerate(scores) if score), key=lambda place: -scores[place])


def _stems(lines: Sequence[str]) -> list[set[str]]:
    return [{stem(token) for token in tokens_of(line)} for line in lines]


def _forms(word: str, there: set[str]) -> set[str]:
    """The stems of a text that stand for a word: its own, else those that it may be misread as."""
    root = stem(word)
    return {root} if root in there else {other for other in there if is_misread(root, other) or is_misread(word, other)}


def _rows(text: str) -> list[tuple[str, str]]:
    """Each line, and what belongs to it below when it is a heading."""
    lines = lines_of(text)
    kept = [(line, below) for line, below in pairwise([*lines, ""]) if not _RULE.fullmatch(line)]
    underlined = {line for line, below in pairwise([*lines, ""]) if _RULE.fullmatch(below)}
    heads = [line in underlined or _is_heading(line) for line, _ in kept]
    following = [*(line for line, _ in kept[1:]), ""]
    is_head_below = [*heads[1:], True]
    return [
        (line, below if is_head and not next_is_head else "")
        for (line, _), below, is_head, next_is_head in zip(kept, following, heads, is_head_below, strict=True)
    ]


_RULE = re.compile(r"[=\-_*~]{3,}")
_HEADING = re.compile(r"#{1,6}\s+.*|\*\*[^*]+\*\*:?|.*:")


def _is_heading(line: str) -> bool:
    """Marked as one, ended by a colon, or a few words in capitals alone."""
    in_capitals = line.isupper() and len(line.split()) <= 6 and not re.search(r"\d|[.!?]$", line)
    return bool(_HEADING.fullmatch(line)) or (in_capitals and sum(map(str.isalpha, line)) > 3)
