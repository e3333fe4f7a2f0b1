"""From sources to the changes that they bring, in portions: a dump of the whole Hub does not fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from threading import Thread
from typing import Any

from ...errors import UsageError
from ...tools.card import ModelCard
from ..reserved import comes_with_us, is_reserved, why_reserved
from ..sources import Read, Source, find_source
from .bases import with_base_task
from .commit import AddReport, Changes

# Characters of cards, with what Python adds to them: what is written at once, and survives an end after it. Two
# portions are in memory at a time, one that is read and one that is written.
_PORTION = 300_000_000


class _Portion:
    """What was read and is not committed yet."""

    def __init__(self) -> None:
        self.cards: dict[str, tuple[ModelCard, str]] = {}
        self.failed: list[tuple[str, str]] = []
        self.gone: set[str] = set()
        self.sources: dict[str, str] = {}
        self.finished: set[str] = set()
        self.reading: dict[str, tuple[str, int]] = {}
        self._size = 0

    def put(self, read: Read, source: str) -> None:
        if read.card:
            self.cards[read.card.id] = (with_base_task(read.card), source)
            self._size += 2_000 + len(read.card.text)
        elif read.reason:
            self.failed.append((read.what, read.reason))

    @property
    def full(self) -> bool:
        return self._size >= _PORTION

    def changes(self) -> Changes:
        gone = frozenset(self.gone - set(self.cards))
        done = frozenset(self.finished)
        # Where a stranger's card goes, what the package has under its id comes in again.
        packaged = "" if any(map(is_reserved, gone)) else None
        return Changes(self.cards, gone, self.sources, self.reading, done, packaged, tuple(self.failed))


def read_sources(
    sources: Iterable[Any],
    modified: Callable[[str], str],
    reading: Mapping[str, tuple[str, int]],
    belong: str = "",
) -> Iterator[Changes]:
    """All cards of these sources; of several with one id the last counts. What cannot be read is set aside.

    Args:
        modified: tells by an id when the card at hand was last modified, "" when there is none.
        reading: sources of which some rows came in before, with the fingerprint that they had and how many.
        belong: the source that all cards belong to, and that is remembered in place of the one they are read from.

    Raises:
        UsageError: nothing reads such a source; raised before anything is read.
    """
    belong = find_source(belong)[2] if belong else ""
    opened = []
    for value in sources:
        row, plain, name = find_source(value)
        mark = row.fingerprint(plain)
        known, count = reading.get(name, ("", 0))
        skip = count if row.resume and mark and mark == known else 0
        opened.append((name, mark, _begun(row, plain, skip, modified), skip))
    portion = _Portion()
    for name, mark, reads, skipped in opened:
        found = skipped > 0
        for count, read in enumerate(map(_admitted, reads), skipped + 1):
            portion.put(read, belong or name)
            found = found or not read.reason
            if portion.full:
                portion.reading = {name: (mark, count)} if name and mark else {}
                yield portion.changes()
                portion = _Portion()
        if name and found:  # one that gives nothing is not worth remembering
            portion.sources[belong or name] = "" if belong else mark
        portion.finished.add(name)
    yield portion.changes()


def ahead(portions: Iterable[Changes]) -> Iterator[Changes]:
    """The same portions, each read while the one before it is written: parsing is Python's work, most of writing is
    SQLite's, FAISS's and the embedder's, so that two cores share them."""
    reader = _Reader(iter(portions))
    while (portion := reader.take()) is not None:
        yield portion


class _Reader:
    """Takes from an iterator in a thread of its own, one item ahead."""

    def __init__(self, portions: Iterator[Changes]) -> None:
        self._portions = portions
        self._read()

    def _read(self) -> None:
        self._found: Changes | None = None
        self._error: BaseException | None = None
        # A daemon: who interrupts a long change does not wait until a portion is read that nobody will write.
        self._thread = Thread(target=self._next, daemon=True)
        self._thread.start()

    def _next(self) -> None:
        try:
            self._found = next(self._portions, None)
        except BaseException as error:  # it is raised where the portion is taken
            self._error = error

    def take(self) -> Changes | None:
        """The next portion; None after the last one."""
        self._thread.join()
        found, error = self._found, self._error
        if error:
            raise error
        if found is not None:
            self._read()
        return found


def _admitted(read: Read) -> Read:
    """The same, but a card under an id of ours that does not come with us is set aside; so is one that was not read
    again because it is as it was, which none of ours ever is."""
    if read.reason or not is_reserved(read.what) or (read.card and comes_with_us(read.card)):
        return read
    return Read(read.what, reason=why_reserved(read.what), hides=False)


def count_cards(sources: Iterable[Any]) -> int:
    """How many cards these sources have, as far as that is known without reading them; 0 when one cannot tell."""
    counts = [row.count(plain) for row, plain, _ in map(find_source, sources)]
    return sum(counts) if all(counts) else 0


def _begun(row: Source, plain: Any, skip: int, modified: Callable[[str], str]) -> Iterator[Read]:
    if row.resume:
        return row.resume(plain, skip)
    return row.reread(plain, modified) if row.reread else row.read(plain)


def reread(
    sources: Mapping[str, str], cards_before: Callable[[str], Iterable[str]], modified: Callable[[str], str]
) -> Iterator[Changes]:
    """What changed in remembered sources: cards that came or changed, and those that are gone.

    Args:
        sources: each with its fingerprint of last time; "" is read in any case.
        cards_before: the ids that came from a source.
        modified: as in `read_sources`.
    """
    portion = _Portion()
    for name, known in sources.items():
        try:
            row, plain, _ = find_source(name)
            mark, before = row.fingerprint(plain), cards_before(name)
            if known and mark == known:
                continue
            reads = row.reread(plain, modified) if row.reread else row.read(plain)
        except UsageError as error:
            portion.failed.append((name, str(error)))
            continue
        found: set[str] = set()
        hidden = False
        for read in map(_admitted, reads):
            portion.put(read, name)
            if not (read.reason and is_reserved(read.what)):
                found.add(read.what)
            hidden = hidden or bool(read.reason and read.hides)
            if portion.full:
                yield portion.changes()
                portion = _Portion()
        portion.sources[name] = mark
        if not hidden:  # what could not be read may be one of the cards that seem gone
            portion.gone |= set(before) - found
    yield portion.changes()


def merged(reports: Iterable[AddReport]) -> AddReport:
    """One report of several portions; a card that came in two of them is told once, as what happened to it first."""
    states: dict[str, str] = {}
    failed: list[tuple[str, str]] = []
    remarks: list[tuple[str, str]] = []
    names = [field.name for field in fields(AddReport) if field.name not in ("failed", "remarks")]
    for report in reports:
        failed += report.failed
        remarks += report.remarks
        for name in names:
            for id in getattr(report, name):
                if states.get(id, "unchanged") == "unchanged":
                    states[id] = name
    ids = {name: tuple(id for id, state in states.items() if state == name) for name in names}
    return AddReport(**ids, failed=tuple(failed), remarks=tuple(remarks))
