"""The segments of an index, read as one: sealed ones that stay as they are, and the last one, which grows.

Rowids are unique over all segments and grow from one to the next. A card that changes or goes while it lies in a sealed
segment stays there and is passed over: its rowid is among `gone`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from heapq import merge, nlargest
from itertools import islice
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from ...tools.card import ModelCard
from ..filters import Filters
from ..ranking.query import Query
from .catalog import Catalog
from .manifest import CATALOG, VECTORS
from .vector_index import Found, VectorReader

if TYPE_CHECKING:
    from .vectors import SealedVectors, Vectors

T = TypeVar("T")
_FEW = 20_000  # cards that pass a filter: so many are searched one by one, among more the closest are tested
_MANY = 200_000  # the closest cards that are tested at most
# How many places of words a search looks at, over all segments. Words are taken from the rarest on: in an index of
# millions the frequent ones would take seconds, and say the least.
_BUDGET = 3_000


class Segment:
    """One catalogue with its vectors, for reading by any number of threads; `size` counts its cards, also those that
    are gone meanwhile."""

    def __init__(self, folder: Path, cards: int, is_sealed: bool) -> None:
        self.folder = folder
        self.size = cards
        self.is_sealed = is_sealed
        self.catalog = Catalog(folder / CATALOG)
        self._lock = Lock()

    @cached_property
    def vectors(self) -> Vectors | SealedVectors:
        from .vectors import SealedVectors, Vectors  # here, since FAISS takes a third of a second to import

        with self._lock:
            load = SealedVectors if self.is_sealed else Vectors.load
            return self.__dict__.get("vectors") or load(self.folder / VECTORS)


class Segments:
    """All segments as one catalogue with its vectors; what it gives is in the segments but not gone."""

    def __init__(
        self, segments: tuple[Segment, ...], gone: frozenset[int] = frozenset(), vectors: VectorReader | None = None
    ) -> None:
        self.all = segments
        self.gone = gone
        self._vectors = vectors

    def with_vectors(self, vectors: VectorReader) -> Segments:
        """The same cards, found by other vectors."""
        return Segments(self.all, self.gone, vectors)

    def __len__(self) -> int:
        return sum(segment.size for segment in self.all) - len(self.gone)

    @property
    def last(self) -> int:
        """The greatest rowid; 0 when there is no card."""
        return self.filled[-1].catalog.last if self.filled else 0

    @cached_property
    def filled(self) -> tuple[Segment, ...]:
        return tuple(segment for segment in self.all if segment.size)

    @cached_property
    def _firsts(self) -> list[int]:
        return [segment.catalog.first for segment in self.filled]

    def by_segment(self, rowids: Iterable[int]) -> list[tuple[Segment, list[int]]]:
        """The rowids of each segment that has any; those that are gone are left out."""
        if len(self.filled) == 1 and not self.gone:
            return [(self.filled[0], list(rowids))]
        shares: dict[int, list[int]] = {}
        for rowid in rowids:
            if rowid not in self.gone:
                shares.setdefault(bisect_right(self._firsts, rowid) - 1, []).append(rowid)
        return [(self.filled[number], share) for number, share in sorted(shares.items()) if number >= 0]

    def _gather(self, rowids: Iterable[int], read: Callable[[Catalog, list[int]], dict[int, T]]) -> dict[int, T]:
        found: dict[int, T] = {}
        for segment, share in self.by_segment(rowids):
            found |= read(segment.catalog, share)
        return found

    # Cards

    def cards(self, rowids: Iterable[int]) -> dict[int, ModelCard]:
        """The cards under these rowids."""
        return self._gather(rowids, Catalog.cards)

    def outlines(self, rowids: Iterable[int]) -> dict[int, ModelCard]:
        """The same cards with nothing but what columns hold: id, task, languages, sizes, downloads."""
        return self._gather(rowids, Catalog.outlines)

    def origins(self, rowids: Iterable[int]) -> dict[int, str]:
        """The sources that these cards came from."""
        return self._gather(rowids, Catalog.origins)

    def each(self, filters: Filters | None = None) -> Iterator[tuple[int, ModelCard]]:
        """Rowid and card of all that pass, by id."""
        named = merge(*(segment.catalog.named(filters or Filters()) for segment in self.filled))
        rowids = [rowid for _, rowid in named if rowid not in self.gone]
        for start in range(0, len(rowids), 500):
            cards = self.cards(rowids[start : start + 500])
            yield from ((rowid, cards[rowid]) for rowid in rowids[start : start + 500])

    def find(self, id: str) -> ModelCard | None:
        rowids = [rowid for rowid, _ in self.digests([id]).values()]
        return self.cards(rowids)[rowids[0]] if rowids else None

    def ids(self, origin: str | None = None) -> list[str]:
        """By name; only those that came from a source, when one is named."""
        found = (segment.catalog.from_source(origin).items() for segment in self.filled)
        return sorted(id for here in found for id, rowid in here if rowid not in self.gone)

    def last_modified(self, id: str) -> str:
        """When the model was last modified, as its card says; "" when it does not, or is not there."""
        found = (segment.catalog.modified(id) for segment in self.filled)
        return next((known[1] for known in found if known and known[0] not in self.gone), "")

    def texts(self, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Rowid and the beginning of the text's hash of those of the ids that are here."""
        wanted, found = list(ids), {}
        for segment in self.filled:
            here = segment.catalog.texts(wanted)
            found |= {id: known for id, known in here.items() if known[0] not in self.gone}
        return found

    def digests(self, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Rowid and digest of those of the ids that are here."""
        wanted, found = list(ids), {}
        for segment in self.filled:
            here = segment.catalog.digests(wanted)
            found |= {id: known for id, known in here.items() if known[0] not in self.gone}
        return found

    def tasks(self) -> dict[str, int]:
        """How many cards there are of each task, the most first."""
        counts: Counter[str] = Counter()
        for segment in self.filled:
            counts.update(segment.catalog.tasks())
            if self.gone:
                counts.subtract(segment.catalog.tasks(sorted(self.gone)))
        return dict(sorted(((task, n) for task, n in counts.items() if n), key=lambda pair: (-pair[1], pair[0])))

    def of_texts(self, hashes: Iterable[str]) -> dict[str, np.ndarray]:
        """For each of these text hashes that is known, its vector (gone or not: a text stays the same)."""
        wanted, found = list(hashes), {}
        for segment in self.filled:
            rowids = segment.catalog.of_texts(wanted)
            found |= zip(rowids, segment.vectors.get(list(rowids.values())), strict=True)
        return found

    @property
    def centroids(self) -> np.ndarray | None:
        """Of the lists of the first sealed segment, for those that come after it; None when there is none."""
        from .vectors import SealedVectors

        every = (segment.vectors for segment in self.filled)
        return next((vectors.centroids for vectors in every if isinstance(vectors, SealedVectors)), None)

    # Searching

    @cached_property
    def vectors(self) -> VectorReader:
        """FAISS's, unless another index of vectors was laid beside the cards."""
        return SegmentVectors(self) if self._vectors is None else self._vectors

    def near(self, query: Query, count: int, filters: Filters) -> dict[int, float]:
        """The cosines of the closest cards that pass the filters, by rowid."""
        if not filters.sql()[0]:
            return dict(self.vectors.search(query, count))
        if (few := self._few(filters)) is not None:
            return dict(self.vectors.search(query, count, few))
        looked = 8 * count
        while True:
            closest = dict(self.vectors.search(query, looked))
            passing = self.passing(closest, filters)
            if len(passing) >= count or len(closest) < looked or looked >= _MANY:
                return {rowid: closest[rowid] for rowid in closest if rowid in passing}
            looked *= 8

    def closeness(self, rowids: Sequence[int], query: Query) -> dict[int, float]:
        """The cosines of these cards, by rowid; those that are gone are left out."""
        here = [rowid for rowid in rowids if rowid not in self.gone]
        return dict(zip(here, (self.vectors.get(here) @ query.vector).tolist(), strict=True)) if here else {}

    def matching(self, words: Sequence[str], count: int, filters: Filters) -> dict[int, float]:
        """The BM25 of the cards that hold the words best and pass the filters, by rowid."""
        filtered = bool(filters.sql()[0])
        few = self._few(filters) if filtered else None
        shares = [(segment, None) for segment in self.filled] if few is None else self.by_segment(few)
        looked = 4 * count if (filtered and few is None) or self.gone else count
        words = self._affordable(words)
        found: list[tuple[int, float]] = []
        for segment, share in shares:
            hits = segment.catalog.search(words, looked, share)
            scale = self._scale(segment, words) if hits and segment.size < self._largest.size / 4 else 1.0
            found += [(rowid, score * scale) for rowid, score in hits]
        best = dict(nlargest(looked, found, key=lambda hit: (hit[1], -hit[0])))
        passing = self.passing(best, filters)
        return dict([(rowid, score) for rowid, score in best.items() if rowid in passing][:count])

    @cached_property
    def _largest(self) -> Segment:
        return max(self.filled, key=lambda segment: (segment.is_sealed, segment.size))

    def _affordable(self, words: Sequence[str]) -> Sequence[str]:
        """The words, in a big index without the most frequent ones when there are too many places to look at. How
        frequent they are is known of sealed segments; the largest one speaks for all."""
        if not self.filled or not self._largest.is_sealed:
            return words
        counts = sorted((count, word) for word, count in self._largest.catalog.frequent(words).items())
        left = (
            _BUDGET * self._largest.size / sum(segment.size for segment in self.filled)
        )  # who is gone is looked at too
        kept: list[str] = []
        for count, word in counts:
            left -= count
            if left < 0 and kept:
                break
            kept.append(word)
        return kept

    def _scale(self, segment: Segment, words: Sequence[str]) -> float:
        """By what a small segment's BM25 is multiplied: among few cards each word seems frequent, and counts little."""
        here = segment.catalog.weights(words, segment.size)
        largest = self._largest.catalog.weights(list(here), self._largest.size)
        unseen = max(largest.values(), default=1.0)
        return sum(largest.get(word, unseen) for word in here) / sum(here.values())

    def passing(self, rowids: Iterable[int], filters: Filters) -> set[int]:
        """Those of the rowids that pass the filters."""
        shares = self.by_segment(rowids)
        if not filters.sql()[0]:
            return {rowid for _, share in shares for rowid in share}
        return {rowid for segment, share in shares for rowid in segment.catalog.passing(share, filters)}

    def _few(self, filters: Filters) -> list[int] | None:
        """All rowids that pass, when they are few."""
        found: list[int] = []
        for segment in self.filled:
            here = segment.catalog.allowed(filters, _FEW)
            if here is None or len(found) + len(here) > _FEW:
                return None
            found += here
        return [rowid for rowid in found if rowid not in self.gone]


class SegmentVectors:
    """The FAISS vectors of all segments as one."""

    def __init__(self, segments: Segments) -> None:
        self._segments = segments

    def get(self, ids: Sequence[int]) -> np.ndarray:
        """The rows of these ids, shape (ids, dimension)."""
        if not ids:
            return np.zeros((0, 0), np.float32)
        rows: dict[int, np.ndarray] = {}
        for segment, share in self._segments.by_segment(ids):
            rows |= zip(share, segment.vectors.get(share), strict=True)
        return np.stack([rows[id] for id in ids])

    def search(self, query: Query, k: int, only: Sequence[int] | None = None) -> Found:
        """The closest, best first."""
        from .vectors import SealedVectors, Vectors, closest_sealed

        segments, gone, vector = self._segments, self._segments.gone, query.vector
        if only is None:
            # Those that are gone are found as well: enough is asked for that the others are not lost.
            looked = k + min(len(gone), k)
            every = [segment.vectors for segment in segments.filled]
            found = closest_sealed([here for here in every if isinstance(here, SealedVectors)], vector, looked)
            found += [hit for here in every if isinstance(here, Vectors) for hit in here.closest(vector, looked)]
        else:
            shares = segments.by_segment(only)
            found = [hit for segment, share in shares for hit in segment.vectors.closest(vector, k, share)]
        found.sort(key=itemgetter(1), reverse=True)
        return list(islice((hit for hit in found if hit[0] not in gone), k))
