"""Ids as people write them: another spelling of one that is in the index, and the closest ones to one that is not."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from ..errors import CardNotFoundError
from .filters import Filters
from .storage.segments import Segments
from .words import query_words, split_words

_COMPARED = 20_000  # ids that an unknown one is compared with, letter by letter


def alike(parts: Segments, id: str) -> list[str]:
    """Ids among which those like this one are: all of them, or in a big index those that share words with it."""
    if len(parts) <= _COMPARED:
        return list(parts.ids())
    found = parts.matching(query_words(split_words(id)), 200, Filters())
    return [card.id for card in parts.outlines(found).values()]


def same_id(id: str, ids: Iterable[str]) -> str:
    """The one id that differs in nothing but capitals, which the Hub, too, takes for the same; "" when none or several
    do."""
    same = [known for known in ids if known.lower() == id.lower()]
    return same[0] if len(same) == 1 else ""


def not_found(id: str, ids: Iterable[str], size: int) -> CardNotFoundError:
    """Says so, with the closest of the ids and what to do next."""
    known = list(ids)
    names = {one.lower(): one for one in known} | {one.rpartition("/")[2].lower(): one for one in known}
    close = difflib.get_close_matches(id.lower(), names, n=3, cutoff=0.6)
    nearest = f"closest: {', '.join(dict.fromkeys(names[c] for c in close))}; " if close else ""
    return CardNotFoundError(
        f"{id[:100]!r} is not among the {size} models of the index; {nearest}"
        "search for it in words, or add it with prefrontal index add"
    )
