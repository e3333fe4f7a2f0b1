"""Words that matter have their effect in the plan, or are named; the plan is then told and not run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from prefrontal import Agent
from prefrontal.agent.planner.compose.accounting import ACCOUNTS, refusal, told_apart, unplaced
from prefrontal.agent.planner.compose.draft import File
from prefrontal.agent.planner.parse.reading import read
from prefrontal.agent.planner.plan import Plan
from prefrontal.agent.planner.plan_step import Formula, PlanStep

PHOTO = (File("image-1", "image", "desk.png"),)
COUNTED = (
    PlanStep("object-detection", {"image": "image-1"}, "Count the pens", noun="pens", asked=False),
    PlanStep("count", {"items": "<node-0>", "label": "pens"}, "Count the pens"),
)


def left(goal: str, *steps: PlanStep, files: tuple[File, ...] = PHOTO) -> tuple[str, ...]:
    """With a first step that was made of the clause that begins with "Count"."""
    made = list(steps or COUNTED)
    words = next(clause.full for clause in read(goal).clauses if clause.full.startswith(("Count", "What")))
    made[0] = replace(made[0], words=words)
    return unplaced(read(goal), Plan(goal, tuple(made)), files)


def test_a_plan_that_does_it_all_leaves_nothing() -> None:
    assert left("Count the pens") == ()
    assert left("Hello! Count the pens, please. Thank you!") == ()


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        ("Count the pens except the red ones", "except the red ones"),
        ("Count the pens in the left half", "left half"),
        ("Count the pens in the top row", "top row"),
        ("Count the pens and say it in German", "in German"),
        ("Count the pens larger than 40 pixels", "40"),
        ("Count the pens. Then split them among four people", "four"),
        ("Count the pens with facebook/detr-resnet-50", "with facebook/detr-resnet-50"),
        ("Count the pens and write the poem about them", "write the poem about them"),
        ("Count the pens in the recording", "recording"),
    ],
)
def test_what_has_no_effect_is_named(goal: str, words: str) -> None:
    assert any(words in one for one in left(goal)), left(goal)


def test_what_has_its_effect_is_not_named() -> None:
    half = PlanStep("crop", {"image": "image-1", "region": "left half"}, "in the left half")
    assert left("Count the pens in the left half", half, *COUNTED) == ()
    german = PlanStep("translation", {"text": "<node-1>", "target_language": "de"}, "say it in German")
    assert left("Count the pens and say it in German", *COUNTED, german) == ()
    added = PlanStep("calculate", {"expression": Formula("+", ("<node-1>", "4"))}, "add four")
    assert left("Count the pens and add four", *COUNTED, added) == ()


def test_what_is_negated_stays_undone() -> None:
    german = PlanStep("translation", {"text": "<node-1>", "target_language": "de"}, "in German")
    assert left("Count the pens but not in German", *COUNTED, german)


def test_a_story_asks_for_nothing() -> None:
    goal = "My late aunt collected pens, nobody knew why. Count the pens"
    assert left(goal) == ()


def test_a_file_of_a_kind_that_no_step_takes_is_left() -> None:
    two = (*PHOTO, File("audio-1", "audio", "memo.wav"))
    assert left("Count the pens", files=two) == ("memo.wav",)


def test_named_files_and_quotes_are_used() -> None:
    two = (*PHOTO, File("image-2", "image", "shelf.png"))
    assert left("Count the pens in desk.png and shelf.png", files=two) == ("shelf.png",)
    assert left('Count the pens "Parker"') == ("Parker",)


def test_words_that_are_no_arithmetic_are_named() -> None:
    sum_ = PlanStep("calculate", {"expression": "4 + 5"}, "What is 4 + 5")
    assert left("What is 4 + 5?", sum_, files=()) == ()
    assert "holidays" in left("What is 4 + 5 without holidays", sum_, files=())[-1]


def test_kinds_have_names_of_their_own() -> None:
    names = [kind.name for kind in ACCOUNTS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("goal", "left_out"),
    [
        ("Count the pens and email it to Ann", ("Nothing here can do “email it to Ann”.",)),
        ("Count the pens and then book a flight", ("Nothing here can do “book a flight”.",)),
        ("Count the pens", ()),
    ],
)
def test_a_deed_that_nothing_can_do_is_told_beside_what_is_done(goal: str, left_out: tuple[str, ...]) -> None:
    plan = told_apart(Plan(goal, COUNTED, left_out=("I keep to one.",)), left(goal))
    assert (plan.steps, plan.unplaced) == (COUNTED, ())
    assert plan.left_out == ("I keep to one.", *left_out)


def test_a_deed_beside_other_words_that_were_not_placed_keeps_the_plan_from_running() -> None:
    goal = "Count the pens in the left half and email it to Ann"
    plan = told_apart(Plan(goal, COUNTED), left(goal))
    assert plan.unplaced == ("left half", "and email it to Ann")
    assert plan.left_out == ()


def test_the_refusal_says_what_was_understood_and_what_was_not() -> None:
    said = refusal(("left half",), Plan("", COUNTED))
    assert "count" in said
    assert "“left half”" in said
    assert "other words" in said


def test_an_agent_tells_the_plan_and_runs_nothing(tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), "white").save(tmp_path / "desk.png")
    run = Agent().run("Count the coins in desk.png, except the copper ones", tmp_path / "desk.png")
    assert not run.reached
    assert "except the copper ones" in run.answer
    assert not [step for step in run.steps if step.output is not None]
