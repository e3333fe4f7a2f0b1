from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from prefrontal.errors import UsageError
from prefrontal.retrieval.sources import ROWS, find_source
from prefrontal.tools.card import ModelCard


def test_each_kind_of_value_has_its_row(tmp_path: Path) -> None:
    for name in ("rows.jsonl", "rows.parquet"):
        (tmp_path / name).touch()
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "README.md").write_text("# A model")
    values = {
        "cards": [ModelCard(id="a/b")],
        "jsonl": tmp_path / "rows.jsonl",
        "parquet": tmp_path / "rows.parquet",
        "readme": tmp_path / "m" / "README.md",
        "folder": str(tmp_path / "m"),
        "hub": "owner/name",
        "hub-list": "hub:author=owner",
    }
    assert {name: find_source(value)[0].name for name, value in values.items()} == {row.name: row.name for row in ROWS}
    assert find_source("gpt2")[0].name == "hub"


@pytest.mark.parametrize(
    "value", ["no/such/file/here", "rows.jsonl", "rows.parquet", "card.md", "~/missing/", "a b", 7, {"id": "a/b"}]
)
def test_what_nothing_reads_is_refused(value: Any) -> None:
    with pytest.raises(UsageError) as caught:
        find_source(value)
    assert str(caught.value) == (
        f"{str(value)!r} is no source of cards: no such file or folder, and no Hub id; allowed are a README.md, "
        "a model's folder, a folder of those, a JSONL or parquet file, a Hub id such as owner/name, hub: with a filter "
        "such as hub:author=owner, or ModelCards"
    )


def test_a_source_is_remembered_by_a_name_that_reads_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rows.jsonl").write_text('{"id": "lab/one"}')
    monkeypatch.chdir(tmp_path)
    row, plain, name = find_source("rows.jsonl")
    assert (plain, name) == (tmp_path / "rows.jsonl", str(tmp_path / "rows.jsonl"))
    assert [found.what for found in row.read(find_source(name)[1])] == ["lab/one"]
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_source("~/rows.jsonl")[2] == name
    assert find_source("owner/name")[1:] == ("owner/name", "owner/name")
    assert find_source([ModelCard(id="a/b")])[2] == "", "cards that are handed over cannot be read again"


def test_a_fingerprint_is_known_of_what_lies_here(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").touch()
    known = {value: find_source(value)[0].fingerprint(find_source(value)[1]) for value in (str(tmp_path), "owner/name")}
    assert known[str(tmp_path)]
    assert known["owner/name"] == ""
