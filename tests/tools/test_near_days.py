"""Days that are named from another one."""

from __future__ import annotations

import re
from datetime import date

import pytest

from prefrontal.tools.near_days import MONTH, RELATIVE, month_number, weekday_number

TODAY = date(2026, 11, 26)  # a Thursday


def days(text: str) -> list[str]:
    """What the first pattern that is found in a text means."""
    for pattern, rule in RELATIVE:
        if found := re.search(pattern, text):
            return [day.isoformat() for day in rule(TODAY, *found.groups())]
    return ["none"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow", ["2026-11-27"]),
        ("the day before yesterday", ["2026-11-24"]),
        ("this friday", ["2026-11-27"]),
        ("next friday", ["2026-11-27", "2026-12-04"]),  # people mean either
        ("friday of next week", ["2026-12-04"]),
        ("last monday", ["2026-11-23"]),
        ("last thursday", ["2026-11-19"]),
        ("a week on tuesday", ["2026-12-08"]),
        ("the third sunday of march 2027", ["2027-03-21"]),
        ("the last day of february 2028", ["2028-02-29"]),
        ("the fifth monday of february 2027", []),
        ("friday the 13", ["none"]),
    ],
)
def test_named_days(text: str, expected: list[str]) -> None:
    assert days(text) == expected


def test_a_month_without_its_year_is_the_next_one() -> None:
    assert days("the first monday of march") == ["2027-03-01"]
    assert days("the last monday in november") == ["2026-11-30"]


def test_names_and_their_short_forms() -> None:
    assert [weekday_number(name) for name in ("monday", "Thu", "sun")] == [0, 3, 6]
    assert [month_number(name) for name in ("January", "sept", "dec")] == [1, 9, 12]


@pytest.mark.parametrize(("text", "fits"), [("febuary", True), ("septembre", True), ("jan.", True), ("marble", False)])
def test_months_with_a_slip(text: str, fits: bool) -> None:
    assert (re.fullmatch(MONTH, text) is not None) is fits
