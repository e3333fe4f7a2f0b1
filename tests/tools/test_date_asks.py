"""What a question asks about its dates, and what it must not hold."""

from __future__ import annotations

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.date_asks import Ask, from_today, refuse_by_name, understand
from prefrontal.tools.date_words import read


@pytest.mark.parametrize(
    ("question", "ask"),
    [
        ("Which weekday is 14 Feb 2027?", Ask("weekday", found="which weekday")),
        ("What date is 90 days after 3 May?", Ask("sum", signs=(1,), found="what date")),
        ("What date is 90 days before 3 May?", Ask("sum", signs=(-1,), found="what date")),
        (
            "How many weeks and days between 3 May and 5 June?",
            Ask("between", ("weeks", "days"), found="how many weeks and days"),
        ),
        ("How many full weeks until 3 May?", Ask("between", ("weeks",), whole=True, found="how many full weeks")),
        ("Is 14 Feb 2027 a Sunday?", Ask("weekday", claimed=(6,), claims=True)),
        ("Is 2028 a leap year?", Ask("leap year", found="leap year")),
        ("Which week is 3 May 2027?", Ask("week", found="which week")),
    ],
)
def test_what_is_asked(question: str, ask: Ask) -> None:
    assert understand(read(question)) == ask


def test_how_days_are_counted() -> None:
    ask = understand(read("How many working days from 3 May to 5 June, both included?"))
    assert (ask.kind, ask.working, ask.inclusive) == ("between", True, True)
    assert understand(read("How many days from 3 May to 5 June without weekends?")).working


@pytest.mark.parametrize(
    ("question", "way"),
    [("how many days until 3 May", 1), ("how many days since 3 May", -1), ("which day is 3 May", 0)],
)
def test_the_way_from_today(question: str, way: int) -> None:
    assert from_today(read(question)) == way


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Is it due at 5 pm?", "'5 pm' is not answered: times of day and hours are not reckoned with here"),
        (
            "How long until Easter?",
            "'easter' is not answered: holidays and feasts are not known here; write their date instead",
        ),
        ("How many Mondays?", "'how many mondays' is not answered: weekdays of one name are not counted here"),
        ("Sort the dates", "'sort' is not answered: dates are not compared or sorted here"),
    ],
)
def test_what_is_refused_by_name(question: str, sentence: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        refuse_by_name(question)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            "Which weekday is 3 May and how many days until 5 May?",
            "several things are asked at once: between and weekday; ask for one of them",
        ),
        (
            "How many days until 3 May except Fridays?",
            "'except' is not understood here, except of weekends; ask without it",
        ),
        (
            "Hello there",
            "nothing is asked that is known here: ask for a weekday, a date some days before or after another, the "
            "days between two dates, an age, a week, the day of the year or a leap year",
        ),
    ],
)
def test_what_is_not_one_ask(question: str, sentence: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        understand(read(question))
    assert str(caught.value) == sentence
