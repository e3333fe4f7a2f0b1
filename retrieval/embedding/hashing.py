"""An embedder without a model: words and their trigrams, hashed."""

from __future__ import annotations

import hashlib
import re

import numpy as np
from langchain_core.embeddings import Embeddings

from .encoder import unit_rows


class HashEmbedder(Embeddings):
    """Words and their character trigrams hashed into a vector: deterministic, instant, no model.

    It knows spelling, not meaning ("photo" and "photograph" are close, "photo" and "picture" are not). Use it
    where speed matters more than meaning, and in tests.
    """

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self.signature = f"hash-trigrams-1/{dimension}"

    def encode(self, texts: list[str]) -> np.ndarray:
        """Unit vectors, shape (texts, dimension), float32; a text without a word is the zero vector."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                padded = f"<{word}>"
                for piece in (padded, *(padded[i : i + 3] for i in range(len(padded) - 2))):
                    number = int.from_bytes(hashlib.blake2b(piece.encode(), digest_size=8).digest(), "little")
                    row[number % self.dimension] += 1.0 if number >> 63 else -1.0
        return unit_rows(rows)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.encode(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.encode([text])[0].tolist()
