"""Texts embedded on many machines, by Ray Data.

`ModelIndex(path, RayEmbedder(MiniLMEmbedder, workers=8)).add("dump.parquet")` is the same pipeline as ever, and the
index opens with the plain embedder. Embedding is what is spread, since that is what takes the time; one process
reads the cards and writes the index, so nothing of what holds for a write changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

from ...errors import EmbedderError, UsageError
from .encoder import Encoder
from .minilm import default_embedder


class RayEmbedder(Embeddings):
    """An embedder whose many texts are embedded by the workers of a Ray cluster; queries and a few texts, here.

    Without a `ray.init(…)` before, Ray joins the cluster that RAY_ADDRESS names, or starts on this machine. On each of
    its machines this package must be installed, and the embedder's model be at hand.

    Args:
        make: makes the embedder: a class, or a function without arguments that can be pickled. It is called in each
            worker and here; the default is all-MiniLM-L6-v2.
        workers: how many embedders work at the same time.
        batch: texts that a worker is given at a time; no more than so many are embedded here.
        num_cpus, num_gpus: what each worker takes of its machine; with a GPU, `make` puts the model there.

    Raises:
        UsageError: Ray is missing, or there is no worker or no text in a batch.
    """

    def __init__(
        self,
        make: Callable[[], Embeddings] = default_embedder,
        workers: int = 2,
        batch: int = 256,
        num_cpus: float = 1,
        num_gpus: float = 0,
    ) -> None:
        if workers < 1 or batch < 1:
            raise UsageError(f"got {workers} workers and batches of {batch} texts; both must be 1 or more")
        _ray_data()
        self.workers = workers
        self.batch = batch
        self._make = make
        self._takes = {"num_cpus": num_cpus, "num_gpus": num_gpus}
        self._here = Encoder(make())

    @property
    def signature(self) -> str:
        """That of the embedder itself: where it ran does not matter."""
        return self._here.signature

    @property
    def dimension(self) -> int:
        return self._here.dimension

    def encode(self, texts: list[str]) -> np.ndarray:
        """Unit vectors, shape (texts, dimension), float32.

        Raises:
            EmbedderError: a worker failed.
        """
        return np.concatenate([np.zeros((0, self.dimension), np.float32), *self.stream(texts)])

    def stream(self, texts: list[str]) -> Iterator[np.ndarray]:
        """The rows of `encode` as they come, some at a time, in the order of the texts.

        Raises:
            EmbedderError: a worker failed.
        """
        if len(texts) <= self.batch:
            if texts:
                yield self._here.texts(texts)
            return
        data = _ray_data()
        rows = [{"place": place, "text": text} for place, text in enumerate(texts)]
        dataset = data.from_items(rows, override_num_blocks=len(rows) // self.batch)
        dataset.context.execution_options.preserve_order = True
        dataset.context.enable_progress_bars = False  # who asked for progress gets it from the rows that come
        embedded = dataset.map_batches(
            _Worker,
            fn_constructor_args=(self._make, self.signature),
            batch_size=self.batch,
            compute=data.ActorPoolStrategy(size=self.workers),
            **self._takes,
        )
        done = 0
        for part in _batches(embedded):
            # A row under another text's place would be a wrong vector that nobody notices.
            if part["place"].tolist() != list(range(done, done + len(part["place"]))):
                raise EmbedderError("Ray Data gave the vectors in another order; pip install --upgrade 'ray[data]'")
            done += len(part["place"])
            yield part["row"]
        if done != len(texts):
            raise EmbedderError(f"Ray Data gave {done} vectors for {len(texts)} texts; look at its log, and try again")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.encode(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self._here.embedder.embed_query(text)

    def __repr__(self) -> str:
        return f"RayEmbedder({self.signature!r}, workers={self.workers})"


class _Worker:
    """One of the embedders, in a process of Ray's."""

    def __init__(self, make: Callable[[], Embeddings], signature: str) -> None:
        self._make = make
        self._signature = signature

    @cached_property
    def _encoder(self) -> Encoder:
        encoder = Encoder(self._make())
        if encoder.signature != self._signature:
            raise EmbedderError(
                f"its embedder is {encoder.signature}, expected {self._signature}: "
                "the same versions must be installed on every machine"
            )
        return encoder

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        # An error is handed over as a value: one that is raised comes back as pages of Ray's, after tries in vain.
        count, error = len(batch["text"]), ""
        try:
            rows = self._encoder.texts(batch["text"].tolist())
        except Exception as problem:
            rows, error = np.zeros((count, 1), np.float32), f"{type(problem).__name__}: {problem}"[:300]
        return {"place": batch["place"], "row": rows, "error": [error] * count}


def _batches(dataset: Any) -> Iterator[dict[str, Any]]:
    """The blocks as they are done."""
    from ray.exceptions import RayError

    try:
        for part in dataset.iter_batches(batch_size=None, batch_format="numpy"):
            if error := next(filter(None, part["error"]), ""):
                raise _failed(error)
            yield part
    except RayError as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        raise _failed(f"{type(error).__name__}: {' '.join(lines)[:200]}") from error


def _failed(why: str) -> EmbedderError:
    return EmbedderError(
        f"a worker of Ray failed while embedding ({why}); mend that, and try again: "
        "what is in the index already is not embedded again"
    )


def _ray_data() -> Any:
    try:
        return import_module("ray.data")
    except ImportError as error:
        raise UsageError(
            f"embedding on many machines needs Ray, and it cannot be imported ({error}); pip install 'ray[data]'"
        ) from error
