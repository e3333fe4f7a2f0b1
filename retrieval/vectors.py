"""The vectors of the cards, in FAISS, behind a narrow class: another kind of FAISS index can stand in later."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import IndexProblem

if TYPE_CHECKING:
    import numpy as np


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

    def get(self, ids: list[int]) -> np.ndarray:
        """The rows of these ids, shape (ids, dimension)."""
        import numpy as np

        if not ids:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack([self._index.reconstruct(int(id)) for id in ids])

    def search(self, vector: np.ndarray, k: int, only: list[int] | None = None) -> list[tuple[int, float]]:
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

    def save(self, path: Path) -> None:
        import faiss

        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:  # FAISS reports a full disk this way
            raise OSError(str(error).splitlines()[-1]) from error

    @classmethod
    def load(cls, path: Path) -> Vectors:
        """Read what `save` wrote; FAISS itself has no checksum, the caller has compared the file's SHA-256.

        Raises:
            IndexProblem: FAISS cannot read the file.
        """
        import faiss

        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            if not path.exists():
                raise FileNotFoundError(path) from error
            raise IndexProblem(f"{path} cannot be read by FAISS; rebuild the index from its sources") from error
        return cls(index.d, index)
