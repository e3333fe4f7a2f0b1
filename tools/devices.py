"""Where models can run: the devices of this machine, and the memory of each.

`Devices` is a port. `TorchDevices` asks torch, and only where there may be something to ask for: a search wants to
know what fits, and importing torch takes longer than searching. Other devices can be given to `Residency` and `Agent`.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

CPU = "cpu"
KINDS = ("cuda", "xpu", "mps", CPU)


@dataclass(frozen=True, slots=True)
class Device:
    """One device: `name` as torch has it ("cuda:0", "mps", "cpu"), `total` bytes of memory, `about` for people."""

    name: str
    total: int
    about: str = ""

    @property
    def kind(self) -> str:
        return self.name.partition(":")[0]


class Devices(Protocol):
    """What models can run on."""

    def all(self) -> Sequence[Device]:
        """The devices, in the order in which they are wanted; the CPU is there, and comes last."""
        ...

    def free(self, name: str) -> int:
        """Bytes of a device's memory that nobody has taken."""
        ...

    def release(self, name: str) -> None:
        """Give back what a library keeps of a device's memory for models that are gone."""
        ...


class TorchDevices:
    """The devices that torch knows here: CUDA (and ROCm, which goes by its name), XPU, MPS, and the CPU."""

    def all(self) -> Sequence[Device]:
        return [*_accelerators(), Device(CPU, machine_memory(), platform.machine())]

    def free(self, name: str) -> int:
        if name == CPU:
            return free_memory()
        import torch

        kind, _, number = name.partition(":")
        if kind == "mps":
            return max(0, torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory())
        module: Any = getattr(torch, kind)
        # What torch keeps for later of models that are gone is free for the next one.
        kept = module.memory_reserved(int(number or 0)) - module.memory_allocated(int(number or 0))
        return int(module.mem_get_info(int(number or 0))[0]) + max(0, kept)

    def release(self, name: str) -> None:
        if name != CPU and (torch := sys.modules.get("torch")):
            getattr(torch, name.partition(":")[0]).empty_cache()


here = TorchDevices()
"""This machine's devices."""


@cache
def _accelerators() -> tuple[Device, ...]:
    """Found once a process: none comes or goes."""
    if "torch" not in sys.modules and not _may_have_some():
        return ()
    import torch

    found: list[Device] = []
    for kind in ("cuda", "xpu"):
        module: Any = getattr(torch, kind, None)
        if module is not None and module.is_available():
            for number in range(module.device_count()):
                about = module.get_device_properties(number)
                found.append(Device(f"{kind}:{number}", int(about.total_memory), str(about.name)))
    if torch.backends.mps.is_available():
        found.append(Device("mps", int(torch.mps.recommended_max_memory()), "Apple"))
    return tuple(sorted(found, key=lambda device: (KINDS.index(device.kind), -device.total)))


def _may_have_some() -> bool:
    """False when the torch installed here was built for the CPU alone: that is written in its version.py."""
    spec = find_spec("torch")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        with suppress(OSError):
            text = Path(folder, "version.py").read_text(encoding="utf-8")
            return sys.platform == "darwin" or bool(
                re.search(r"^(?:cuda|hip|xpu)\b[^=\n]*= *['\"]", text, re.MULTILINE)
            )
    return spec is not None


# The memory of the machine

_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")  # of a container
_MEMINFO = Path("/proc/meminfo")


def machine_memory() -> int:
    """Bytes of memory: the machine's, or the container's limit where that is lower; 8 GB where nothing tells."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        memory = 8_000_000_000
    return min([memory, *_limits()])


def free_memory() -> int:
    """Bytes of memory that could be had now; all of it where nothing tells."""
    with suppress(OSError, ValueError, StopIteration):
        rows = _MEMINFO.read_text().splitlines()
        available = next(row for row in rows if row.startswith("MemAvailable:"))
        return min(machine_memory(), 1024 * int(available.split()[1]))
    return machine_memory()


@cache
def _limits() -> tuple[int, ...]:
    limits = []
    for path in _LIMITS:
        with suppress(OSError, ValueError):  # no such file, or "max"
            limits.append(int(Path(path).read_text()))
    return tuple(limit for limit in limits if limit > 0)
