"""`ModelIndex`: the face of retrieval. Add cards, search them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from ..errors import IndexDamagedError, StoreError, UsageError
from ..tools.card import ModelCard
from ..tools.home import home
from ..tools.model_ids import read_id
from ..tools.pickles import allowing, checked
from ..tools.placing import Target
from ..tools.tasks import get_task
from ..tools.units import human_bytes
from .embedding.encoder import Encoder
from .embedding.minilm import default_embedder
from .filtered import FilteredIndex
from .filters import Filters
from .hits import Hits
from .ingest.bundled import ORIGIN, packaged_cards, packaged_fingerprint
from .ingest.commit import AddReport, Changes, Progress, commit, recover, task_rows, tasks_fingerprint
from .ingest.portions import ahead, count_cards, merged, read_sources, reread
from .ingest.progress import reporting
from .naming import alike, not_found, same_id
from .ranking.preferences import BALANCED
from .ranking.rank import Ranker
from .ranking.task_match import task_closeness
from .reserved import is_reserved, own_builtin, settled, standing
from .storage.backend import FaissBackend, VectorBackend
from .storage.generations import Generation, Generations

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from langchain_core.retrievers import BaseRetriever

T = TypeVar("T")


class ModelIndex:
    """Model cards in a folder on the disk, found by what they can do.

    Any number of threads and processes may search while others add: a search answers from one generation of the
    index, and the next one sees what was added meanwhile.

    Args:
        path: the folder; it need not exist yet. None is the default index in `$PREFRONTAL_HOME` or
            `~/.prefrontal`, which holds what this package carries and follows it.
        embedder: any LangChain `Embeddings`; all-MiniLM-L6-v2 when None. An index is searched with the embedder
            that it was built with.
        ranker: orders what is found: `Ranker(signals=…)` with other signals or weights.
        backend: where the vectors are; FAISS files beside the catalogue when None (see `StoreIndex`).
        allow_pickle: "convert" counts models with pickled weights among those that run here: their weights are written
            anew as safetensors, once, by a process of their own (see `ModelTool`).
    """

    def __init__(
        self,
        path: str | Path | None = None,
        embedder: Embeddings | None = None,
        *,
        ranker: Ranker | None = None,
        backend: VectorBackend | None = None,
        allow_pickle: str | None = None,
    ) -> None:
        self.allow_pickle = checked(allow_pickle)
        self.path = (home() / "index" if path is None else Path(path)).expanduser().absolute()
        self.ranker = ranker or Ranker()
        self._encoder = Encoder(embedder or default_embedder())
        self._backend = backend or FaissBackend(self._encoder)
        self._generations = Generations(self.path)
        self._carries_package = path is None
        self._package_checked = False
        self._current: Generation | None = None
        self._stamp: tuple[int, int] | None = None
        self._lock = threading.RLock()

    # Changing

    def add(self, *sources: Any, source: str = "", progress: Progress | None = None) -> AddReport:
        """Read cards and index them; what is unchanged is neither embedded nor written again.

        Args:
            sources: README.md files, model folders, folders of those, JSONL or parquet files, Hub ids, "hub:" with a
                filter, ModelCards or iterables of them. Of several cards with one id the last counts. Ids of the owner
                prefrontal are for what comes with this package; from elsewhere they are set aside.
            source: where the cards belong, when they are read from elsewhere: a dump of the Hub belongs to "hub:", and
                with that `sync` goes on from the Hub itself, also with what is deleted there.
            progress: called with (cards done, cards in all); where no source tells beforehand how many it has, those
                read so far are all. Very many cards come in several portions; one that came in stays when a later
                one fails.

        Raises:
            UsageError: nothing reads such a source. What cannot be read inside of one is set aside in the report.
            IndexDamagedError: the index is damaged.
            EmbedderError: it was built by another embedder.
            StoreError: it cannot be written.
        """
        self._follow_package()
        reading = self._read(lambda g: g.manifest.reading, {})
        portions = read_sources(sources, self._modified, reading, source)
        return merged(reporting(ahead(portions), self._commit, progress, count_cards(sources)))

    def remove(self, *ids: str) -> AddReport:
        """Take cards out; ids that are not there are set aside in the report."""
        self._follow_package()
        ids = tuple(id if id in self else read_id(id)[0] for id in ids)
        unknown = tuple((id, "it is not in the index") for id in ids if id not in self)
        return self._commit(Changes(remove=frozenset(ids), failed=unknown), None)

    def sync(self, progress: Progress | None = None) -> AddReport:
        """Read the sources again that changed since: new and changed cards come in, cards that are gone go out."""
        self._follow_package()
        known = self._read(lambda g: g.manifest.sources, {})
        portions = reread(known, lambda name: self._read(lambda g: g.segments.ids(name), []), self._modified)
        report = merged(reporting(ahead(portions), self._commit, progress))
        if any(map(is_reserved, report.removed)):  # what the package has under such an id comes in again
            self._package_checked = False
            self._follow_package()
        return report

    def rebuild(self, progress: Progress | None = None) -> AddReport:
        """Build the index anew with the present embedder: from the newest whole catalogue, else from its sources.

        Raises:
            IndexDamagedError: nothing is left to build from.
        """
        portions, sources = self._recovered()
        portions = portions or reread(dict.fromkeys(sources, ""), lambda name: [], lambda id: "")
        self._package_checked = False
        fresh = iter([True])  # the first portion starts from nothing
        report = merged(
            reporting(portions, lambda part, moved: self._commit(part, moved, next(fresh, False)), progress)
        )
        self._follow_package()
        return report

    def _recovered(self) -> tuple[Iterator[Changes] | None, Iterable[str]]:
        try:
            return recover(self._generations)
        except IndexDamagedError:
            if not self._carries_package:
                raise
            return iter([Changes()]), ()  # what the package carries comes in afterwards

    def _modified(self, id: str) -> str:
        return self._read(lambda g: g.segments.last_modified(id), "")

    def _commit(self, changes: Changes, progress: Progress | None, fresh: bool = False) -> AddReport:
        return commit(self._generations, self._backend, changes, progress, fresh)

    def _follow_package(self) -> None:
        """Bring the default index into step with the package, once for this object; cheap when nothing changed."""
        if not self._carries_package or self._package_checked:
            return
        with self._lock:
            if self._package_checked:
                return
            mark, generation = packaged_fingerprint(), self._generations.open()
            if generation is None or generation.manifest.packaged != mark:
                cards = {card.id: (card, ORIGIN) for card in packaged_cards()}
                before = generation.segments.ids(ORIGIN) if generation else []
                self._commit(Changes(cards, frozenset(before) - set(cards), packaged=mark), None)
            self._package_checked = True

    # Searching

    def search(
        self,
        query: str,
        k: int = 5,
        *,
        task: str | Sequence[str] | None = None,
        takes: str | None = None,
        gives: str | None = None,
        license: str | None = None,
        language: str | None = None,
        library: str | None = None,
        max_bytes: int | None = None,
        runnable_only: bool = False,
        offline: bool | None = None,
        where: Callable[[ModelCard], bool] | None = None,
        spoken: bool = True,
        prefer: str = BALANCED,
        best_by: str = "",
        target: Target | None = None,
    ) -> Hits:
        """The k models that fit best, best first; fewer when fewer pass the filters.

        Args:
            query: what the model shall do, in words, or a model's id or the address of its page.
            task, takes, gives, license, language, library, max_bytes, runnable_only, offline, where, target: see
                `Filters`.
            spoken: whether a language that the query names in words counts as a filter.
            prefer: "fast", "balanced" or "best": what counts among models of a task that fit about equally.
            best_by: a metric that authors report ("accuracy on sst2"): the best claims first. A query may ask for it in
                words: "the best … by reported accuracy on sst2".

        Raises:
            UsageError: the query is empty and no task is named, k is not positive, or a filter names no known
                task, kind, preference or metric.
            IndexDamagedError: the index is damaged.
            EmbedderError: it was built by another embedder.
        """
        filters = Filters(
            task, takes, gives, license, language, library, max_bytes, runnable_only, offline, where, spoken, prefer,
            best_by, target or Target(),
        )  # fmt: skip
        return self.search_filtered(query, k, filters)

    def search_filtered(self, query: str, k: int, filters: Filters) -> Hits:
        """The same with its filters as one record."""
        if k < 1:
            raise UsageError(f"k is {k}; ask for one hit or more")
        if not query.strip():
            if not isinstance(filters.task, str):
                raise UsageError("the query is empty; say in words what the model shall do, or name a task")
            query = get_task(filters.task).does
        filters = filters.settled()
        filters.sql()  # a wrong filter is an error in an empty index too

        def best(generation: Generation) -> Hits:
            with allowing(self.allow_pickle):
                return ranked(generation)

        def ranked(generation: Generation) -> Hits:
            self._check_embedder(generation)
            asked = self.ranker.understand(query, self._encoder, self._task_rows(generation), filters)
            cards = generation.segments.with_vectors(self._backend.reader(generation.segments))
            return Hits(self.ranker.rank(asked, cards, filters, k), query, self._advice(filters))

        return self._read(best, Hits([], query, self._advice(filters)))

    def task_scores(self, query: str) -> dict[str, float]:
        """How close a text is to each task of the table, from 0 to 1, by the task's id."""

        def closeness(generation: Generation) -> dict[str, float]:
            self._check_embedder(generation)
            return task_closeness(self._task_rows(generation), self._encoder.query(query))

        return self._read(closeness, {})

    def similarities(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """The cosine of a text with each of the others, by the index's embedder."""
        vector = self._encoder.query(text)
        return [float(self._encoder.query(other) @ vector) for other in others]

    def _task_rows(self, generation: Generation) -> np.ndarray:
        manifest = generation.manifest
        if manifest.tasks == tasks_fingerprint() and manifest.dimension == self._encoder.dimension:
            return generation.task_rows
        return task_rows(self._encoder)  # it was written with another task table, or its vectors are elsewhere

    def _advice(self, filters: Filters) -> str:
        if not len(self):
            return f"the index in {self.path} is empty; add models with prefrontal index add SOURCE --index {self.path}"
        if set_filters := str(filters):
            return f"none of {len(self)} models passes {set_filters}; try fewer filters"
        return "say it in other words"

    def filtered(self, **filters: Any) -> FilteredIndex:
        """The same index seen through filters: `index.filtered(license="apache-2.0").search(…)`."""
        return FilteredIndex(self, Filters(**filters))

    def as_retriever(self, k: int = 5, with_text: bool = False, **filters: Any) -> BaseRetriever:
        """A LangChain retriever. Its documents hold text of ours made from closed fields; with `with_text` also the
        card's own prose, which comes from strangers: keep that away from a language model that can act."""
        from .retriever import ModelRetriever

        Filters(**filters)  # a wrong preference is an error here already
        return ModelRetriever(index=self, k=k, with_text=with_text, filters=filters)

    # Looking

    def get(self, id: str) -> ModelCard:
        """The card with that id. The built-ins are there in every index: they need no model.

        Args:
            id: owner/name, also in another case when only one model is called so, or the address of its page.

        Raises:
            CardNotFoundError: it is not in the index; the message names close ids.
            CardError: it is the address of a data set, a Space or another page.
        """
        if card := self._find(id):
            return settled(card)
        id, _ = read_id(id)
        if card := self._find(id):
            return settled(card)
        ids = self._read(lambda g: alike(g.segments, id), [])
        if card := self._find(same_id(id, ids)):
            return settled(card)
        raise not_found(id, ids, len(self))

    def _find(self, id: str) -> ModelCard | None:
        return own_builtin(id) or self._read(lambda g: g.segments.find(id), None)

    def list(self, **filters: Any) -> Sequence[ModelCard]:
        """All cards that pass the filters, by id."""
        return self.list_filtered(Filters(**filters))

    def list_filtered(self, filters: Filters) -> Sequence[ModelCard]:
        """The same with its filters as one record."""
        from ..tools.fitness import fitness

        filters = filters.settled()
        cards = self._read(lambda g: tuple(standing(card) for _, card in g.segments.each(filters)), ())
        found = [card for card in cards if card and (not filters.where or filters.where(card))]
        if not filters.runnable_only:
            return tuple(found)
        with allowing(self.allow_pickle):
            return tuple(card for card in found if fitness(card, offline=filters.offline, target=filters.target).ok)

    def tasks(self) -> Sequence[str]:
        """The ids of the tasks that some card has, the most frequent first."""
        return self._read(lambda g: [task for task in g.segments.tasks() if task], [])

    def stats(self) -> dict[str, Any]:
        """Plain JSON: where it lies, how many cards of which task, how big, by which embedder, from which sources."""

        def look(generation: Generation) -> dict[str, Any]:
            manifest = generation.manifest
            return {
                "path": str(self.path),
                "generation": manifest.generation,
                "cards": manifest.cards,
                "bytes": sum(int(known["bytes"]) for _, _, known in manifest.all_files()),
                "embedder": manifest.embedder,
                "tasks": generation.segments.tasks(),
                "sources": sorted(manifest.sources),
            }

        return self._read(look, {"path": str(self.path), "generation": 0, "cards": 0})

    def verify(self) -> dict[str, Any]:
        """Check every file against its SHA-256, and that each card has its vector; gives `stats`.

        Raises:
            IndexDamagedError: something is damaged; the message names the file and the command that rebuilds.
        """
        if generation := self._generations.verify():
            self._backend.verify(generation.segments)
        return self.stats()

    def check(self) -> None:
        """Raise what a search would raise at once: the index is damaged, or was built by another embedder."""
        self._read(self._check_embedder, None)

    def refresh(self) -> bool:
        """Look whether there is a newer generation, and open it; every search does so by itself."""
        with self._lock:
            before = self._stamp
            self._generation()
            return self._stamp != before

    def __len__(self) -> int:
        return self._read(lambda g: g.manifest.cards, 0)

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and self._read(lambda g: g.segments.find(id) is not None, False)

    def __iter__(self) -> Iterator[ModelCard]:
        return iter(self.list_filtered(Filters()))

    def __repr__(self) -> str:
        return f"ModelIndex({str(self.path)!r})"

    def __str__(self) -> str:
        stats = self.stats()
        return f"{stats['cards']} models in {self.path} ({human_bytes(stats.get('bytes', 0))})"

    def _check_embedder(self, generation: Generation) -> None:
        built, got = generation.manifest.embedder, self._backend.encoder.signature
        if built != got:
            raise self._generations.other_embedder(built, got)

    def _generation(self) -> Generation | None:
        self._follow_package()
        stamp = self._generations.stamp()
        if stamp != self._stamp:
            with self._lock:
                self._current, self._stamp = self._generations.open(), stamp
        return self._current

    def _read(self, use: Callable[[Generation], T], empty: T) -> T:
        """What `use` makes of the current generation; again when that was swept away meanwhile."""
        for _ in range(5):
            generation = self._generation()
            if generation is None:
                return empty
            try:
                return use(generation)
            except FileNotFoundError:
                self._stamp = None
        raise StoreError(f"{self.path} changes faster than it can be read; wait for its writers and try again")
