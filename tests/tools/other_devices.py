"""Devices that this machine does not have: an implementation of the port, to be given to what places models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from prefrontal.tools.devices import Device

GB = 10**9


@dataclass
class OtherDevices:
    """Devices with the memory that they are said to have; `taken` is what others hold, `released` was given back."""

    memory: dict[str, int] = field(default_factory=lambda: {"cuda:0": 8 * GB, "cuda:1": 24 * GB, "cpu": 32 * GB})
    taken: dict[str, int] = field(default_factory=dict)
    released: list[str] = field(default_factory=list)

    def all(self) -> Sequence[Device]:
        return [Device(name, total) for name, total in self.memory.items()]

    def free(self, name: str) -> int:
        return self.memory[name] - self.taken.get(name, 0)

    def release(self, name: str) -> None:
        self.released.append(name)
