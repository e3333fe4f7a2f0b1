"""What a plan comes to, and what is refused because it could not be sure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from order_table import ORDERS, sheet

from prefrontal.errors import ToolInputError
from prefrontal.tools.table_columns import Sheet
from prefrontal.tools.table_plan import plan_of
from prefrontal.tools.table_reckoning import Reckoning, counted, grouped, key_told, reduced

GOODS = sheet("item,price,qty\nLamp,10,3\nChair,50,1\n")


def reckoning(question: str, table: Sheet = ORDERS) -> Reckoning:
    return Reckoning(plan_of(question, table))


@pytest.mark.parametrize(
    ("question", "op", "answer", "value"),
    [
        ("total amount of Meier", "sum", "The total amount with customer “Meier” is 219.5.", 219.5),
        ("average amount", "mean", "The average amount is 150.", 150),
        ("median amount", "median", "The median amount is 109.75.", 109.75),
    ],
)
def test_one_number(question: str, op: str, answer: str, value: float) -> None:
    said = reduced(reckoning(question), op)
    assert (said["answer"], said["value"], said["column"]) == (answer, value, "amount")


@pytest.mark.parametrize(
    ("question", "op", "answer"),
    [
        ("total amount per region", "sum", "The total amount per region: North 219.5, South 80.5 and East 300."),
        ("how many rows per region", "count", "The number of rows per region: North 2, South 1 and East 1."),
        ("total amount per month", "sum", "The total amount per month: March 2026 200.5 and April 2026 399.5."),
        ("highest total amount per region", "sum", "East has the highest total amount, 300."),
    ],
)
def test_one_number_for_each(question: str, op: str, answer: str) -> None:
    assert grouped(reckoning(question), op)["answer"] == answer


@pytest.mark.parametrize(
    ("question", "answer", "rows"),
    [
        ("how many different customers", "There are 3 different customers.", 4),
        ("how many rows of Meier", "There are 2 rows with customer “Meier”.", 2),
        ("how many rows of Weber", "There is 1 row with customer “Weber”.", 1),
    ],
)
def test_counts(question: str, answer: str, rows: int) -> None:
    said = counted(reckoning(question))
    assert (said["answer"], said["rows"]) == (answer, rows)


def test_empty_cells_and_rows_of_sums_are_told() -> None:
    hours = sheet("name,hours\nAnna,3\nBen,\nCleo,4\nTotal,7\n")
    assert reduced(reckoning("total hours", hours), "sum")["answer"] == (
        "The total hours are 7, without the row “Total”, leaving out 1 with an empty hours."
    )


@pytest.mark.parametrize(
    ("question", "how", "sentence"),
    [
        (
            "total price",
            reduced,
            "“price” may be of one piece and “qty” says how many; ask for price times qty, or for the sum of the "
            "column price",
        ),
        ("how much is the price", reduced, "a sum of “price” says nothing; ask for the average, or name one row"),
        ("how many lamps", counted, "whether rows are meant, or the total qty, could not be told"),
    ],
)
def test_what_is_not_sure(question: str, how: Callable[..., Any], sentence: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        how(reckoning(question, GOODS), *(["sum"] if how is reduced else []))
    assert str(caught.value) == f"{sentence}. The columns are: item, price, qty. Ask with the words of the table"


def test_the_names_of_groups() -> None:
    assert [key_told(key) for key in ((2026, 3), (2026, 0, 2), (0, 0, 0, 6), (2026,), "North")] == [
        "March 2026", "Q2 2026", "Sunday", "2026", "North",
    ]  # fmt: skip
