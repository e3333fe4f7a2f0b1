"""Which rows a question means: cells, properties, numbers, and what is left out."""

from __future__ import annotations

import pytest
from order_table import COLUMNS, ORDERS, sheet

from prefrontal.errors import ToolInputError
from prefrontal.tools.table_filters import kept_rows
from prefrontal.tools.table_plan import plan_of


@pytest.mark.parametrize(
    ("question", "said", "rows"),
    [
        ("total amount of Meier", ["customer “Meier”"], [0, 2]),
        ("total amount of Meier and Weber", ["customer “Meier”", "customer “Weber”"], [0, 2, 3]),
        ("total amount of Meier in the North", ["customer “Meier”", "region “North”"], [0, 2]),
        ("total amount of Meier, only Meier", ["customer “Meier”"], [0, 2]),  # said twice, meant once
        ("total amount with an amount over 100", ["amount over 100"], [0, 3]),
        ("total amount in the North that is paid", ["region “North”", "paid yes"], [0, 2]),
    ],
)
def test_what_is_kept(question: str, said: list[str], rows: list[int]) -> None:
    plan = plan_of(question, ORDERS)
    assert [each.said for each in plan.filters] == said
    assert kept_rows(plan.question, plan.filters) == rows


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("total amount without the region North", [1, 3]),
        ("total amount except Meier and Weber", [1]),
    ],
)
def test_what_is_left_out(question: str, rows: list[int]) -> None:
    plan = plan_of(question, ORDERS)
    assert all(each.negated for each in plan.filters)
    assert kept_rows(plan.question, plan.filters) == rows


def test_what_is_not_so_is_what_says_no() -> None:
    plan = plan_of("how many rows are not paid", ORDERS)
    assert [each.said for each in plan.filters] == ["paid no"]
    assert kept_rows(plan.question, plan.filters) == [1, 3]


MEMBERS = sheet("name,team,paid\nAnna,Blue,yes\nOtto,Blue,no\nKim,Blue,\nIda,Red,no\nPia,Red,\n")


@pytest.mark.parametrize(
    ("question", "said", "rows"),
    [
        ("how many have paid", ["paid yes"], [0]),
        ("how many have not paid", ["paid no (2 empty)"], [1, 3]),
        ("how many in Red haven't paid", ["team “Red”", "paid no (2 empty)"], [3]),
    ],
)
def test_those_of_whom_nothing_is_said_are_told(question: str, said: list[str], rows: list[int]) -> None:
    plan = plan_of(question, MEMBERS)
    assert [each.said for each in plan.filters] == said
    assert kept_rows(plan.question, plan.filters) == rows


def test_where_no_cell_says_no_all_others_are_left() -> None:
    plan = plan_of("who has not paid", sheet("name,paid\nAnna,yes\nKim,\n"))
    assert [(each.said, each.negated) for each in plan.filters] == [("paid yes", True)]
    assert kept_rows(plan.question, plan.filters) == [1]


def test_an_empty_cell_is_neither_yes_nor_no_and_is_told() -> None:
    plan = plan_of("who has not paid", sheet("name,paid\nAnna,yes\nOtto,no\nKim,\n"))
    assert [each.said for each in plan.filters] == ["paid no (1 empty)"]
    assert kept_rows(plan.question, plan.filters) == [1]


def test_missing_cells() -> None:
    members = sheet("name,phone,fee\nAnna,12 34,5\nOtto,,7\n")
    plan = plan_of("who has no phone", members)
    assert [(each.said, sorted(each.rows)) for each in plan.filters] == [("no phone", [1])]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            "total amount of Meier or amount over 100",
            "“or” between customer “Meier” and amount over 100 is not clear; ask for one at a time" + COLUMNS,
        ),
        ("total amount of Meier Weber", "customer “Meier” and “Weber” cannot both be the customer" + COLUMNS),
    ],
)
def test_what_is_not_clear(question: str, sentence: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        plan_of(question, ORDERS)
    assert str(caught.value) == sentence


def test_a_value_of_two_columns() -> None:
    moves = sheet("from,to,weight\nBonn,Ulm,5\nUlm,Bonn,7\n")
    assert [each.column.name for each in plan_of("total weight with to Bonn", moves).filters] == ["to"]
    with pytest.raises(ToolInputError) as caught:
        plan_of("total weight with Bonn", moves)
    assert str(caught.value).startswith("“Bonn” stands in more than one column, “from” and “to”; say which is meant")
