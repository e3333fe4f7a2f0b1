"""Which task a clause asks for: the distance to the task rows' `asks`, cue words, and the files at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...tools.tasks import Task, rows
from .words import CUES

MediaKinds = frozenset[str]
PLACED = 0.55  # below, a clause is not placed: asking is better than guessing (see benchmarks/planning.py)
_FITS_FILE = 0.12  # the task takes a kind of file that was passed
_LACKS_FILE = -0.6  # the task takes a kind of file that is not there


@dataclass(frozen=True, slots=True)
class Match:
    """A task with its score for a clause: about 0 (nothing in common) to 1.3 (similar, cued, and the file is there)."""

    task: Task
    score: float

    @property
    def confidence(self) -> float:
        return round(min(0.99, max(0.05, self.score / 1.1)), 2)


class Matcher:
    """Scores the tasks of the table, or those that are allowed, for the words of a clause.

    Args:
        similarity: gives each task's closeness to a text, from 0 to 1, by its id; tasks left out count as 0.
        allowed: ids of the only tasks to consider; None for all.
    """

    def __init__(self, similarity: Callable[[str], dict[str, float]], allowed: Iterable[str] | None = None) -> None:
        ids = None if allowed is None else set(allowed)
        self.rows = [row for row in rows() if ids is None or row.id in ids]
        self._similarity = similarity

    def match(self, words: str, files: MediaKinds) -> list[Match]:
        """All tasks, the best first; `files` are the kinds of media that are there or will be made before."""
        close = self._similarity(words)
        cues = _cued(words)
        matches = [
            Match(row, close.get(row.id, 0.0) + cues.get(row.id, 0.0) + _by_files(row, files)) for row in self.rows
        ]
        return sorted(matches, key=lambda match: (-match.score, match.task.id))


def _cued(words: str) -> dict[str, float]:
    """The strongest cue of each task."""
    found: dict[str, float] = {}
    for task, pattern, weight in CUES:
        if weight > found.get(task, 0.0) and pattern.search(words):
            found[task] = weight
    return found


def _by_files(row: Task, files: MediaKinds) -> float:
    needed = {slot.kind for slot in row.media if slot.required}
    if not needed:
        return 0.0
    return _FITS_FILE if needed <= files else _LACKS_FILE
