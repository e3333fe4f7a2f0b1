"""Feasts as dates."""

from __future__ import annotations

from datetime import date

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.dates import ask_date
from prefrontal.tools.feasts import with_dates

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("until Christmas", "until 25 december"),
        ("xmas eve of 2031?", "24 december 2031?"),
        ("New Year’s Eve 2030", "31 december 2030"),
        ("easter 2027", "28 march 2027"),
        ("easter monday", "29 march 2027"),
        ("Good Friday 2026", "3 april 2026"),
        ("the christmas party", "the christmas party"),
        ("easter eggs", "easter eggs"),
    ],
)
def test_a_feast_is_its_date(text: str, dated: str) -> None:
    assert with_dates(text, TODAY) == dated


@pytest.mark.parametrize("text", ["St Patrick's day, 17 March 2026", "Paddy's day 2026, 17 March"])
def test_a_feast_that_says_its_date_is_that_date(text: str) -> None:
    assert ask_date(f"which weekday is {text}", TODAY)["value"] == "Tuesday"


def test_easter_is_reckoned() -> None:
    assert ask_date("how many days from easter to pentecost 2027", TODAY)["value"] == 49


def test_what_countries_keep_on_different_days_is_refused() -> None:
    with pytest.raises(ToolInputError, match="holidays and feasts"):
        ask_date("what day is Mother's Day 2027", TODAY)
