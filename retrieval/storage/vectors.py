"""The vectors of the cards, in FAISS: a flat index while a part of the index grows, two files when it is sealed.

`vectors.faiss` of a sealed part has 8 bits a number, a quarter of the flat index's size; it is mapped, not read.
`lists.faiss` has the same vectors in inverted lists with 2 bits a number (product quantization: Jégou et al. 2011,
TPAMI 33(1); laid out for fast scans: André et al. 2015, PVLDB 9(4)). A search looks there for the closest few hundred
and compares those again by their 8 bits. All parts of an index have the lists of the first one that was sealed, so
that a search looks once which of them are close; that costs one point of recall beside lists of each part's own.

Measured on 3,013,377 cards and requests of the public sets, recall@10 against every vector compared, and time of one
thread, by the part of the lists that is probed: 4 % 0.974, 8 ms; 6 % 0.979, 9 ms; 8 % 0.985, 10 ms; 14 % 0.988, 15 ms;
20 % 0.991, 19 ms; all 210 ms. The 8 bits alone, in the same lists, took 19 ms for the 6 %.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from ...errors import IndexDamagedError
from ..ranking.query import Query
from .manifest import LISTS
from .vector_index import Found

_LISTS, _TRAINED_ON = 4096, 32  # inverted lists at most, and how many vectors each of them is trained on
# What is probed: this part of the lists, and in a smaller index so many that they hold this many vectors.
_PROBED, _COMPARED = 0.08, 25_000
# So many of those found are compared again by their 8 bits: at least, and for each one that is asked for.
_AGAIN, _AGAIN_EACH = 400, 4


class Vectors:
    """Unit vectors under int64 ids, searched by inner product (the cosine).

    Searching from several threads is safe; changing beside a search crashes the process. So only a writer's
    draft, which nobody searches, is ever changed.
    """

    def __init__(self, dimension: int, _index: Any = None) -> None:
        self._index = _index or faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    @property
    def dimension(self) -> int:
        return self._index.d

    def __len__(self) -> int:
        return self._index.ntotal

    def add(self, ids: Sequence[int], rows: np.ndarray) -> None:
        """Rows of shape (ids, dimension), float32."""
        if ids:
            self._index.add_with_ids(np.ascontiguousarray(rows, np.float32), np.array(ids, np.int64))

    def remove(self, ids: Sequence[int]) -> None:
        if ids:
            self._index.remove_ids(faiss.IDSelectorBatch(np.array(ids, np.int64)))

    def ids(self) -> np.ndarray:
        """All ids, in the order in which they came; int64."""
        return faiss.vector_to_array(self._index.id_map)

    def get(self, ids: Sequence[int]) -> np.ndarray:
        """The rows of these ids, shape (ids, dimension)."""
        if not ids:
            return np.zeros((0, self.dimension), np.float32)
        return self._index.reconstruct_batch(np.array(ids, np.int64))

    def search(self, query: Query, k: int, only: Sequence[int] | None = None) -> Found:
        return self.closest(query.vector, k, only)

    def closest(self, vector: np.ndarray, k: int, only: Sequence[int] | None = None) -> Found:
        """The closest ids with their cosines, best first: at most k, fewer when there are fewer."""
        k = min(k, len(self) if only is None else len(only))
        if k <= 0:
            return []
        params = None
        if only is not None:
            selector = faiss.IDSelectorBatch(np.array(only, np.int64))
            params = faiss.SearchParameters()
            params.sel = selector  # FAISS keeps a bare pointer: `selector` must outlive the search
        faiss.omp_set_num_threads(1)  # one query is too little work to share: waking threads takes longer
        scores, ids = self._index.search(np.ascontiguousarray(vector[None], np.float32), k, params=params)
        return [(int(id), float(score)) for id, score in zip(ids[0], scores[0], strict=True) if id >= 0]

    exactly = closest

    def save(self, path: Path) -> None:
        _write(self._index, path)

    def seal(self, path: Path, centroids: np.ndarray | None = None) -> None:
        """Write what `SealedVectors` reads: this file, and `LISTS` beside it.

        Args:
            centroids: of the lists, shape (lists, dimension); found by k-means when None.
        """
        flat: Any = faiss.downcast_index(self._index.index)
        count = len(self)
        rows = faiss.rev_swig_ptr(flat.get_xb(), count * self.dimension).reshape(count, self.dimension)
        quantizer = faiss.IndexFlatIP(self.dimension)
        if centroids is not None:
            quantizer.add(centroids)
        lists = quantizer.ntotal or max(1, min(_LISTS, count // _TRAINED_ON))
        sample = rows[:: max(1, count // (_TRAINED_ON * lists))]
        faiss.omp_set_num_threads(os.cpu_count() or 1)
        pieces = self.dimension // (1 if self.dimension % 2 else 2)  # of two numbers, 4 bits each
        inverted = faiss.IndexIVFPQFastScan(quantizer, self.dimension, lists, pieces, 4, faiss.METRIC_INNER_PRODUCT)
        inverted.by_residual = True
        inverted.cp.niter, inverted.cp.seed, inverted.cp.min_points_per_centroid = 8, 1, 1
        inverted.train(sample)
        inverted.add(rows)
        _write(inverted, path.with_name(LISTS))
        stored = faiss.IndexScalarQuantizer(self.dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
        stored.train(sample)
        named = faiss.IndexIDMap(stored)
        named.add_with_ids(rows, self.ids())
        _write(named, path)

    @classmethod
    def load(cls, path: Path) -> Vectors:
        """Read what `save` wrote; FAISS itself has no checksum, the caller has compared the file's SHA-256.

        Raises:
            IndexDamagedError: FAISS cannot read the file.
        """
        index = _read(path)
        return cls(index.d, index)


class SealedVectors:
    """Vectors that stay as they are: searched as `Vectors` are, from several threads."""

    def __init__(self, path: Path) -> None:
        self._named = _read(path, faiss.IO_FLAG_MMAP_IFC)  # owns the other
        self._stored: Any = faiss.downcast_index(self._named.index)
        self._ids = faiss.vector_to_array(self._named.id_map)
        self._lists = _read(path.with_name(LISTS))
        self._lists.implem = 11  # FAISS's way for one query: by itself it takes the one for many, a third slower

    def __len__(self) -> int:
        return self._stored.ntotal

    def ids(self) -> np.ndarray:
        """All ids, ascending; int64."""
        return self._ids

    def get(self, ids: Sequence[int]) -> np.ndarray:
        """The rows of these ids, shape (ids, dimension), within 1/255 of each number's range."""
        return self._rows(self._places(ids))

    def _rows(self, places: np.ndarray) -> np.ndarray:
        return self._stored.reconstruct_batch(places) if len(places) else np.zeros((0, self._stored.d), np.float32)

    @property
    def centroids(self) -> np.ndarray:
        """Of the lists, shape (lists, dimension)."""
        return self._lists.quantizer.reconstruct_n(0, self._lists.nlist)

    @cached_property
    def _mark(self) -> bytes:
        """Differs where the centroids do: k-means gives no two parts the same ones."""
        return self._lists.quantizer.reconstruct(self._lists.nlist - 1).tobytes()

    def search(self, query: Query, k: int, only: Sequence[int] | None = None) -> Found:
        return self.closest(query.vector, k, only)

    def closest(self, vector: np.ndarray, k: int, only: Sequence[int] | np.ndarray | None = None) -> Found:
        """The closest ids with their cosines, best first; nearly always those that comparing with all would give."""
        if only is None:
            return closest_sealed([self], vector, k)
        k = min(k, len(only))
        if k <= 0:
            return []
        mask = np.zeros(len(self), bool)
        mask[self._places(only)] = True
        packed = np.packbits(mask, bitorder="little")
        params = faiss.SearchParameters()
        selector = faiss.IDSelectorBitmap(packed)  # pyright: ignore[reportCallIssue]  # FAISS wraps it for arrays
        params.sel = selector
        faiss.omp_set_num_threads(1)  # one query is too little work to share: waking threads takes longer
        scores, places = self._stored.search(np.ascontiguousarray(vector[None], np.float32), k, params=params)
        found = places[0] >= 0
        return list(zip(self._ids[places[0][found]].tolist(), scores[0][found].tolist(), strict=True))

    def _nearest(self, row: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
        """The closest lists, this part of all: their cosines and their numbers, shape (1, lists) each."""
        return self._lists.quantizer.search(row, ceil(share * self._lists.nlist))

    def _within(self, row: np.ndarray, k: int, near: np.ndarray, lists: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The closest of these lists: about their cosines, and their places."""
        k = min(k, len(self))
        scores, places = np.empty((1, k), np.float32), np.empty((1, k), np.int64)
        params = faiss.SearchParametersIVF()
        params.nprobe = lists.shape[1]
        # FAISS's own wrapper takes no parameters, and so would probe as many lists as some other thread asks for.
        pointers = map(faiss.swig_ptr, (lists, near, scores, places))
        self._lists.search_preassigned_c(1, faiss.swig_ptr(row), k, *pointers, False, params)
        found = places[0] >= 0
        return scores[0][found], places[0][found]

    def exactly(self, vector: np.ndarray, k: int) -> Found:
        """The same with every vector compared: what the search is measured by."""
        return self.closest(vector, k, self._ids)

    def _places(self, ids: Sequence[int] | np.ndarray) -> np.ndarray:
        return np.searchsorted(self._ids, np.asarray(ids, np.int64))


def closest_sealed(parts: Sequence[SealedVectors], vector: np.ndarray, k: int) -> Found:
    """The closest ids of all the parts with their cosines, best first."""
    if not parts or k <= 0:
        return []
    faiss.omp_set_num_threads(1)  # one query is too little work to share: waking threads takes longer
    row = np.ascontiguousarray(vector[None], np.float32)
    whole = max(1, sum(map(len, parts)))
    again = max(_AGAIN, _AGAIN_EACH * k)
    share = min(1.0, max(_PROBED, _COMPARED / whole, 20 * k / whole))
    known: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for part in parts:
        if part._mark not in known:
            known[part._mark] = part._nearest(row, share)
        found.append(part._within(row, again, *known[part._mark]))
    scores = np.concatenate([scores for scores, _ in found])
    least = np.partition(scores, -again)[-again] if len(scores) > again else -np.inf
    chosen = [places[scores >= least] for scores, places in found]
    cosines = np.concatenate([part._rows(places) @ vector for part, places in zip(parts, chosen, strict=True)])
    ids = np.concatenate([part._ids[places] for part, places in zip(parts, chosen, strict=True)])
    best = np.argsort(-cosines, kind="stable")[:k]
    return list(zip(ids[best].tolist(), cosines[best].tolist(), strict=True))


def _write(index: Any, path: Path) -> None:
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:  # FAISS reports a full disk this way
        raise OSError(str(error).splitlines()[-1]) from error


def _read(path: Path, flags: int = 0) -> Any:
    try:
        return faiss.read_index(str(path), flags)
    except RuntimeError as error:
        if not path.exists():
            raise FileNotFoundError(path) from error
        raise IndexDamagedError(f"{path} cannot be read by FAISS; rebuild the index from its sources") from error
