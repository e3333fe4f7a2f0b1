"""The devices of this machine, and what is asked without torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from prefrontal.tools import devices
from prefrontal.tools.devices import Device, here, machine_memory


def test_the_cpu_is_there_and_last() -> None:
    found = here.all()
    assert (found[-1].name, found[-1].kind, found[-1].total) == ("cpu", "cpu", machine_memory())
    assert 0 < here.free("cpu") <= machine_memory()
    here.release("cpu")
    assert Device("cuda:1", 5).kind == "cuda"


def test_a_torch_for_the_cpu_is_not_imported_to_be_asked() -> None:
    code = (
        "import sys; from prefrontal.tools.devices import here, _may_have_some\n"
        "print(len(here.all()) if not _may_have_some() else 1, 'torch' in sys.modules and not _may_have_some())"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True).stdout
    assert said.split() == ["1", "False"]


def test_the_limit_of_a_container_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "limit").write_text("5000000\n")
    (tmp_path / "none").write_text("max\n")
    monkeypatch.setattr(devices, "_LIMITS", [str(tmp_path / name) for name in ("limit", "none", "x")])
    devices._limits.cache_clear()
    try:
        assert machine_memory() == 5_000_000
    finally:
        devices._limits.cache_clear()
