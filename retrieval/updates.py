"""Changing an index: what is new is embedded first, then the next generation is written under the writers' lock.

Only texts that no card has had yet are embedded, and that happens before the lock is taken: writers wait for
each other's copying, never for each other's embedding.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ..errors import IndexProblem
from ..tools.card import ModelCard
from .catalog import hash_text
from .embedder import Encoder
from .generations import TASKS, Generation, Generations, Manifest, NextGeneration
from .packaged import packaged_vectors
from .ranking import task_phrases

if TYPE_CHECKING:
    import numpy as np

Progress = Callable[[int, int], None]
_BATCH = 256  # texts between two reports of progress


@dataclass(frozen=True, slots=True)
class AddReport:
    """What came of it: ids, and what was set aside with the reason."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        counts = [
            f"{len(ids)} {name}"
            for name in ("added", "changed", "unchanged", "removed")
            if (ids := getattr(self, name)) or name == "added"
        ]
        aside = [f"set aside {what}: {reason}" for what, reason in self.failed[:20]]
        if len(self.failed) > 20:
            aside.append(f"and {len(self.failed) - 20} more set aside")
        return "\n".join([", ".join(counts), *aside])


@dataclass(frozen=True, slots=True)
class Changes:
    """What the next generation shall hold. `cards` maps ids to cards and the source they came from; `sources` are
    remembered with their fingerprint; `dropped` sources are forgotten; `packaged` is kept when None."""

    cards: dict[str, tuple[ModelCard, str]] = field(default_factory=dict)
    remove: frozenset[str] = frozenset()
    sources: dict[str, str] = field(default_factory=dict)
    packaged: str | None = None
    failed: tuple[tuple[str, str], ...] = ()


def commit(
    generations: Generations,
    encoder: Encoder,
    changes: Changes,
    progress: Progress | None = None,
    fresh: bool = False,
) -> AddReport:
    """Bring the changes into the index; nothing is written when nothing changes.

    Args:
        fresh: start from nothing in place of the current generation (a rebuild).

    Raises:
        IndexProblem: the index is damaged, was built by another embedder, or cannot be written.
    """
    base = None if fresh else generations.open(encoder.signature)
    if not fresh and not _differs(base, changes):
        return _report(base, changes)
    known = _Known(encoder, progress)
    known.learn(base, changes)
    with generations.writing():
        if not fresh and generations.number() != (base.manifest.generation if base else 0):
            base = generations.open(encoder.signature)  # another writer came first
            known.learn(base, changes)
        report = _report(base, changes)
        with generations.drafting(base, encoder.signature, encoder.dimension) as draft:
            _apply(draft, base, changes, report, known)
            manifest = _manifest(draft, base, changes, generations.next_number())
            generations.write(draft, replace(manifest, embedder=encoder.signature, dimension=encoder.dimension))
    return report


class _Known:
    """The vectors at hand for the next generation, by the hash of their text."""

    def __init__(self, encoder: Encoder, progress: Progress | None) -> None:
        self.encoder = encoder
        self.progress = progress
        self.vectors: dict[str, np.ndarray] = {}

    def learn(self, base: Generation | None, changes: Changes) -> None:
        """Have a vector for every text that is new: of an equal text in `base`, from the package, else embedded."""
        digests = base.catalog.digests() if base else {}
        texts = [card.search_text for id, (card, _) in changes.cards.items() if digests.get(id) != card.digest]
        wanted = {hash: text for text in texts if (hash := hash_text(text)) not in self.vectors}
        if base and wanted:
            rowids = base.catalog.rowids_of_texts(wanted)
            self.vectors |= zip(rowids, base.vectors.get(list(rowids.values())), strict=True)
        shipped = packaged_vectors(self.encoder.signature)
        self.vectors |= {hash: shipped[hash] for hash in wanted if hash in shipped and hash not in self.vectors}
        unknown = [hash for hash in wanted if hash not in self.vectors]
        done = 0
        for rows in self.encoder.stream([wanted[hash] for hash in unknown], _BATCH):
            self.vectors |= zip(unknown[done : done + len(rows)], rows, strict=True)
            done += len(rows)
            if self.progress:
                self.progress(done, len(unknown))

    def rows(self, texts: list[str]) -> np.ndarray:
        """Shape (texts, dimension), of texts that were learnt."""
        import numpy as np

        return np.stack([self.vectors[hash_text(text)] for text in texts])


def _differs(base: Generation | None, changes: Changes) -> bool:
    report = _report(base, changes)
    if report.added or report.changed or report.removed:
        return True
    if base is None:
        return bool(changes.sources or changes.packaged)
    manifest = base.manifest
    return (
        manifest.tasks != tasks_fingerprint()
        or changes.packaged not in (None, manifest.packaged)
        or any(manifest.sources.get(name) != mark for name, mark in changes.sources.items())
    )


def _report(base: Generation | None, changes: Changes) -> AddReport:
    digests = base.catalog.digests() if base else {}
    sorted_ids: dict[str, list[str]] = {"added": [], "changed": [], "unchanged": []}
    for id, (card, _) in changes.cards.items():
        state = "added" if id not in digests else "unchanged" if digests[id] == card.digest else "changed"
        sorted_ids[state].append(id)
    return AddReport(
        removed=tuple(sorted(id for id in changes.remove if id in digests and id not in changes.cards)),
        failed=changes.failed,
        **{state: tuple(ids) for state, ids in sorted_ids.items()},
    )


def _apply(draft: NextGeneration, base: Generation | None, changes: Changes, report: AddReport, known: _Known) -> None:
    import numpy as np

    draft.vectors.remove(draft.catalog.remove(report.removed))
    replaced = draft.catalog.rowids(report.changed)
    draft.vectors.remove(list(replaced.values()))
    put = [changes.cards[id] for id in (*report.added, *report.changed)]
    rowids = [draft.catalog.put(card, origin) for card, origin in put]
    if rowids:
        draft.vectors.add(rowids, known.rows([card.search_text for card, _ in put]))
    if base is None or base.manifest.tasks != tasks_fingerprint():
        np.save(draft.folder / TASKS, task_rows(known.encoder))


def _manifest(draft: NextGeneration, base: Generation | None, changes: Changes, number: int) -> Manifest:
    before = base.manifest if base else Manifest()
    return replace(
        before,
        generation=number,
        cards=len(draft.catalog),
        tasks=tasks_fingerprint(),
        packaged=before.packaged if changes.packaged is None else changes.packaged,
        sources={**before.sources, **changes.sources},
    )


def tasks_fingerprint() -> str:
    """Changes when a phrase of the task table does."""
    return _fingerprint(task_phrases())


@lru_cache(maxsize=4)
def _fingerprint(phrases: tuple[tuple[str, str], ...]) -> str:
    return hashlib.sha256(json.dumps(phrases).encode()).hexdigest()[:16]


_task_rows: dict[tuple[str, str], np.ndarray] = {}  # for the process: every index of an embedder needs the same


def task_rows(encoder: Encoder) -> np.ndarray:
    """The unit vectors of `task_phrases`, in their order: from the package, else embedded once for the process."""
    import numpy as np

    key = (encoder.signature, tasks_fingerprint())
    if key not in _task_rows:
        phrases = [phrase for _, phrase in task_phrases()]
        shipped = packaged_vectors(encoder.signature)
        unknown = list(dict.fromkeys(phrase for phrase in phrases if hash_text(phrase) not in shipped))
        found = dict(zip(unknown, encoder.texts(unknown), strict=True))
        _task_rows[key] = np.stack([found[p] if p in found else shipped[hash_text(p)] for p in phrases])
    return _task_rows[key]


def recover(generations: Generations) -> tuple[Changes, Iterable[str]]:
    """For a rebuild: the cards of the newest catalogue that is whole, else the sources to read them from again.

    Raises:
        IndexProblem: neither is left.
    """
    sources: dict[str, str] = {}
    for manifest, catalog in generations.remains():
        sources = sources or manifest.sources
        if catalog:
            origins = catalog.origins()
            cards = {card.id: (card, origins[card.id]) for card in catalog.each()}
            return Changes(cards, sources=manifest.sources, packaged=manifest.packaged), ()
    if not sources:
        raise IndexProblem(
            f"nothing is left to rebuild {generations.path} from; "
            f"add its sources again: prefrontal index add SOURCE… --index {generations.path}"
        )
    return Changes(), sources
