"""What a question about a table asks for, put together from its words."""

from __future__ import annotations

import pytest
from order_table import COLUMNS, ORDERS

from prefrontal.errors import ToolInputError
from prefrontal.tools.table_plan import Plan, plan_of


def names(columns: list) -> list[str]:
    return [column.name for column in columns]


@pytest.mark.parametrize(
    ("question", "ops", "measures", "group"),
    [
        ("What is the average amount per region?", {"mean"}, ["amount"], "region"),
        ("total amount for each customer", {"sum"}, ["amount"], "customer"),
        ("amount per month", set(), ["amount"], "date"),
        ("how many rows are there", {"howmany"}, [], None),
    ],
)
def test_operations_and_groups(question: str, ops: set[str], measures: list[str], group: str | None) -> None:
    plan = plan_of(question, ORDERS)
    assert (plan.ops, names(plan.measures)) == (ops, measures)
    assert (plan.group.name if plan.group else None) == group


def test_periods_rounding_and_what_is_counted() -> None:
    assert plan_of("amount per month", ORDERS).period == "M"
    assert plan_of("average amount rounded to one decimal", ORDERS).places == 1
    counted = plan_of("how many different customers", ORDERS).counted
    assert counted is not None
    assert counted.name == "customer"


def test_superlatives() -> None:
    most = plan_of("the customer with the highest amount", ORDERS)
    assert (most.way, names(most.measures), names(most.targets)) == ("max", ["amount"], ["customer"])
    top = plan_of("the top 2 by amount", ORDERS)
    assert (top.way, top.top, top.by_phrase) == ("max", 2, True)
    second = plan_of("the second highest amount", ORDERS)
    assert (second.nth, second.top) == (2, 0)


@pytest.mark.parametrize(
    ("question", "column"),
    [
        ("customers sorted by amount", "amount"),
        ("sort the customers by amount", "amount"),
        ("sort the rows by amount", "amount"),
        ("list the amounts sorted by date", "date"),
    ],
)
def test_the_column_to_sort_by(question: str, column: str) -> None:
    plan: Plan = plan_of(question, ORDERS)
    assert plan.sort is not None
    assert plan.sort.name == column


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("total weight", "“weight” could not be placed: no column, no cell and no operation is called so"),
        (
            "the biggest and smallest amount",
            "“biggest” and “smallest” cannot both be answered at once; ask one after the other",
        ),
        ("sort them", "by which column “sort” is meant could not be told"),
        ("total amount by amount of nonsense", "“nonsense” could not be placed: no column, no cell and no operation is "
         "called so"),
    ],
)  # fmt: skip
def test_what_has_no_place(question: str, sentence: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        plan_of(question, ORDERS)
    assert str(caught.value) == sentence + COLUMNS
