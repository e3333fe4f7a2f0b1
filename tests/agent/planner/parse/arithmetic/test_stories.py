"""Story problems: right, or refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prefrontal.agent.planner.parse.arithmetic.stories import Story, story
from prefrontal.tools.arithmetic import calculate

ROWS = [
    row
    for line in (Path(__file__).parent / "sums_in_words.jsonl").read_text(encoding="utf-8").splitlines()
    if (row := json.loads(line))["kind"] == "story"
]


def values_of(goal: str) -> list[object]:
    """What a story comes to, with what is left over, where that is asked, too; nothing when it is refused."""
    read = story(goal)
    return [calculate(part) for part in (read.expression, read.remainder) if part] if read else []


def test_stories_come_to_what_is_right_or_to_nothing() -> None:
    """None is wrong, and no more than a fifth of those that can be solved are refused."""
    expected = {row["goal"]: row["value"] if isinstance(row["value"], list) else [row["value"]] for row in ROWS}
    got = {goal: values_of(goal) for goal in expected}
    assert {goal: made for goal, made in got.items() if made and made != pytest.approx(expected[goal])} == {}
    solvable = [goal for goal, value in expected.items() if value != [None]]
    refused = [goal for goal in solvable if not got[goal]]
    assert len(refused) <= 0.2 * len(solvable), refused


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        (
            "had 5 crates with 24 records in each. sold 37, threw 8 away. how many are left?",
            Story("5 * 24 - 37 - 8", "records", "5 × 24 − 37 − 8 records"),
        ),
        ("118 people, a bus takes 48, how many buses?", Story("ceil(118 / 48)", "buses", "ceil(118 ÷ 48) buses")),
        (
            "45 m of rope cut into 6 m lengths: how many full lengths and how much is left over",
            Story(
                "floor(45 / 6)",
                "lengths",
                "floor(45 ÷ 6) lengths, and 45 − floor(45 ÷ 6) × 6 left over",
                "45 - floor(45 / 6) * 6",
            ),
        ),
        ("drove 240 km in 3 hours, avg speed?", Story("240 / 3", "km/h", "240 ÷ 3 km/h")),
    ],
)
def test_how_a_story_was_read(goal: str, expected: Story) -> None:
    assert story(goal) == expected


@pytest.mark.parametrize(
    "goal",
    [
        "",
        "20% off $59.90",
        "Count the apples in basket.jpg",
        "had 20 apples, ate 5 dollars and 3 euros. how many are left?",
        "4 painters need 6 days to paint a house. How many days do 8 painters need?",
        "Anna has 12 pencils, 4 of which are red. Ben has 7. How many red pencils do they have together?",
        "A farmer had 17 sheep. All but 9 ran away. How many are left?",
    ],
)
def test_what_has_no_certain_reading_is_refused(goal: str) -> None:
    assert story(goal) is None
