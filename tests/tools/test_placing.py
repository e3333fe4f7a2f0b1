"""Which device a model goes to, in which numbers, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from other_devices import GB, OtherDevices

from prefrontal.errors import UsageError
from prefrontal.tools import placing
from prefrontal.tools.card import ModelCard
from prefrontal.tools.placing import (
    Target,
    aimed,
    device_name,
    dtype_name,
    needed_bytes,
    place,
    weight_bytes,
    weights_of,
)
from prefrontal.tools.units import human_bytes

HERE = OtherDevices()
CPU_ONLY = OtherDevices({"cpu": 16 * GB})


def card(billions: float, kind: str = "F32", **more: Any) -> ModelCard:
    """A model of so many numbers of a type."""
    return ModelCard("lab/m", task="text-generation", dtypes=(f"{kind}:{int(billions * GB)}",), **more)


def need(gigabytes: int) -> str:
    """What weights of so many gigabytes need, as it is told."""
    return human_bytes(needed_bytes(gigabytes * GB))


@pytest.fixture(autouse=True)
def _old_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A CPU without instructions for bfloat16."""
    monkeypatch.setattr(placing, "computes_bfloat16", lambda: False)


def test_the_first_device_with_room_is_taken() -> None:
    small, big = place(card(1), devices=HERE), place(card(4), devices=HERE)
    assert (small.device, small.dtype, small.why_device, small.note) == ("cuda:0", "float32", "it has room", "")
    assert (big.device, big.why_device) == ("cuda:1", "there is no room on cuda:0")
    assert big.note == f"runs on cuda:1: it needs {need(16)}, cuda:0 has 7.2 GB for it"


def test_what_does_not_fit_the_gpu_goes_to_the_cpu_and_says_so() -> None:
    one = OtherDevices({"cuda:0": 8 * GB, "cpu": 32 * GB})
    found = place(card(4), devices=one)
    assert (found.device, found.dtype) == ("cpu", "float32")
    assert found.note == f"runs on the CPU: it needs {need(16)}, cuda:0 has 7.2 GB for it"
    assert found.facts() == [
        ("device", "cpu: there is no room on cuda:0"),
        ("numbers", "float32: as it is stored"),
        ("memory", f"{need(16)}, 16.0 GB of them weights"),
    ]


def test_what_fits_nowhere_as_it_is_stored_is_loaded_in_fewer_bits() -> None:
    found = place(card(5), devices=CPU_ONLY)
    assert (found.device, found.dtype, found.why_dtype) == ("cpu", "bfloat16", "as it is stored it has no room")
    assert found.note == f"is loaded in bfloat16 on cpu: it needs {need(20)}, cpu has 12.8 GB for it"
    gone = place(card(50), devices=CPU_ONLY)
    assert (gone.device, gone.lacks) == ("", "its weights need 200 GB, this machine has 16.0 GB")
    assert gone.facts() == [("device", "none: its weights need 200 GB, this machine has 16.0 GB")]


@pytest.mark.parametrize("kind", ["F16", "BF16"])
def test_a_cpu_computes_in_float32_where_that_has_room(kind: str) -> None:
    stored = {"F16": "float16", "BF16": "bfloat16"}[kind]
    found = place(card(1, kind), devices=CPU_ONLY)
    assert (found.dtype, found.weights) == ("float32", 4 * GB)
    assert found.why_dtype == f"stored in {stored}, in which this CPU computes slowly"
    large = place(card(4, kind), devices=CPU_ONLY)
    assert (large.dtype, large.weights, large.note) == (stored, 8 * GB, "")
    assert place(card(1, kind), devices=HERE).dtype == stored, "a GPU computes in it"


def test_a_cpu_with_instructions_for_bfloat16_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "computes_bfloat16", lambda: True)
    assert place(card(1, "BF16"), devices=CPU_ONLY).dtype == "bfloat16"
    assert place(card(1, "F16"), devices=CPU_ONLY).dtype == "float32"


def test_what_is_asked_for_is_done_or_refused() -> None:
    asked = place(card(1), Target.of("CUDA:1", "half", HERE), HERE)
    assert (asked.device, asked.dtype, asked.weights) == ("cuda:1", "float16", 2 * GB)
    assert (asked.why_device, asked.why_dtype, asked.note) == ("as it was asked for", "as it was asked for", "")
    assert place(card(4), Target("cuda"), HERE).device == "cuda:1"
    assert place(card(1), Target("cpu"), HERE).device == "cpu"
    assert place(card(4), Target("cuda:0"), HERE).lacks == "its weights need 16.0 GB, cuda:0 has 8.0 GB"
    assert place(card(1), Target("mps"), HERE).lacks == "there is no mps here, only cuda:0, cuda:1, cpu"


@pytest.mark.parametrize(
    ("device", "dtype", "said"),
    [
        ("gpu9", "auto", "device is 'gpu9'; allowed are auto, cuda, xpu, mps, cpu, and one by number: cuda:1"),
        ("mps", "auto", "there is no mps here; allowed are auto, cuda:0, cuda:1, cpu"),
        ("cuda:7", "auto", "there is no cuda:7 here; allowed are auto, cuda:0, cuda:1, cpu"),
        ("auto", "int3", "dtype is 'int3'; allowed are auto, float32, bfloat16, float16"),
    ],
)
def test_wrong_wishes_are_told(device: str, dtype: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        Target.of(device, dtype, HERE)
    assert str(caught.value) == said


def test_what_a_device_ran_out_of_is_left_for_the_next() -> None:
    found = place(card(1), devices=HERE, without={"cuda:0"})
    assert (found.device, found.note) == ("cuda:1", "runs on cuda:1: cuda:0 ran out of memory")


def test_what_others_hold_of_a_gpu_counts() -> None:
    found = place(card(1), devices=HERE, room=lambda device: 10**9 if device.name == "cuda:0" else device.total)
    assert found.note == f"runs on cuda:1: it needs {need(4)}, cuda:0 has 1.0 GB for it"


def test_bytes_by_headers_in_the_type_that_is_loaded() -> None:
    counts = {"F32": 1000, "I64": 10, "F8_E4M3": 7}
    assert (weight_bytes(counts), weight_bytes(counts, "bfloat16")) == (4087, 2087)
    assert needed_bytes(0) == 0
    assert needed_bytes(GB) > GB
    # As measured: all-MiniLM-L6-v2 and all-mpnet-base-v2 hold 279 and 1,298 MB with a batch of 32 long texts.
    assert needed_bytes(90_900_000) > 278_900_000
    assert needed_bytes(437_900_000) > 1_298_400_000


def test_several_types_are_loaded_as_the_configuration_says() -> None:
    mixed = ModelCard("a/b", dtypes=("F16:1000", "F32:1000"))
    found = place(mixed, devices=CPU_ONLY)
    assert (found.dtype, found.weights) == ("auto", 6000)
    assert dict(found.facts())["numbers"] == "as its files and its configuration say"


def test_weights_are_known_from_the_card_else_from_the_folder(tmp_path: Path) -> None:
    from test_weights import safetensors

    (tmp_path / "model.safetensors").write_bytes(safetensors({"w": ("BF16", [3, 4])}))
    assert weights_of(ModelCard("a/b", path=str(tmp_path))) == {"BF16": 12}
    assert weights_of(ModelCard("a/b", path=str(tmp_path), dtypes=("F32:5",))) == {"F32": 5}
    assert weights_of(ModelCard("a/b", parameters=7)) == {"F32": 7}
    assert weights_of(ModelCard("a/b", dtypes=("X:1", "F32:x", "F32"))) == {}
    unknown = place(ModelCard("a/b"), devices=HERE)
    assert (unknown.device, unknown.bytes, dict(unknown.facts())["memory"]) == ("cuda:0", 0, "not known")


def test_adapters_read_what_was_chosen() -> None:
    assert (device_name(), dtype_name()) == ("cpu", "auto")
    with aimed(Target("cuda:1", "bfloat16"), HERE):
        assert (device_name(), dtype_name()) == ("cuda:1", "bfloat16")
    with aimed(Target(), HERE):
        assert device_name() == "cuda:0"
    assert device_name() == "cpu"
