"""Texts through all-MiniLM-L6-v2 without torch: the same numbers, ready in half a second in place of eight.

Loading torch, transformers and sentence-transformers takes longer than all the rest of a first search, or of indexing
a card, so texts go through the six layers in numpy (BERT: Devlin et al. 2019, arXiv:1810.04805; mean pooling and unit
length: Reimers & Gurevych 2019, arXiv:1908.10084). Many texts share their products without being padded, a portion a
thread; that takes no longer than sentence-transformers does once it is loaded (benchmarks/index_cards.py).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

import numpy as np

_LAYERS, _HEADS = 6, 12
_EPSILON = 1e-12
_ROWS = 32  # that go through the activation at once: in the processor's cache that takes a quarter of the time
_TOKENS = 1024  # that go through the layers at once: of fewer a product is slower, of more it is no faster


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
        self._workers = max((pool["num_threads"] for pool in self._pools.select(user_api="blas").info()), default=1)
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
        mean = self._states([self._tokenizer.encode(text).ids]).mean(axis=0)
        return (mean / max(float(np.linalg.norm(mean)), _EPSILON)).astype(np.float32)

    def embed_many(self, texts: Sequence[str]) -> np.ndarray:
        """The unit vectors of texts, shape (texts, 384), float32; as many threads as the products would take."""
        rows = np.zeros((len(texts), 384), np.float32)
        encoded = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        portions = list(_portions([len(ids) for ids in encoded]))

        def embed(portion: list[int]) -> None:
            rows[portion] = self._means([encoded[place] for place in portion])

        with self._pools.limit(limits=1, user_api="blas"):
            if min(self._workers, len(portions)) < 2:
                for portion in portions:
                    embed(portion)
            else:
                with ThreadPoolExecutor(self._workers) as pool:
                    list(pool.map(embed, portions))
        return rows

    def _means(self, texts: Sequence[Sequence[int]]) -> np.ndarray:
        lengths = np.array([len(ids) for ids in texts])
        sums = np.add.reduceat(self._states(texts), np.cumsum(lengths) - lengths, axis=0)
        means = sums / lengths[:, None].astype(np.float32)
        return means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), _EPSILON)

    def read(self, text: str) -> tuple[np.ndarray, list[tuple[int, int]]]:
        """The state of each token, shape (tokens, 384), float32, and where the token stands in the text."""
        encoded = self._tokenizer.encode(text)
        with self._pools.limit(limits=1, user_api="blas"):
            return self._states([encoded.ids]), encoded.offsets

    def adapted(self, added: Mapping[str, np.ndarray], max_tokens: int) -> NumpyMiniLM:
        """The same model with something added to some of its matrices, shape (in, out); the others are shared.

        Query, key and value are one matrix, `encoder.layer.0.attention.self.weight`.
        """
        other = copy.copy(self)
        other._weights = {name: rows + added[name] if name in added else rows for name, rows in self._weights.items()}
        other._tokenizer = type(self._tokenizer).from_str(self._tokenizer.to_str())
        other._tokenizer.enable_truncation(max_tokens)
        return other

    def _states(self, texts: Sequence[Sequence[int]]) -> np.ndarray:
        """The state of each token of texts that are given as ids, one text after another, shape (tokens, 384)."""
        w = self._weights
        lengths = [len(ids) for ids in texts]
        places = np.concatenate([np.arange(length) for length in lengths])
        x = w["embeddings.word_embeddings.weight"][np.concatenate(texts)]
        x += w["embeddings.position_embeddings.weight"][places]
        x += w["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x, "embeddings.LayerNorm")
        for number in range(_LAYERS):
            layer = f"encoder.layer.{number}"
            x = self._norm(x + self._attention(x, lengths, f"{layer}.attention"), f"{layer}.attention.output.LayerNorm")
            wide = self._dense(x, f"{layer}.intermediate.dense")
            for start in range(0, len(wide), _ROWS):
                _gelu(wide[start : start + _ROWS])
            x = self._norm(x + self._dense(wide, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        return x

    def _attention(self, x: np.ndarray, lengths: Sequence[int], name: str) -> np.ndarray:
        joined, mixed = self._dense(x, f"{name}.self"), np.empty_like(x)
        start = 0
        for length, group in groupby(lengths):  # texts of one length go through it together
            texts = len(list(group))
            part = slice(start, start := start + texts * length)
            # Shape (query or key or value, text, head, token, number).
            query, key, value = joined[part].reshape(texts, length, 3, _HEADS, -1).transpose(2, 0, 3, 1, 4)
            scores = (query * np.float32(query.shape[-1] ** -0.5)) @ key.swapaxes(-1, -2)
            scores -= scores.max(axis=-1, keepdims=True)
            np.exp(scores, out=scores)
            heads = scores @ value
            heads /= scores.sum(axis=-1, keepdims=True)
            mixed[part].reshape(texts, length, _HEADS, -1)[...] = heads.swapaxes(1, 2)
        return self._dense(mixed, f"{name}.output.dense")

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


def _portions(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The places of texts, the longest first, in portions of so many tokens that a product is fast."""
    portion: list[int] = []
    tokens = 0
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if portion and tokens + lengths[place] > _TOKENS:
            yield portion
            portion, tokens = [], 0
        portion.append(place)
        tokens += lengths[place]
    if portion:
        yield portion


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
    rest = t * np.float32(0.5 * 1.061405429)
    for term in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        rest += np.float32(0.5 * term)
        rest *= t
    np.square(x, out=t)
    t *= np.float32(-0.5)
    rest *= np.exp(t, out=t)  # (1 - erf(|x| / sqrt(2))) / 2
    size *= rest
    np.maximum(x, 0, out=x)
    x -= size
