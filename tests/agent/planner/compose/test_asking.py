"""Dates and units: the smallest part of the goal that the tool understands is asked, with an earlier result in it."""

from __future__ import annotations

import pytest
from benches import MEMO, PHOTO, asked, calls, planned

from prefrontal.agent.planner.compose.bench import Before, Result

WEEKDAY = asked("weekday", "Which weekday", source="words")


def test_the_part_that_asks() -> None:
    plan = planned("Hi there. Which weekday is 14 February 2027?", WEEKDAY)
    assert calls(plan) == [("dates", {"question": "Hi there. Which weekday is 14 February 2027"})]
    goal = "Mia is born on 3 May 2027. Which weekday is 14 February 2027? Count the coins."
    wishes = WEEKDAY, asked("count_things", "Count", thing="coins")
    assert calls(planned(goal, *wishes, files=[PHOTO]))[0] == (
        "dates",
        {"question": "Which weekday is 14 February 2027?"},
    )


def test_the_words_that_are_asked_are_covered() -> None:
    (step,) = planned("Convert 5 miles to km", asked("convert_unit", "Convert", source="words")).steps
    assert (step.task, step.arguments) == ("convert-units", {"question": "Convert 5 miles to km"})
    assert step.covers == "Convert 5 miles to km"


@pytest.mark.parametrize(
    ("goal", "result", "question"),
    [
        ("What is that in weeks?", Result("number", value=84, thing="days"), "What is 84 days in weeks"),
        ("Convert it from miles to km", Result("number", value="26.2"), "Convert 26.2 from miles to km"),
        (
            "Convert that from miles to km with 2 decimals",
            Result("number", value=5),
            "Convert 5 from miles to km with 2 decimals",
        ),
    ],
)
def test_a_result_of_the_turn_before(goal: str, result: Result, question: str) -> None:
    wish = asked("convert_unit", goal.split()[0], source="before")
    assert calls(planned(goal, wish, before=Before(results=(result,)))) == [("convert-units", {"question": question})]


def test_a_result_of_an_earlier_wish() -> None:
    wishes = asked("transcribe", "Transcribe it"), asked("convert_unit", "Convert that", source="wish")
    plan = planned("Transcribe it. Convert that from miles to km.", *wishes, files=[MEMO])
    assert calls(plan)[-1] == ("convert-units", {"question": "Convert <node-0> from miles to km"})


def test_a_question_with_figures_of_its_own_is_left_as_it_is() -> None:
    before = Before(results=(Result("number", value=84),))
    plan = planned("And 5 miles in km?", asked("convert_unit", "in km", source="before"), before=before)
    assert calls(plan) == [("convert-units", {"question": "And 5 miles in km"})]


def test_the_tool_says_what_it_misses() -> None:
    assert planned("Which weekday is it?", WEEKDAY).problem == (
        "Understood was no date, and that a weekday is asked; but 1 date would be needed, 0 are there"
    )


# Several questions in one breath, and the day or number of the turn before


@pytest.mark.parametrize(
    ("goal", "words", "questions"),
    [
        ("40 feet in metres and 26500 kg in tonnes", "40 feet", ["40 feet in metres", "26500 kg in tonnes"]),
        ("5 miles in km, cos Ann runs 12 of them", "5 miles", ["5 miles in km"]),
    ],
)
def test_each_clause_that_is_a_question_is_asked(goal: str, words: str, questions: list[str]) -> None:
    plan = planned(goal, asked("convert_unit", words, source="words"))
    assert calls(plan) == [("convert-units", {"question": question}) for question in questions]


def test_the_day_of_the_clause_before_is_meant_by_that() -> None:
    goal = "How long is it from 3 May 2027 to 9 June 2027 and which weekday is that, cos I travel?"
    plan = planned(goal, asked("days_between", "How long is it", source="words"))
    questions = ["How long is it from 3 May 2027 to 9 June 2027", "which weekday is 9 June 2027"]
    assert calls(plan) == [("dates", {"question": question}) for question in questions]
    assert {step.covers for step in plan.steps} == {goal}


DAY = Before(results=(Result("date", value="2027-05-03"), Result("text", value="Monday")))
FEET = Before(results=(Result("number", value=40, thing="feet"),))


@pytest.mark.parametrize(
    ("goal", "op", "words", "question"),
    [
        ("Three weeks after that?", "date_plus", "Three weeks after", "Three weeks after 3 May 2027"),
        ("Which weekday is that date?", "weekday", "Which weekday", "Which weekday is 3 May 2027"),
        (
            "how many days until then from 1 May 2027",
            "days_between",
            "how many days",
            "how many days until 3 May 2027 from 1 May 2027",
        ),
    ],
)
def test_the_day_of_the_turn_before(goal: str, op: str, words: str, question: str) -> None:
    plan = planned(goal, asked(op, words, source="before"), before=DAY)
    assert calls(plan) == [("dates", {"question": question})]


def test_a_day_that_was_never_named_is_not_guessed() -> None:
    plan = planned("Three weeks after that?", asked("date_plus", "Three weeks after", source="before"))
    assert plan.problem == "Which day is meant could not be told: none is named, and none came before; give its date."


def test_the_number_of_the_turn_before_without_a_word_for_it() -> None:
    metres = asked("convert_unit", "in", source="words")
    assert calls(planned("in metres?", metres, before=FEET)) == [("convert-units", {"question": "40 feet in metres"})]
    assert planned("in metres?", metres).problem == (
        "No quantity was understood; write a number and its unit, such as 25 miles in km"
    )


def test_a_number_before_whose_unit_nobody_said_is_not_converted() -> None:
    metres = asked("convert_unit", "in", source="words")
    before = Before(results=(Result("number", value=21.08),))
    assert "In which unit the number before is was not said" in planned("in metres?", metres, before=before).problem
