"""What a story asks for."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.arithmetic.story_parts import parts_of
from prefrontal.agent.planner.parse.arithmetic.story_questions import question_of


@pytest.mark.parametrize(
    ("goal", "unit", "kind"),
    [
        ("I had 9 red pens and lost 2, how many pens are left?", "pen", "left"),
        ("3 books at 5 each, what do I pay?", "money", "cost"),
        ("I pay with a 20 for 3 books at 5 each. Change?", "money", "change"),
        ("240 km in 3 hours, how fast?", "", "speed"),
        ("300 g of rice for 4 people. How much rice for 10?", "g", "plain"),
        ("90 cookies, 12 per bag. Full bags and left over?", "bag", "over"),
    ],
)
def test_questions(goal: str, unit: str, kind: str) -> None:
    parts = parts_of(goal)
    assert parts
    question = question_of(parts)
    assert (question.unit, question.kind) == (unit, kind)
