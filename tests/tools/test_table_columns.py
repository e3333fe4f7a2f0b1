"""The columns of a table as a person would speak of them, and the rows that are sums of others."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.table_columns import Sheet, UnplacedWords, sheet_of, unit_of
from prefrontal.tools.table_files import read_table


def sheet(text: str) -> Sheet:
    return sheet_of(read_table(text.encode(), ".csv"))


def test_columns_have_words_kinds_and_units() -> None:
    made = sheet(
        "order_id,date,unit price (EUR),tail_length_mm,paid,Year,Comment\n"
        "101,2026-03-01,10,80,yes,2020,a\n102,2026-03-05,12,90,no,2021,b\n"
    )
    assert [(column.spoken, column.kind, column.unit) for column in made.columns] == [
        ("order id", "id", ""),
        ("date", "date", ""),
        ("unit price", "number", "€"),
        ("tail length", "number", "mm"),
        ("paid", "flag", ""),
        ("year", "number", ""),
        ("comment", "text", ""),
    ]
    assert made.columns[4].cells == [True, False]
    assert [column.name for column in made.measures()] == ["unit price (EUR)", "tail_length_mm"]
    assert [column.name for column in made.dates()] == ["date"]
    assert [column.is_rate for column in made.columns[2:4]] == [True, False]


def test_a_row_that_is_the_sum_of_the_others_is_set_aside() -> None:
    made = sheet("item,amount\nLamp,10\nChair,20\nTotal,30\n")
    assert (made.rows, made.left_out, made.doubtful) == ([0, 1], ["Total"], "")


def test_a_row_that_says_so_and_is_none_is_doubtful() -> None:
    made = sheet("item,amount\nLamp,10\nChair,20\nTotal,31\n")
    assert (made.rows, made.left_out, made.doubtful) == ([0, 1, 2], [], "Total")


def test_first_and_last_names_are_one() -> None:
    made = sheet("First name,Last name,City\nAnna,Meier,Bonn\nOtto,Wolf,Ulm\n")
    label = made.label()
    assert label is made.full_name
    assert label is not None
    assert (label.spoken, label.cells) == ("name", ["Anna Meier", "Otto Wolf"])


@pytest.mark.parametrize(
    ("days", "unsure", "first"),
    [
        (("03/04/2026", "05/06/2026"), "whether the day or the month stands first", date(2026, 4, 3)),
        (("03/04/2026", "25/06/2026"), "", date(2026, 4, 3)),
        (("03/04/2026", "06/25/2026"), "", date(2026, 3, 4)),
        (("3 April 2026", "25 Jun 2026"), "", date(2026, 4, 3)),
    ],
)
def test_days_in_either_order(days: tuple[str, str], unsure: str, first: date) -> None:
    (column,) = sheet("day\n" + "\n".join(days) + "\n").columns
    assert (column.kind, column.unsure, column.cells[0]) == ("date", unsure, first)


def test_units_by_their_names() -> None:
    assert [unit_of(word) for word in ("EUR", "euros", "kilos", "kg", "banana")] == ["€", "€", "kg", "kg", ""]


def test_an_empty_table_and_a_refusal() -> None:
    with pytest.raises(ToolInputError) as caught:
        sheet_of(pd.DataFrame({"a": []}))
    assert str(caught.value) == "the table has no rows to look at; pass one with a header and at least one row"
    assert str(sheet("item,amount\nLamp,10\n").refusal("“x” could not be placed")) == (
        "“x” could not be placed. The columns are: item, amount. Ask with the words of the table"
    )


def test_words_without_a_place_are_told_once_and_kept_as_they_stand() -> None:
    left = sheet("item,amount\nLamp,10\n").unplaced(["Rusty", "old", "Rusty"])
    assert isinstance(left, UnplacedWords)
    assert isinstance(left, ToolInputError)
    assert left.words == {"Rusty", "old"}
    assert str(left) == (
        "“Rusty”, “old” could not be placed: no column, no cell and no operation is called so. "
        "The columns are: item, amount. Ask with the words of the table"
    )
