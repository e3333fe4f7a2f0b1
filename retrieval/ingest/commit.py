"""Changing an index: what is new is embedded first, then the next generation is written under the writers' lock.

Only texts that no card has had yet are embedded, and that happens before the lock is taken: writers wait for
each other's copying, never for each other's embedding.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice

import numpy as np

from ...errors import IndexDamagedError, StoreError
from ...tools.card import ModelCard
from ...tools.tasks import task_phrases
from ..embedding.encoder import Encoder
from ..reserved import comes_with_us, is_reserved, own_card, why_reserved
from ..storage.backend import VectorBackend
from ..storage.catalog import HASH, hash_text
from ..storage.generations import TASKS, Generation, Generations, Manifest, NextGeneration
from ..storage.segments import Segments
from ..storage.vector_index import VectorIndex
from .bundled import ORIGIN, packaged_vectors

Progress = Callable[[int, int], None]
_BATCH = 256  # texts between two reports of progress
# Of so many new texts at once only those that are used most get the embedder's own vectors, the others those of its
# quick stand-in; and of the cards less prose is kept. A model that nobody has used yet is found by it all the same.
_ALL_STRONG, _STRONG = 20_000, 250
_BULK_PROSE = 2_000  # characters
_RECOVERED = 50_000  # cards at once


@dataclass(frozen=True, slots=True)
class AddReport:
    """What came of it: ids, what was set aside with the reason, and what of a card could not be understood."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        counts = [
            f"{len(ids)} {name}"
            for name in ("added", "changed", "unchanged", "removed")
            if (ids := getattr(self, name)) or name == "added"
        ]
        aside = [f"of {id}: {remark}" for id, remark in self.remarks[:20]]
        if len(self.remarks) > 20:
            aside.append(f"and {len(self.remarks) - 20} more with something that could not be understood")
        aside += [f"set aside {what}: {reason}" for what, reason in self.failed[:20]]
        if len(self.failed) > 20:
            aside.append(f"and {len(self.failed) - 20} more set aside")
        return "\n".join([", ".join(counts), *aside])


@dataclass(frozen=True, slots=True)
class Changes:
    """What the next generation shall hold. `cards` maps ids to cards and the source they came from; `sources` are
    remembered with their fingerprint; `reading` are those that are not at their end, with fingerprint and rows read;
    `finished` are those that are; `packaged` is kept when None."""

    cards: dict[str, tuple[ModelCard, str]] = field(default_factory=dict)
    remove: frozenset[str] = frozenset()
    sources: dict[str, str] = field(default_factory=dict)
    reading: dict[str, tuple[str, int]] = field(default_factory=dict)
    finished: frozenset[str] = frozenset()
    packaged: str | None = None
    failed: tuple[tuple[str, str], ...] = ()


def commit(
    generations: Generations,
    backend: VectorBackend,
    changes: Changes,
    progress: Progress | None = None,
    fresh: bool = False,
) -> AddReport:
    """Bring the changes into the index; nothing is written when nothing changes.

    Args:
        fresh: start from nothing in place of the current generation (a rebuild).

    Raises:
        IndexDamagedError: the index is damaged.
        EmbedderError: it was built by another embedder.
        StoreError: it cannot be written.
    """
    encoder = backend.encoder
    base = None if fresh else generations.open(encoder.signature)
    if not fresh and not _differs(base, changes):
        if backend.unsettled():
            with generations.writing():
                backend.settle(_whole(generations))
        return _report(base, changes)
    known = _Known(encoder, progress)
    known.learn(base, changes)
    with generations.writing():
        if not fresh and generations.number() != (base.manifest.generation if base else 0):
            base = generations.open(encoder.signature)  # another writer came first
            known.learn(base, changes)
        before = base.segments if base else _whole(generations)
        backend.settle(before)
        report = _report(base, changes)
        with generations.drafting(base, encoder.signature, encoder.dimension) as draft:
            elsewhere = backend.writer(before, draft.catalog, fresh)
            if elsewhere is not None and before is not None:
                gone = before.ids() if fresh else [*report.removed, *report.changed]
                elsewhere.remove([rowid for rowid, _ in before.digests(gone).values()])
            _apply(draft, base, changes, report, known, elsewhere)
            manifest = _manifest(draft, base, changes, generations.next_number())
            generations.write(draft, replace(manifest, embedder=encoder.signature, dimension=encoder.dimension))
        if elsewhere is not None and (now := generations.open()):
            with suppress(StoreError):  # the write is done; what is left elsewhere goes at the next one
                backend.settle(now.segments)
    return report


def _whole(generations: Generations) -> Segments | None:
    """The cards of the current generation; None when it is damaged, which may be why everything is built anew."""
    with suppress(IndexDamagedError):
        current = generations.open()
        return current.segments if current else None
    return None


class _Known:
    """The vectors at hand for the next generation, by the hash of their text; `rough` are those that the embedder's
    quick stand-in gave."""

    def __init__(self, encoder: Encoder, progress: Progress | None) -> None:
        self.encoder = encoder
        self.progress = progress
        self.vectors: dict[str, np.ndarray] = {}
        self.rough: set[str] = set()

    def learn(self, base: Generation | None, changes: Changes) -> None:
        """Have a vector for every text that is new: of an equal text in `base`, from the package, else embedded."""
        digests = base.segments.digests(changes.cards) if base else {}
        new = [card for id, (card, _) in changes.cards.items() if digests.get(id, _NEW)[1] != card.digest]
        wanted = {hash: card for card in new if (hash := hash_text(card.search_text)) not in self.vectors}
        if base and wanted:
            found = base.segments.of_texts(wanted)
            self.vectors |= {hash: found[hash[:HASH]] for hash in wanted if hash[:HASH] in found}
        shipped = packaged_vectors(self.encoder.signature)
        self.vectors |= {hash: shipped[hash] for hash in wanted if hash in shipped and hash not in self.vectors}
        unknown = {hash: card.search_text for hash, card in wanted.items() if hash not in self.vectors}
        rough: dict[str, str] = {}
        if self.encoder.rough and len(unknown) > _ALL_STRONG:
            by_use = sorted(unknown, key=lambda hash: -wanted[hash].downloads)
            rough = {hash: unknown.pop(hash) for hash in by_use[_STRONG:]}
            self.rough |= set(rough)
        total = len(rough) + len(unknown)
        self._embed(self.encoder.stream(list(unknown.values()), _BATCH), list(unknown), 0, total)
        batches = (list(rough.values())[at : at + _BATCH] for at in range(0, len(rough), _BATCH))
        self._embed(map(self.encoder.rough_texts, batches), list(rough), len(unknown), total)

    def _embed(self, batches: Iterable[np.ndarray], hashes: list[str], before: int, total: int) -> None:
        done = 0
        for rows in batches:
            self.vectors |= zip(hashes[done : done + len(rows)], rows, strict=True)
            done += len(rows)
            if self.progress:
                self.progress(before + done, total)

    def rows(self, texts: list[str]) -> np.ndarray:
        """Shape (texts, dimension), of texts that were learnt."""
        return np.stack([self.vectors[hash_text(text)] for text in texts])


_NEW = (0, "")


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
        or any(name in manifest.reading for name in changes.finished)
    )


def _report(base: Generation | None, changes: Changes) -> AddReport:
    digests = base.segments.digests([*changes.cards, *changes.remove]) if base else {}
    sorted_ids: dict[str, list[str]] = {"added": [], "changed": [], "unchanged": []}
    for id, (card, _) in changes.cards.items():
        state = "added" if id not in digests else "unchanged" if digests[id][1] == card.digest else "changed"
        sorted_ids[state].append(id)
    return AddReport(
        removed=tuple(sorted(id for id in changes.remove if id in digests and id not in changes.cards)),
        failed=changes.failed,
        remarks=tuple(
            (id, "; ".join(changes.cards[id][0].remarks))
            for id in (*sorted_ids["added"], *sorted_ids["changed"])
            if changes.cards[id][0].remarks
        ),
        **{state: tuple(ids) for state, ids in sorted_ids.items()},
    )


def _apply(
    draft: NextGeneration,
    base: Generation | None,
    changes: Changes,
    report: AddReport,
    known: _Known,
    elsewhere: VectorIndex | None,
) -> None:
    draft.remove([*report.removed, *report.changed])
    put = [changes.cards[id] for id in (*report.added, *report.changed)]
    prose = _BULK_PROSE if len(put) > _ALL_STRONG else None
    for start in range(0, len(put), _BATCH):
        batch = put[start : start + _BATCH]
        rough = [hash_text(card.search_text) in known.rough for card, _ in batch]
        rowids = [draft.catalog.put(*new, is_rough, prose) for new, is_rough in zip(batch, rough, strict=True)]
        rows = known.rows([card.search_text for card, _ in batch])
        draft.vectors.add(rowids, rows)
        if elsewhere is not None:
            elsewhere.add(rowids, rows)
            if known.progress:
                known.progress(start + len(batch), len(put))
    if base is None or base.manifest.tasks != tasks_fingerprint():
        np.save(draft.folder / TASKS, task_rows(known.encoder))


def _manifest(draft: NextGeneration, base: Generation | None, changes: Changes, number: int) -> Manifest:
    before = base.manifest if base else Manifest()
    return replace(
        before,
        generation=number,
        tasks=tasks_fingerprint(),
        packaged=before.packaged if changes.packaged is None else changes.packaged,
        sources={**before.sources, **changes.sources},
        reading={k: v for k, v in before.reading.items() if k not in changes.finished} | changes.reading,
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
    key = (encoder.signature, tasks_fingerprint())
    if key not in _task_rows:
        phrases = [phrase for _, phrase in task_phrases()]
        shipped = packaged_vectors(encoder.signature)
        unknown = list(dict.fromkeys(phrase for phrase in phrases if hash_text(phrase) not in shipped))
        found = dict(zip(unknown, encoder.texts(unknown), strict=True))
        _task_rows[key] = np.stack([found[p] if p in found else shipped[hash_text(p)] for p in phrases])
    return _task_rows[key]


def recover(generations: Generations) -> tuple[Iterator[Changes] | None, Iterable[str]]:
    """For a rebuild: the cards of the newest catalogue that is whole, else the sources to read them from again.

    Raises:
        IndexDamagedError: neither is left.
    """
    sources: dict[str, str] = {}
    for manifest, parts in generations.remains():
        sources = sources or manifest.sources
        if parts is not None:
            return _portions(manifest, parts), ()
    if not sources:
        raise IndexDamagedError(
            f"nothing is left to rebuild {generations.path} from; "
            f"add its sources again: prefrontal index add SOURCE… --index {generations.path}"
        )
    return None, sources


def _portions(manifest: Manifest, parts: Segments) -> Iterator[Changes]:
    kept = Changes(sources=manifest.sources, packaged=manifest.packaged, reading=manifest.reading)
    cards = parts.each()
    while batch := dict(islice(cards, _RECOVERED)):
        origins = parts.origins(batch)
        yield _cleared(replace(kept, cards={card.id: (card, origins[rowid]) for rowid, card in batch.items()}))
    if not len(parts):
        yield kept


def _cleared(changes: Changes) -> Changes:
    """The same without a stranger's card under an id of ours, which came in before such ids were kept; what the package
    has under that id takes its place."""
    cards, failed = dict(changes.cards), []
    for id in filter(is_reserved, changes.cards):
        if comes_with_us(cards[id][0]):
            continue
        if own := own_card(id):
            cards[id] = (own, ORIGIN if changes.packaged else "")
            failed.append((id, f"{id!r} is reserved for what comes with prefrontal, and that took its place"))
        else:
            del cards[id]
            failed.append((id, why_reserved(id)))
    return replace(changes, cards=cards, failed=tuple(failed))
