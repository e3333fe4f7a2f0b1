"""Gains and losses, and whose they are."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.arithmetic.stories import story


@pytest.mark.parametrize(
    ("goal", "expression"),
    [
        ("I had 20 apples, my brother ate 5. How many are left?", "20 - 5"),
        ("I had 20 apples, my brother ate 5 and bought 3 for himself. How many are left?", ""),
        ("Tom has 12 sweets. He gives 3 to Anna. How many sweets does Anna have?", ""),
        ("Tom has 12 sweets. He gives 3 to Anna. How many sweets does Tom have left?", "12 - 3"),
        ("A book has 200 pages. I read 35, then 40. How many pages are left?", "200 - 35 - 40"),
        ("There are 48 kids, 20 dance. How many are left?", ""),
        ("Tom has 5 apples and Lisa has 3 apples. How many apples do they have together?", "5 + 3"),
        ("Tom has 5 apples. Lisa has 3 apples. How many apples does Tom have?", ""),
    ],
)
def test_flowing(goal: str, expression: str) -> None:
    read = story(goal)
    assert (read.expression if read else "") == expression
