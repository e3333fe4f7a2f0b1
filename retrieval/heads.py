"""Which task a request asks for, learnt: a linear head over its sentence vector and its words.

The head was trained on our own texts only: the ways of asking of the task table and of `tools/asks.tsv`, the longer
requests of `requests.tsv`, as one writes them to whoever shall build or find a model, and those of `wishes.tsv`, by
five writers who saw nothing of prefrontal (task, tab, request). With the latter the head knows the task in 75 % of
what a stranger writes, without them in 71 %. It belongs to the vectors of one embedder; another embedder gets none,
and the search falls back to how close a request is to the phrases of each task.

After a change of those texts, train it anew (a minute; needs scikit-learn): `python -m prefrontal.retrieval.heads`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from ..tools.tasks import NOTHING, UNSERVED, ways_of_asking

if TYPE_CHECKING:
    import numpy as np

_HEAD = Path(__file__).with_name("heads.npz")
_REQUESTS = (("requests.tsv", 2.0), ("wishes.tsv", 1.0))  # with what one of their lines weighs
_TERMS = 6000  # words and pairs of words that the head knows
_RARE = 3  # a term in fewer texts than these says nothing yet
_STRENGTH = 3.0  # scikit-learn's C: how closely the head follows its texts
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
class TaskHead:
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
            vector: the query's unit vector, by the embedder that the head was trained with.
        """
        places, values = weighed(query, self.places, self.rarity)
        logits = vector @ self.meaning + self.bias
        if places:
            logits = logits + values @ self.words[places]
        return dict(zip(self.tasks, logits.tolist(), strict=True))


def weighed(text: str, places: dict[str, int], rarity: np.ndarray) -> tuple[list[int], np.ndarray]:
    """The known terms of a text: their places, and their weights as a vector of length 1."""
    import numpy as np

    counts = {places[term]: count for term, count in terms(text).items() if term in places}
    known = list(counts)
    values = np.array([1 + math.log(counts[place]) for place in known]) * rarity[known]
    return known, (values / max(float(np.linalg.norm(values)), 1e-9)).astype(np.float32)


@cache
def task_head(signature: str) -> TaskHead | None:
    """The head for vectors of the embedder with this signature; None when there is none."""
    import numpy as np

    if not _HEAD.is_file():
        return None
    with np.load(_HEAD, allow_pickle=False) as stored:
        if str(stored["signature"]) != signature:
            return None
        known = str(stored["terms"]).split("\n")
        return TaskHead(
            tuple(str(stored["tasks"]).split("\n")),
            {term: place for place, term in enumerate(known)},
            stored["rarity"].astype(np.float32),
            stored["meaning"].astype(np.float32),
            stored["words"].astype(np.float32) * stored["scale"],
            stored["bias"].astype(np.float32),
        )


def shares(evidence: dict[str, float]) -> dict[str, float]:
    """How likely each of these tasks is when it is one of them: from 0 to 1, 1 in all."""
    best = max(evidence.values(), default=0.0)
    raised = {task: math.exp(found - best) for task, found in evidence.items()}
    whole = sum(raised.values())
    return {task: part / whole for task, part in raised.items()}


def training_texts() -> list[tuple[str, str, float]]:
    """(task, text, weight): our own ways of asking and longer requests. What people write is closer to the latter."""
    texts = [(task, phrase, 1.0) for task, phrase in ways_of_asking() if task not in (NOTHING, UNSERVED)]
    for name, weight in _REQUESTS:
        lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
        texts += [(task, text, weight) for task, _, text in (line.partition("\t") for line in lines)]
    return texts


def train() -> TaskHead:
    """Fit the head to `training_texts` and write it to `heads.npz`."""
    import numpy as np
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    from .embedder import Encoder, default_embedder

    encoder = Encoder(default_embedder())
    labels, texts, weights = zip(*training_texts(), strict=True)
    frequency = Counter(term for text in texts for term in terms(text))
    common = sorted(frequency.items(), key=lambda pair: (-pair[1], pair[0]))[:_TERMS]
    places = {term: place for place, (term, count) in enumerate(common) if count >= _RARE}
    rarity = np.array([1 + math.log((1 + len(texts)) / (1 + frequency[term])) for term in places], np.float32)
    rows = [weighed(text, places, rarity) for text in texts]
    ends = np.cumsum([0, *(len(known) for known, _ in rows)])
    flat = [place for known, _ in rows for place in known]
    words = csr_matrix((np.concatenate([values for _, values in rows]), flat, ends), (len(texts), len(places)))
    inputs = hstack([csr_matrix(encoder.texts(list(texts))), words]).tocsr()
    fitted = LogisticRegression(C=_STRENGTH, max_iter=2000).fit(inputs, labels, sample_weight=weights)
    meaning, word_weights = np.split(fitted.coef_.T, [encoder.dimension])
    scale = float(np.abs(word_weights).max()) / 127
    np.savez_compressed(
        _HEAD,
        signature=np.array(encoder.signature),
        tasks=np.array("\n".join(fitted.classes_)),
        terms=np.array("\n".join(places)),
        rarity=rarity.astype(np.float16),
        meaning=meaning.astype(np.float16),
        words=np.round(word_weights / scale).astype(np.int8),
        scale=np.float32(scale),
        bias=fitted.intercept_.astype(np.float32),
    )
    task_head.cache_clear()
    head = task_head(encoder.signature)
    assert head is not None
    return head


if __name__ == "__main__":
    print(f"{len(train().tasks)} tasks in {_HEAD}")
