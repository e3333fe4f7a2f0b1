"""Arithmetic in words: over the goal's own numbers, over what came before, over what a file holds."""

from __future__ import annotations

import pytest
from benches import MEMO, PHOTO, SECOND_MEMO, SHELF, Asked, asked, calls, planned

from prefrontal.agent.planner.compose.bench import Before, Result
from prefrontal.agent.planner.compose.reckoning import over_unknown
from prefrontal.agent.planner.plan_step import Formula

UNKNOWN = "860481"


@pytest.mark.parametrize(
    ("words", "expression"),
    [
        ("multiply by 3 and take away 2", "(X * 3) - 2"),
        ("and then double it", "2 * X"),
        ("half of that", "1 / 2 * X"),
        ("Take 5 away from that", "X - 5"),
        ("minus 7", "X - 7"),
        ("share it among 4 people", "X / 4"),
        ("what is 20% of that", "X * 20 / 100"),
        ("add twelve to the number spoken", "12 + X"),
        ("by 3", ""),
        ("tell 4 friends about it", ""),
    ],
)
def test_sums_over_a_number_that_is_not_known_yet(words: str, expression: str) -> None:
    assert over_unknown(words).replace(UNKNOWN, "X") == expression


def test_sums_over_an_earlier_result() -> None:
    goal = "Count the coins, multiply by 3 and take away 2."
    wishes = (
        asked("count_things", "Count", thing="coins"),
        asked("calculate", "multiply by 3 and take away 2", source="wish"),
    )
    plan = planned(goal, *wishes, files=[PHOTO])
    assert calls(plan)[-1] == ("calculate", {"expression": "((<node-1>) * 3) - 2"})
    assert [step.asked for step in plan.steps] == [False, True, True]


def test_what_makes_the_number_comes_first() -> None:
    wishes = asked("calculate", "Add 10 to"), asked("transcribe", "the number that is spoken")
    plan = planned("Add 10 to the number that is spoken", *wishes, files=[MEMO])
    assert calls(plan) == [
        ("automatic-speech-recognition", {"audio": "audio-1"}),
        ("calculate", {"expression": "10 + (<node-0>)"}),
    ]


def test_a_number_that_a_file_holds() -> None:
    plan = planned("Add 10 to the number in the recording", asked("calculate", "Add 10 to the number"), files=[MEMO])
    assert [(step.task, step.asked) for step in plan.steps] == [
        ("automatic-speech-recognition", False),
        ("calculate", True),
    ]
    mean = asked("statistic", "average", source="files")
    several = planned("What is the average of the numbers?", mean, files=[MEMO, SECOND_MEMO])
    assert several.steps[-1].arguments == {"expression": Formula("mean", ("<node-0>",))}


@pytest.mark.parametrize(
    ("goal", "wishes", "expressions"),
    [
        ("What is 17 times 23 plus 4?", [asked("calculate", "What is", source="words")], ["17 * 23 + 4"]),
        (
            "What is 15% of 80? And 20% of 50?",
            [
                asked("percent_of", "What is", source="words", percent="15%", number="80"),
                asked("percent_of", "And", source="words", percent="20%", number="50"),
            ],
            ["80 * 15 / 100", "50 * 20 / 100"],
        ),
        (
            "Tom has 3 boxes with 12 pencils in each. He gives away 5. How many pencils are left?",
            [asked("story_problem", "How many", source="words")],
            ["3 * 12 - 5"],
        ),
        (
            "There are 50 eggs and each box holds 6. How many full boxes are there and how many eggs are left over?",
            [asked("story_problem", "How many", source="words")],
            ["floor(50 / 6)", "50 - floor(50 / 6) * 6"],
        ),
    ],
)
def test_sums_and_stories_of_the_goal(goal: str, wishes: list[Asked], expressions: list[str]) -> None:
    assert [arguments["expression"] for _, arguments in calls(planned(goal, *wishes))] == expressions


def test_a_story_tells_its_unit_and_covers_the_whole_goal() -> None:
    goal = "There are 50 eggs and each box holds 6. How many full boxes are there and how many eggs are left over?"
    boxes, eggs = planned(goal, asked("story_problem", "How many", source="words")).steps
    assert (boxes.told, eggs.told) == ("story boxes", "named left over")
    assert (boxes.covers, eggs.covers) == (goal, goal)


HALVE = asked("calculate", "half of that", source="before")


def test_a_number_of_the_turn_before() -> None:
    for value, expression in ((24, "1 / 2 * 24"), ("1,200", "1 / 2 * 1200"), ("twenty-four", "1 / 2 * 24")):
        plan = planned("half of that", HALVE, before=Before(results=(Result("number", value=value),)))
        assert calls(plan) == [("calculate", {"expression": expression})]


@pytest.mark.parametrize(
    ("results", "sentence"),
    [
        (
            (),
            "I could not read “half of that” as a sum in which every number is used once; write it as a sum, such as "
            "17 * 23 + 4.",
        ),
        (
            (Result("text", value="a red fox"),),
            "A number is needed to reckon with, but what came before is 'a red fox'.",
        ),
    ],
)
def test_nothing_to_reckon_with(results: tuple[Result, ...], sentence: str) -> None:
    assert planned("half of that", HALVE, before=Before(results=results)).problem == sentence


def test_one_number_is_needed_where_there_are_several() -> None:
    wishes = asked("read_digit", "Read the digits", source="files"), asked("calculate", "halve that", source="wish")
    plan = planned("Read the digits, then halve that", *wishes, files=[PHOTO, SHELF])
    assert plan.left_out == (
        "“then halve that” needs one number, but there are several; ask for each by itself, or for their total.",
    )


def test_a_story_that_cannot_be_read() -> None:
    plan = planned("The dog ran. How many are left?", asked("story_problem", "How many", source="words"))
    assert plan.problem == (
        "I could not work this story out in a way that uses each of its numbers once; write it as a sum, such as "
        "3 * 12 - 5."
    )
