"""What a card's author reports of the model: figures of a model-index, which nobody checked, and which is best by them.

They are claims of strangers. They are shown as such, and order a search only where somebody asks for them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .front_matter import parse_yaml
from .text import clean

MAX_REPORTED = 60  # figures kept of a card
_MAX_LINES = 1_500  # of a model-index: those of embedding models have up to 10,000
_MAX_CHARS = 120_000
_DIGITS = re.compile(r"[^a-z0-9]+")
_PART = re.compile(r"[a-z]+|\d+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


@dataclass(frozen=True, slots=True)
class Metric:
    """A row: what it is called, how else, whether less is better, and whether it is a part of 1, which some authors
    write as percent."""

    name: str
    aliases: tuple[str, ...] = ()
    less: bool = False
    part: bool = True


METRICS = {
    row.name: row
    for row in (
        Metric("accuracy", ("acc", "top 1 accuracy", "top1 accuracy", "top 1", "test accuracy", "validation accuracy")),
        Metric("top-5 accuracy", ("top5 accuracy", "top 5")),
        Metric("f1", ("f1 score", "f 1", "f score", "macro f1", "f1 macro", "micro f1", "f1 micro", "weighted f1")),
        Metric("precision", ("macro precision", "precision macro")),
        Metric("recall", ("macro recall", "recall macro")),
        Metric("exact match", ("em", "exact")),
        Metric("auc", ("roc auc", "auroc")),
        Metric("map", ("mean average precision", "box map", "ap", "average precision")),
        Metric("iou", ("miou", "mean iou", "mean intersection over union")),
        Metric("dice"),
        Metric("mrr", ("mrr at 10", "mean reciprocal rank")),
        Metric("ndcg", ("ndcg at 10",)),
        Metric("spearman", ("spearmanr", "cos sim spearman", "cosine spearman", "spearman cosine")),
        Metric("pearson", ("pearsonr", "cos sim pearson", "pearson cosine")),
        Metric("matthews", ("matthews correlation", "mcc")),
        Metric("bleu", ("sacrebleu", "sacre bleu")),
        Metric("chrf", ("chr f", "chrf++")),
        Metric("rouge-1", ("rouge1",)),
        Metric("rouge-2", ("rouge2",)),
        Metric("rouge-l", ("rougel", "rouge")),
        Metric("meteor"),
        Metric("bertscore"),
        Metric("wer", ("word error rate", "test wer", "validation wer"), less=True),
        Metric("cer", ("character error rate", "test cer"), less=True),
        Metric("eer", ("equal error rate",), less=True),
        Metric("perplexity", ("ppl",), less=True, part=False),
        Metric("loss", ("test loss", "validation loss", "eval loss"), less=True, part=False),
        Metric("mse", ("mean squared error",), less=True, part=False),
        Metric("rmse", (), less=True, part=False),
        Metric("mae", ("mean absolute error",), less=True, part=False),
        Metric("fid", ("frechet inception distance",), less=True, part=False),
    )
}


def _plain(text: str) -> str:
    return _DIGITS.sub(" ", text.lower().replace("@", " at ")).strip()


_NAMES = {_plain(name): row for row in METRICS.values() for name in (row.name, *row.aliases)}


def find_metric(name: str) -> Metric | None:
    """The row of a metric, by any of its names."""
    return _NAMES.get(_plain(name))


def metric_names() -> Sequence[str]:
    """Every spelling that is understood, in lower case and in words, the longest first."""
    return sorted(_NAMES, key=lambda name: (-len(name), name))


@dataclass(frozen=True, slots=True)
class Reported:
    """One figure: `value` of `metric` on `dataset`. Of parts of 1 it is one, also where the author wrote percent."""

    metric: str
    value: float
    dataset: str = ""
    task: str = ""

    def __str__(self) -> str:
        value = f"{self.value:.4f}".rstrip("0").rstrip(".")
        return f"{self.metric} {value}{f' on {self.dataset}' if self.dataset else ''}"


def read_reported(index: Any) -> tuple[tuple[Reported, ...], str]:
    """The figures of a model-index, and a clause on what of it could not be read.

    Args:
        index: as it is written, or parsed. What is too long is read as far as it goes.
    """
    why = ""
    if isinstance(index, str):
        if not index.strip():
            return (), ""
        index, why = parse_yaml(_bounded(index))
        index = index.get("model-index") if isinstance(index, dict) else None
        if why:
            return (), f"the header's model-index cannot be read ({why})"
    found = dict.fromkeys(_figures(index))
    return tuple(found)[:MAX_REPORTED], ""


def _bounded(index: str) -> str:
    """As many whole entries of a long model-index as are read."""
    lines = index.split("\n")
    if len(lines) <= _MAX_LINES and len(index) <= _MAX_CHARS:
        return index
    kept, size, depth = 0, 0, None
    seen = False
    for number, line in enumerate(lines[:_MAX_LINES]):
        size += len(line) + 1
        if size > _MAX_CHARS:
            break
        mark = re.match(r"(\s*)- ", line)
        if seen and mark and depth is None:
            depth = len(mark[1])
        if mark and len(mark[1]) == depth:
            kept = number  # an entry begins here: what stands before it is whole
        seen = seen or line.strip() == "results:"
    return "\n".join(lines[:kept])


def _figures(index: Any) -> Iterator[Reported]:
    for model in _tables(index):
        for result in _tables(model.get("results")):
            dataset, task = _text(result.get("dataset")), _text(result.get("task"), "type")
            for metric in _tables(result.get("metrics")):
                row = find_metric(_word(metric.get("name"))) or find_metric(_word(metric.get("type")))
                value = _number(metric.get("value"))
                name = row.name if row else _plain(_word(metric.get("type")) or _word(metric.get("name")))
                if value is not None and name:
                    part = row is not None and row.part and 1 < abs(value) <= 100
                    yield Reported(name, round(value / 100 if part else value, 6), dataset, task)


def _tables(value: Any) -> list[Mapping[str, Any]]:
    value = value if isinstance(value, list | tuple) else [value]
    return [item for item in value if isinstance(item, Mapping)]


def _word(value: Any) -> str:
    return " ".join(clean(value, 60).split())


def _text(value: Any, key: str = "name") -> str:
    """What a data set is called: its name, and its id and configuration where the name does not say them."""
    if not isinstance(value, Mapping):
        return _word(value)
    name, kind, config = (_word(value.get(part)) for part in (key, "type", "config"))
    parts = [name or kind]
    if key == "name":
        parts += [f"({kind})"] if kind and _plain(kind) not in _plain(name or kind) else []
        parts += [config] if config and config != "default" and _plain(config) not in _plain(name) else []
    return " ".join(part for part in parts if part)


def _number(value: Any) -> float | None:
    if isinstance(value, str) and (found := _NUMBER.search(value.replace(",", "."))):
        value = float(found.group())
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 1e9:
        return None
    return float(value)


def best_of(reported: Iterable[Reported], metric: str, dataset: str = "") -> Reported | None:
    """The best of the figures of this metric, on data sets whose name has all words of `dataset`."""
    row = find_metric(metric)
    name, words = row.name if row else _plain(metric), _parts(dataset)
    worth = -1 if row and row.less else 1
    fitting = [one for one in reported if one.metric == name and words <= _parts(one.dataset)]
    return max(fitting, key=lambda one: worth * one.value, default=None)


def _parts(dataset: str) -> set[str]:
    """CIFAR-10 is cifar10, and neither is CIFAR-100."""
    return set(_PART.findall(dataset.lower()))
