"""Stories that the learnt reader tells the sum of: alone, with a number that came before, with one of a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from benches import MEMO, PHOTO, SECOND_MEMO, asked, bench, calls

from prefrontal.agent.planner.compose import storied
from prefrontal.agent.planner.compose.bench import Before, Bench, Lacking, Result
from prefrontal.agent.planner.compose.storied import learnt_story, told_story, with_people
from prefrontal.agent.planner.parse.arithmetic.story_reader import StoryReading
from prefrontal.agent.planner.parse.wishes import Understanding

ROWS = "Ola knits 7 rows of 9 stitches and drops 4, how many stay put?"
HOW_MANY = asked("story_problem", "how many", source="words")
HOW_MUCH = asked("calculate", "how much")
UNSURE = "I could not tell for sure which sum this story asks for; write it as a sum, such as 3 * 12 - 5."
FOX = Before(results=(Result("number", value="a fox"),))
Reads = Callable[..., list[str]]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Puts a reading in place of the learnt reader's; what is read from then on comes into the list."""

    def say(expression: str, after: str = "plain", sure: float = 0.95) -> list[str]:
        texts: list[str] = []

        def read(text: str) -> StoryReading | None:
            texts.append(text)
            return StoryReading(expression, after, sure) if expression else None

        monkeypatch.setattr(storied, "read_story", read)
        return texts

    return say


def reckoned(goal: str, **more: Any) -> Bench:
    made = bench(goal, HOW_MUCH if "how much" in goal else HOW_MANY, **more)
    learnt_story(made, made.understanding.wishes[0])
    return made


def expressions(made: Bench) -> list[Any]:
    return [step.arguments.get("expression") for step in made.steps]


def test_a_story_becomes_a_sum(reads: Reads) -> None:
    texts = reads("7 * 9 - 4")
    (step,) = reckoned(ROWS).steps
    assert texts == [ROWS]
    assert (step.task, step.arguments) == ("calculate", {"expression": "7 * 9 - 4"})
    assert (step.told, step.why, step.covers) == ("story", "read as 7 * 9 - 4", ROWS)


@pytest.mark.parametrize(
    ("asks", "after", "expression"),
    [
        ("how many bags", "ceil", "ceil(50 / 6)"),
        ("how many are over", "rest", "(50) % 6"),
        ("how many each, with two decimals", "plain", "round(50 / 6, 2)"),
        ("how many each, rounded to the nearest cent", "plain", "round(50 / 6, 2)"),
        ("how many each, to the nearest whole number", "plain", "round(50 / 6, 0)"),
    ],
)
def test_what_is_done_with_the_result(reads: Reads, asks: str, after: str, expression: str) -> None:
    texts = reads("50 / 6", after)
    assert expressions(reckoned(f"Ola has 50 buttons and bags for 6, {asks}?")) == [expression]
    assert "decimals" not in texts[0]
    assert "nearest" not in texts[0]


@pytest.mark.parametrize(
    ("goal", "result", "text"),
    [
        ("Each of them weighs 9 g, how many?", Result("number", value=12), "Each of 12 weighs 9 g, how many?"),
        ("Each weighs 9 g, how much?", Result("number", value=12, thing="hanks"),
         "It is 12 hanks. Each weighs 9 g, how much?"),
        ("Each weighs 9 g, how much?", Result("labels", value="twelve"), "It is 12. Each weighs 9 g, how much?"),
    ],
)  # fmt: skip
def test_a_number_of_the_turn_before(reads: Reads, goal: str, result: Result, text: str) -> None:
    texts = reads("12 * 9")
    assert expressions(reckoned(goal, before=Before(results=(result,)))) == ["12 * 9"]
    assert texts == [text]


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("share 24 between me and my sister", "share 24 between 2 people"),
        ("split it between Anna, Ben and me, how much each", "split it between 3 people, how much each"),
        ("share it with my two brothers", "share it with my two brothers"),
        ("what lies between Bern and here", "what lies between Bern and here"),
    ],
)
def test_people_are_counted(text: str, counted: str) -> None:
    assert with_people(text) == counted


def test_a_number_that_a_recording_says(reads: Reads) -> None:
    texts = reads("37 * 2.50")
    goal = "They are 2.50 each, how much is it?"
    made = reckoned(goal, files=[MEMO])
    assert texts == [f"There are 37. {goal}"]
    assert [step.task for step in made.steps] == ["automatic-speech-recognition", "calculate"]
    assert expressions(made)[-1] == "(<node-0>) * 2.50"
    assert made.steps[-1].why == "read as that number * 2.50"


def test_the_same_sum_is_reckoned_once(reads: Reads) -> None:
    reads("7 * 9 - 4")
    made = reckoned(ROWS)
    assert learnt_story(made, made.understanding.wishes[0]) == Result("number", (0,))
    assert len(made.steps) == 1


@pytest.mark.parametrize(
    ("goal", "reading", "more", "sentence"),
    [
        (ROWS, ("7 * 9 - 4", "plain", 0.5), {}, UNSURE),
        (ROWS, ("7 - 9 - 4",), {}, UNSURE),  # fewer than none
        (ROWS, ("",), {}, UNSURE),
        ("It is 3 km each way, 4 days a week, how many km there and back?", ("3 * 4",), {}, UNSURE),  # the way back
        ("60 scones, sold two thirds, then binned 5, how many left?", ("60 * (2/3) - 5",), {}, UNSURE),  # the rest
        ("Ola knits, how many stay put?", ("7 * 9",), {}, UNSURE),  # without numbers
        ("Each weighs 9 g, how many?", ("12 * 9",), {"before": FOX}, UNSURE),
        (
            "In 2026 Ola knits 7 rows of 9, how many?",
            ("7 * 9",),
            {},
            "I cannot tell which one sum this asks for; ask for one thing, in numbers alone.",
        ),
        (
            "Ola knits 7 rows of 9, how many stay and how much is that?",
            ("7 * 9",),
            {},
            "I cannot tell which one sum this asks for; ask for one thing, in numbers alone.",
        ),
        (
            "They are 2.50 each, how much is it?",
            ("37 * 2.50",),
            {"files": [MEMO, SECOND_MEMO]},
            "One number is needed to reckon with; pass one recording or picture.",
        ),
        ("They are 2.50 each, how much is it?", ("37 * 37",), {"files": [MEMO]}, UNSURE.replace("story ", "")),  # twice
        ("They are dear, how much is it?", ("37 * 2",), {"files": [PHOTO]},
         "I cannot tell which sum this asks for; write it as a sum."),
    ],
)  # fmt: skip
def test_what_is_not_sure_is_refused(
    reads: Reads, goal: str, reading: tuple[Any, ...], more: dict[str, Any], sentence: str
) -> None:
    reads(*reading)
    with pytest.raises(Lacking) as caught:
        reckoned(goal, **more)
    assert str(caught.value) == sentence


def test_what_was_not_understood_may_be_a_story(reads: Reads) -> None:
    reads("7 * 9")
    goal = "Ola knits 7 rows of 9 stitches"
    plan = told_story(Bench(Understanding(goal, ()), ()))
    assert plan is not None
    assert (calls(plan), plan.sure) == ([("calculate", {"expression": "7 * 9"})], 0.5)
    assert told_story(Bench(Understanding(goal, ()), [PHOTO])) is None
    reads("")
    assert told_story(Bench(Understanding(goal, ()), ())) is None
