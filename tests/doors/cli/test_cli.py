"""The program itself: help, version, wrong usage, exit codes, a closed pipe, and what nobody foresaw."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Cli, lines_of

from prefrontal import ModelCard, ModelIndex, __version__
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.tools.builtin import builtin_cards


def test_help_needs_nothing_heavy() -> None:
    code = (
        "import sys; from prefrontal.doors.cli import main; main(['--help']); "
        "heavy = {'torch', 'transformers', 'langchain', 'langchain_core', 'numpy', 'faiss', 'pydantic', 'rich'}; "
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.strip() == "[]"
    for command in ("run", "plan", "search", "show", "index"):
        assert f"\n  {command} " in done.stdout


def test_version_and_wrong_usage(cli: Cli) -> None:
    assert cli("--version", index=None) == (0, f"prefrontal {__version__}\n", "")
    code, out, err = cli("fly", index=None)
    assert (code, out) == (2, "")
    assert "No such command 'fly'." in err
    code, out, _ = cli("run", "--json", index=None)
    assert code == 2
    assert lines_of(out) == [{"type": "error", "text": "Missing argument 'GOAL'."}]


def test_errors_are_a_line_of_json_too(cli: Cli) -> None:
    sentence = "k is 0; ask for one hit or more"
    code, out, err = cli("search", "x", "-k", 0, "--json")
    assert code == 2
    assert lines_of(out) == [{"type": "error", "text": sentence}]
    assert err == f"error: {sentence}\n"


def test_ctrl_c_is_one_line_and_130(tmp_path: Path) -> None:
    lines = tmp_path / "q.jsonl"
    lines.write_text('{"qid": 1, "query": "count coins"}\n' * 20_000)
    index = tmp_path / "index"
    ModelIndex(index, HashEmbedder()).add(list(builtin_cards()))
    code = (
        # A suite that was started in the background hands on that SIGINT is ignored.
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from prefrontal.doors.cli import main; import prefrontal.retrieval.index as i; "
        "from prefrontal.retrieval.embedding.hashing import HashEmbedder; i.default_embedder = HashEmbedder; "
        f"sys.exit(main(['search', '--queries', {str(lines)!r}, '--index', {str(index)!r}]))"
    )
    running = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert json.loads(running.stdout.readline())["qid"] == 1
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert err == "interrupted\n"


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    cards = [ModelCard.from_row({"id": f"owner/model-{n}", "task": "translation"}) for n in range(3000)]
    ModelIndex(folder, HashEmbedder(16)).add(cards)
    command = [sys.executable, "-m", "prefrontal", "index", "list", "--index", str(folder)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.readline()
    running.stdout.close()
    assert running.stderr.read() == ""
    assert running.wait(60) != 0


def test_what_nobody_foresaw_is_one_sentence(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("prefrontal.retrieval.index.default_embedder", lambda: 1 / 0)
    sentence = "ZeroDivisionError: division by zero; this is a bug or a broken install; PREFRONTAL_DEBUG=1 shows where"
    assert cli("search", "x") == (1, "", f"error: {sentence}\n")
    monkeypatch.setenv("PREFRONTAL_DEBUG", "1")
    assert "Traceback (most recent call last)" in cli("search", "x")[2]
