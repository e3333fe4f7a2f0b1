"""Reckoning with dates, and the sentence that says what came out."""

from __future__ import annotations

from datetime import date

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.date_asks import Ask
from prefrontal.tools.date_sums import (
    Result,
    added,
    age,
    between,
    counted,
    day_of_year,
    full_name,
    leap_year,
    week,
    weekday,
)
from prefrontal.tools.date_words import Span

TODAY = date(2026, 11, 26)
MAY, JUNE = date(2027, 5, 3), date(2027, 6, 5)


def test_names() -> None:
    assert full_name(MAY) == "Monday, 3 May 2027"
    assert [counted(1, "days"), counted(1234, "days")] == ["1 day", "1,234 days"]


@pytest.mark.parametrize(
    ("ask", "answer", "value"),
    [
        (
            Ask("between", ("days",)),
            "From Monday, 3 May 2027 to Saturday, 5 June 2027 it is 33 days (34 when both days are counted).",
            33,
        ),
        (
            Ask("between", inclusive=True),
            "From Monday, 3 May 2027 to Saturday, 5 June 2027 it is 34 days (both days counted).",
            34,
        ),
        (
            Ask("between", ("weeks",)),
            "From Monday, 3 May 2027 to Saturday, 5 June 2027 it is 4 weeks and 5 days (33 days).",
            4.71,
        ),
        (
            Ask("between", ("weeks",), whole=True),
            "From Monday, 3 May 2027 to Saturday, 5 June 2027 it is 4 weeks and 5 days (33 days).",
            4,
        ),
        (
            Ask("between", ("months",)),
            "From Monday, 3 May 2027 to Saturday, 5 June 2027 it is 1 month and 2 days (33 days).",
            1,
        ),
        (
            Ask("between", working=True),
            "From Monday, 3 May 2027 to Saturday, 5 June 2027 it is 24 working days (the first day not counted, the "
            "last one counted). Working days are Monday to Friday; public holidays are not known here.",
            24,
        ),
    ],
)
def test_between_two_days(ask: Ask, answer: str, value: float) -> None:
    result = between([JUNE, MAY], ask, TODAY)
    assert (result.answer, result.value) == (answer, value)


def test_a_span_before_or_after_a_day() -> None:
    month = added(date(2027, 1, 31), [Span("1 month", (("months", 1),))], Ask("sum", signs=(1,)))
    assert month == Result(
        "1 month after Sunday, 31 January 2027, it is Sunday, 28 February 2027. February 2027 has only 28 days: its "
        "last one was taken.",
        "2027-02-28",
        "date",
    )
    working = added(MAY, [Span("3 working days", (("working days", 3),))], Ask("sum", signs=(-1,)))
    assert working.value == "2027-04-28"
    assert working.answer.endswith("Working days are Monday to Friday; public holidays are not known here.")


def test_ages_weeks_and_years() -> None:
    assert age([date(1959, 5, 3), date(2027, 6, 3)], Ask("age"), TODAY).answer == (
        "Somebody born on 3 May 1959 is 68 years old on Thursday, 3 June 2027 (68 years and 1 month)."
    )
    assert week([date(2027, 1, 1)], Ask("week"), TODAY).answer == (
        "Friday, 1 January 2027 lies in ISO week 53 of 2026 (28 December 2026 to 3 January 2027)."
    )
    assert day_of_year([date(2028, 12, 31)], Ask("day of the year"), TODAY).value == 366
    assert leap_year(2100) == Result("2100 is no leap year: 29 February 2100 does not exist.", False, "leap year")


def test_a_claim_is_answered() -> None:
    assert weekday([date(2027, 2, 14)], Ask("weekday", claimed=(0,)), TODAY).answer == (
        "No, 14 February 2027 is a Sunday, not a Monday."
    )
    assert weekday([date(2026, 11, 1)], Ask("weekday", claimed=(6,)), TODAY).answer == (
        "Yes, 1 November 2026 was a Sunday."
    )


def test_the_calendar_has_an_end() -> None:
    with pytest.raises(ToolInputError) as caught:
        added(date(9999, 1, 1), [Span("2 years", (("years", 2),))], Ask("sum", signs=(1,)))
    assert str(caught.value) == "2 years from 1 January 9999 lies outside of the years 1 to 9999"
