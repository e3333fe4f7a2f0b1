"""One query through all-MiniLM-L6-v2 without torch: the same numbers, ready in half a second in place of eight.

A search embeds one short text. Loading torch, transformers and sentence-transformers for that takes longer than all
the rest of a first search, so queries go through the six layers in numpy (BERT: Devlin et al. 2019, arXiv:1810.04805;
mean pooling and unit length: Reimers & Gurevych 2019, arXiv:1908.10084). Many texts go through sentence-transformers.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path

import numpy as np

_LAYERS, _HEADS = 6, 12
_EPSILON = 1e-12
_ROWS = 16  # that go through the activation at once: in the processor's cache that takes a quarter of the time


class NumpyMiniLM:
    """The weights in a folder as numpy arrays, with their tokenizer.

    Args:
        folder: with `model.safetensors` and `tokenizer.json`.
        max_tokens: what lies behind is not read.
    """

    def __init__(self, folder: Path, max_tokens: int = 128) -> None:
        from safetensors.numpy import load_file
        from threadpoolctl import ThreadpoolController
        from tokenizers import Tokenizer

        self._pools = ThreadpoolController()

        self._weights = {name: _laid_out(name, rows) for name, rows in load_file(folder / "model.safetensors").items()}
        for number in range(_LAYERS):
            self._join(f"encoder.layer.{number}.attention.self")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)

    def _join(self, name: str) -> None:
        """Query, key and value of a layer as one product: three small ones take longer."""
        for kind in ("weight", "bias"):
            three = [self._weights.pop(f"{name}.{of}.{kind}") for of in ("query", "key", "value")]
            self._weights[f"{name}.{kind}"] = np.concatenate(three, axis=-1)

    def embed(self, text: str) -> np.ndarray:
        """The unit vector of one text, shape (384,), float32."""
        # One text is too little work to share: on a busy machine the threads of a product wait for each other 20 times
        # as long as one alone takes.
        with self._pools.limit(limits=1, user_api="blas"):
            return self._embed(text)

    def _embed(self, text: str) -> np.ndarray:
        mean = self._states(self._tokenizer.encode(text).ids).mean(axis=0)
        return (mean / max(float(np.linalg.norm(mean)), _EPSILON)).astype(np.float32)

    def read(self, text: str) -> tuple[np.ndarray, list[tuple[int, int]]]:
        """The state of each token, shape (tokens, 384), float32, and where the token stands in the text."""
        encoded = self._tokenizer.encode(text)
        with self._pools.limit(limits=1, user_api="blas"):
            return self._states(encoded.ids), encoded.offsets

    def adapted(self, added: Mapping[str, np.ndarray], max_tokens: int) -> NumpyMiniLM:
        """The same model with something added to some of its matrices, shape (in, out); the others are shared.

        Query, key and value are one matrix, `encoder.layer.0.attention.self.weight`.
        """
        other = copy.copy(self)
        other._weights = {name: rows + added[name] if name in added else rows for name, rows in self._weights.items()}
        other._tokenizer = type(self._tokenizer).from_str(self._tokenizer.to_str())
        other._tokenizer.enable_truncation(max_tokens)
        return other

    def _states(self, ids: list[int]) -> np.ndarray:
        w = self._weights
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: len(ids)]
        x = self._norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for number in range(_LAYERS):
            layer = f"encoder.layer.{number}"
            x = self._norm(x + self._attention(x, f"{layer}.attention"), f"{layer}.attention.output.LayerNorm")
            wide = self._dense(x, f"{layer}.intermediate.dense")
            for start in range(0, len(wide), _ROWS):
                _gelu(wide[start : start + _ROWS])
            x = self._norm(x + self._dense(wide, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        return x

    def _attention(self, x: np.ndarray, name: str) -> np.ndarray:
        # Shape (query or key or value, head, token, number).
        query, key, value = self._dense(x, f"{name}.self").reshape(len(x), 3, _HEADS, -1).transpose(1, 2, 0, 3)
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(query.shape[-1], dtype=np.float32)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (weights / weights.sum(axis=-1, keepdims=True)) @ value
        return self._dense(mixed.transpose(1, 0, 2).reshape(len(x), -1), f"{name}.output.dense")

    def _dense(self, x: np.ndarray, name: str) -> np.ndarray:
        y = x @ self._weights[f"{name}.weight"]
        y += self._weights[f"{name}.bias"]
        return y

    def _norm(self, x: np.ndarray, name: str) -> np.ndarray:
        x = x - x.mean(axis=-1, keepdims=True)
        x /= np.sqrt(np.einsum("ij,ij->i", x, x)[:, None] / np.float32(x.shape[-1]) + _EPSILON)
        x *= self._weights[f"{name}.weight"]
        x += self._weights[f"{name}.bias"]
        return x


def _laid_out(name: str, rows: np.ndarray) -> np.ndarray:
    """The matrices of dense layers turned, as a product with a few rows reads them fastest."""
    is_dense = name.endswith(".weight") and rows.ndim == 2 and not name.startswith("embeddings.")
    return np.ascontiguousarray(rows.T) if is_dense else rows


def _gelu(x: np.ndarray) -> None:
    """Make x into x * Phi(x), by formula 7.1.26 of Abramowitz & Stegun (1964): the error function within 1.5e-7."""
    size = np.abs(x)
    t = size * np.float32(0.3275911 * 0.70710678)
    t += 1
    np.reciprocal(t, out=t)
    rest = t * np.float32(1.061405429)
    for term in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        rest += np.float32(term)
        rest *= t
    np.square(x, out=t)
    t *= np.float32(-0.5)
    rest *= np.exp(t, out=t)  # 1 - erf(|x| / sqrt(2))
    size *= np.float32(0.5)
    size *= rest
    np.maximum(x, 0, out=x)
    x -= size
