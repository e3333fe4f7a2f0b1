"""Which device a model goes to, in numbers of which type, and why: known before it is loaded.

The bytes of the weights stand in the headers of their safetensors, as many as the type takes in which they are loaded.
What a model takes beyond them was measured (benchmarks/memory.py). A model that does not fit a GPU goes to the CPU, and
that is told.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from ..errors import UsageError
from . import adapters
from . import devices as machine
from .card import ModelCard
from .checkpoints import locate
from .devices import CPU, KINDS, Device, Devices
from .units import human_bytes
from .weights import SIZES, count_numbers, loaded_files, read_said

AUTO = "auto"
# Types of numbers: torch's name -> safetensors' name.
DTYPES = {"float32": "F32", "bfloat16": "BF16", "float16": "F16"}
_SPELLINGS = {"fp32": "float32", "f32": "float32", "full": "float32", "bf16": "bfloat16", "fp16": "float16",
              "half": "float16", "f16": "float16", "gpu": "cuda"}  # fmt: skip
_STORED = {name: dtype for dtype, name in DTYPES.items()}
_FLOATS = ("F64", *DTYPES.values())
_DEVICE = re.compile(r"(cuda|xpu)(:\d{1,3})?|mps|cpu")
# Measured by benchmarks/memory.py on a CPU, with torch 2.13 and transformers 5.23; its README has the figures.
# What a call holds beside the weights grows with the input more than with the model: 860 MB for 32 long texts at once.
_CALL_LEAST, _CALL_MOST, _CALL_PER_WEIGHT, _SHARE_OF_WEIGHTS = 50_000_000, 900_000_000, 2.0, 0.1
# Of a device's memory, what models may take: the rest is the system's, or the context of the device's driver.
SHARES = {CPU: 0.8}
_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Target:
    """What the user wants: a device ("auto", "cuda", "cuda:1", "xpu:0", "mps", "cpu") and a type of numbers ("auto",
    "float32", "bfloat16", "float16")."""

    device: str = AUTO
    dtype: str = AUTO

    @classmethod
    def of(cls, device: str = AUTO, dtype: str = AUTO, devices: Devices | None = None) -> Target:
        """The same, checked.

        Raises:
            UsageError: there is no such device here, or no such type.
        """
        device, dtype = (_SPELLINGS.get(name.strip().lower(), name.strip().lower()) for name in (device, dtype))
        dtype = dtype.removeprefix("torch.")
        if dtype not in (AUTO, *DTYPES):
            raise UsageError(f"dtype is {dtype!r}; allowed are auto, {', '.join(DTYPES)}")
        if device != AUTO and not _DEVICE.fullmatch(device):
            raise UsageError(f"device is {device!r}; allowed are auto, {', '.join(KINDS)}, and one by number: cuda:1")
        there = (devices or machine.here).all()
        if device != AUTO and not any(_is_meant(device, one) for one in there):
            raise UsageError(f"there is no {device} here; allowed are auto, {', '.join(one.name for one in there)}")
        return cls(device, dtype)


ANY = Target()
"""Whatever suits the model best."""


def _is_meant(wanted: str, device: Device) -> bool:
    return wanted in (AUTO, device.name, device.kind)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a model goes, and why.

    Attributes:
        device: "cuda:0", "mps", "cpu"; "" when it fits nowhere.
        dtype: "float32", …, or "auto": as its files and its configuration say.
        bytes: what it takes there, as far as is known; `weights` of them are weights.
        why_device, why_dtype: a clause each.
        note: what the user should know: that it goes elsewhere than it would, or is loaded otherwise.
        lacks: why it fits nowhere.
    """

    device: str
    dtype: str = AUTO
    bytes: int = 0
    weights: int = 0
    why_device: str = ""
    why_dtype: str = ""
    note: str = ""
    lacks: str = ""

    @property
    def target(self) -> Target:
        return Target(self.device, self.dtype)

    def facts(self) -> list[tuple[str, str]]:
        """For people, as pairs of name and value."""
        if self.lacks:
            return [("device", f"none: {self.lacks}")]
        size = f"{human_bytes(self.bytes)}, {human_bytes(self.weights)} of them weights"
        return [
            ("device", f"{self.device}: {self.why_device}"),
            ("numbers", f"{self.dtype}: {self.why_dtype}" if self.dtype != AUTO else self.why_dtype),
            ("memory", size if self.weights else "not known"),
        ]


# What it takes


def weights_of(card: ModelCard) -> Mapping[str, int]:
    """How many numbers of which type the weights are, an adapter's with its base's; none when nothing tells."""
    counts = read_said(card.dtypes) or (_counted(card.path, card.revision) if card.path else {})
    if counts and (base := adapters.base_of(card)) and (folder := locate(base)):
        of_base = _counted(str(folder), base.revision)
        return {kind: counts.get(kind, 0) + of_base.get(kind, 0) for kind in {**counts, **of_base}}
    if counts:
        return counts
    return {"F32": card.parameters} if card.parameters and not card.bytes else {}


@lru_cache(512)
def _counted(path: str, revision: str) -> Mapping[str, int]:
    return count_numbers(loaded_files(Path(path)))


def weight_bytes(counts: Mapping[str, int], dtype: str = AUTO) -> int:
    """Bytes of the weights when they are loaded in this type; whole numbers and 8-bit floats stay what they are."""
    into = SIZES.get(DTYPES.get(dtype, ""), 0)
    return sum(count * (into if into and kind in _FLOATS else SIZES[kind]) for kind, count in counts.items())


def needed_bytes(weights: int) -> int:
    """What a model takes with so many bytes of weights: opening it, and calling it with a long input."""
    call = min(_CALL_MOST, _CALL_LEAST + _CALL_PER_WEIGHT * weights)
    return round(weights + call + _SHARE_OF_WEIGHTS * weights) if weights else 0


def _stored(counts: Mapping[str, int]) -> str:
    """torch's name of the type that all its floats have; "" when there are several, or others than torch loads so."""
    floats = [kind for kind in counts if kind in _FLOATS or kind.startswith("F8")]
    return _STORED.get(floats[0], "") if len(floats) == 1 else ""


# Where it goes


def place(
    card: ModelCard,
    target: Target | None = None,
    devices: Devices | None = None,
    *,
    room: Callable[[Device], int] | None = None,
    without: Collection[str] = (),
) -> Placement:
    """Where a model goes.

    Args:
        target: what is wanted; that of `aimed` when None.
        devices: what there is; that of `aimed`, or this machine's, when None.
        room: bytes that a model may take on a device; a share of its whole memory when None.
        without: names of devices that were tried in vain.
    """
    aim = _AIM.get()
    target, devices = target or aim.target, devices or aim.devices or machine.here
    room, there = room or whole_room, devices.all()
    meant = [one for one in there if _is_meant(target.device, one)]
    if not meant:
        return Placement("", lacks=f"there is no {target.device} here, only {', '.join(one.name for one in there)}")
    counts = weights_of(card)
    tried = [one for one in meant if one.name not in without]
    passed = [f"{name} ran out of memory" for name in without]
    for narrow in (False, True):  # with fewer bits only what fits nowhere as it is stored
        for device in tried:
            need = 0
            for dtype, why in _dtypes(card, counts, device, target.dtype, narrow):
                weights = weight_bytes(counts, dtype) if counts else card.bytes
                need = needed_bytes(weights)
                if need <= room(device):
                    found = Placement(device.name, dtype, need, weights, _why(device, meant, target), why)
                    return replace(found, note=_note(found, passed, narrow))
            if need and not narrow:
                passed.append(f"it needs {human_bytes(need)}, {device.name} has {human_bytes(room(device))} for it")
    last, weights = meant[-1], weight_bytes(counts) if counts else card.bytes
    has = "this machine" if last.name == CPU else last.name
    return Placement("", lacks=f"its weights need {human_bytes(weights)}, {has} has {human_bytes(last.total)}")


def whole_room(device: Device) -> int:
    """What models may take of a device that nothing else uses."""
    return round(SHARES.get(device.kind, _SHARE) * device.total)


def _why(device: Device, meant: list[Device], target: Target) -> str:
    if target.device != AUTO:
        return "as it was asked for"
    if len(meant) == 1:
        return "the only one here"
    return "it has room" if device is meant[0] else f"there is no room on {meant[0].name}"


def _note(found: Placement, passed: list[str], narrow: bool) -> str:
    said = []
    if passed and not narrow:
        said.append(f"runs on {'the CPU' if found.device == CPU else found.device}: {passed[0]}")
    if narrow:
        said.append(f"is loaded in {found.dtype} on {found.device}: {passed[0]}")
    return "; ".join(said)


def _dtypes(
    card: ModelCard, counts: Mapping[str, int], device: Device, wanted: str, narrow: bool
) -> Iterator[tuple[str, str]]:
    """Types in which it may be loaded on this device, the best first, each with the reason."""
    stored = _stored(counts)
    if wanted != AUTO:
        if not narrow:
            yield wanted, "as it was asked for"
        return
    if not stored:  # several types, or quantised: its configuration says how
        if not narrow:
            yield AUTO, "as its files and its configuration say"
        return
    half = stored in ("float16", "bfloat16")
    if narrow:
        if not half:
            yield "bfloat16", "as it is stored it has no room"
        return
    if card.library == "diffusers":  # what the library does by itself
        yield "float32", "as diffusers loads it" if half else "as it is stored"
        return
    if half and device.name == CPU and not (stored == "bfloat16" and computes_bfloat16()):
        yield "float32", f"stored in {stored}, in which this CPU computes slowly"
        yield stored, "as it is stored, for in float32 it has no room"
        return
    yield stored, "as it is stored"


@cache
def computes_bfloat16() -> bool:
    """Whether this CPU has instructions for it: without them torch takes about ten times as long as in float32."""
    with suppress(OSError):
        rows = Path("/proc/cpuinfo").read_text().splitlines()
        flags = next((row for row in rows if row.startswith(("flags", "Features"))), "")
        return bool({"avx512_bf16", "amx_bf16", "bf16"} & set(flags.split()))
    return platform.machine() == "arm64"


# While it is loaded


@dataclass(frozen=True, slots=True)
class _Aim:
    target: Target
    devices: Devices | None = None


_NO_AIM = _Aim(ANY)
_AIM: ContextVar[_Aim] = ContextVar("aim", default=_NO_AIM)


@contextmanager
def aimed(target: Target, devices: Devices | None = None) -> Iterator[None]:
    """Around what asks or loads: adapters read the device and the type with `device_name` and `dtype_name`."""
    token = _AIM.set(_Aim(target, devices or _AIM.get().devices))
    try:
        yield
    finally:
        _AIM.reset(token)


def device_name() -> str:
    """The device that is wanted; of several, and when none is named, the first."""
    aim = _AIM.get()
    there = (aim.devices or machine.here).all()
    return next((one.name for one in there if _is_meant(aim.target.device, one)), CPU)


def dtype_name() -> str:
    """The type in which weights are to be loaded, or "auto"."""
    return _AIM.get().target.dtype


def out_of_memory(error: BaseException | None) -> bool:
    """Whether an error says, itself or by its cause, that a device's memory was not enough."""
    while error:
        if type(error).__name__ == "OutOfMemoryError":  # torch's, whatever the device
            return True
        error = error.__cause__
    return False
