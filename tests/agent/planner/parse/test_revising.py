"""A goal that is the one before with another number."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.revising import revised


@pytest.mark.parametrize(
    ("before", "goal", "made"),
    [
        ("write 46 in French words", "and 52", "write 52 in French words"),
        ("write 46 in French words", "now 98, no, sorry, 89", "write 89 in French words"),
        (
            "A tank loses 3 litres a day. How much in 5 days?",
            "and in 9 days?",
            "A tank loses 3 litres a day. How much in 9 days?",
        ),
        ("split 81 evenly between 3 of us", "actually make it 9 people", "split 81 evenly between 9 of us"),
        ("take 12 and 30 from 99", "and 13 instead of 12?", "take 13 and 30 from 99"),
    ],
)
def test_the_number_that_is_different_now(before: str, goal: str, made: str) -> None:
    assert revised(before, goal) == made


@pytest.mark.parametrize(
    ("before", "goal"),
    [
        ("take 12 and 30 from 99", "and 7?"),  # which of them it replaces is not said
        ("take 12 and 30 from 99", "and 7 instead of 8?"),
        ("write 46 in French words", "and in figures"),
        ("write 46 in French words", "we are 52 people today"),
        ("count the words", "and 52"),
        ("", "and 52"),
    ],
)
def test_what_cannot_be_told_is_no_revision(before: str, goal: str) -> None:
    assert revised(before, goal) == ""
