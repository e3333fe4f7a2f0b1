"""Which models are in memory: each is opened once, the least recently used leave within a byte budget."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from .runners.base import Session

S = TypeVar("S", bound=Session)


@dataclass(eq=False)
class _Resident:
    """One session: `call` serialises opening and calls, `users` counts who waits for it or runs it."""

    bytes: int
    session: Any = None
    counted: bool = False  # its bytes are taken: loaded, or being loaded
    loaded: bool = False
    users: int = 0
    last_used: float = 0.0
    call: threading.Lock = field(default_factory=threading.Lock)


class Residency:
    """Loaded models within a budget.

    Args:
        budget: bytes of weights to keep in memory; half of the machine's memory when None. A model in use is
            never unloaded, so one that is larger than the budget still runs, alone.
    """

    def __init__(self, budget: int | None = None) -> None:
        self.budget = machine_memory() // 2 if budget is None else budget
        self._residents: dict[Hashable, _Resident] = {}
        self._lock = threading.Lock()

    @contextmanager
    def use(self, key: Hashable, open: Callable[[], S], size: int) -> Iterator[S]:
        """The session behind `key`, for one caller at a time.

        What `open` raises goes to the caller, and the next caller tries again.

        Args:
            size: the bytes that it will take, as far as they are known; what counts later is what the session says.
        """
        with self._lock:
            resident = self._residents.setdefault(key, _Resident(size))
            resident.users += 1
        try:
            with resident.call:
                if not resident.loaded:
                    self._make_room(resident)
                    resident.session = open()
                    resident.bytes, resident.loaded = resident.session.bytes or size, True
                yield resident.session
        finally:
            with self._lock:
                resident.users -= 1
                resident.last_used = time.monotonic()
                if not resident.loaded and not resident.users:
                    self._residents.pop(key, None)

    def prepare(self, key: Hashable, open: Callable[[], Session], size: int) -> None:
        """Load a model in the background, so that the next `use` finds it; only where it fits beside those in use.

        What `open` raises is not told: the next `use` tries again.
        """
        with self._lock:
            busy = sum(r.bytes for r in self._residents.values() if r.users)
            if key in self._residents or busy + size > self.budget:
                return

        def load() -> None:
            with suppress(Exception), self.use(key, open, size):
                pass

        threading.Thread(target=copy_context().run, args=(load,), daemon=True, name="load-ahead").start()

    def _make_room(self, wanted: _Resident) -> None:
        with self._lock:
            wanted.counted = True  # from now on, so that two that load at once both find room
            idle = sorted(
                (key for key, r in self._residents.items() if r.loaded and not r.users),
                key=lambda key: self._residents[key].last_used,
            )
            used = sum(r.bytes for r in self._residents.values() if r.counted)
            gone = []
            for key in idle:
                if used <= self.budget:
                    break
                gone.append(self._residents.pop(key))
                used -= gone[-1].bytes
        if gone:
            _close(gone)
            gc.collect()  # models hold reference cycles: without this their memory stays

    def clear(self) -> None:
        """Unload every model that is not in use."""
        with self._lock:
            idle = [key for key, resident in self._residents.items() if not resident.users]
            _close([self._residents.pop(key) for key in idle])
        gc.collect()

    def __contains__(self, key: Hashable) -> bool:
        resident = self._residents.get(key)
        return bool(resident and resident.loaded)

    def __len__(self) -> int:
        return sum(r.loaded for r in self._residents.values())


def _close(gone: list[_Resident]) -> None:
    for resident in gone:
        if resident.session is not None:
            resident.session.close()
    gone.clear()


_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")  # of a container


def machine_memory() -> int:
    """Bytes of memory: the machine's, or the container's limit where that is lower; 8 GB where nothing tells."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        memory = 8_000_000_000
    return min([memory, *_limits()])


@cache
def _limits() -> tuple[int, ...]:
    limits = []
    for path in _LIMITS:
        with suppress(OSError, ValueError):  # no such file, or "max"
            limits.append(int(Path(path).read_text()))
    return tuple(limit for limit in limits if limit > 0)


shared = Residency()
"""The process's models: tools share them unless they are given a residency of their own."""
