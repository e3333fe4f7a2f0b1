"""Lines about something, by what their words mean and not by how they are bent."""

from __future__ import annotations

import pytest

from prefrontal.tools.line_search import holding, lines_about

NOTES = """# Rent
Paid on 1 May
Rents are high.
Invoice 17
lnvoice 18
DENTIST
Tue 10:00
Phone:
030 12
Meeting with Zoë about renting
Notes
-----
all fine"""


@pytest.mark.parametrize(
    ("about", "found"),
    [
        ("the rent", ["# Rent\nPaid on 1 May", "Rents are high.", "Meeting with Zoë about renting"]),
        ("MEETING zoe", ["Meeting with Zoë about renting"]),
        ("dentist", ["DENTIST\nTue 10:00"]),
        ("phone", ["Phone:\n030 12"]),
        ("notes", ["Notes\nall fine"]),
        ("dentist phone", ["DENTIST\nTue 10:00", "Phone:\n030 12"]),  # no line holds both
        ("rent meeting dentist", 
         ["Meeting with Zoë about renting", "DENTIST\nTue 10:00", "# Rent\nPaid on 1 May", "Rents are high."]),
        ("invoice", ["Invoice 17"]),
        ("invoice 18", ["lnvoice 18"]),  # a letter misread, and no other line fits
        ("invoise", ["Invoice 17"]),
        ("rant", []),  # too short to be misread
        ("insurance", []),
        ("the", []),
        ("", []),
    ],
)  # fmt: skip
def test_lines_about(about: str, found: list[str]) -> None:
    assert lines_about(NOTES, about) == found


def test_a_heading_above_a_heading_takes_nothing_along() -> None:
    assert lines_about("LETTERS:\nNUMBERS:\nseven", "letters") == ["LETTERS:"]
    assert lines_about("Rent:", "rent") == ["Rent:"]


def test_places() -> None:
    assert holding(["a rent", "b", "rents"], "rent") == [0, 2]
    assert holding(["decent", "recent"], "recent") == [1]
    assert holding([], "rent") == []
