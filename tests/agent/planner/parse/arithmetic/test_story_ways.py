"""Quantities put together by their units."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.arithmetic.stories import story


@pytest.mark.parametrize(
    ("goal", "expression"),
    [
        ("each of 4 people drinks 1.5 L a day, we have 20 L; left after 2 days?", "20 - 4 * 1.5 * 2"),
        ("bought 24 bags at 6.45 with 15 percent off, what does it make", "(24 * 6.45) * (1 - 15 / 100)"),
        ("6 eggs cost 2.40, what do 10 cost", "2.40 / 6 * 10"),
        ("36 muffins, each box holds 8. How many full boxes?", "floor(36 / 8)"),
        ("36 muffins, each box holds 8. How many boxes are needed?", "ceil(36 / 8)"),
        ("72 sweets shared equally among 8 children. How many each?", "72 / 8"),
        ("73 sweets shared equally among 8 children. How many each?", ""),
        ("2 kg apples cost 5, what do 3 kg pears cost", ""),
    ],
)
def test_by_units(goal: str, expression: str) -> None:
    read = story(goal)
    assert (read.expression if read else "") == expression
