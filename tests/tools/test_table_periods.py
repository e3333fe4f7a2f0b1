"""Days, months, years and weekdays in a question, and which days of a column they are."""

from __future__ import annotations

from datetime import date

import pytest
from order_table import ORDERS, sheet

from prefrontal.errors import ToolInputError
from prefrontal.tools.table_periods import Period
from prefrontal.tools.table_plan import plan_of


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (Period(2026, 2), "2026-02-01", "2026-02-28"),
        (Period(2024, 2), "2024-02-01", "2024-02-29"),
        (Period(2026, quarter=3), "2026-07-01", "2026-09-30"),
        (Period(2026), "2026-01-01", "2026-12-31"),
        (Period(2026, 3, 5), "2026-03-05", "2026-03-05"),
    ],
)
def test_the_ends_of_a_period(period: Period, first: str, last: str) -> None:
    assert (period.first().isoformat(), period.last().isoformat()) == (first, last)
    assert period.holds(period.first())
    assert period.holds(period.last())


def test_weekdays_hold_whatever_the_date() -> None:
    sundays = Period(weekdays=(6,))
    assert [sundays.holds(date(2026, 3, day)) for day in (1, 2, 8)] == [True, False, True]
    assert [period.is_named for period in (sundays, Period(2026), Period(month=3))] == [False, False, True]


@pytest.mark.parametrize(
    ("question", "said", "rows"),
    [
        ("total amount in March", "in March", [0, 1]),
        ("total amount on 5 March 2026", "on 5 March 2026", [1]),
        ("total amount on Sundays", "on Sundays", [0, 3]),
        ("total amount in Q2 2026", "in Q2 2026", [2, 3]),
        ("total amount after 4 March", "after 4 March", [1, 2, 3]),
        ("total amount before April", "before April", [0, 1]),
        ("total amount between 2 and 8 March 2026", "from 2 to 8 March 2026", [1]),
        ("total amount from March to April", "from March to April", [0, 1, 2, 3]),
    ],
)
def test_the_days_of_a_column(question: str, said: str, rows: list[int]) -> None:
    (made,) = plan_of(question, ORDERS).filters
    assert (made.column.name, made.said, sorted(made.rows)) == ("date", said, rows)


def test_a_month_of_several_years_is_refused() -> None:
    years = sheet("date,amount\n2025-03-01,5\n2026-03-01,7\n")
    with pytest.raises(ToolInputError) as caught:
        plan_of("total amount in March", years)
    assert str(caught.value).startswith(
        "the dates of “date” are of several years (2025, 2026); say which year is meant."
    )


def test_two_columns_of_dates_are_refused_and_told_apart() -> None:
    jobs = sheet("ordered,shipped,amount\n2026-03-01,2026-04-01,5\n2026-04-02,2026-05-01,7\n")
    assert [each.column.name for each in plan_of("total amount shipped in April", jobs).filters] == ["shipped"]
    with pytest.raises(ToolInputError) as caught:
        plan_of("total amount in April", jobs)
    assert str(caught.value).startswith("more than one column has dates, “ordered” and “shipped”; say which is meant.")
