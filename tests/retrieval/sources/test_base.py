from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from prefrontal.retrieval.sources.base import Read, files_fingerprint, read_row
from prefrontal.tools.card import ModelCard


def test_a_row_becomes_a_card_that_says_where_it_came_from() -> None:
    found = read_row({"modelId": "lab/one", "pipeline_tag": "translation"}, "line 1", "jsonl")
    assert found == Read("lab/one", ModelCard(id="lab/one", task="translation", source="jsonl"))
    said = read_row({"id": "lab/one", "source": "hub"}, "line 1", "jsonl")
    assert said.card
    assert said.card.source == "hub", "what a row says of itself stays"


def test_a_row_without_an_id_is_set_aside_under_its_place() -> None:
    assert read_row({"id": "../../etc/passwd"}, "rows.jsonl line 5", "jsonl") == Read(
        "rows.jsonl line 5",
        reason="'../../etc/passwd' is not a model id; allowed is owner/name or name, of letters, digits, '-', '_' and "
        "'.', at most 96 characters each",
    )


def nested(depth: int) -> Any:
    value: Any = "bottom"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "odd",
    [{"tags": nested(100_000)}, {"downloads": "9" * 6_000}, {"bytes": float("inf")}, {"card": "---\n" + "[" * 9_000}],
)
def test_a_row_of_odd_values_is_a_card_all_the_same(odd: dict[str, Any]) -> None:
    found = read_row({"id": "lab/one", **odd}, "line 1", "jsonl")
    assert (found.what, found.reason) == ("lab/one", "")
    assert found.card


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / name for name in ("one.jsonl", "two.jsonl")]
    for path in paths:
        path.write_text('{"id": "lab/one"}')
    return paths


def test_a_fingerprint_stays_as_long_as_the_files_do(files: list[Path]) -> None:
    before = files_fingerprint(files)
    assert len(before) == 16
    assert files_fingerprint(reversed(files)) == before, "in whichever order they are listed"
    files[0].read_text()
    assert files_fingerprint(files) == before


def test_a_fingerprint_changes_when_a_file_does(files: list[Path], tmp_path: Path) -> None:
    seen = [files_fingerprint(files), files_fingerprint(files[:1])]
    files[0].write_text('{"id": "lab/other"}')
    seen.append(files_fingerprint(files))
    found = files[0].stat()
    files[0].write_text('{"id": "lab/again"}')  # as long as before
    os.utime(files[0], ns=(found.st_atime_ns, found.st_mtime_ns + 1))
    seen.append(files_fingerprint(files))
    files[0].rename(tmp_path / "three.jsonl")
    seen.append(files_fingerprint([tmp_path / "three.jsonl", files[1]]))
    assert len(set(seen)) == len(seen)


def test_a_name_that_is_no_unicode_has_a_fingerprint_too(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jsonl"))
    path.touch()
    assert files_fingerprint([path]) != files_fingerprint([])
