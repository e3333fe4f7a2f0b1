"""Numbers, names and lists out of a table in the words of a person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from prefrontal.tools.table_answers import bare, clause, joined, sentence, told, verb
from prefrontal.tools.table_columns import Column
from prefrontal.tools.table_filters import Filter

REGION = Column("Region", ("region",), (), "", "text", [])
AMOUNT = Column("Amount", ("amount",), (), "", "number", [])


@pytest.mark.parametrize(
    ("value", "places", "plain"),
    [
        (2.5, 0, 3),  # as is taught, and not to the even one
        (-2.5, 0, -3),
        (1234, -2, 1200),
        (0.1 + 0.2, None, 0.3),
        (2.0, None, 2),
        (date(2026, 3, 5), None, "2026-03-05"),
        (True, None, True),
        ("North", None, "North"),
    ],
)
def test_bare_values(value: Any, places: int | None, plain: Any) -> None:
    assert bare(value, places) == plain
    assert type(bare(value, places)) is type(plain)


@pytest.mark.parametrize(
    ("value", "unit", "places", "said"),
    [
        (3.14159, "", None, "3.14"),
        (1 / 3, "", 3, "0.333"),
        (12.5, "€", None, "12.50 €"),
        (-12.5, "$", None, "-$12.50"),
        (50, "%", None, "50%"),
        (7, "kg", None, "7 kg"),
        (date(2026, 3, 5), "", None, "5 March 2026"),
        (True, "", None, "yes"),
        (None, "", None, "nothing"),
    ],
)
def test_told_values(value: Any, unit: str, places: int | None, said: str) -> None:
    assert told(value, unit, places) == said


def test_long_lists_are_cut() -> None:
    assert [joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert joined([str(n) for n in range(31)]).endswith("28, 29 and 30")
    assert joined([str(n) for n in range(35)]).endswith("28, 29 and 5 more")


def test_conditions_close_the_subject() -> None:
    north = Filter(REGION, frozenset(), "region “North”", 0, 1, adds=True)
    south = Filter(REGION, frozenset(), "region “South”", 2, 3, adds=True)
    over = Filter(AMOUNT, frozenset(), "amount over 5", 4, 6)
    july = Filter(AMOUNT, frozenset(), "in July", 7, 8)
    east = Filter(REGION, frozenset(), "region “East”", 9, 10, negated=True)
    assert clause([north, south, over, july, east]) == (
        " with region “North” or “South” with amount over 5 in July without region “East”"
    )
    assert clause([]) == ""


def test_sentences() -> None:
    assert sentence("the total is 3", ["without the row “Total”"]) == "The total is 3, without the row “Total”."
    assert [verb("total"), verb("hours"), verb("loss"), verb("region", 2)] == ["is", "are", "is", "are"]
