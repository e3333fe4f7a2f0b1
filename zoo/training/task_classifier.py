"""Train the classifier that tells which task a request asks for (retrieval/ranking/task_classifier.py).

    python zoo/training/task_classifier.py          # a minute on a CPU; needs scikit-learn
    python zoo/training/task_classifier.py --smoke  # a few seconds, writes nothing

It learns from our own texts only: the phrases of the task table and of tools/task_phrases.tsv, and requests.tsv beside
this file (writer, task, request), which holds longer requests as one writes them to whoever shall build or find a
model. Those of the strangers come from five writers who saw nothing of prefrontal. With them the classifier knows the
task in 75 % of what a stranger writes, without them in 71 %.
"""

from __future__ import annotations

import argparse
from collections import Counter
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from prefrontal.retrieval.embedding.encoder import Encoder
from prefrontal.retrieval.embedding.minilm import default_embedder
from prefrontal.retrieval.ranking.task_classifier import FILE, TaskClassifier, read, task_classifier, terms, weighed
from prefrontal.tools.tasks import NOTHING, UNSERVED, task_phrases

REQUESTS = Path(__file__).with_name("requests.tsv")
HOUSE = "house"  # the writer of the requests that were written here
HOUSE_WEIGHT = 2.0  # what one of them weighs beside a phrase, or a request by somebody else
TERMS = 6000  # words and pairs of words that the classifier knows
RARE = 3  # a term in fewer texts than these says nothing yet
STRENGTH = 3.0  # scikit-learn's C: how closely the classifier follows its texts


def training_texts() -> list[tuple[str, str, float]]:
    """(task, text, weight): phrases, and longer requests. What people write is closer to the latter."""
    texts = [(task, phrase, 1.0) for task, phrase in task_phrases() if task not in (NOTHING, UNSERVED)]
    for line in REQUESTS.read_text(encoding="utf-8").splitlines()[1:]:
        writer, task, request = line.split("\t", 2)
        texts.append((task, request, HOUSE_WEIGHT if writer == HOUSE else 1.0))
    return texts


def train(texts: list[tuple[str, str, float]], out: Path) -> TaskClassifier:
    """Fit the classifier to (task, text, weight) and write it to `out`."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    encoder = Encoder(default_embedder())
    labels, texts, weights = zip(*texts, strict=True)
    frequency = Counter(term for text in texts for term in terms(text))
    common = sorted(frequency.items(), key=lambda pair: (-pair[1], pair[0]))[:TERMS]
    places = {term: place for place, (term, count) in enumerate(common) if count >= RARE}
    rarity = np.array([1 + log((1 + len(texts)) / (1 + frequency[term])) for term in places], np.float32)
    rows = [weighed(text, places, rarity) for text in texts]
    ends = np.cumsum([0, *(len(known) for known, _ in rows)])
    flat = [place for known, _ in rows for place in known]
    words = csr_matrix((np.concatenate([values for _, values in rows]), flat, ends), (len(texts), len(places)))
    inputs = hstack([csr_matrix(encoder.texts(list(texts))), words]).tocsr()
    fitted = LogisticRegression(C=STRENGTH, max_iter=2000).fit(inputs, labels, sample_weight=weights)
    meaning, word_weights = np.split(fitted.coef_.T, [encoder.dimension])
    scale = float(np.abs(word_weights).max()) / 127
    np.savez_compressed(
        out,
        signature=np.array(encoder.signature),
        tasks=np.array("\n".join(fitted.classes_)),
        terms=np.array("\n".join(places)),
        rarity=rarity.astype(np.float16),
        meaning=meaning.astype(np.float16),
        words=np.round(word_weights / scale).astype(np.int8),
        scale=np.float32(scale),
        bias=fitted.intercept_.astype(np.float32),
    )
    task_classifier.cache_clear()
    with np.load(out, allow_pickle=False) as stored:
        return read(stored)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the classifier of tasks.")
    parser.add_argument("--out", type=Path, default=FILE, help="where to write it; the package's own file if left out")
    parser.add_argument("--smoke", action="store_true", help="one text in twenty, into a file that is thrown away")
    given = parser.parse_args()
    if given.smoke:
        with TemporaryDirectory() as folder:
            print(f"{len(train(training_texts()[::20], Path(folder) / 'smoke.npz').tasks)} tasks, nothing written")
        return
    print(f"{len(train(training_texts(), given.out).tasks)} tasks in {given.out}")


if __name__ == "__main__":
    main()
