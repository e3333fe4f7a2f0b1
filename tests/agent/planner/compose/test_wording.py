"""Wishes about texts: in quotes, in a file, printed in a picture, spoken in a recording, or made before."""

from __future__ import annotations

import pytest
from benches import LINE, MEMO, NOTES, PAGE, PHOTO, SECOND_MEMO, SHELF, Asked, asked, calls, planned

from prefrontal.agent.planner.compose.bench import Before, Result
from prefrontal.agent.planner.compose.draft import File
from prefrontal.agent.planner.compose.wording import quotes_in

MORE_NOTES = File("text-2", "text", "more.txt")
LIST = "Milk 2.50\nRent 900\nShoes 60"


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ('Compare "a cat" with "a dog"', ["a cat", "a dog"]),
        ("Translate “it’s late” and „guten Tag“", ["it’s late", "guten Tag"]),
        ("Say 'it's late' in French", ["it's late"]),
        ("It's the dog's bone", []),
        ("« bonjour » and `code`", ["bonjour", "code"]),
    ],
)
def test_quotes(text: str, quotes: list[str]) -> None:
    assert quotes_in(text) == quotes


WORDS = asked("count_words", "How many words", source="words")


@pytest.mark.parametrize(
    ("goal", "files", "text", "before"),
    [
        ('How many words are in "to be or not"?', [], "to be or not", []),
        ("How many words has this: the house is very big", [], "the house is very big", []),
        ("How many words are there?", [NOTES], "text-1", []),
        ("How many words are there?", [LINE], "<node-0>", ["image-to-text"]),
        ("How many words are there?", [PAGE], "<node-2>", ["split-lines", "image-to-text", "join"]),
        ("How many words are there?", [MEMO], "<node-0>", ["automatic-speech-recognition"]),
    ],
)
def test_where_a_text_comes_from(goal: str, files: list[File], text: str, before: list[str]) -> None:
    *steps, (task, arguments) = calls(planned(goal, WORDS, files=files))
    assert (task, arguments) == ("count-in-text", {"text": text, "what": "words"})
    assert [task for task, _ in steps] == before


def test_several_texts_are_gone_through() -> None:
    heard = planned("How many words are said?", WORDS, files=[MEMO, SECOND_MEMO])
    assert [step.each for step in heard.steps] == ["audio", "text"]
    (step,) = planned("Summarise these", asked("summarize", "Summarise"), files=[NOTES, MORE_NOTES]).steps
    assert (step.arguments, step.each) == ({"text": ["text-1", "text-2"]}, "text")


def test_a_text_that_was_made_before() -> None:
    wishes = asked("transcribe", "Transcribe"), asked("summarize", "summarise it", source="wish")
    plan = planned("Transcribe it and summarise it", *wishes, files=[MEMO])
    assert calls(plan)[-1] == ("summarization", {"text": "<node-0>"})
    before = Before(results=(Result("text", value="a long memo"),))
    told = planned("Summarise it", asked("summarize", "Summarise", source="before"), before=before)
    assert calls(told) == [("summarization", {"text": "a long memo"})]


def french(op: str, *numbers: str) -> Asked:
    return asked(op, "Write", source="words", language="French", number=numbers)


def test_numbers_in_french_words() -> None:
    for op in ("translate", "number_in_words"):
        (step,) = planned("Write 12, 40 and 7 in French words", french(op, "12", "40", "7")).steps
        assert (step.task, step.each) == ("translation", "text")
        assert step.arguments == {"text": ["12", "40", "7"], "target_language": "fr"}
    one = planned("Write 42 in French words", french("number_in_words"))
    assert calls(one) == [("translation", {"text": "42", "target_language": "fr"})]
    wishes = asked("count_things", "Count", thing="coins"), asked("number_in_words", "in French", source="wish")
    counted = planned("Count the coins, in French words", *wishes, files=[PHOTO, SHELF])
    assert counted.steps[-1].arguments == {"text": "<node-1>", "target_language": "fr"}
    assert counted.steps[-1].each == "text"


def test_a_known_number_in_english_words_needs_no_model() -> None:
    plan = planned("Write 42 in words", asked("number_in_words", "Write", source="words", number="42"))
    assert (plan.steps, plan.replies) == ((), ("42 in words: forty-two.",))


@pytest.mark.parametrize(
    ("goal", "wish", "sentence"),
    [
        (
            "Translate “the house”",
            asked("translate", "Translate", source="words"),
            "Into which language? I read none in “Translate “the house””.",
        ),
        (
            "Write it in French words",
            asked("number_in_words", "Write", source="before", language="French"),
            "Which number shall be written in words? There is none in the goal, and none came before.",
        ),
        (
            "Summarise it",
            asked("summarize", "Summarise it", source="words"),
            "“Summarise it” needs a text: put it in quotes, or pass a text file along.",
        ),
    ],
)
def test_what_is_missing(goal: str, wish: Asked, sentence: str) -> None:
    assert planned(goal, wish).problem == sentence


def test_lines_by_their_place() -> None:
    last = asked("nth_line", "What is", limits={"nth": "last line"})
    (step,) = planned("What is the last line of notes.txt?", last, files=[NOTES]).steps
    assert (step.task, step.arguments) == ("select-lines", {"text": "text-1", "which": "last line"})
    third = asked("read_text", "Read", limits={"nth": "third line"})
    page = planned("Read the third line", third, files=[PAGE])
    assert calls(page)[-1] == ("select-lines", {"text": "<node-2>", "which": "third line"})
    assert [step.asked for step in page.steps] == [False, False, False, True]
    assert planned("Read the third line of both", third, files=[PAGE, SHELF]).problem == (
        "I can pick a part out of one picture at a time; pass one, or ask for each by itself."
    )
    assert planned("Read notes.txt", asked("read_text", "Read"), files=[NOTES]).problem == (
        "notes.txt is a text already; say what shall be done with it."
    )


@pytest.mark.parametrize(
    ("about", "task", "arguments"),
    [
        ("the rent", "find-lines", {"text": "text-1", "about": "the rent"}),
        ("clothes", "select-lines", {"text": "text-1", "which": "line 3"}),
    ],
)
def test_lines_by_what_they_name_or_mean(about: str, task: str, arguments: dict[str, object]) -> None:
    def near(text: str, others: list[str]) -> list[float]:
        return [0.7 if "Shoes" in other else 0.1 for other in others]

    find = asked("find_line", "Which line", about=about)
    look = {"text-1": LIST}.get
    (step,) = planned(f"Which line is about {about}?", find, files=[NOTES], look=look, closeness=near).steps
    assert (step.task, step.arguments) == (task, arguments)


def test_a_line_that_is_not_there() -> None:
    find = asked("find_line", "Which line", about="clothes")
    look = {"text-1": "Milk 2.50"}.get
    one = planned(
        "Which line is about clothes?",
        find,
        files=[NOTES],
        look=look,
        closeness=lambda text, others: [0.1] * len(others),
    )
    assert one.problem == "No line of the text speaks of “Which line is about clothes?” closely enough."


def test_a_question_goes_to_a_model_that_reads_else_to_the_lines() -> None:
    question = asked("answer_question", "Who wrote it")
    read = planned("Who wrote it?", question, files=[NOTES])
    assert calls(read) == [("question-answering", {"question": "Who wrote it?", "context": "text-1"})]
    found = planned(
        "Who wrote it?", question, files=[NOTES], has=lambda task: False, look={"text-1": "Ann wrote it"}.get
    )
    assert calls(found) == [("find-lines", {"text": "text-1", "about": "Who wrote it?"})]


def test_what_a_line_is_about_is_no_text_to_look_in() -> None:
    read, find = asked("read_text", "read"), asked("find_line", "give me that line", source="wish", about="late fees")
    plan = planned("read it. give me that line about `late fees`", read, find, files=[PAGE])
    assert calls(plan)[-1] == ("find-lines", {"text": "<node-2>", "about": "late fees"})
    alone = planned("give me that line about `late fees`", find)
    assert alone.problem == "In which text the line about “late fees” is to be found was not said; pass its file."
