"""How likely a query asks for each task: by the learnt classifier and the cues, else by how close its phrases come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from ...tools.tasks import task_phrases
from .cues import cued_tasks
from .query import TaskEvidence
from .task_classifier import TaskClassifier, task_classifier

_CUED = 0.2  # what a cue adds to the closeness of its task
_CUE_EVIDENCE = 0.4  # the same for the evidence of the classifier, which has read the same words already
_NEAREST = 3  # phrases that say how close a task is: one alone may be close by chance


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


@dataclass(frozen=True)
class TaskMatch:
    """What tells the tasks that a request may ask for.

    Attributes:
        classifier: gives the classifier that was trained for an embedder's signature, None when there is none.
        cues: gives how surely the words of a request mean each task (see `cued_tasks`).
    """

    classifier: Callable[[str], TaskClassifier | None] = task_classifier
    cues: Callable[[str, str | None], Mapping[str, float]] = cued_tasks

    def evidence(
        self, text: str, vector: np.ndarray, task_rows: np.ndarray, embedder: str, takes: str | None
    ) -> TaskEvidence:
        """What speaks for each task in a request: by the classifier, else by phrases.

        Args:
            vector: the request's unit vector.
            task_rows: unit rows, one for each of `task_phrases`.
            embedder: the signature of the embedder that gave both.
            takes: the kind of file that comes with the request, when that is known.
        """
        classifier, cued = self.classifier(embedder), self.cues(text, takes)
        if classifier is None:
            closeness = {
                task: near + _CUED * cued.get(task, 0.0) for task, near in task_closeness(task_rows, vector).items()
            }
            return TaskEvidence(closeness)
        evidence = {
            task: found + _CUE_EVIDENCE * cued.get(task, 0.0)
            for task, found in classifier.evidence(text, vector).items()
        }
        return TaskEvidence(evidence, logarithmic=True)
