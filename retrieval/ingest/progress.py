"""How far a long change has come: from progress in one portion to that in all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .commit import AddReport, Changes, Progress


def reporting(
    portions: Iterable[Changes],
    write: Callable[[Changes, Progress | None], AddReport],
    progress: Progress | None,
    total: int = 0,
) -> Iterator[AddReport]:
    """Write portion after portion; `progress` hears of (cards done, cards in all).

    Args:
        write: writes a portion and tells how many of its new texts are embedded.
        total: of all portions together; 0 when it is not known: then what was read so far counts as all.
    """
    done = 0
    for changes in portions:
        count, before = len(changes.cards) + len(changes.failed), done
        expected = max(total, done + count)

        def moved(texts: int, of: int, before: int = before, count: int = count, expected: int = expected) -> None:
            if progress and texts < of:  # the portion is done when it is written
                progress(before + count * texts // of, expected)

        yield write(changes, moved if progress else None)
        done += count
        if progress and count:
            progress(done, expected)
