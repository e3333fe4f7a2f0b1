"""The starter catalogue: well formed, complete and broad enough for a first search."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

STARTER = Path(__file__).resolve().parents[3] / "retrieval" / "ingest" / "starter.jsonl"
IDENTIFIER = re.compile(r"^[\w.-]+/[\w.-]+$")
REQUIRED = ("id", "pipeline_tag", "library", "license", "summary")
TYPES: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "pipeline_tag": str,
    "library": str,
    "license": str,
    "languages": list,
    "parameters": int,
    "bytes": int,
    "model_type": str,
    "gated": bool,
    "safetensors": bool,
    "tags": list,
    "labels": list,
    "summary": str,
    "trained_on": list,
}


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return STARTER.read_text(encoding="utf-8").split("\n")


@pytest.fixture(scope="module")
def rows(lines: list[str]) -> list[dict]:
    return [json.loads(line) for line in lines if line]


def test_every_line_is_one_json_object(lines: list[str]) -> None:
    assert lines[-1] == "", "the file ends with a newline"
    for number, line in enumerate(lines[:-1], start=1):
        assert line.strip(), f"line {number} is empty"
        assert isinstance(json.loads(line), dict), f"line {number} is no object"


def test_there_are_many_rows_over_many_tasks(rows: list[dict]) -> None:
    assert len(rows) >= 200
    assert len({row["pipeline_tag"] for row in rows}) >= 40


def test_identifiers_are_unique_and_well_formed(rows: list[dict]) -> None:
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids)
    assert [i for i in ids if not IDENTIFIER.match(i)] == []


def test_required_fields_are_filled(rows: list[dict]) -> None:
    for row in rows:
        for field in REQUIRED:
            assert isinstance(row.get(field), str), (row["id"], field)
            assert row[field].strip(), (row["id"], field)


def test_fields_are_known_and_of_the_right_type(rows: list[dict]) -> None:
    for row in rows:
        for field, value in row.items():
            assert field in TYPES, (row["id"], field)
            assert isinstance(value, TYPES[field]), (row["id"], field)
            if isinstance(value, list):
                assert value, (row["id"], field)
                assert all(isinstance(v, str) and v for v in value), (row["id"], field)
                assert len(set(value)) == len(value), (row["id"], field)
            if field in ("parameters", "bytes"):
                assert value > 0, (row["id"], field)
                assert not isinstance(value, bool), (row["id"], field)


def test_summaries_are_short_and_unique(rows: list[dict]) -> None:
    summaries = [row["summary"] for row in rows]
    assert len(set(summaries)) == len(summaries)
    assert [s for s in summaries if not 40 <= len(s) <= 400] == []


def test_language_codes_are_short_codes(rows: list[dict]) -> None:
    for row in rows:
        for code in row.get("languages", []):
            assert re.fullmatch(r"[a-z]{2,3}", code), (row["id"], code)


def test_rows_are_ordered_by_task_then_id(rows: list[dict]) -> None:
    keys = [(row["pipeline_tag"], row["id"].lower()) for row in rows]
    assert keys == sorted(keys)
