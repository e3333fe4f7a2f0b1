"""How well a candidate fits: each signal is one row, a value from 0 to 1, a weight, and a clause for people.

The weights are few and global; they were set by cross-validation over public requests, never for one query. Pass
rows of your own to `Ranker(signals=…)`: `replace(row, weight=…)` for another weight, or a `Signal` for another signal.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from . import reasons
from .candidate import Candidate


@dataclass(frozen=True, slots=True)
class Signal:
    """A row.

    Attributes:
        name: what it is called.
        weight: what it weighs beside the others; below 0 what counts the other way round.
        value: from 0 to 1.
        reason: its clause, "" for nothing to say.
        counts: whether it counts for a candidate at all.
    """

    name: str
    weight: float
    value: Callable[[Candidate], float]
    reason: Callable[[Candidate], str] = lambda found: ""
    counts: Callable[[Candidate], bool] = lambda found: True


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


# In the order in which their clauses are told: what decides stands first.
SIGNALS: tuple[Signal, ...] = (
    Signal("task", 0.4, lambda f: f.task, reasons.task),
    Signal(  # only where the query asks for a language
        "language", 0.3, lambda f: f.language.value if f.language else 0.0, reasons.language,
        counts=lambda f: f.language is not None,
    ),
    Signal("shown", 0.3, lambda f: f.shown, reasons.shown),
    Signal("fitness", 0.03, _fitness_value, reasons.fitness),
    Signal("meaning", 1.0, lambda f: max(0.0, f.meaning), reasons.meaning),
    Signal("words", 0.3, lambda f: f.words, reasons.words),
    Signal("popularity", 0.03, _popularity, reasons.popularity),
    Signal("cost", 0.01, _cheapness, reasons.cost),
)  # fmt: skip


def score(
    candidate: Candidate, signals: Sequence[Signal] = SIGNALS, weights: Mapping[str, float] = MappingProxyType({})
) -> float:
    """The weighted mean of the signals that count, from 0 to 1.

    Args:
        weights: those that differ from the signals' own, by name.
    """
    total = whole = 0.0
    for signal in signals:
        if signal.counts(candidate):
            weight = weights.get(signal.name, signal.weight)
            total += weight * signal.value(candidate)
            whole += weight
    return total / whole if whole else 0.0


def reasons_of(candidate: Candidate, signals: Sequence[Signal] = SIGNALS, notes: Iterable[str] = ()) -> tuple[str, ...]:
    """What is to be said of a hit, the strongest first."""
    every = (*notes, *(signal.reason(candidate) for signal in signals), *reasons.obstacles(candidate))
    return tuple(clause for clause in every if clause)
