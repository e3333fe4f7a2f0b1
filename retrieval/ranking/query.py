"""A search's request, understood once: its words, its vector, the tasks that it may ask for, the languages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from .claims import Claim
from .request_languages import RequestLanguages


@dataclass(frozen=True)
class TaskEvidence:
    """What speaks for each task.

    Attributes:
        scores: by the task's id: logarithms of how likely it is, up to a constant, or how close it comes.
        logarithmic: which of the two.
    """

    scores: Mapping[str, float] = field(default_factory=dict)
    logarithmic: bool = False

    def likely(self, tasks: Iterable[str]) -> Mapping[str, float]:
        """How likely each task is when it is one of these: of logarithms shares of 1; closeness is what it is."""
        if not self.logarithmic:
            return self.scores
        here = {task: self.scores[task] for task in tasks if task in self.scores}
        best = max(here.values(), default=0.0)
        raised = {task: math.exp(score - best) for task, score in here.items()}
        whole = sum(raised.values())
        return {task: part / whole for task, part in raised.items()}


@dataclass(frozen=True, eq=False)
class Query:
    """What is looked for.

    Attributes:
        text: the request as it was asked.
        words: those of its words that say something, without the names of the languages that it asks for.
        vector: its unit vector, shape (dimension,), float32.
        tasks: what speaks for each task.
        languages: those that it names; none where they shall not count as a filter.
        shown: the languages that it is about, which count as a signal.
        claim: the figure of authors by which the best are asked for.
        unfiltered: the same request without its languages as a filter, for when no model names them.
    """

    text: str
    words: tuple[str, ...]
    vector: np.ndarray
    tasks: TaskEvidence = field(default_factory=TaskEvidence)
    languages: RequestLanguages = field(default_factory=RequestLanguages)
    shown: frozenset[str] = frozenset()
    claim: Claim | None = None
    unfiltered: Query | None = None

    @property
    def rest(self) -> str:
        """The text without the names of languages that count as a filter."""
        return self.languages.rest if self.languages.codes else self.text

    def without_languages(self) -> Query:
        return self.unfiltered or replace(self, languages=RequestLanguages())
