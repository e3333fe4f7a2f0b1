"""`index`: cards come in, change and go, and a damaged index is told and mended."""

from __future__ import annotations

import json
from pathlib import Path

from command_line import Cli, lines_of


def test_cards_come_in_change_and_go(cli: Cli, tmp_path: Path) -> None:
    source, index = tmp_path / "cards.jsonl", tmp_path / "own"
    rows = [{"id": "a/b", "task": "translation"}, {"id": "no id at all!"}]
    source.write_text("\n".join(map(json.dumps, rows)))
    code, out, _ = cli("index", "add", source, index=index)
    assert code == 0
    assert out.startswith("1 added\nset aside cards.jsonl line 2: 'no id at all!' is not a model id")
    assert out.endswith(f"1 model in {index}\n")
    source.write_text(json.dumps({"id": "a/b", "task": "summarization"}))
    assert cli("index", "sync", index=index)[1].startswith("0 added, 1 changed\n")
    code, out, err = cli("index", "list", "--task", "summarization", index=index)
    assert (code, out, err) == (0, "a/b  summarization  size unknown\n", "1 model\n")
    code, out, _ = cli("index", "remove", "a/b", "x/y", "--json", index=index)
    [report] = lines_of(out)
    assert code == 0
    assert report["removed"] == ["a/b"]
    assert report["failed"] == [{"what": "x/y", "reason": "it is not in the index"}]
    assert cli("index", "remove", "x/y", index=index)[0] == 1


def test_what_nothing_reads_fails_as_a_whole(cli: Cli, tmp_path: Path) -> None:
    code, out, err = cli("index", "add", tmp_path / "nowhere.md", index=tmp_path / "own")
    assert (code, out) == (2, "")
    assert "is no source of cards: no such file or folder" in err
    code, out, _ = cli("index", "add", "owner/name", index=tmp_path / "own")
    assert code == 1
    assert "owner/name cannot be looked up: the Hub is out of reach" in out


def test_stats_verify_and_rebuild_a_damaged_index(cli: Cli, tmp_path: Path) -> None:
    index = tmp_path / "own"
    source = tmp_path / "cards.jsonl"
    source.write_text(json.dumps({"id": "a/b", "task": "translation"}))
    cli("index", "add", source, index=index)
    code, out, err = cli("index", "verify", "--json", index=index)
    assert (code, err) == (0, "")
    assert lines_of(out)[0]["cards"] == 1
    assert "Models    1 of 1 task, generation 1, " in cli("index", "stats", index=index)[1]
    vectors = next(index.glob("gen-*/vectors.faiss"))
    vectors.write_bytes(vectors.read_bytes()[:-1])
    code, _, err = cli("index", "verify", index=index)
    assert code == 2
    assert f"prefrontal index rebuild --index {index}" in err
    assert cli("index", "rebuild", index=index)[0] == 0
    assert cli("index", "verify", index=index)[0] == 0
