"""The parts of an index, read as one: sealed ones that stay as they are, and the last one, which grows.

Rowids are unique over all parts and grow from one to the next. A card that changes or goes while it lies in a sealed
part stays there and is passed over: its rowid is among `gone`.
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

from ..tools.card import ModelCard
from .catalog import Catalog
from .filters import Filters
from .vectors import Sealed, Vectors, search_sealed

if TYPE_CHECKING:
    import numpy as np

T = TypeVar("T")
CATALOG, VECTORS = "catalog.sqlite", "vectors.faiss"
_FEW = 20_000  # cards that pass a filter: so many are searched one by one, among more the closest are tested
_MANY = 200_000  # the closest cards that are tested at most
# How many places of words a search looks at, over all parts. Words are taken from the rarest on: in an index of
# millions the frequent ones would take seconds, and say the least.
_BUDGET = 3_000


class Part:
    """One catalogue with its vectors, for reading by any number of threads; `size` counts its cards, also those that
    are gone meanwhile."""

    def __init__(self, folder: Path, cards: int, is_sealed: bool) -> None:
        self.folder = folder
        self.size = cards
        self.is_sealed = is_sealed
        self.catalog = Catalog(folder / CATALOG)
        self._lock = Lock()

    @cached_property
    def vectors(self) -> Vectors | Sealed:
        with self._lock:
            load = Sealed if self.is_sealed else Vectors.load
            return self.__dict__.get("vectors") or load(self.folder / VECTORS)


class Parts:
    """All parts as one catalogue with its vectors; what it gives is in the parts but not gone."""

    def __init__(self, parts: tuple[Part, ...], gone: frozenset[int] = frozenset()) -> None:
        self.parts = parts
        self.gone = gone

    def __len__(self) -> int:
        return sum(part.size for part in self.parts) - len(self.gone)

    @property
    def last(self) -> int:
        """The greatest rowid; 0 when there is no card."""
        return self._filled[-1].catalog.last if self._filled else 0

    @cached_property
    def _filled(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.size)

    @cached_property
    def _firsts(self) -> list[int]:
        return [part.catalog.first for part in self._filled]

    def _by_part(self, rowids: Iterable[int]) -> list[tuple[Part, list[int]]]:
        """The rowids of each part that has any; those that are gone are left out."""
        if len(self._filled) == 1 and not self.gone:
            return [(self._filled[0], list(rowids))]
        shares: dict[int, list[int]] = {}
        for rowid in rowids:
            if rowid not in self.gone:
                shares.setdefault(bisect_right(self._firsts, rowid) - 1, []).append(rowid)
        return [(self._filled[number], share) for number, share in sorted(shares.items()) if number >= 0]

    def _gather(self, rowids: Iterable[int], read: Callable[[Catalog, list[int]], dict[int, T]]) -> dict[int, T]:
        found: dict[int, T] = {}
        for part, share in self._by_part(rowids):
            found |= read(part.catalog, share)
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
        named = merge(*(part.catalog.named(filters or Filters()) for part in self._filled))
        rowids = [rowid for _, rowid in named if rowid not in self.gone]
        for start in range(0, len(rowids), 500):
            cards = self.cards(rowids[start : start + 500])
            yield from ((rowid, cards[rowid]) for rowid in rowids[start : start + 500])

    def find(self, id: str) -> ModelCard | None:
        rowids = [rowid for rowid, _ in self.digests([id]).values()]
        return self.cards(rowids)[rowids[0]] if rowids else None

    def ids(self, origin: str | None = None) -> list[str]:
        """By name; only those that came from a source, when one is named."""
        found = (part.catalog.from_source(origin).items() for part in self._filled)
        return sorted(id for here in found for id, rowid in here if rowid not in self.gone)

    def last_modified(self, id: str) -> str:
        """When the model was last modified, as its card says; "" when it does not, or is not there."""
        found = (part.catalog.modified(id) for part in self._filled)
        return next((known[1] for known in found if known and known[0] not in self.gone), "")

    def texts(self, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Rowid and the beginning of the text's hash of those of the ids that are here."""
        wanted, found = list(ids), {}
        for part in self._filled:
            here = part.catalog.texts(wanted)
            found |= {id: known for id, known in here.items() if known[0] not in self.gone}
        return found

    def digests(self, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Rowid and digest of those of the ids that are here."""
        wanted, found = list(ids), {}
        for part in self._filled:
            here = part.catalog.digests(wanted)
            found |= {id: known for id, known in here.items() if known[0] not in self.gone}
        return found

    def tasks(self) -> dict[str, int]:
        """How many cards there are of each task, the most first."""
        counts: Counter[str] = Counter()
        for part in self._filled:
            counts.update(part.catalog.tasks())
            if self.gone:
                counts.subtract(part.catalog.tasks(sorted(self.gone)))
        return dict(sorted(((task, n) for task, n in counts.items() if n), key=lambda pair: (-pair[1], pair[0])))

    def of_texts(self, hashes: Iterable[str]) -> dict[str, np.ndarray]:
        """For each of these text hashes that is known, its vector (gone or not: a text stays the same)."""
        wanted, found = list(hashes), {}
        for part in self._filled:
            rowids = part.catalog.of_texts(wanted)
            found |= zip(rowids, part.vectors.get(list(rowids.values())), strict=True)
        return found

    @property
    def centroids(self) -> np.ndarray | None:
        """Of the lists of the first sealed part, for those that come after it; None when there is none."""
        sealed = (part.vectors for part in self._filled)
        return next((vectors.centroids for vectors in sealed if isinstance(vectors, Sealed)), None)

    # Searching

    def near(self, vector: np.ndarray, count: int, filters: Filters) -> dict[int, float]:
        """The cosines of the closest cards that pass the filters, by rowid."""
        if not filters.sql()[0]:
            return self._closest(vector, count)
        if (few := self._few(filters)) is not None:
            return self._closest(vector, count, few)
        looked = 8 * count
        while True:
            closest = self._closest(vector, looked)
            passing = self.passing(closest, filters)
            if len(passing) >= count or len(closest) < looked or looked >= _MANY:
                return {rowid: closest[rowid] for rowid in closest if rowid in passing}
            looked *= 8

    def _closest(self, vector: np.ndarray, count: int, only: list[int] | None = None) -> dict[int, float]:
        if only is None:
            # Those that are gone are found as well: enough is asked for that the others are not lost.
            looked = count + min(len(self.gone), count)
            vectors = [part.vectors for part in self._filled]
            found = search_sealed([here for here in vectors if isinstance(here, Sealed)], vector, looked)
            found += [hit for here in vectors if isinstance(here, Vectors) for hit in here.search(vector, looked)]
        else:
            found = [hit for part, share in self._by_part(only) for hit in part.vectors.search(vector, count, share)]
        found.sort(key=itemgetter(1), reverse=True)
        return dict(islice((hit for hit in found if hit[0] not in self.gone), count))

    def closeness(self, rowids: Sequence[int], vector: np.ndarray) -> dict[int, float]:
        """The cosines of these cards, by rowid."""
        near: dict[int, float] = {}
        for part, share in self._by_part(rowids):
            near |= zip(share, (part.vectors.get(share) @ vector).tolist(), strict=True)
        return near

    def matching(self, words: Sequence[str], count: int, filters: Filters) -> dict[int, float]:
        """The BM25 of the cards that hold the words best and pass the filters, by rowid."""
        filtered = bool(filters.sql()[0])
        few = self._few(filters) if filtered else None
        shares = [(part, None) for part in self._filled] if few is None else self._by_part(few)
        looked = 4 * count if (filtered and few is None) or self.gone else count
        words = self._affordable(words)
        found: list[tuple[int, float]] = []
        for part, share in shares:
            hits = part.catalog.search(words, looked, share)
            scale = self._scale(part, words) if hits and part.size < self._largest.size / 4 else 1.0
            found += [(rowid, score * scale) for rowid, score in hits]
        best = dict(nlargest(looked, found, key=lambda hit: (hit[1], -hit[0])))
        passing = self.passing(best, filters)
        return dict([(rowid, score) for rowid, score in best.items() if rowid in passing][:count])

    @cached_property
    def _largest(self) -> Part:
        return max(self._filled, key=lambda part: (part.is_sealed, part.size))

    def _affordable(self, words: Sequence[str]) -> Sequence[str]:
        """The words, in a big index without the most frequent ones when there are too many places to look at. How
        frequent they are is known of sealed parts; the largest one speaks for all."""
        if not self._filled or not self._largest.is_sealed:
            return words
        counts = sorted((count, word) for word, count in self._largest.catalog.frequent(words).items())
        left = _BUDGET * self._largest.size / sum(part.size for part in self._filled)  # who is gone is looked at too
        kept: list[str] = []
        for count, word in counts:
            left -= count
            if left < 0 and kept:
                break
            kept.append(word)
        return kept

    def _scale(self, part: Part, words: Sequence[str]) -> float:
        """What a small part's BM25 is multiplied by: among few cards each word seems frequent, and counts nothing."""
        here = part.catalog.weights(words, part.size)
        largest = self._largest.catalog.weights(list(here), self._largest.size)
        unseen = max(largest.values(), default=1.0)
        return sum(largest.get(word, unseen) for word in here) / sum(here.values())

    def passing(self, rowids: Iterable[int], filters: Filters) -> set[int]:
        """Those of the rowids that pass the filters."""
        shares = self._by_part(rowids)
        if not filters.sql()[0]:
            return {rowid for _, share in shares for rowid in share}
        return {rowid for part, share in shares for rowid in part.catalog.passing(share, filters)}

    def _few(self, filters: Filters) -> list[int] | None:
        """All rowids that pass, when they are few."""
        found: list[int] = []
        for part in self._filled:
            here = part.catalog.allowed(filters, _FEW)
            if here is None or len(found) + len(here) > _FEW:
                return None
            found += here
        return [rowid for rowid in found if rowid not in self.gone]
