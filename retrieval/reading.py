"""From sources to the changes that they bring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..errors import UsageError
from ..tools.card import ModelCard
from .sources import find_source
from .updates import Changes


def read_sources(sources: Iterable[Any]) -> Changes:
    """All cards of these sources; of several with one id the last counts. What cannot be read is set aside.

    Raises:
        UsageError: nothing reads such a source.
    """
    cards: dict[str, tuple[ModelCard, str]] = {}
    failed: list[tuple[str, str]] = []
    seen: dict[str, str] = {}
    for value in sources:
        row, plain, name = find_source(value)
        mark = row.fingerprint(plain)
        for read in row.read(plain):
            if read.card:
                cards[read.card.id] = (read.card, name)
                seen |= {name: mark} if name else {}  # one that gives nothing is not worth remembering
            else:
                failed.append((read.what, read.reason))
    return Changes(cards, sources=seen, failed=tuple(failed))


def reread(sources: Mapping[str, str], cards_before: Callable[[str], Sequence[str]]) -> Changes:
    """What changed in remembered sources: cards that came or changed, and those that are gone.

    Args:
        sources: each with its fingerprint of last time; "" is read in any case.
        cards_before: the ids that came from a source.
    """
    cards: dict[str, tuple[ModelCard, str]] = {}
    failed: list[tuple[str, str]] = []
    gone: set[str] = set()
    seen: dict[str, str] = {}
    for name, known in sources.items():
        try:
            row, plain, _ = find_source(name)
        except UsageError as error:
            failed.append((name, str(error)))
            continue
        seen[name] = row.fingerprint(plain)
        if known and seen[name] == known:
            continue
        found = list(row.read(plain))
        cards |= {read.card.id: (read.card, name) for read in found if read.card}
        failed += [(read.what, read.reason) for read in found if not read.card]
        if all(read.card for read in found):  # what could not be read may be one of the cards that seem gone
            gone |= set(cards_before(name)) - {read.what for read in found}
    return Changes(cards, frozenset(gone - set(cards)), seen, failed=tuple(failed))
