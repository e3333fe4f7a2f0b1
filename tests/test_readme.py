"""The README runs: its Python blocks print what the next block shows, its commands are commands."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A folder with the files that the README names."""
    data = Path(pytest.importorskip("skimage").__file__).parent / "data"
    for name in ("coins.png", "page.png"):
        shutil.copy(data / name, tmp_path)
    shutil.copy(ROOT / "tests" / "data" / "spoken" / "seven_hundred.wav", tmp_path / "memo.wav")
    card = {
        "id": "lab/bird-songs",
        "card": "Names birds.\n```python\npipeline('audio-classification', 'lab/bird-songs')\n```",
    }
    (tmp_path / "cards.jsonl").write_text(json.dumps(card) + "\n")
    monkeypatch.chdir(tmp_path)


def test_the_first_thirty_lines_hold_sentence_install_and_real_output():
    head = (ROOT / "README.md").read_text(encoding="utf-8").split("\n")[:30]
    assert "make demo" in "\n".join(head)
    assert "vingt-quatre" in "\n".join(head)


def test_the_python_blocks_print_what_the_readme_shows(files):
    names: dict[str, object] = {}
    shown = 0
    for (kind, text), (next_kind, expected) in zip(BLOCKS, [*BLOCKS[1:], ("", "")], strict=True):
        if kind != "python":
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(text, "README.md", "exec"), names)  # noqa: S102 - our own README
        if next_kind == "text":
            assert printed.getvalue().strip() == expected.strip()
            shown += 1
    assert shown >= 3


def commands():
    lines = [line for kind, text in BLOCKS if kind == "sh" for line in text.split("\n")]
    return [line for line in lines if line.startswith("prefrontal ") and not re.search(r"path/to|FOLDER|\|", line)]


@pytest.mark.parametrize("line", [line for line in commands() if "index" not in line])
def test_the_commands_of_the_readme_work(files, line, capsys):
    from prefrontal.doors.cli import main

    assert main(shlex.split(line, comments=True)[1:]) == 0
    assert capsys.readouterr().out.strip()


def test_there_are_commands_to_try():
    assert len(commands()) >= 4
