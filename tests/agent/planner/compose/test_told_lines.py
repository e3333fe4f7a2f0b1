"""A question about a text is answered by the line that speaks of it, when words and meaning agree, or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from benches import NOTES, PHOTO, Asked, asked, bench, calls

from prefrontal.agent.planner.compose.bench import Before, Bench, Lacking
from prefrontal.agent.planner.compose.draft import File
from prefrontal.agent.planner.compose.told_lines import ask_text, is_generic, surely, told_line

MINUTES = (
    "Minutes of the allotment club\n"
    "The hose by plot nine leaks again.\n"
    "Seed potatoes arrive on 12 March.\n"
    "The gate code is 4417 until June.\n"
    "Ruth lends her wheelbarrow to newcomers.\n"
)
FAIR = File("text-2", "text", "fair.txt")
TEXTS = {"text-1": MINUTES, "text-2": "Bring a cake for the fair.\nThe band plays at noon.\n"}
CODE = asked("find_line", "What is")


def near(question: str, lines: list[str]) -> list[float]:
    """As if a model told that questions and lines about a gate are alike."""
    return [0.6 if "gate" in line and "gate" in question else 0.1 for line in lines]


def far(question: str, lines: list[str]) -> list[float]:
    return [0.1] * len(lines)


def over_texts(goal: str, *wishes: Asked, sure: float = 0.5, **more: Any) -> Bench:
    made = bench(goal, *wishes, **{"files": [NOTES], "look": TEXTS.get, "closeness": near, **more})
    made.understanding = replace(made.understanding, sure=sure)
    return made


def told(made: Bench) -> list[tuple[str, dict[str, Any]]]:
    ask_text(made, made.understanding.wishes[0])
    return [(step.task, step.arguments) for step in made.steps]


LINE = ("select-lines", {"text": "text-1", "which": "line 4"})


@pytest.mark.parametrize(
    "goal", ["What is the gate code?", "What is the gate code 4417 for?", "In notes.txt, What is the code of the gate?"]
)
def test_the_line_that_speaks_of_it(goal: str) -> None:
    made = over_texts(goal, CODE)
    assert told(made) == [LINE]
    assert made.steps[0].covers == goal


def test_the_last_text_of_before_where_none_came_along() -> None:
    assert told(over_texts("What is the gate code?", CODE, files=(), before=Before(files=(FAIR, NOTES)))) == [LINE]


def test_a_line_of_one_of_several_texts_is_told_with_its_name() -> None:
    made = over_texts("What is the gate code?", CODE, files=[NOTES, FAIR])
    assert told(made) == []
    assert made.replies == ["notes.txt: “The gate code is 4417 until June.”"]


@pytest.mark.parametrize(
    ("goal", "more", "sentence"),
    [
        ("What is the gate code?", {"files": [PHOTO]}, "There is no text file to look into; pass one along."),
        ("What is the gate code?", {"look": {}.get}, "No line of the text speaks of that."),
        (
            "What is the gate code?",
            {"closeness": far},
            "No line of the text speaks of “What is the gate code?” closely enough.",
        ),
        ("What is a zebra?", {}, "No line of the text speaks of “What is a zebra?” closely enough."),
        (
            "What is the gate code, 4418?",
            {},
            "The line “The gate code is 4417 until June.” speaks of that, but not of every number that is asked about.",
        ),
    ],
)
def test_no_line_is_near_enough(goal: str, more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Lacking) as caught:
        told(over_texts(goal, CODE, **more))
    assert str(caught.value) == sentence


def test_a_goal_that_was_taken_for_something_else_needs_more() -> None:
    made = over_texts("the gate?", asked("transcribe", "the gate"))
    assert ask_text(made, made.understanding.wishes[0]).kind == "text"
    with pytest.raises(Lacking):
        surely(made, made.understanding.wishes[0])


@pytest.mark.parametrize(
    ("goal", "op", "sure", "found"),
    [
        ("and the gate code?", None, 0.0, True),  # nothing was understood
        ("and the gate code?", "read_text", 0.5, True),  # a text is looked into
        ("and the gate code until June?", "transcribe", 0.5, True),  # surely about the line
        ("the gate?", "transcribe", 0.5, False),
        ("the gate?", "transcribe", 0.05, True),  # the reader knew nothing of it
        ("and the gate code until June?", "summarize", 0.5, False),  # what makes something new of the text
        ("and the gate code until June?", "summarize", 0.05, True),
        ("and the zebra?", None, 0.0, False),
    ],
)
def test_what_was_not_understood_may_be_about_a_line(goal: str, op: str | None, sure: float, found: bool) -> None:
    wishes = [asked(op, goal.split()[-1].strip("?"))] if op else []
    plan = told_line(over_texts(goal, *wishes, sure=sure))
    assert (calls(plan) if plan else None) == ([LINE] if found else None)


@pytest.mark.parametrize(
    ("words", "generic"),
    [("look in the minutes please", True), ("what was said in the meeting", True), ("the gate", False)],
)
def test_words_that_only_say_that_something_is_looked_for(words: str, generic: bool) -> None:
    assert is_generic(words) is generic
