"""Two who are compared."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.arithmetic.stories import story


@pytest.mark.parametrize(
    ("goal", "expression"),
    [
        ("Emma has three times as many stickers as Paul, together 48; how many has Emma?", "48 / (3 + 1) * 3"),
        ("Emma has three times as many stickers as Paul, together 48; how many has Paul?", "48 / (3 + 1)"),
        ("Tom is 7 years older than Lisa. Lisa is 15. How old is Tom?", "15 + 7"),
        ("Tom is 7 years older than Lisa. Tom is 15. How old is Lisa?", "15 - 7"),
        ("Lisa is 12. How old will she be in 5 years?", "12 + 5"),
        ("Tom is older than Lisa. Lisa is 15. How old is Tom?", ""),
        ("Tom is 7 years older than Lisa. Ben is 15. How old is Tom?", ""),
    ],
)
def test_comparing(goal: str, expression: str) -> None:
    read = story(goal)
    assert (read.expression if read else "") == expression
