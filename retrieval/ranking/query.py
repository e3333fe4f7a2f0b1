"""A search's request, understood once: its words, its vector, the tasks that it may ask for, the languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from .request_languages import RequestLanguages

Likely = Callable[[Iterable[str]], Mapping[str, float]]  # of the tasks that there are, how likely each is


@dataclass(frozen=True, eq=False)
class Query:
    """What is looked for.

    Attributes:
        text: the request as it was asked.
        words: those of its words that say something, without the names of the languages that it asks for.
        vector: its unit vector, shape (dimension,), float32.
        tasks: how likely it asks for each task.
        languages: those that it names; none where they shall not count as a filter.
        shown: the languages that it is about, which count as a signal.
        unfiltered: the same request without its languages as a filter, for when no model names them.
    """

    text: str
    words: tuple[str, ...]
    vector: np.ndarray
    tasks: Likely = field(default=lambda tasks: {})
    languages: RequestLanguages = field(default_factory=RequestLanguages)
    shown: frozenset[str] = frozenset()
    unfiltered: Query | None = None

    @property
    def rest(self) -> str:
        """The text without the names of languages that count as a filter."""
        return self.languages.rest if self.languages.codes else self.text

    def without_languages(self) -> Query:
        return self.unfiltered or replace(self, languages=RequestLanguages())
