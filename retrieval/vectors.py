"""The vectors of the cards, in FAISS: a flat index while a part of the index grows, a compressed one when it is sealed.

Sealed: IVF with 8 bits a number, a quarter of the flat index's size. The file is mapped, not read: a search touches
the lists that it probes. All parts of an index have the lists of the first one that was sealed, so that a search looks
once which of them are close; that costs one point of recall beside lists of each part's own. Measured on 3,013,377
cards and requests of the public sets, recall@10 and time of one thread by the part of the lists that is probed: 3 %
0.947, 10 ms; 6 % 0.978, 19 ms; 8 % 0.983, 25 ms; 14 % 0.988, 39 ms; all 210 ms.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import IndexProblem

if TYPE_CHECKING:
    import numpy as np

_LISTS, _TRAINED_ON = 4096, 32  # lists at most, vectors a list
# What is probed: this part of the lists, and in a smaller index so many that they hold this many vectors.
_PROBED, _COMPARED = 0.06, 25_000


Found = list[tuple[int, float]]  # ids with their cosines


class Vectors:
    """Unit vectors under int64 ids, searched by inner product (the cosine).

    Searching from several threads is safe; changing beside a search crashes the process. So only a writer's
    draft, which nobody searches, is ever changed.
    """

    def __init__(self, dimension: int, _index: Any = None) -> None:
        import faiss

        self._index = _index or faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    @property
    def dimension(self) -> int:
        return self._index.d

    def __len__(self) -> int:
        return self._index.ntotal

    def add(self, ids: list[int], rows: np.ndarray) -> None:
        """Rows of shape (ids, dimension), float32."""
        import numpy as np

        if ids:
            self._index.add_with_ids(np.ascontiguousarray(rows, np.float32), np.array(ids, np.int64))

    def remove(self, ids: list[int]) -> None:
        import faiss
        import numpy as np

        if ids:
            self._index.remove_ids(faiss.IDSelectorBatch(np.array(ids, np.int64)))

    def ids(self) -> np.ndarray:
        """All ids, in the order in which they came; int64."""
        import faiss

        return faiss.vector_to_array(self._index.id_map)

    def get(self, ids: Sequence[int]) -> np.ndarray:
        """The rows of these ids, shape (ids, dimension)."""
        import numpy as np

        if not ids:
            return np.zeros((0, self.dimension), np.float32)
        return self._index.reconstruct_batch(np.array(ids, np.int64))

    def search(self, vector: np.ndarray, k: int, only: Sequence[int] | None = None) -> Found:
        """The closest ids with their cosines, best first: at most k, fewer when there are fewer."""
        import faiss
        import numpy as np

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

    exactly = search

    def save(self, path: Path) -> None:
        _write(self._index, path)

    def seal(self, path: Path, centroids: np.ndarray | None = None) -> None:
        """Write what `Sealed` reads.

        Args:
            centroids: of the lists, shape (lists, dimension); found by k-means when None.
        """
        import faiss

        flat: Any = faiss.downcast_index(self._index.index)
        rows, count = flat.get_xb(), len(self)
        rows = faiss.rev_swig_ptr(rows, count * self.dimension).reshape(count, self.dimension)
        quantizer = faiss.IndexFlatIP(self.dimension)
        if centroids is not None:
            quantizer.add(centroids)
        lists = quantizer.ntotal or max(1, min(_LISTS, count // _TRAINED_ON))
        kind, metric = faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        ivf = faiss.IndexIVFScalarQuantizer(quantizer, self.dimension, lists, kind, metric)
        ivf.cp.niter, ivf.cp.seed, ivf.cp.min_points_per_centroid = 8, 1, 1
        faiss.omp_set_num_threads(os.cpu_count() or 1)
        ivf.train(rows[:: max(1, count // (_TRAINED_ON * lists))])
        sealed = faiss.IndexIDMap(ivf)
        sealed.add_with_ids(rows, self.ids())
        ivf.make_direct_map()  # where each vector lies, for `get`
        _write(sealed, path)

    @classmethod
    def load(cls, path: Path) -> Vectors:
        """Read what `save` wrote; FAISS itself has no checksum, the caller has compared the file's SHA-256.

        Raises:
            IndexProblem: FAISS cannot read the file.
        """
        index = _read(path)
        return cls(index.d, index)


class Sealed:
    """Vectors that stay as they are: searched as `Vectors` are, from several threads."""

    def __init__(self, path: Path) -> None:
        import faiss

        self._whole = _read(path, faiss.IO_FLAG_MMAP)  # owns the other
        self._index: Any = faiss.downcast_index(self._whole.index)
        # Else FAISS starts 32 threads in each search, to read ahead what the system has in memory anyway.
        lists: Any = faiss.downcast_InvertedLists(self._index.invlists)
        lists.prefetch_nthread = 0
        self._ids = faiss.vector_to_array(self._whole.id_map)

    def __len__(self) -> int:
        return self._index.ntotal

    def ids(self) -> np.ndarray:
        """All ids, ascending; int64."""
        return self._ids

    def get(self, ids: Sequence[int]) -> np.ndarray:
        """The rows of these ids, shape (ids, dimension), within 1/255 of each number's range."""
        import numpy as np

        if not ids:
            return np.zeros((0, self._index.d), np.float32)
        return self._index.reconstruct_batch(self._places(ids))

    @property
    def centroids(self) -> np.ndarray:
        """Of the lists, shape (lists, dimension)."""
        return self._index.quantizer.reconstruct_n(0, self._index.nlist)

    @cached_property
    def _mark(self) -> bytes:
        """Differs where the centroids do: k-means gives no two parts the same ones."""
        return self._index.quantizer.reconstruct(self._index.nlist - 1).tobytes()

    def search(self, vector: np.ndarray, k: int, only: Sequence[int] | np.ndarray | None = None) -> Found:
        """The closest ids with their cosines, best first; nearly always those that comparing with all would give."""
        import faiss
        import numpy as np

        if only is None:
            return search_sealed([self], vector, k)
        k = min(k, len(only))
        if k <= 0:
            return []
        # All lists, for the few cards that a filter leaves.
        mask = np.zeros(len(self), bool)
        mask[self._places(only)] = True
        packed = np.packbits(mask, bitorder="little")
        params = faiss.SearchParametersIVF()
        selector = faiss.IDSelectorBitmap(packed)  # pyright: ignore[reportCallIssue]  # FAISS wraps it for arrays
        params.sel, params.nprobe = selector, self._index.nlist
        faiss.omp_set_num_threads(1)  # one query is too little work to share: waking threads takes longer
        return self._named(*self._index.search(np.ascontiguousarray(vector[None], np.float32), k, params=params))

    def _named(self, scores: np.ndarray, places: np.ndarray) -> Found:
        found = places[0] >= 0
        return list(zip(self._ids[places[0][found]].tolist(), scores[0][found].tolist(), strict=True))

    def _lists(self, row: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """The closest lists: their cosines and their numbers, shape (1, count) each."""
        return self._index.quantizer.search(row, count)

    def _within(self, row: np.ndarray, k: int, near: np.ndarray, lists: np.ndarray) -> Found:
        """The closest ids of these lists."""
        import faiss
        import numpy as np

        k = min(k, len(self))
        scores, places = np.empty((1, k), np.float32), np.empty((1, k), np.int64)
        params = faiss.SearchParametersIVF()
        params.nprobe = lists.shape[1]
        # FAISS's own wrapper takes no parameters, and so would probe as many lists as some other thread asks for.
        pointers = map(faiss.swig_ptr, (lists, near, scores, places))
        self._index.search_preassigned_c(1, faiss.swig_ptr(row), k, *pointers, False, params)
        return self._named(scores, places)

    def exactly(self, vector: np.ndarray, k: int) -> Found:
        """The same with every vector compared: what the search is measured by."""
        return self.search(vector, k, self._ids)

    def _places(self, ids: Sequence[int] | np.ndarray) -> np.ndarray:
        import numpy as np

        return np.searchsorted(self._ids, np.asarray(ids, np.int64))


def search_sealed(parts: Sequence[Sealed], vector: np.ndarray, k: int) -> Found:
    """The closest ids of each of the parts with their cosines, at most k of each."""
    import faiss
    import numpy as np

    faiss.omp_set_num_threads(1)  # one query is too little work to share: waking threads takes longer
    row = np.ascontiguousarray(vector[None], np.float32)
    whole = max(1, sum(map(len, parts)))
    share = min(1.0, max(_PROBED, _COMPARED / whole, 20 * k / whole))
    known: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}
    found: Found = []
    for part in parts:
        if part._mark not in known:
            known[part._mark] = part._lists(row, ceil(share * part._index.nlist))
        found += part._within(row, k, *known[part._mark])
    return found


def _write(index: Any, path: Path) -> None:
    import faiss

    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:  # FAISS reports a full disk this way
        raise OSError(str(error).splitlines()[-1]) from error


def _read(path: Path, flags: int = 0) -> Any:
    import faiss

    try:
        return faiss.read_index(str(path), flags)
    except RuntimeError as error:
        if not path.exists():
            raise FileNotFoundError(path) from error
        raise IndexProblem(f"{path} cannot be read by FAISS; rebuild the index from its sources") from error
