"""`prefrontal models …`, against a Hub on loopback."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import hub_server
import pytest
from command_line import Cli, lines_of

from prefrontal.tools import downloads

WEIGHTS = os.urandom(9_000)
FILES = {"config.json": b"{}", "model.safetensors": WEIGHTS}


@pytest.fixture
def pulled(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `prefrontal models` where a Hub answers."""
    monkeypatch.setattr(downloads, "_BIG", 1000)
    with hub_server.serve({"lab/model": FILES}) as url:
        monkeypatch.setenv("TRANSFORMERS_OFFLINE", "1")
        hub_server.reach(url, tmp_path / "cache", monkeypatch)
        yield lambda *arguments: cli("models", *arguments, index=None)


def test_pull_list_disk_remove(pulled: Any, tmp_path: Path) -> None:
    commit = hub_server.commit_of(FILES)
    code, out, err = pulled("pull", "lab/model")
    assert code == 0
    assert out.startswith(f"lab/model {commit[:12]}: 9.0 kB downloaded, in {tmp_path / 'cache'}")
    assert err == "downloading lab/model (9.0 kB) …\n"
    assert pulled("pull", "lab/model")[1].startswith(f"lab/model {commit[:12]}: here already, in ")

    code, out, err = pulled("list")
    assert (code, out, err) == (
        0, f"lab/model     9.0 kB  {commit[:12]}  Hugging Face cache, pinned\n", "1 model\n",
    )  # fmt: skip
    (row,) = lines_of(pulled("list", "--json")[1])
    assert (row["id"], row["revision"], row["bytes"]) == ("lab/model", commit, 9002)

    code, out, _ = pulled("disk")
    assert code == 0
    assert [line.split("  ")[0] for line in out.splitlines()][:3] == ["Hugging Face cache", "converted", "cut off"]
    assert lines_of(pulled("disk", "--json")[1])[0]["models"] == 1

    assert pulled("remove", "lab/model")[:2] == (0, "lab/model: 9.0 kB free again\n")
    assert pulled("remove", "lab/model")[:2] == (1, "lab/model: nothing of it is here\n")
    assert pulled("list")[1:] == ("", "0 models\n")


def test_where_nobody_can_answer_too_much_is_refused(pulled: Any) -> None:
    code, out, err = pulled("pull", "lab/model", "--max-bytes", 100)
    assert (code, out) == (1, "")
    assert err == (
        "error: lab/model takes 9.0 kB to download, allowed are 100 B; pass --max-bytes 9002 or --yes, "
        "or take a smaller model\n"
    )
    assert pulled("pull", "lab/model", "--max-bytes", 100, "--yes")[0] == 0


def test_a_wrong_word_about_pickles_is_wrong_usage(pulled: Any) -> None:
    code, _, err = pulled("pull", "lab/model", "--allow-pickle", "load")
    assert code == 2
    assert "allow_pickle is 'load'; allowed are None and" in err


def test_what_is_not_there(pulled: Any) -> None:
    code, out, err = pulled("pull", "lab/none")
    assert (code, out) == (1, "")
    assert "lab/none could not be downloaded (it is private, or there is no such model)" in err
