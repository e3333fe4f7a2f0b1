"""The vectors of the cards, in FAISS: a flat index while a part of the index grows, a compressed one when it is sealed.

Sealed: IVF with 8 bits a number. Measured on 1M x 384: the 10 closest are 99 % those of the flat index, at a quarter
of its size and a hundredth of its time. The file is mapped, not read: a search touches the lists that it probes.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import IndexProblem

if TYPE_CHECKING:
    import numpy as np

_PROBED = 40  # lists of a sealed part, at least: they hold about one in twenty of its vectors
_TRAINED_ON = 32  # vectors a list


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
        return np.stack([self._index.reconstruct(int(id)) for id in ids])

    def search(self, vector: np.ndarray, k: int, only: Sequence[int] | None = None) -> list[tuple[int, float]]:
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

    def seal(self, path: Path) -> None:
        """Write what `Sealed` reads."""
        import faiss

        flat: Any = faiss.downcast_index(self._index.index)
        rows, count = flat.get_xb(), len(self)
        lists = max(1, round(2 * sqrt(count)))
        rows = faiss.rev_swig_ptr(rows, count * self.dimension).reshape(count, self.dimension)
        ivf = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(self.dimension),
            self.dimension,
            lists,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
        )
        ivf.cp.niter, ivf.cp.seed, ivf.cp.min_points_per_centroid = 8, 1, 1
        faiss.omp_set_num_threads(faiss.omp_get_max_threads())
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
        return np.stack([self._index.reconstruct(int(place)) for place in self._places(ids)])

    def search(
        self, vector: np.ndarray, k: int, only: Sequence[int] | np.ndarray | None = None
    ) -> list[tuple[int, float]]:
        """The closest ids with their cosines, best first; nearly always those that comparing with all would give."""
        import faiss
        import numpy as np

        k = min(k, len(self) if only is None else len(only))
        if k <= 0:
            return []
        params = faiss.SearchParametersIVF()
        # More lists for more answers, and all of them for the few cards that a filter leaves.
        params.nprobe = max(_PROBED, ceil(self._index.nlist * 10 * k / len(self)))
        if only is not None:
            mask = np.zeros(len(self), bool)
            mask[self._places(only)] = True
            packed = np.packbits(mask, bitorder="little")
            selector = faiss.IDSelectorBitmap(packed)  # pyright: ignore[reportCallIssue]  # FAISS wraps it for arrays
            params.sel, params.nprobe = selector, self._index.nlist
        faiss.omp_set_num_threads(1)  # one query is too little work to share: waking threads takes longer
        scores, places = self._index.search(np.ascontiguousarray(vector[None], np.float32), k, params=params)
        found = places[0] >= 0
        return list(zip(self._ids[places[0][found]].tolist(), scores[0][found].tolist(), strict=True))

    def exactly(self, vector: np.ndarray, k: int) -> list[tuple[int, float]]:
        """The same with every vector compared: what the search is measured by."""
        return self.search(vector, k, self._ids)

    def _places(self, ids: Sequence[int] | np.ndarray) -> np.ndarray:
        import numpy as np

        return np.searchsorted(self._ids, np.asarray(ids, np.int64))


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
