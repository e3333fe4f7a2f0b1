"""Why a hit stands where it stands, in words that somebody understands who never heard of vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...tools.units import human_bytes

if TYPE_CHECKING:
    from .candidate import Candidate

_WORDS = 3  # shared words that are named
# How close the cosine of a query and a card is, in words; the first row that it reaches counts.
_CLOSENESS = ((0.5, "very close in meaning"), (0.3, "close in meaning"), (0.15, "loosely related"))


def task(found: Candidate) -> str:
    return "right task" if found.fits else ""


def meaning(found: Candidate) -> str:
    return next((words for least, words in _CLOSENESS if found.meaning >= least), "hardly related")


def words(found: Candidate) -> str:
    """Those of the query's words that the card has; what its task says already is not said again."""
    said = {part[:5] for part in found.card.task.split("-")} if task(found) else set()
    shared = [word for word in found.shared if word[:5] not in said]
    return f"mentions {', '.join(shared[:_WORDS])}" if shared else ""


def fitness(found: Candidate) -> str:
    if found.fitness is None:
        return ""
    if not found.fitness.ok:
        return f"cannot run here: {_short(found.fitness.reason)}"
    if found.fitness.local:
        return "runs here"
    return "runs here once downloaded"


def obstacles(found: Candidate) -> Sequence[str]:
    """What stands in the way or is to be done besides what `fitness` says."""
    return [_short(reason) for reason in found.fitness.further] if found.fitness else ()


def popularity(found: Candidate) -> str:
    return f"{found.card.downloads:,} downloads" if found.card.downloads else ""


def cost(found: Candidate) -> str:
    return human_bytes(found.card.bytes) if found.card.bytes else ""


def language(found: Candidate) -> str:
    return found.language.reason if found.language else ""


def shown(found: Candidate) -> str:
    """Where the language is not named but shown, as in a quote; else `language` says it."""
    return "made for the language" if found.shown > 0.9 and not found.language else ""


def _short(reason: str) -> str:
    """Without the command that helps: `prefrontal show` has it."""
    return reason.partition(": ")[0]
