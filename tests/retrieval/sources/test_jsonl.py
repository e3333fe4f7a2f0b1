from __future__ import annotations

import json
from pathlib import Path

import pytest

from prefrontal.retrieval.sources import jsonl
from prefrontal.retrieval.sources.base import Read


def read(path: Path) -> list[Read]:
    return list(jsonl.read(path))


def test_files_of_rows_are_known_by_their_ending(tmp_path: Path) -> None:
    for name in ("rows.jsonl", "rows.NDJSON", "rows.json"):
        (tmp_path / name).touch()
    (tmp_path / "folder.jsonl").mkdir()
    known = [path.name for path in sorted(tmp_path.iterdir()) if jsonl.matches(path)]
    assert known == ["rows.NDJSON", "rows.jsonl"]
    assert not jsonl.matches(str(tmp_path / "rows.jsonl")), "a path by the time that it is asked"


def test_bad_rows_are_set_aside_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [
        b'\xef\xbb\xbf{"modelId": "lab/one", "pipeline_tag": "translation"}',
        b"not json",
        b'["a", "list"]',
        b"",
        b'{"id": "../../etc/passwd"}',
        b'{"card": "no id"}',
        b'{"id": "lab/two", "downloads": "many", "tags": 7, "likes": -3, "text": ["x"]}',
        b'{"id": "lab/three", "text": "\xff\xfe \\u0000 \\ud800"}\r',
        b"[" * 100_000,
        b'{"api_name": "lab/four", "domain": "Computer Vision Depth Estimation"}',
    ]
    path.write_bytes(b"\n".join(lines))
    found = read(path)
    cards = {item.what: item.card for item in found if item.card}
    assert list(cards) == ["lab/one", "lab/two", "lab/three", "lab/four"]
    assert {card.source for card in cards.values()} == {"jsonl"}
    assert cards["lab/four"].task == "depth-estimation"
    aside = [item for item in found if not item.card]
    lines_aside = [f"rows.jsonl line {n}" for n in (2, 3, 5, 6, 9)]
    assert [item.what for item in aside] == lines_aside
    assert aside[1].reason == "the row is a list, expected a JSON object"
    assert all(item.reason for item in aside)


def test_a_line_without_end_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "_MAX_LINE", 1_000)
    rows = [{"id": "lab/one"}, {"id": "lab/two", "text": "x" * 5_000}, {"id": "lab/three", "text": "x" * 900}]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    one, two, three = read(tmp_path / "rows.jsonl")
    assert (one.what, three.what) == ("lab/one", "lab/three")
    assert two == Read("rows.jsonl line 2", reason="the line is longer than 1,000 bytes")
    (tmp_path / "rows.jsonl").write_text(json.dumps(rows[1]))
    assert read(tmp_path / "rows.jsonl") == [Read("rows.jsonl line 1", reason="the line is longer than 1,000 bytes")]
