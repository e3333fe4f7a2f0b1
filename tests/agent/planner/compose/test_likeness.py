"""How close texts are in meaning: two of them, the closest of several, all in order."""

from __future__ import annotations

import pytest
from benches import MEMO, NOTES, PHOTO, SHELF, asked, bench, calls, planned

from prefrontal.agent.planner.compose.draft import File
from prefrontal.agent.planner.compose.likeness import options_in, written_alike

CLOSEST = asked("most_similar", "closest", source="words")


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("Which one: a) a dog b) a kitten c) a stone", ["a dog", "a kitten", "a stone"]),
        ("Which one? (1) a dog (2) “a kitten”", ["a dog", "a kitten"]),
        ("Which one?\n- a dog\n- a kitten", ["a dog", "a kitten"]),
        ("Which of these: dog, kitten or stone?", ["dog", "kitten", "stone"]),
        ("Which one: one, two; three, four", ["one, two", "three, four"]),
        ('Which one: "a dog", "a kitten, small"', ["a dog", "a kitten, small"]),
        ("b) a dog d) a kitten", []),
        ("It is 4. 5. comes later", []),
    ],
)
def test_listed_things(text: str, options: list[str]) -> None:
    assert options_in(text) == options


@pytest.mark.parametrize(
    ("goal", "others"),
    [
        ('Which is closest to "a cat": a) a dog b) a kitten', ["a dog", "a kitten"]),
        ('Which is closest to "a cat"?\n1. a dog\n2. a kitten', ["a dog", "a kitten"]),
        ('Which is closest to "a cat", "a dog" or "a kitten"?', ["a dog", "a kitten"]),
    ],
)
def test_the_closest_of_several(goal: str, others: list[str]) -> None:
    (step,) = planned(goal, CLOSEST).steps
    assert (step.task, step.told) == ("sentence-similarity", "")
    assert step.arguments == {"text": "a cat", "sentences": others}


@pytest.mark.parametrize(
    ("goal", "op", "words"),
    [
        ('Rank these by closeness to "a cat": "a dog", "a kitten"', "rank", "Rank"),
        ('Which are most similar to "a cat", closest first? a) a dog b) a kitten', "most_similar", "most similar"),
    ],
)
def test_all_in_order(goal: str, op: str, words: str) -> None:
    (step,) = planned(goal, asked(op, words, source="words")).steps
    assert (step.arguments, step.told) == ({"text": "a cat", "sentences": ["a dog", "a kitten"]}, "ranking")


def test_the_lines_of_a_file() -> None:
    look = {"text-1": "a dog\n\na kitten\n"}.get
    plan = planned('Which line is closest to "a cat"?', asked("most_similar", "closest"), files=[NOTES], look=look)
    assert calls(plan) == [("sentence-similarity", {"text": "a cat", "sentences": ["a dog", "a kitten"]})]


def test_two_texts_beside_each_other() -> None:
    how = asked("similarity", "How close", source="words")
    quoted = planned('How close are "a cat sleeps" and "a kitten naps"?', how)
    assert calls(quoted) == [("sentence-similarity", {"text": "a cat sleeps", "sentences": ["a kitten naps"]})]
    files = planned("How close are the texts?", how, files=[NOTES, File("text-2", "text", "more.txt")])
    assert calls(files) == [("sentence-similarity", {"text": "text-1", "sentences": ["text-2"]})]
    wishes = asked("transcribe", "Transcribe"), asked("similarity", "how close", source="wish")
    mixed = planned('Transcribe it: how close is it to "a cat"?', *wishes, files=[MEMO])
    assert calls(mixed)[-1] == ("sentence-similarity", {"text": "a cat", "sentences": ["<node-0>"]})


def test_too_few_texts() -> None:
    assert planned('How close is "a cat"?', asked("similarity", "How close", source="words")).problem == (
        "To compare in meaning I need two texts, and found 1; put each in quotes."
    )
    assert planned('Which is closest to "a cat"?', CLOSEST).problem == (
        "To put texts in order by meaning I need the one to compare with and at least two others, and found 1; "
        "put each in quotes, or one on each line."
    )


@pytest.mark.parametrize(
    ("goal", "op"),
    [
        ("Are these two labels exactly the same?", "picture_similarity"),
        ("Do they say the same words or not?", "compare"),
    ],
)
def test_what_is_written_in_two_pictures_is_compared_word_for_word(goal: str, op: str) -> None:
    plan = planned(goal, asked(op, goal.rstrip("?")), files=[PHOTO, SHELF])
    task, arguments = calls(plan)[-1]
    assert task == "compare-texts"
    assert arguments["names"] == [PHOTO.name, SHELF.name]
    assert arguments["read"] == "yes"


def test_how_alike_two_signs_are_is_a_matter_of_meaning() -> None:
    plan = planned("How similar are these two signs?", asked("picture_similarity", "How similar"), files=[PHOTO, SHELF])
    assert calls(plan)[-1][0] == "sentence-similarity"


def test_what_stands_between_strokes_is_put_in_order() -> None:
    goal = 'rank these by how close to "cheap room": two eggs / affordable room / house far away'
    plan = planned(goal, asked("rank", "rank", source="words"))
    expected = {"text": "cheap room", "sentences": ["two eggs", "affordable room", "house far away"]}
    assert calls(plan) == [("sentence-similarity", expected)]


SIGNS = tuple(File(f"image-{n}", "image", f"s{n}.png", 6.0) for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("goal", "files"),
    [
        ("one of these three signs is not like the others, which?", SIGNS),
        ("one of these 3 pics says another thing", SIGNS),
        ("s1.png and s2.png have the same text?", SIGNS[:2]),
    ],
)
def test_whether_signs_say_the_same_is_seen_by_what_is_asked(goal: str, files: tuple[File, ...]) -> None:
    plan = written_alike(bench(goal, files=files))
    assert plan is not None
    assert plan.steps[-1].task == "compare-texts"
    assert plan.steps[-1].arguments["names"] == [file.name for file in files]


def test_other_goals_and_other_files_compare_nothing() -> None:
    assert written_alike(bench("which of these is the largest?", files=SIGNS)) is None
    assert written_alike(bench("the odd one out?", files=SIGNS[:1])) is None
    assert written_alike(bench("do they say the same?", files=(SIGNS[0], MEMO))) is None
