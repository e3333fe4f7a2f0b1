"""What all commands share: opening an index, reading JSON lines, and printing for people, programs and terminals."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Cli

from prefrontal.doors.cli.console import (
    counted,
    note,
    open_index,
    print_json,
    progress,
    read_lines,
    show,
    waiting,
    wrapped,
)
from prefrontal.errors import UsageError
from prefrontal.retrieval.embedding.hashing import HashEmbedder

COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture
def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], str]:
    """Calls something with its output on a terminal 40 columns wide; gives what the terminal got."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals", exc_type=ImportError)

    def call(do: Callable[[], object]) -> str:
        ours, theirs = pty.openpty()
        with (
            open(theirs, "w", encoding="utf-8") as screen,
            open(ours, "rb", buffering=0) as seen,
            monkeypatch.context() as here,
        ):
            for name, value in {"TERM": "xterm", "COLUMNS": "40"}.items():
                here.setenv(name, value)
            here.delenv("NO_COLOR", raising=False)
            here.setattr("sys.stdout", screen)
            here.setattr("sys.stderr", screen)
            do()
            print("\0", end="", flush=True)  # what nothing else prints: all before it has come through
            got = b""
            while not got.endswith(b"\0"):
                got += seen.read(4096)
        return got[:-1].decode().replace("\r\n", "\n")

    return call


# The index


def test_a_folder_without_an_index_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        open_index(tmp_path / "none")
    assert str(caught.value) == (
        f"there is no index in {tmp_path / 'none'}; build one: prefrontal index add SOURCE --index {tmp_path / 'none'}"
    )
    assert len(open_index(tmp_path / "none", must_exist=False)) == 0


def test_the_index_of_the_home_need_not_be_named_nor_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFRONTAL_HOME", str(tmp_path / "home"))
    assert open_index(None).path == tmp_path / "home" / "index"


def test_an_index_of_another_embedder_names_the_command_that_rebuilds(
    cli: Cli, spelling_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prefrontal.retrieval.index.default_embedder", lambda: HashEmbedder(32))
    for command in (("search", "coins"), ("run", "Translate “two” into French")):
        code, out, err = cli(*command)
        assert (code, out) == (2, "")
        assert err.startswith("error: ")
        assert f"prefrontal index rebuild --index {spelling_index}" in err


# JSON lines


def test_json_lines_are_read_with_empty_lines_left_out(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes('\ufeff{"query": "a\u2028b"}\r\n\n  \n{"query": "c", "qid": 7}'.encode())
    assert read_lines(path, "query") == [{"query": "a\u2028b"}, {"query": "c", "qid": 7}]


@pytest.mark.parametrize(
    ("content", "needed", "sentence"),
    [
        (
            b'{"query": "fine"}\n\nquery: x\n',
            ("query",),
            "q.jsonl line 3 is no JSON (Expecting value: line 1 column 1 (char 0)); each line must be one JSON object",
        ),
        (
            b'{"query": 7, "id": "x"}',
            ("id", "query", "task"),
            "q.jsonl line 1 has no text under query, task; each line must be an object with it",
        ),
        (
            b'["query"]',
            ("query",),
            "q.jsonl line 1 has no text under query; each line must be an object with it",
        ),
        (b"7", (), "q.jsonl line 1 has no text under any name; each line must be an object with it"),
    ],
)
def test_a_line_that_is_no_such_object_is_said(
    tmp_path: Path, content: bytes, needed: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "q.jsonl").write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_lines(tmp_path / "q.jsonl", *needed)
    assert str(caught.value) == sentence


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    with pytest.raises(UsageError) as caught:
        read_lines(path)
    assert str(caught.value) == (
        f"{path} cannot be read ([Errno 2] No such file or directory: '{path}'); "
        "pass a JSONL file: one JSON object a line"
    )
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError) as caught:
        read_lines(path)
    assert str(caught.value) == (
        f"{path} cannot be read ('utf-8' codec can't decode byte 0xff in position 0: invalid start byte); "
        "pass a JSONL file: one JSON object a line"
    )


# Printing


def test_numbers_are_counted_in_words() -> None:
    assert [counted(number, "model") for number in (0, 1, 2, 1_234_567)] == [
        "0 models",
        "1 model",
        "2 models",
        "1,234,567 models",
    ]


@pytest.mark.parametrize(("encoding", "letter"), [("utf-8", "é"), ("ascii", "\\u00e9")])
def test_json_is_a_line_in_the_letters_of_the_output(
    monkeypatch: pytest.MonkeyPatch, encoding: str, letter: str
) -> None:
    output = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(output, encoding=encoding))
    print_json({"text": "café\n", "path": Path("a/b")})
    assert output.getvalue().decode("utf-8") == f'{{"text": "caf{letter}\\n", "path": "a/b"}}\n'
    assert json.loads(output.getvalue()) == {"text": "café\n", "path": "a/b"}


def test_outside_of_a_terminal_every_line_stays_whole(capsys: pytest.CaptureFixture[str]) -> None:
    line = "Answer   " + "word " * 60
    show([line])
    note("a note", style="red")
    assert capsys.readouterr() == (f"{line}\n", "a note\n")


def test_the_words_of_a_model_do_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show(["Answer   \x1b[2Jgone\x07\x9b2J\ttab"])
    note("\x1b]0;title\x07")
    assert capsys.readouterr() == ("Answer   [2Jgone2J\ttab\n", "]0;title\n")


def test_a_terminal_sees_a_coloured_label_and_lines_set_in(on_a_terminal: Callable[..., str]) -> None:
    lines = ["Search   coins [bold]and[/bold] notes in these pictures, all of them", "Answer   24 \x1b[31mcoins"]
    said = on_a_terminal(lambda: (show(lines), note("[red]a note[/red]", style="red")))
    assert "\x1b[36mSearch\x1b[0m   coins" in said
    assert "\x1b[1;32mAnswer   24 [31mcoins\x1b[0m" in said
    assert "\x1b[31m[red]a note[/red]\x1b[0m" in said
    assert COLOURS.sub("", said).splitlines() == [
        "Search   coins [bold]and[/bold] notes in",
        "         these pictures, all of them",
        "Answer   24 [31mcoins",
        "[red]a note[/red]",
    ]


def test_lines_are_set_in_and_paths_stay_whole() -> None:
    path = "/a/very/long/path/that-must-not-be-broken/although-it-has-hyphens.png"
    text = wrapped(f"Answer   There are 24 coins; the picture is image-2: {path}", 60)
    assert text.split("\n") == ["Answer   There are 24 coins; the picture is image-2:", f"         {path}"]
    assert wrapped("1. one two", 8) == "1. one\n   two"
    assert wrapped("", 60) == ""


# Waiting


def test_nobody_waits_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(waiting(iter("ab"), "reading …", str.upper)) == ["a", "b"]
    with progress("indexing", "cards") as moved:
        assert moved is None
    assert capsys.readouterr() == ("", "")


def test_a_terminal_sees_what_is_waited_for(on_a_terminal: Callable[..., str]) -> None:
    came: list[str] = []
    said = on_a_terminal(lambda: came.extend(waiting(iter("ab"), "reading …", "after {}".format)))
    assert came == ["a", "b"]
    assert re.findall(r"reading …|after .", said) == ["reading …", "after a", "after b"]


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_a_terminal_sees_how_many_cards_are_done_how_fast_and_the_time_left(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="parquet files are read by pyarrow, an optional package")
    import pty

    import pyarrow.parquet as pq

    ids = [f"owner/model-{n}" for n in range(900)]
    pq.write_table(pa.table({"id": ids, "card": [f"Card {id}" for id in ids]}), tmp_path / "cards.parquet")
    code = (
        "import sys, time; from prefrontal.doors.cli import main; import prefrontal.retrieval.index as i\n"
        "from prefrontal.retrieval.embedding.hashing import HashEmbedder\n"
        "class Slow(HashEmbedder):\n"
        "    def encode(self, texts): time.sleep(0.25); return super().encode(texts)\n"
        "i.default_embedder = Slow\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    command = ["index", "add", str(tmp_path / "cards.parquet"), "--index", str(tmp_path / "index")]
    terminal, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "PYTHONPATH": os.pathsep.join(sys.path)}
    running = subprocess.Popen([sys.executable, "-c", code, *command], stdout=subprocess.PIPE, stderr=theirs, env=env)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # Linux says so when the last writer has closed it
        while got := os.read(terminal, 4096):
            shown += got
    os.close(terminal)
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert out.decode().splitlines()[0] == "900 added"
    lines = re.findall(r"indexing .*?left", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode(errors="replace")))
    assert any(re.search(r" 0/0 cards +-:--:-- left", line) for line in lines), "it is there from the beginning"
    assert any(re.search(r" (256|512)/900 cards .*\d cards/s \d:\d\d:\d\d left", line) for line in lines), lines
