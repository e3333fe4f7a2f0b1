"""Arithmetic in words: what it comes to, and what is not taken for arithmetic."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.sums import expression_of
from prefrontal.tools.arithmetic import calculate


@pytest.mark.parametrize(
    ("goal", "value"),
    [
        ("25% off £80", 60),
        ("what's 12 percent of 350?", 42),
        ("Increase 80 by 25%", 100),
        ("40 is what percent of 160?", 25),
        ("20 - 5%", 19),
        ("half of 250, please", 125),
        ("three quarters of 60", 45),
        ("take 15 away from 60", 45),
        ("split 90 between 4 friends", 22.5),
        ("sqrt of 144 plus 2^10", 1036),
        ("17 times 23, minus 4", 387),
        ("100 minus 20, times 2", 160),
        ("twenty plus two times three", 26),
        ("`((3^2 + 1) * 2) / sqrt(16)`, just the result", 5),
        ("the average of 12, 15 and 18", 15),
        ("median of 9, 3 and 4", 4),
        ("which is the biggest of 3, 11 and 7?", 11),
        ("10 / 3 rounded to 2 decimals", 3.33),
        ("1300 divided by 7, rounded to the nearest whole number", 186),
    ],
)
def test_what_it_comes_to(goal: str, value: float) -> None:
    assert calculate(expression_of(goal)) == pytest.approx(value)


@pytest.mark.parametrize(
    ("goal", "value"),
    [
        ("1.250,50 + 2", 1252.5),
        ("1,250.50 + 2", 1252.5),
        ("1,250 + 2", 1252),
        ("2,5 + 1", 3.5),
        ("1.000 + 2,5", 1002.5),
    ],
)
def test_both_ways_to_write_numbers(goal: str, value: float) -> None:
    assert calculate(expression_of(goal)) == pytest.approx(value)


@pytest.mark.parametrize(
    "goal",
    [
        "What is 8?",
        "Who won the 2010-2011 season?",
        "5 apples and 3 pears",
        "A shirt of 40 is reduced by 25%, and then I pay with a 50",
        "17 times 23 in French",
        "20% off $59.90 for members, else 10%",
        "count to 10 plus 5 seconds later",
        "",
        "Write a poem",
    ],
)
def test_anything_besides_is_not_taken_for_arithmetic(goal: str) -> None:
    assert expression_of(goal) == ""
