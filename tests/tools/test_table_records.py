"""Records in JSON as tables, however they are wrapped."""

from __future__ import annotations

import json
from typing import Any

import pytest

from prefrontal.errors import MediaError
from prefrontal.tools.table_records import records_of

ROWS = [{"name": "Anna", "hours": 3}, {"name": "Ben", "hours": 4}]


def refusal(text: str, lines: bool = False) -> str:
    with pytest.raises(MediaError) as caught:
        records_of(text, lines)
    return str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        ROWS,
        {"count": 2, "data": ROWS},
        {"name": ["Anna", "Ben"], "hours": [3, 4]},
        {"name": {"0": "Anna", "1": "Ben"}, "hours": {"0": 3, "1": 4}},
        [["name", "hours"], ["Anna", 3], ["Ben", 4]],
    ],
)
def test_the_same_table(value: Any) -> None:
    assert records_of(json.dumps(value, indent=1), lines=False).to_dict("records") == ROWS


@pytest.mark.parametrize("lines", [True, False])
def test_a_record_a_line(lines: bool) -> None:
    assert records_of('{"name": "Anna", "hours": 3}\n\n{"name": "Ben", "hours": 4}\n', lines).to_dict("records") == ROWS


def test_records_by_key_and_objects_inside() -> None:
    frame = records_of('{"a1": {"pay": {"amount": 5}}, "a2": {"pay": {"amount": 7, "on": "2026-01-05"}}}', lines=False)
    assert frame.to_dict("list") == {
        "key": ["a1", "a2"],
        "pay.amount": [5, 7],
        "pay.on": [None, "2026-01-05"],
    }


def test_ids_large_numbers_and_lists_are_kept() -> None:
    frame = records_of('[{"id": "007", "n": 12345678901234567890, "tags": ["a", "ü"]}]', lines=False)
    assert frame.to_dict("records") == [{"id": "007", "n": 12345678901234567890, "tags": '["a", "ü"]'}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1}', "the file is an object and no table; allowed is a list of objects"),
        ("3", "the file is a number and no table; allowed is a list of objects"),
        ("[]", "the file holds no record; pass a list of objects"),
        ("[1, 2]", "the file is a list and no table; allowed is a list of objects"),
        ("[" * 100_000, "the file is no valid JSON ("),
    ],
)
def test_what_is_no_table(text: str, said: str) -> None:
    assert refusal(text).startswith(said)


def test_the_line_that_is_wrong_is_named() -> None:
    assert refusal('{"a": 1}\n{"a":\n', lines=True).startswith("line 2 of the file is no valid JSON (")
    assert refusal('{"a": 1}\n[1]\n', lines=True).startswith(
        "line 2 of the file is a list; allowed is one object a line"
    )
