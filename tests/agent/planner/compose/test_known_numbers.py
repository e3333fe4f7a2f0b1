"""Sums over numbers that came before, or that files hold: what is known is said in front of the goal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from benches import MEMO, PHOTO, SECOND_MEMO, TABLE, asked, bench

from prefrontal.agent.planner.compose import known_numbers
from prefrontal.agent.planner.compose.bench import Before, Result
from prefrontal.agent.planner.compose.known_numbers import known_sum
from prefrontal.agent.planner.parse.arithmetic.story_reader import StoryReading
from prefrontal.agent.planner.plan_step import node

COINS = Result("number", value=24, thing="coins")
HEARD = Result("text", value="sixty three")
COUNT = asked("count_things", "how much", thing="coins")
Reads = Callable[..., list[str]]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Puts a reading in place of the learnt reader's, for texts with this in them; what is read comes into the list."""

    def say(expression: str, sure: float = 0.95, only: str = "") -> list[str]:
        texts: list[str] = []

        def read(text: str) -> StoryReading | None:
            texts.append(text)
            return StoryReading(expression, "plain", sure) if only in text else None

        monkeypatch.setattr(known_numbers, "read_story", read)
        return texts

    return say


def test_the_number_of_the_turn_before_is_said_first(reads: Reads) -> None:
    texts = reads("24 * 10")
    plan = known_sum(bench("every one is worth 10, so how much", before=Before(results=(COINS,))))
    assert texts == ["It is 24 coins. every one is worth 10, so how much"]
    assert plan is not None
    assert [step.arguments for step in plan.steps] == [{"expression": "24 * 10"}]


def test_both_of_two_numbers_where_the_goal_speaks_of_them(reads: Reads) -> None:
    texts = reads("24 * 63")
    plan = known_sum(bench("multiply both", before=Before(results=(COINS, HEARD))))
    assert texts == ["It is 24 coins. It is 63. multiply both"]
    assert plan is not None
    assert plan.steps[0].arguments == {"expression": "24 * 63"}


def test_of_a_recording_the_number_is_heard_first(reads: Reads) -> None:
    texts = reads("37 * 2.35")
    plan = known_sum(bench("a hinge costs 2.35, what do I have to offer him", files=(MEMO,)))
    assert texts == ["The recording says 37. a hinge costs 2.35, what do I have to offer him"]
    assert plan is not None
    assert [step.task for step in plan.steps] == ["automatic-speech-recognition", "calculate"]
    assert plan.steps[1].arguments == {"expression": f"({node(0)}) * 2.35"}


def test_a_recording_and_a_picture_each_give_theirs(reads: Reads) -> None:
    texts = reads("37 + 53")
    plan = known_sum(bench("how much are my number and the coins", COUNT, files=(MEMO, PHOTO)))
    said = "how much are my number and the coins"
    assert texts == [f"The recording says 37. There are 53 coins in the picture. {said}"]
    assert plan is not None
    tasks = [step.task for step in plan.steps]
    assert [task for task in tasks if task != "object-detection"] == [
        "automatic-speech-recognition",
        "count",
        "calculate",
    ]


def test_a_number_before_and_one_that_came_along(reads: Reads) -> None:
    texts = reads("24 + 37")
    plan = known_sum(
        bench("here's Ron's, stick his number on top of that", files=(MEMO,), before=Before(results=(COINS,)))
    )
    assert texts[0].startswith("It is 24 coins. The recording says 37.")
    assert plan is not None


@pytest.mark.parametrize(
    ("expression", "sure", "goal"),
    [
        ("24 * 10", 0.5, "every one is worth 10, so how much"),  # not sure
        ("10 * 5", 0.99, "10 by 5"),  # nothing of what is known
        ("24 * 24", 0.99, "square them"),  # used twice
        ("24 - 30", 0.99, "30 of them went"),  # less than nothing
        ("24 * 10", 0.99, "10 of them in march"),  # a date
    ],
)
def test_what_is_no_one_sum_is_not_read(reads: Reads, expression: str, sure: float, goal: str) -> None:
    reads(expression, sure)
    assert known_sum(bench(goal, before=Before(results=(COINS,)))) is None


def test_nothing_is_known_of_tables_and_of_words(reads: Reads) -> None:
    texts = reads("24 * 10")
    assert known_sum(bench("times 10", files=(TABLE,))) is None
    assert known_sum(bench("times 10", before=Before(results=(Result("text", value="a fox"),)))) is None
    assert known_sum(bench("times 10", files=(MEMO, SECOND_MEMO, PHOTO, TABLE))) is None
    assert texts == []
