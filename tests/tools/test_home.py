"""Where files are kept, and that a reader meets the old file or the new one, never a half."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from prefrontal.tools.home import home, write_atomically


def test_the_home_is_what_the_environment_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PREFRONTAL_HOME", str(tmp_path / "kept"))
    assert home() == tmp_path / "kept"
    assert not home().exists()
    monkeypatch.setenv("PREFRONTAL_HOME", "~/kept")
    assert home() == tmp_path / "kept"


def test_else_it_is_a_folder_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for unset in (lambda: monkeypatch.setenv("PREFRONTAL_HOME", ""), lambda: monkeypatch.delenv("PREFRONTAL_HOME")):
        unset()
        assert home() == tmp_path / ".prefrontal"


@pytest.mark.parametrize("sync", [True, False])
def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path, sync: bool) -> None:
    path = tmp_path / "list.json"
    for data in (b"old and longer", b"new", b""):
        write_atomically(path, data, sync=sync)
        assert path.read_bytes() == data
        assert os.listdir(tmp_path) == ["list.json"]


def test_a_reader_never_meets_a_half(tmp_path: Path) -> None:
    path, seen = tmp_path / "list.json", set()
    whole = [letter * 1_000_000 for letter in (b"a", b"b")]
    write_atomically(path, whole[0], sync=False)
    written = threading.Event()

    def read() -> None:
        while not written.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(50):
        write_atomically(path, whole[turn % 2], sync=False)
    written.set()
    reader.join()
    assert seen <= set(whole)


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(b"old")
    path.with_name(f".list.json.{os.getpid()}.new").mkdir()  # where the new one would be written
    with pytest.raises(IsADirectoryError):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
