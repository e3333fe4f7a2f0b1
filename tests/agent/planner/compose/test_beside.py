"""Results beside each other: which is more, whether it is enough, the total, the difference."""

from __future__ import annotations

import pytest
from benches import MEMO, PHOTO, SECOND_MEMO, SHELF, asked, calls, planned

from prefrontal.agent.planner.compose.bench import Before, Result
from prefrontal.agent.planner.compose.draft import File
from prefrontal.agent.planner.plan_step import Formula

SILL = File("image-3", "image", "sill.png", 1.3)
BOTH = ["desk.png", "shelf.png"]


@pytest.mark.parametrize(
    ("goal", "words", "how", "subject"),
    [
        ("Which photo has more coins?", "more", "more", None),
        ("Which photo has the fewest coins?", "fewest", "fewer", None),
        ("How many more coins are in the first photo than in the second?", "How many more", "difference", None),
        ("Are there as many coins in both photos?", "as many", "same", 1),
        ("Are there more coins in the second photo than in the first?", "more", "more", 2),
        ("Has desk.png fewer coins than shelf.png?", "fewer", "fewer", 1),
        ("Has shelf.png fewer coins than desk.png?", "fewer", "fewer", 2),
        ("Are there more coins in the first or in the second photo?", "more", "more", None),
    ],
)
def test_two_files_are_compared(goal: str, words: str, how: str, subject: int | None) -> None:
    find, count, told = planned(
        goal, asked("compare", words, source="files", thing="coins"), files=[PHOTO, SHELF]
    ).steps
    assert (find.arguments, count.each) == ({"image": ["image-1", "image-2"]}, "items")
    wanted = {"numbers": "<node-1>", "how": how, "names": BOTH}
    assert (told.task, told.arguments) == (
        "compare-numbers",
        wanted if subject is None else {**wanted, "subject": subject},
    )


@pytest.mark.parametrize(
    ("goal", "names", "subject"),
    [
        ("Are there more coins in the third photo than in the first photo?", ["desk.png", "sill.png"], 2),
        ("Are there more coins in the second photo than in the first photo?", BOTH, 2),
    ],
)
def test_two_of_three_files_are_compared(goal: str, names: list[str], subject: int) -> None:
    plan = planned(goal, asked("compare", "more", source="files", thing="coins"), files=[PHOTO, SHELF, SILL])
    told = plan.steps[-1].arguments
    assert (told["names"], told["subject"]) == (names, subject)


@pytest.mark.parametrize(
    ("goal", "words", "how"),
    [
        ("Are there at least twenty coins?", "at least twenty", ">= 20"),
        ("Are there more than 1,000 coins?", "more than 1,000", "> 1000"),
        ("Are there no more than 5 coins?", "no more than 5", "<= 5"),
        ("Are there exactly 7 coins?", "exactly 7", "== 7"),
    ],
)
def test_a_bound(goal: str, words: str, how: str) -> None:
    plan = planned(goal, asked("compare", words, thing="coins"), files=[PHOTO])
    assert calls(plan)[-1] == ("compare-numbers", {"numbers": "<node-1>", "how": how, "names": ["desk.png"]})


def test_the_halves_of_a_picture_are_counted_each() -> None:
    goal = "Are there more coins in the left half or in the right half?"
    plan = planned(goal, asked("compare", "more", thing="coins"), files=[PHOTO])
    wanted = {"numbers": ["<node-2>", "<node-4>"], "how": "more", "names": ["left half", "right half"]}
    assert calls(plan) == [
        ("object-detection", {"image": "image-1"}),
        ("filter-boxes", {"boxes": "<node-0>", "keep": "left half", "image": "image-1"}),
        ("count", {"items": "<node-1>", "label": "coins"}),
        ("filter-boxes", {"boxes": "<node-0>", "keep": "right half", "image": "image-1"}),
        ("count", {"items": "<node-3>", "label": "coins"}),
        ("compare-numbers", wanted),
    ]


def test_what_is_compared_in_the_same_breath_is_not_told_twice() -> None:
    goal = "How many coins are there, and are there more than 20?"
    wishes = asked("count_things", "How many", thing="coins"), asked("compare", "more than 20", source="wish")
    assert [step.asked for step in planned(goal, *wishes, files=[PHOTO]).steps] == [False, False, True]


@pytest.mark.parametrize(
    ("goal", "words", "files", "sentence"),
    [
        (
            "Compare the coins in both photos",
            "Compare",
            [PHOTO, SHELF],
            "I could count the coins, but “Compare the coins in both photos” does not ask how many there are.",
        ),
        (
            "Which photo has more coins?",
            "more",
            [PHOTO],
            "To compare I need two numbers, and found one for “Which photo has more coins”; pass two files.",
        ),
        (
            "Which has more coins?",
            "more",
            [],
            "To compare I need two numbers, and found none for “Which has more coins”; pass two files.",
        ),
    ],
)
def test_what_cannot_be_compared(goal: str, words: str, files: list[File], sentence: str) -> None:
    assert planned(goal, asked("compare", words, source="files", thing="coins"), files=files).problem == sentence


def test_numbers_of_the_goal_are_compared_at_once() -> None:
    plan = planned("Which is bigger, 7/9 or 0.77?", asked("compare", "Which is bigger", source="words"))
    assert (plan.steps, plan.replies) == ((), ("7/9 is bigger: 0.7778 against 0.77",))


def test_totals() -> None:
    goal = "Read the digits and add them up"
    wishes = asked("read_digit", "Read the digits", source="files"), asked("total", "add them up", source="wish")
    plan = planned(goal, *wishes, files=[PHOTO, SHELF])
    assert plan.steps[-1].arguments == {"expression": Formula("+", ("<node-0>",))}
    heard = planned("Add up what is said", asked("total", "Add up", source="files"), files=[MEMO, SECOND_MEMO])
    assert [step.task for step in heard.steps] == ["automatic-speech-recognition", "calculate"]
    before = Before(results=(Result("number", value=24), Result("number", value=9)))
    both = planned("Add them together", asked("total", "Add them together", source="before"), before=before)
    assert both.steps[0].arguments == {"expression": Formula("+", ("24", "9"))}


def test_a_difference() -> None:
    goal = "What is the difference between the coins in both?"
    plan = planned(goal, asked("difference", "difference", source="files", thing="coins"), files=[PHOTO, SHELF])
    assert plan.steps[-1].arguments == {"numbers": "<node-1>", "how": "difference", "names": BOTH}
