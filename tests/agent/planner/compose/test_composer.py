"""From wishes to a plan: what cannot be done is told beside what can, and what is not wanted stays undone."""

from __future__ import annotations

import pytest
from benches import MEMO, PAGE, PHOTO, SHELF, asked, calls, planned

COUNT = asked("count_things", "Count", thing="coins")


def test_what_cannot_be_done_stands_beside_what_can() -> None:
    goal = "Count the coins, book a flight and book a flight"
    flights = [asked("unserved", "book a flight", source="wish")] * 2
    plan = planned(goal, COUNT, *flights, files=[PHOTO])
    assert [task for task, _ in calls(plan)] == ["object-detection", "count"]
    assert plan.problem == ""
    assert plan.left_out == ("Nothing here can do “book a flight”; ask what I can do for what there is.",)


def test_a_wish_that_fails_halfway_leaves_no_steps() -> None:
    goal = "Count the coins and compare them"
    compare = asked("compare", "compare them", source="wish")
    plan = planned(goal, compare, asked("count_things", "Count", thing="coins", source="file"), files=[PHOTO])
    assert [task for task, _ in calls(plan)] == ["object-detection", "count"]
    assert plan.left_out == ("To compare I need two numbers, and found one for “and compare them”; pass two files.",)


def test_where_nothing_can_be_done_the_first_sentence_is_the_problem() -> None:
    plan = planned("Count the coins", COUNT, files=[MEMO])
    assert plan.steps == plan.left_out == ()
    assert plan.problem == "“Count” needs a picture, but memo.wav is a recording; pass a picture along."
    assert planned("Hm").problem == "There is nothing to do."


def test_what_is_not_wanted_stays_undone() -> None:
    goal = "Count the coins but do not translate it into French"
    translate = asked("translate", "translate it", source="wish", language="French")
    plan = planned(goal, COUNT, translate, files=[PHOTO], negated="do not translate it")
    assert [task for task, _ in calls(plan)] == ["object-detection", "count"]
    assert plan.left_out == ()
    assert [task for task, _ in calls(planned(goal, COUNT, translate, files=[PHOTO]))][-1] == "translation"


@pytest.mark.parametrize(
    ("goal", "negated", "added"),
    [
        ("Count the coins but do not translate it into French", "do not translate it into French", []),
        ("Count the coins, not in French", "not in French", []),
        ("Count the coins in German, not in French", "not in French", ["translation"]),
        ("Count the coins in French", (), ["translation"]),
    ],
)
def test_a_language_that_is_not_wanted_adds_nothing(goal: str, negated: str | tuple[()], added: list[str]) -> None:
    plan = planned(goal, COUNT, files=[PHOTO], negated=negated)
    assert [task for task, _ in calls(plan)] == ["object-detection", "count", *added]
    assert plan.left_out == ()
    assert all(arguments["target_language"] == ("de" if "German" in goal else "fr") for _, arguments in calls(plan)[2:])


@pytest.mark.parametrize("words", ["do not add them up", "do not tell me the difference"])
def test_a_sum_that_is_not_wanted_is_not_made(words: str) -> None:
    goal = f"Count the coins but {words}"
    plan = planned(goal, COUNT, files=[PHOTO, SHELF], negated=words)
    assert [task for task, _ in calls(plan)] == ["object-detection", "count"]
    wanted = planned(goal.replace("do not ", "then "), COUNT, files=[PHOTO, SHELF])
    assert [task for task, _ in calls(wanted)][:2] == ["object-detection", "count"]
    assert len(wanted.steps) == 3


def test_a_model_that_is_not_here_is_told_before_anything() -> None:
    plan = planned("Count the coins with lab/coin-2", COUNT, files=[PHOTO], knows=lambda id: False)
    assert (
        plan.problem == "lab/coin-2 is not in this index; add it with prefrontal index add lab/coin-2, or leave it out."
    )


def test_what_is_compared_next_takes_all_files() -> None:
    goal = "Count the coins. Is it more in the second one?"
    compare = asked("compare", "more", source="wish", which="more")
    plan = planned(goal, COUNT, compare, files=[PHOTO, SHELF])
    assert plan.steps[0].arguments == {"image": ["image-1", "image-2"]}
    assert plan.steps[-1].arguments["subject"] == 2


@pytest.mark.parametrize(
    ("goal", "sign"), [("add up the number and the coins", "+"), ("the number times the coins", "*")]
)
def test_what_two_files_give_is_joined_as_the_goal_says(goal: str, sign: str) -> None:
    number, coins = asked("transcribe", "the number"), asked("count_things", "the coins", thing="coins")
    plan = planned(goal, number, coins, files=[MEMO, PHOTO])
    tasks = ["automatic-speech-recognition", "object-detection", "count", "calculate"]
    assert [step.task for step in plan.steps] == tasks
    assert plan.steps[-1].arguments["expression"].sign == sign


def test_two_numbers_that_nothing_joins_are_told_side_by_side() -> None:
    number, coins = asked("transcribe", "the number"), asked("count_things", "the coins", thing="coins")
    plan = planned("the number, and how many are the coins", number, coins, files=[MEMO, PHOTO])
    assert plan.steps[-1].task == "count"


def test_pictures_of_text_whose_wording_differs_are_compared_word_for_word() -> None:
    signs = [PAGE, SHELF]
    plan = planned("Spot the difference in the wording", asked("compare", "Spot the difference"), files=signs)
    assert plan.steps[-1].task == "compare-texts"
