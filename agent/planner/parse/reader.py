"""The reader of goals: all-MiniLM-L6-v2 with a low-rank adapter of ours, and small heads that give each word its part.

Trained by zoo/training/goal_reader.py. The encoder is the one that embeds queries; what the adapter adds to its
matrices is put in once (Hu et al. 2021, arXiv:2106.09685). Everything runs in numpy: a goal takes some milliseconds.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from ....retrieval.embedding.minilm_numpy import NumpyMiniLM
from ....retrieval.embedding.minilm_weights import minilm_folder
from .parts import OPS, TOKENS, prefix

FILE = Path(__file__).with_name("reader.safetensors")
_LAYERS = 6
_PLAIN = ("attention.output.dense", "intermediate.dense", "output.dense")
_JOINED = ("attention.self.query", "attention.self.key", "attention.self.value")


@dataclass(frozen=True, slots=True)
class Tagged:
    """What the heads say of a goal.

    Attributes:
        spans: of each token in the goal, as characters.
        tags: by head, probabilities of shape (tokens, classes).
        ops: of the whole goal, the probability of each of `OPS`.
    """

    spans: list[tuple[int, int]]
    tags: dict[str, np.ndarray]
    ops: np.ndarray


class GoalReader:
    """The adapted encoder and its heads.

    Args:
        file: what the training wrote.
        folder: with all-MiniLM-L6-v2.
    """

    def __init__(self, file: Path = FILE, folder: Path | None = None) -> None:
        from safetensors import safe_open

        with safe_open(file, framework="numpy") as opened:
            scale = float(opened.metadata()["scale"])
            if json.loads(opened.metadata()["ops"]) != list(OPS):
                raise ValueError(f"{file.name} was trained on other ops than parts.py names; train it again")
            rows = {name: opened.get_tensor(name).astype(np.float32) for name in list(opened.keys())}
        self._heads = {
            name.split(".")[-2]: (rows[name].T, rows[name.replace("weight", "bias")])
            for name in rows
            if name.startswith(("heads.", "goal.")) and name.endswith("weight")
        }
        self._encoder = NumpyMiniLM(folder or minilm_folder()).adapted(added_weights(rows, scale), TOKENS)

    def read(self, goal: str, files: Sequence[str] = ()) -> Tagged:
        """The parts of a goal's words.

        Args:
            files: the kinds of the files that came along, in order.
        """
        lead = prefix(files)
        states, spans = self._encoder.read(lead + goal)
        own = [i for i, (start, end) in enumerate(spans) if end > len(lead) and start >= len(lead)]
        scores = {name: states @ weight + bias for name, (weight, bias) in self._heads.items() if name != "goal"}
        weight, bias = self._heads["goal"]
        ops = 1 / (1 + np.exp(-(states.mean(axis=0) @ weight + bias)))
        places = [(spans[i][0] - len(lead), spans[i][1] - len(lead)) for i in own]
        return Tagged(places, {name: _softmax(rows[own]) for name, rows in scores.items()}, ops)


def added_weights(rows: dict[str, np.ndarray], scale: float) -> dict[str, np.ndarray]:
    """What an adapter adds to each matrix of the encoder, shape (in, out)."""

    def product(name: str) -> np.ndarray:
        return (rows[f"encoder.{name}.up"] @ rows[f"encoder.{name}.down"]).T * scale

    added = {}
    for number in range(_LAYERS):
        layer = f"encoder.layer.{number}"
        added |= {f"{layer}.{name}.weight": product(f"{layer}.{name}") for name in _PLAIN}
        three = [product(f"{layer}.{name}") for name in _JOINED]
        added[f"{layer}.attention.self.weight"] = np.concatenate(three, axis=-1)
    return added


def _softmax(scores: np.ndarray) -> np.ndarray:
    spread = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return spread / spread.sum(axis=-1, keepdims=True)


_LOCK = threading.Lock()


@cache
def _loaded() -> GoalReader:
    return GoalReader()


def goal_reader() -> GoalReader:
    """One for the process, read at first use."""
    with _LOCK:
        return _loaded()
