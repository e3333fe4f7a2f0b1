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
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..tools.card import ModelCard
from ..tools.tasks import ways_of_asking
from . import reasons
from .catalog import query_words
from .cues import cued_tasks
from .filters import Filters
from .folding import Guard
from .heads import shares, task_head
from .languages import Asked, Stand
from .parts import Parts
from .preferences import BALANCED, Preference, preference, preferred
from .reserved import standing
from .tongues import NEUTRAL, agreement, tongues

if TYPE_CHECKING:
    import numpy as np

    from ..tools.fitness import Fitness

_POOL = 100  # candidates from each of meaning and words: the best ones are far inside
_MOST = 16 * _POOL  # so far is looked for others than an owner who fills the pool
_AT_ONCE = 50  # whole cards that are read at once, at most
_LIKELY, _NEARLY = 0.3, 0.8  # how close a task is that may be the one asked for, and as a part of the closest one
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
        """One line for people: the strongest of the reasons."""
        return reasons.one_line(self.reasons)

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
    """A card with what the search found out about it; `fitness` is None as long as nobody looked, `language` when
    the query asks for none. `fits`: its task is the one that is asked for, or hardly less likely."""

    card: ModelCard
    meaning: float
    words: float
    task: float
    tongue: float = NEUTRAL
    shared: tuple[str, ...] = ()
    fitness: Fitness | None = None
    language: Stand | None = None
    fits: bool = False


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


def _popularity(found: Candidate) -> float:
    return min(1.0, math.log10(1 + found.card.downloads) / 8)


def _cheapness(found: Candidate) -> float:
    """1 for a model of a megabyte or less, 0 from a terabyte on; a size that is not known stands in the middle."""
    size = found.card.bytes or 4 * found.card.parameters
    return 0.5 if not size else 1 - min(1.0, max(0.0, (math.log10(size) - 6) / 6))


SIGNALS: tuple[Signal, ...] = (
    Signal("meaning", 1.0, lambda f: max(0.0, f.meaning), reasons.meaning),
    Signal("words", 0.3, lambda f: f.words, reasons.words),
    Signal("task", 0.4, lambda f: f.task, reasons.task),
    Signal("tongue", 0.3, lambda f: f.tongue, reasons.tongue),
    Signal("fitness", 0.03, _fitness_value, reasons.fitness),
    Signal("popularity", 0.03, _popularity, reasons.popularity),
    Signal("cost", 0.01, _cheapness, reasons.cost),
)
# Counts only where a query asks for a language.
LANGUAGE = Signal("language", 0.3, lambda f: f.language.value if f.language else 0.0, reasons.language)
# The clauses in the order in which they are told: what decides stands first.
_TOLD = ("task", "language", "tongue", "fitness", "meaning", "words", "popularity", "cost")


def score(candidate: Candidate, weights: Mapping[str, float] = MappingProxyType({})) -> float:
    """The weighted mean of the signals, from 0 to 1; `weights` are those that differ from the signals' own."""
    total = whole = 0.0
    for signal in (*SIGNALS, LANGUAGE) if candidate.language else SIGNALS:
        weight = weights.get(signal.name, signal.weight)
        total += weight * signal.value(candidate)
        whole += weight
    return total / whole


def told(candidate: Candidate, notes: Iterable[str] = ()) -> tuple[str, ...]:
    """What is to be said of a hit, the strongest first."""
    clauses = {signal.name: signal.reason(candidate) for signal in (*SIGNALS, LANGUAGE)}
    every = (*notes, *(clauses.get(name, "") for name in _TOLD), *reasons.obstacles(candidate))
    return tuple(clause for clause in every if clause)


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
    query: str,
    vector: np.ndarray,
    likely: Likely,
    parts: Parts,
    filters: Filters,
    k: int,
    asked: Asked | None = None,
) -> list[Hit]:
    """The k best cards of an index, fewer when fewer pass the filters, or know the languages asked for."""
    liked = preference(filters.prefer)
    pool, wanted = max(_POOL, 2 * k), k + (3 * _CHECKED if asked or filters.prefer != BALANCED else _CHECKED)
    while True:
        candidates = _candidates(query, vector, likely, parts, filters, pool)
        guard = Guard(query, [found.card for _, _, found in candidates])
        whole = len(candidates) < pool or pool >= len(parts)  # there are no other candidates
        if not whole and pool < _MOST and guard.crowded(k):
            pool *= 4
            continue
        first = guard.shortlist([(value, found.card) for value, _, found in candidates], wanted)
        checked = _checked([candidates[at][1:] for at in first], query, parts, filters, min(wanted, _AT_ONCE), asked)
        kept = sorted(islice(checked, wanted), key=lambda found: _order(score(found), found.card))
        order = _preferred(kept, liked)
        # Who is brought forward takes the place of another, with the score that goes with it.
        places = guard.places([(score(at), found.card) for at, found in zip(kept, order, strict=True)], k)
        if len(places) >= k or (whole and len(kept) < wanted) or (asked and pool >= _MOST):
            break
        pool, wanted = 4 * pool, 4 * pool  # a picky filter, or many copies of few models
    before = {found.card.id: at for at, found in enumerate(kept)}
    hits = [(order[place.at], place) for place in places]
    ahead = {found.card.id for at, found in enumerate(order) if before[found.card.id] > at}
    return [
        Hit(
            found.card,
            score(found),
            told(found, (*place.notes, *([liked.note] if found.card.id in ahead else []))),
            number,
            place.variants,
        )
        for number, (found, place) in enumerate(hits, 1)
    ]


def _preferred(kept: list[Candidate], liked: Preference) -> list[Candidate]:
    """What is liked goes first among those of one task that fit about equally."""
    if not liked.weights:
        return kept
    return preferred(kept, score, lambda found: score(found, liked.weights), lambda found: found.card.task)


def _order(value: float, card: ModelCard) -> tuple[float, str]:
    return (-round(value, 6), card.id)


def _candidates(
    query: str, vector: np.ndarray, likely: Likely, parts: Parts, filters: Filters, pool: int
) -> list[tuple[float, int, Candidate]]:
    """What meaning finds and what words find, best first, each with its score and its rowid: outlines of cards, no look
    at the machine."""
    meaning = parts.near(vector, pool, filters)
    matches = parts.matching(query_words(query), pool, filters)
    meaning |= parts.closeness([rowid for rowid in matches if rowid not in meaning], vector)
    top = max(matches.values(), default=0.0) or 1.0
    named, asked = query.strip().lower(), tongues(query)
    outlines = parts.outlines(meaning)
    asks = likely({card.task for card in outlines.values()})
    # Where a task is named, that a model has it is no news.
    right = 2.0 if filters.task else max(_LIKELY, _NEARLY * max(asks.values(), default=0.0))
    found = []
    for rowid, card in outlines.items():
        exact = card.id.lower() == named  # who names a model asks for nothing else
        task = 1.0 if exact else asks.get(card.task, 0.0)
        candidate = Candidate(
            card=card,
            meaning=meaning[rowid],
            words=1.0 if exact else matches.get(rowid, 0.0) / top,
            task=task,
            tongue=agreement(asked, card.id, card.languages),
            fits=task >= right,
        )
        found.append((score(candidate), rowid, candidate))
    return sorted(found, key=lambda scored: _order(scored[0], scored[2].card))


def _checked(
    candidates: list[tuple[int, Candidate]],
    query: str,
    parts: Parts,
    filters: Filters,
    at_once: int,
    asked: Asked | None = None,
) -> Iterator[Candidate]:
    """Those that pass what SQL cannot test, with their whole card, their shared words and their fitness.

    Args:
        at_once: so many whole cards are read: parsing one costs more than ranking it.
    """
    from ..tools.fitness import fitness

    wanted = query_words(query)
    for start in range(0, len(candidates), at_once):
        chunk = candidates[start : start + at_once]
        cards = parts.cards(rowid for rowid, _ in chunk)
        for rowid, candidate in chunk:
            card = standing(cards[rowid])
            stand = asked.stand(card) if asked and card else None
            if not card or (asked and not stand) or (filters.where and not filters.where(card)):
                continue
            found = fitness(card, offline=filters.offline)
            if found.ok or not filters.runnable_only:
                shared = _shared(wanted, card) if candidate.words else ()
                yield replace(candidate, card=card, fitness=found, shared=shared, language=stand)


def _shared(wanted: list[str], card: ModelCard) -> tuple[str, ...]:
    text = f"{card.id} {card.search_text}".lower()
    return tuple(word for word in wanted if len(word) > 2 and word[: max(3, len(word) - 2)] in text)
