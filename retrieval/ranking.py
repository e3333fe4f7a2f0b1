"""How the signals become one order, and why a hit stands where it stands.

Each signal is one row of `SIGNALS`: a value from 0 to 1, a weight, and a clause for people. The weights are few
and global; they were set by cross-validation over public requests, never for one query.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..tools.card import ModelCard, human_bytes
from ..tools.tasks import ways_of_asking
from .catalog import query_words
from .cues import cued_tasks
from .filters import Filters
from .folding import Guard
from .generations import Generation
from .heads import shares, task_head
from .tongues import NEUTRAL, agreement, tongues

if TYPE_CHECKING:
    import numpy as np

    from ..tools.fitness import Fitness

_POOL = 100  # candidates from each of meaning and words: the best ones are far inside
_MOST = 16 * _POOL  # so far is looked for others than an owner who fills the pool
_CHUNK = 20  # whole cards read at once: parsing one costs more than ranking it
_CHECKED = 10  # candidates, beyond those asked for, whose fitness is looked up: it costs a look at the disk


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of a search: the card, a score from 0 to 1, and why it stands at this rank (from 1).

    `variants` are the ids of the same model's other cards: copies, re-uploads, weights stored in another way.
    """

    card: ModelCard
    score: float
    reasons: tuple[str, ...]
    rank: int
    variants: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.card.id

    @property
    def why(self) -> str:
        """One line for people."""
        return "; ".join(self.reasons) or "nothing better was found"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, of closed fields only: none of the card's prose."""
        return {
            "rank": self.rank,
            "id": self.card.id,
            "task": self.card.task,
            "score": round(self.score, 4),
            "reasons": list(self.reasons),
            "variants": list(self.variants),
        }

    def __str__(self) -> str:
        return f"{self.rank}. {self.card.id} ({self.card.task or 'no known task'}) {self.score:.2f}: {self.why}"

    def __repr__(self) -> str:
        return f"<Hit {self}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from .show import hits_html

        return {"text/plain": str(self), "text/html": hits_html([self])}


class Hits(list[Hit]):
    """The answer of a search: a list of hits that shows itself. An empty one says what to try."""

    def __init__(self, hits: list[Hit], query: str = "", advice: str = "") -> None:
        super().__init__(hits)
        self.query = query
        self.advice = advice

    def __str__(self) -> str:
        return "\n".join(map(str, self)) or f"No model fits {self.query!r}: {self.advice}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from .show import hits_html

        return {"text/plain": str(self), "text/html": hits_html(self) if self else f"<p>{self}</p>"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card with what the search found out about it; `fitness` is None as long as nobody looked."""

    card: ModelCard
    meaning: float
    words: float
    task: float
    tongue: float = NEUTRAL
    shared: tuple[str, ...] = ()
    fitness: Fitness | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """A row: what it is called, what it weighs, its value from 0 to 1, and its clause ("" for nothing to say)."""

    name: str
    weight: float
    value: Callable[[Candidate], float]
    reason: Callable[[Candidate], str]


def _fitness_value(found: Candidate) -> float:
    if found.fitness is None or not found.fitness.ok:
        return 0.0
    return 1.0 if found.fitness.local else 0.7


def _fitness_reason(found: Candidate) -> str:
    if found.fitness is None:
        return ""
    return f"{'runs here' if found.fitness.ok else 'cannot run here'}: {found.fitness.reason}"


def _words_reason(found: Candidate) -> str:
    return f"shares {', '.join(found.shared[:5])}" if found.shared else ""


def _task_reason(found: Candidate) -> str:
    return f"{found.card.task} is close to what is asked" if found.task > 0.5 else ""


def _tongue_reason(found: Candidate) -> str:
    return "made for the language" if found.tongue > 0.9 else ""


def _popularity(found: Candidate) -> float:
    return min(1.0, math.log10(1 + found.card.downloads) / 8)


def _cheapness(found: Candidate) -> float:
    """1 for a model of a megabyte or less, 0 from a terabyte on; a size that is not known stands in the middle."""
    size = found.card.bytes or 4 * found.card.parameters
    return 0.5 if not size else 1 - min(1.0, max(0.0, (math.log10(size) - 6) / 6))


SIGNALS: tuple[Signal, ...] = (
    Signal("meaning", 1.0, lambda f: max(0.0, f.meaning), lambda f: f"meaning {f.meaning:.2f}"),
    Signal("words", 0.3, lambda f: f.words, _words_reason),
    Signal("task", 0.4, lambda f: f.task, _task_reason),
    Signal("tongue", 0.3, lambda f: f.tongue, _tongue_reason),
    Signal("fitness", 0.03, _fitness_value, _fitness_reason),
    Signal(
        "popularity",
        0.03,
        _popularity,
        lambda f: f"{f.card.downloads:,} downloads" if f.card.downloads else "",
    ),
    Signal("cost", 0.01, _cheapness, lambda f: human_bytes(f.card.bytes) if f.card.bytes else ""),
)
_TOTAL = sum(signal.weight for signal in SIGNALS)


def score(candidate: Candidate) -> float:
    """The weighted mean of the signals, from 0 to 1."""
    total = 0.0
    for signal in SIGNALS:
        total += signal.weight * signal.value(candidate)
    return total / _TOTAL


def reasons(candidate: Candidate) -> tuple[str, ...]:
    return tuple(clause for signal in SIGNALS if (clause := signal.reason(candidate)))


_CUED = 0.2  # what a cue adds to the closeness of its task
_NEAREST = 3  # phrases that say how close a task is: one alone may be close by chance


def task_phrases() -> tuple[tuple[str, str], ...]:
    """(task id, phrase): what each task does and how people ask for it (see `tools.tasks.ways_of_asking`)."""
    return ways_of_asking()


@cache
def _places(phrases: tuple[tuple[str, str], ...]) -> dict[str, list[int]]:
    """Where each task's phrases stand."""
    places: dict[str, list[int]] = {}
    for place, (task, _) in enumerate(phrases):
        places.setdefault(task, []).append(place)
    return places


def task_closeness(task_rows: np.ndarray, vector: np.ndarray) -> dict[str, float]:
    """For each task how close the query is to the closest of its phrases, from 0 to 1; also for `NOTHING`.

    Args:
        task_rows: unit rows, one for each of `task_phrases`.
        vector: the query's unit vector.
    """
    near = task_rows @ vector
    closeness: dict[str, float] = {}
    for task, places in _places(task_phrases()).items():
        best = sorted(near[places].tolist(), reverse=True)[:_NEAREST]
        closeness[task] = max(0.0, sum(best) / len(best))
    return closeness


def asked_tasks(query: str, task_rows: np.ndarray, vector: np.ndarray, takes: str | None = None) -> dict[str, float]:
    """For each task how surely the query asks for it: how close its phrases come, and whether a cue names it."""
    cued = cued_tasks(query, takes)
    return {task: near + _CUED * cued.get(task, 0.0) for task, near in task_closeness(task_rows, vector).items()}


_CUE_EVIDENCE = 0.4  # what a cue adds to the evidence of the learnt head, which has read the same words already
Likely = Callable[[Iterable[str]], Mapping[str, float]]  # of the tasks that there are, how likely each is


def likely_tasks(query: str, vector: np.ndarray, task_rows: np.ndarray, embedder: str, takes: str | None) -> Likely:
    """How likely a query asks for each task, from 0 to 1: by the head learnt for this embedder, else by phrases."""
    head = task_head(embedder)
    if head is None:
        closeness = asked_tasks(query, task_rows, vector, takes)
        return lambda tasks: closeness
    cued = cued_tasks(query, takes)
    evidence = {
        task: found + _CUE_EVIDENCE * cued.get(task, 0.0) for task, found in head.evidence(query, vector).items()
    }
    return lambda tasks: shares({task: evidence[task] for task in tasks if task in evidence})


def rank(
    query: str, vector: np.ndarray, task_rows: np.ndarray, generation: Generation, filters: Filters, k: int
) -> list[Hit]:
    """The k best cards of one generation, fewer when fewer pass the filters."""
    likely = likely_tasks(query, vector, task_rows, generation.manifest.embedder, filters.takes)
    pool, wanted = max(_POOL, 2 * k), k + _CHECKED
    while True:
        candidates = _candidates(query, vector, likely, generation, filters, pool)
        guard = Guard(query, [found.card for _, found in candidates])
        whole = len(candidates) < pool or pool >= len(generation.parts)  # there are no other candidates
        if not whole and pool < _MOST and guard.crowded(k):
            pool *= 4
            continue
        order = guard.shortlist([(score(found), found.card) for _, found in candidates], wanted)
        checked = _checked([candidates[at] for at in order], query, generation, filters)
        kept = sorted(islice(checked, wanted), key=_order)
        places = guard.places([(score(found), found.card) for found in kept], k)
        if len(places) >= k or (whole and len(kept) < wanted):
            break
        pool, wanted = 4 * pool, 4 * pool  # a picky filter, or many copies of few models
    hits = [(kept[place.at], place) for place in places]
    return [
        Hit(found.card, score(found), (*reasons(found), *place.notes), number, place.variants)
        for number, (found, place) in enumerate(hits, 1)
    ]


def _order(found: Candidate) -> tuple[float, str]:
    return (-round(score(found), 6), found.card.id)


def _candidates(
    query: str, vector: np.ndarray, likely: Likely, generation: Generation, filters: Filters, pool: int
) -> list[tuple[int, Candidate]]:
    """What meaning finds and what words find, best first, by rowid: outlines of cards, no look at the machine."""
    parts = generation.parts
    meaning = parts.near(vector, pool, filters)
    matches = parts.matching(query_words(query), pool, filters)
    meaning |= parts.closeness([rowid for rowid in matches if rowid not in meaning], vector)
    top = max(matches.values(), default=0.0) or 1.0
    named, asked = query.strip().lower(), tongues(query)
    outlines = parts.outlines(meaning)
    asks = likely({card.task for card in outlines.values()})
    found = []
    for rowid, card in outlines.items():
        exact = card.id.lower() == named  # who names a model asks for nothing else
        words = 1.0 if exact else matches.get(rowid, 0.0) / top
        task = 1.0 if exact else asks.get(card.task, 0.0)
        tongue = agreement(asked, card.id, card.languages)
        found.append((rowid, Candidate(card, meaning[rowid], words, task, tongue)))
    return sorted(found, key=lambda pair: _order(pair[1]))


def _checked(
    candidates: list[tuple[int, Candidate]], query: str, generation: Generation, filters: Filters
) -> Iterator[Candidate]:
    """Those that pass what SQL cannot test, with their whole card, their shared words and their fitness."""
    from ..tools.fitness import fitness

    wanted = query_words(query)
    for start in range(0, len(candidates), _CHUNK):
        chunk = candidates[start : start + _CHUNK]
        cards = generation.parts.cards(rowid for rowid, _ in chunk)
        for rowid, candidate in chunk:
            card = cards[rowid]
            if filters.where and not filters.where(card):
                continue
            found = fitness(card, offline=filters.offline)
            if found.ok or not filters.runnable_only:
                shared = _shared(wanted, card) if candidate.words else ()
                yield replace(candidate, card=card, fitness=found, shared=shared)


def _shared(wanted: list[str], card: ModelCard) -> tuple[str, ...]:
    text = f"{card.id} {card.search_text}".lower()
    return tuple(word for word in wanted if len(word) > 2 and word[: max(3, len(word) - 2)] in text)
