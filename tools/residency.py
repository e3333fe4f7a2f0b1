"""Which models are in memory, and on which device: each is opened once, the least recently used of a device leave
within its byte budget."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any, TypeVar

from . import devices as machine
from .devices import CPU, Device, Devices, machine_memory
from .placing import whole_room
from .runners.base import Session

__all__ = ["Residency", "machine_memory", "shared"]

S = TypeVar("S", bound=Session)


@dataclass(eq=False)
class _Resident:
    """One session: `call` serialises opening and calls, `users` counts who waits for it or runs it."""

    bytes: int
    device: str = CPU
    session: Any = None
    counted: bool = False  # its bytes are taken: loaded, or being loaded
    loaded: bool = False
    users: int = 0
    last_used: float = 0.0
    call: threading.Lock = field(default_factory=threading.Lock)


class Residency:
    """Loaded models within a budget for each device.

    Args:
        budget: bytes to keep in a device's memory: one figure for each device, or figures by device ("cuda:0", "cpu").
            Where none is named it is half of the machine's memory, and nine tenths of another device's. A model
            in use is never unloaded, so one that is larger than the budget still runs, alone.
        devices: what models can run on; this machine's when None.
    """

    def __init__(self, budget: int | Mapping[str, int] | None = None, devices: Devices | None = None) -> None:
        self.devices = devices or machine.here
        self._budget = budget
        self._residents: dict[Hashable, _Resident] = {}
        self._lock = threading.Lock()

    @property
    def budget(self) -> int:
        """The budget of the CPU."""
        return self.budget_of(CPU)

    def budget_of(self, device: str) -> int:
        """Bytes that models may keep of a device's memory."""
        if isinstance(self._budget, int):
            return self._budget
        if self._budget and device in self._budget:
            return self._budget[device]
        if device == CPU:
            return machine_memory() // 2
        return next((whole_room(one) for one in self.devices.all() if one.name == device), 0)

    def held(self, device: str) -> int:
        """Bytes of a device's memory that models hold now."""
        with self._lock:
            return sum(r.bytes for r in self._residents.values() if r.counted and r.device == device)

    def room(self, device: Device) -> int:
        """Bytes that one model could have on a device, when all of ours leave it; of a GPU, what others hold stays
        theirs."""
        if device.name == CPU:
            return whole_room(device)
        return min(whole_room(device), self.devices.free(device.name) + self.held(device.name))

    @contextmanager
    def use(self, key: Hashable, open: Callable[[], S], size: int, device: str = CPU) -> Iterator[S]:
        """The session behind `key`, for one caller at a time.

        What `open` raises goes to the caller, and the next caller tries again.

        Args:
            size: the bytes that it will take, as far as is known; later the session's own count, where it is more.
            device: in whose memory.
        """
        with self._lock:
            resident = self._residents.setdefault(key, _Resident(size, device))
            resident.users += 1
        try:
            with resident.call:
                if not resident.loaded:
                    self._make_room(resident)
                    resident.session = open()
                    resident.bytes, resident.loaded = max(resident.session.bytes, size), True
                yield resident.session
        finally:
            with self._lock:
                resident.users -= 1
                resident.last_used = time.monotonic()
                if not resident.loaded and not resident.users:
                    self._residents.pop(key, None)

    def prepare(self, key: Hashable, open: Callable[[], Session], size: int, device: str = CPU) -> None:
        """Load a model in the background, so that the next `use` finds it; only where it fits beside those in use.

        What `open` raises is not told: the next `use` tries again.
        """
        with self._lock:
            busy = sum(r.bytes for r in self._residents.values() if r.users and r.device == device)
            if key in self._residents or busy + size > self.budget_of(device):
                return

        def load() -> None:
            with suppress(Exception), self.use(key, open, size, device):
                pass

        threading.Thread(target=copy_context().run, args=(load,), daemon=True, name="load-ahead").start()

    def _make_room(self, wanted: _Resident) -> None:
        with self._lock:
            wanted.counted = True  # from now on, so that two that load at once both find room
            beside = {key: r for key, r in self._residents.items() if r.device == wanted.device}
            idle = sorted(
                (key for key, r in beside.items() if r.loaded and not r.users), key=lambda key: beside[key].last_used
            )
            used = sum(r.bytes for r in beside.values() if r.counted)
            gone, budget = [], self.budget_of(wanted.device)
            for key in idle:
                if used <= budget:
                    break
                gone.append(self._residents.pop(key))
                used -= gone[-1].bytes
        if gone:
            self._close(gone)

    def clear(self) -> None:
        """Unload every model that is not in use."""
        with self._lock:
            idle = [key for key, resident in self._residents.items() if not resident.users]
            gone = [self._residents.pop(key) for key in idle]
        self._close(gone)

    def _close(self, gone: list[_Resident]) -> None:
        devices = {resident.device for resident in gone}
        while gone:
            _shut(gone.pop())
        gc.collect()  # models hold reference cycles: without this their memory stays
        for device in devices - {CPU}:
            self.devices.release(device)

    def __contains__(self, key: Hashable) -> bool:
        resident = self._residents.get(key)
        return bool(resident and resident.loaded)

    def __len__(self) -> int:
        return sum(r.loaded for r in self._residents.values())


def _shut(resident: _Resident) -> None:
    if resident.session is not None:
        resident.session.close()


shared = Residency()
"""The process's models: tools share them unless they are given a residency of their own."""
