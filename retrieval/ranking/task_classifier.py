"""Which task a request asks for, learnt: one linear layer over its sentence vector and its words.

It was trained on our own texts only (zoo/training/task_classifier.py, with the requests beside it), and belongs to the
vectors of one embedder. Another embedder gets none, and the search falls back to how close a request is to the
phrases of each task.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("task_classifier.npz")
# Words of every request, whatever it is for.
_COMMON = frozenset(
    "a an and are as at be build by can create do find for from has have help i in is it its like me model models my "
    "need not of on or our please provide should so some system that the their them then there these they this to us "
    "use user using want we what which will with would you your".split()
)


def terms(text: str) -> Counter[str]:
    """The words of a text that say something, and the pairs of neighbours among them."""
    words = [word for word in re.findall(r"[^\W_]{2,}", text.lower()) if word not in _COMMON]
    return Counter([*words, *(f"{first} {second}" for first, second in pairwise(words))])


@dataclass(frozen=True, slots=True)
class TaskClassifier:
    """One linear layer.

    Attributes:
        tasks: the ids that it tells apart.
        places: where each term stands among the inputs.
        rarity: (terms,) how much a term weighs: the rarer, the more.
        meaning: (dimension, tasks) weights of a unit sentence vector.
        words: (terms, tasks) weights of the unit vector of terms.
        bias: (tasks,)
    """

    tasks: tuple[str, ...]
    places: dict[str, int]
    rarity: np.ndarray
    meaning: np.ndarray
    words: np.ndarray
    bias: np.ndarray

    def evidence(self, query: str, vector: np.ndarray) -> dict[str, float]:
        """For each task the logarithm of how likely it is asked for, up to a constant.

        Args:
            vector: the query's unit vector, by the embedder that the classifier was trained with.
        """
        places, values = weighed(query, self.places, self.rarity)
        logits = vector @ self.meaning + self.bias
        if places:
            logits = logits + values @ self.words[places]
        return dict(zip(self.tasks, logits.tolist(), strict=True))


def weighed(text: str, places: dict[str, int], rarity: np.ndarray) -> tuple[list[int], np.ndarray]:
    """The known terms of a text: their places, and their weights as a vector of length 1."""
    counts = {places[term]: count for term, count in terms(text).items() if term in places}
    known = list(counts)
    values = np.array([1 + math.log(counts[place]) for place in known]) * rarity[known]
    return known, (values / max(float(np.linalg.norm(values)), 1e-9)).astype(np.float32)


@cache
def task_classifier(signature: str) -> TaskClassifier | None:
    """The classifier for vectors of the embedder with this signature; None when there is none."""
    if not FILE.is_file():
        return None
    with np.load(FILE, allow_pickle=False) as stored:
        return read(stored) if str(stored["signature"]) == signature else None


def read(stored: Mapping[str, np.ndarray]) -> TaskClassifier:
    """The classifier out of the arrays of its file; words and their scale are stored in 8 bits."""
    known = str(stored["terms"]).split("\n")
    return TaskClassifier(
        tuple(str(stored["tasks"]).split("\n")),
        {term: place for place, term in enumerate(known)},
        stored["rarity"].astype(np.float32),
        stored["meaning"].astype(np.float32),
        stored["words"].astype(np.float32) * stored["scale"],
        stored["bias"].astype(np.float32),
    )
