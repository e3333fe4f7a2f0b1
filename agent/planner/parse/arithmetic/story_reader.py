"""A learnt reader of stories in which something is to be reckoned: which sum, and how sure that is.

Trained by zoo/training/story_reader.py: an adapter of all-MiniLM-L6-v2, and two heads. A story counts as read only
when every figure of it is used; "one" and "half" may be no number.
"""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from .....errors import ToolInputError
from .....retrieval.embedding.minilm_numpy import NumpyMiniLM
from .....retrieval.embedding.minilm_weights import minilm_folder
from .....tools.arithmetic import calculate
from ..reader import added_weights
from .quantities import Number, numbers_of
from .story_trees import AFTER, LABELS, MOST, form_builder

FILE = Path(__file__).with_name("story_reader.safetensors")
TOKENS = 192  # that are read of a story
TAGS = ("out", "begin", "inside")  # of a token: whether something is asked for in it
_UNUSED = 2  # numbers that may be of no use


@dataclass(frozen=True, slots=True)
class StoryReading:
    """The likeliest sum.

    Attributes:
        expression: as `tools.arithmetic.calculate` takes it.
        after: one of `AFTER`: what is done with it ("rest": what is left over when it is divided).
        sure: from 0 to 1.
    """

    expression: str
    after: str
    sure: float

    @property
    def whole(self) -> str:
        """The expression with what is done to its result; it needs no model."""
        if self.after == "rest":
            over, _, under = self.expression.rpartition(" / ")  # a division as a whole, see `_divides`
            return f"({over}) % {under}"
        return f"{self.after}({self.expression})" if self.after in ("ceil", "floor") else self.expression

    def value(self) -> float | None:
        try:
            return float(calculate(self.whole))
        except ToolInputError:
            return None


class StoryReader:
    """The adapted encoder and its heads."""

    def __init__(self, file: Path = FILE, folder: Path | None = None) -> None:
        from safetensors import safe_open

        with safe_open(file, framework="numpy") as opened:
            about = opened.metadata()
            if json.loads(about["labels"]) != list(LABELS) or json.loads(about["after"]) != list(AFTER):
                raise ValueError(f"{file.name} was trained for other sums than story_trees.py names; train it again")
            rows = {name: opened.get_tensor(name).astype(np.float32) for name in list(opened.keys())}
        self._rows = rows
        self._encoder = NumpyMiniLM(folder or minilm_folder()).adapted(
            added_weights(rows, float(about["scale"])), TOKENS
        )

    def scores(self, text: str, numbers: Sequence[Number]) -> tuple[np.ndarray, np.ndarray] | None:
        """Log probabilities of what joins each pair, shape (numbers, numbers, `LABELS`), and probabilities of what
        follows, shape (`AFTER`); None when the text is too long."""
        states, spans = self._encoder.read(text)
        places = _places(spans, numbers)
        if places is None:
            return None
        own = np.stack([states[some].mean(axis=0) for some in places])
        mean = states.mean(axis=0)
        i, j = np.triu_indices(len(numbers), 1)
        both = np.concatenate([own[i], own[j], own[i] * own[j], np.broadcast_to(mean, (len(i), len(mean)))], -1)
        inner = _gelu(both @ self._rows["pair.one.weight"].T + self._rows["pair.one.bias"])
        pairs = inner @ self._rows["pair.two.weight"].T + self._rows["pair.two.bias"]
        made = np.zeros((len(numbers), len(numbers), len(LABELS)), np.float32)
        made[i, j] = _log_softmax(pairs)
        after = mean @ self._rows["after.weight"].T + self._rows["after.bias"]
        return made, np.exp(_log_softmax(after))

    def asks(self, text: str) -> list[tuple[int, int]]:
        """Where a text asks for something, as places of characters."""
        states, spans = self._encoder.read(text)
        tags = (states @ self._rows["ask.weight"].T + self._rows["ask.bias"]).argmax(axis=-1)
        found: list[tuple[int, int]] = []
        for tag, (start, end) in zip(tags, spans, strict=True):
            if end > start and TAGS[int(tag)] == "begin":
                found.append((start, end))
            elif end > start and TAGS[int(tag)] == "inside" and found and not text[found[-1][1] : start].strip():
                found[-1] = found[-1][0], end
        return found


def token_rows(encoded: Any, numbers: Sequence[Number]) -> tuple[list[int], list[list[int]] | None]:
    """Token ids, and of each number the places of its tokens; None for these when one is not among the tokens."""
    return list(encoded.ids), _places(encoded.offsets, numbers)


def _places(spans: Sequence[tuple[int, int]], numbers: Sequence[Number]) -> list[list[int]] | None:
    found = [[t for t, (start, end) in enumerate(spans) if start < n.end and n.start < end] for n in numbers]
    return found if all(found) else None


def reading_of(reader: StoryReader, text: str) -> StoryReading | None:
    """The likeliest sum over every figure of a text; None when there are too few or too many numbers."""
    numbers = numbers_of(text)
    if not 2 <= len(numbers) <= MOST:
        return None
    scored = reader.scores(text, numbers)
    if scored is None:
        return None
    pairs, after = scored
    build = form_builder(pairs, frozenset(n for n, number in enumerate(numbers) if number.percent))
    found: dict[tuple[str, bool], float] = {}
    for kept in _kept(len(numbers)):
        unused = [n for n in range(len(numbers)) if n not in kept]
        whole = all(numbers[n].loose for n in unused)
        loss = sum(pairs[min(i, j), max(i, j), 0] for i in unused for j in range(len(numbers)) if i < j or j in kept)
        for form in build(kept):
            key = form.text([number.value for number in numbers]), whole
            found[key] = max(found.get(key, -math.inf), form.score + loss)
    return _likeliest(found, after, len(numbers) * (len(numbers) - 1) // 2)


def _likeliest(found: dict[tuple[str, bool], float], after: np.ndarray, pairs: int) -> StoryReading:
    """Of sums with the same value the likelihoods are added up; a text that is no story has no likely pairs, and one
    in which a figure is of no use is not read."""
    top = max(found.values())
    (best, whole), _ = max(found.items(), key=lambda item: item[1])
    value = _value(best)
    weights = {key: math.exp(score - top) for key, score in found.items()}
    same = sum(w for (e, _), w in weights.items() if e == best or (value is not None and _value(e) == value))
    how = AFTER[int(after.argmax())]
    divides = _divides(best)
    sure = same / sum(weights.values()) * math.exp(top / pairs) * float(after.max())
    if not whole or how == "none" or (how == "rest" and not divides):
        return StoryReading(best, "plain", 0.0)
    rounds = how in ("ceil", "floor")
    is_whole = value is not None and float(value).is_integer()
    return StoryReading(best, "plain" if rounds and (is_whole or not divides) else how, sure)


def _divides(expression: str) -> bool:
    """Whether a sum is a division as a whole."""
    tree = ast.parse(expression, mode="eval").body
    return isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div)


def _value(expression: str) -> float | None:
    try:
        return round(float(calculate(expression)), 9)
    except ToolInputError:
        return None


def _kept(count: int) -> list[tuple[int, ...]]:
    """All numbers, and all but some that may be of no use."""
    left = [some for size in range(_UNUSED + 1) for some in combinations(range(count), size)]
    kept = [tuple(n for n in range(count) if n not in some) for some in left]
    return [some for some in kept if len(some) > 1]


def _gelu(x: np.ndarray) -> np.ndarray:
    from scipy.special import erf

    return 0.5 * x * (1 + erf(x / math.sqrt(2)))


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@cache
def _loaded() -> StoryReader:
    return StoryReader()


@lru_cache(maxsize=64)
def asks_of(text: str) -> tuple[tuple[int, int], ...]:
    """Where a text asks for something, by the packaged reader."""
    return tuple(_loaded().asks(text))


@lru_cache(maxsize=64)
def read_story(text: str) -> StoryReading | None:
    """The likeliest sum of a story, by the packaged reader; once for each text, which several ways of planning ask for."""
    return reading_of(_loaded(), text)
