"""Two cells of one column set against each other."""

from __future__ import annotations

import pandas as pd
import pytest

from prefrontal.tools.table_versus import versus
from prefrontal.tools.tables import ask_table

SHOP = pd.DataFrame(
    {
        "Date": pd.to_datetime(["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"]),
        "Kind": ["Bread", "Drinks", "Bread", "Cheese"],
        "Amount": [12.0, 40.0, 20.0, 5.0],
    }
)
GOODS = pd.DataFrame({"Item": ["Butter", "Jam", "Honey"], "Stock": [12, 7, 3], "Price": [2.9, 2.65, 5.75]})


@pytest.mark.parametrize(
    ("table", "text", "value"),
    [
        (SHOP, "bread v drinks, which took in more money", "Drinks"),
        (SHOP, "Which has the lower amount, drinks or bread?", "Bread"),
        (SHOP, "bread vs. cheese: which took in less?", "Cheese"),
        (GOODS, "which costs more, butter or jam", "Butter"),
    ],
)
def test_the_question_that_the_table_answers(table: pd.DataFrame, text: str, value: str) -> None:
    found = versus(table, text)
    assert found is not None
    assert ask_table(table, found.which)["value"] == value
    assert [ask_table(table, one)["value"] for one in found.each] != []


def test_the_question_for_each() -> None:
    found = versus(SHOP, "bread or drinks, which took in more money")
    assert found is not None
    assert (found.cells, found.more) == (("bread", "drinks"), True)
    assert [ask_table(SHOP, one)["value"] for one in found.each] == [32, 40]


@pytest.mark.parametrize(
    ("table", "text"),
    [
        (SHOP, "how much did bread and drinks take in"),  # nothing is compared
        (SHOP, "which took in more, bread"),  # one cell
        (SHOP, "bread or drinks, is either more than 30?"),  # a bound
        (GOODS, "which has more, butter or jam"),  # more of what?
        (SHOP, "which took in more in March, bread or drinks"),
    ],
)
def test_what_is_no_such_question(table: pd.DataFrame, text: str) -> None:
    assert versus(table, text) is None


@pytest.mark.parametrize(
    ("table", "question", "value"),
    [
        (GOODS, "which item are we lowest on", "Honey"),
        (GOODS, "what have we got most of", "Butter"),
        (SHOP, "how many days have an amount over 10", 3),
        (SHOP, "on how many days did we take at least 20 amount", 2),
    ],
)
def test_what_runs_low_and_rows_that_are_days(table: pd.DataFrame, question: str, value: object) -> None:
    assert ask_table(table, question)["value"] == value


def test_a_column_that_is_named_comes_before_a_kind_of_column() -> None:
    bills = pd.DataFrame({"Month": ["Jan", "Feb"], "rent": [700, 700], "food": [210, 190]})
    assert ask_table(bills, "what did I spend on food all together")["value"] == 400
