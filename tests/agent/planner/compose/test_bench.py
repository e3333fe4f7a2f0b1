"""The workbench: which files a wish is about, what came before, and what fans out."""

from __future__ import annotations

import pytest
from benches import MEMO, NOTES, PHOTO, SHELF, asked, bench

from prefrontal.agent.planner.compose.bench import Before, Lacking, Result, is_named
from prefrontal.agent.planner.compose.draft import File

SILL = File("image-3", "image", "sill.png", 1.3)
COUNT = asked("count_things", "coins")


@pytest.mark.parametrize(
    ("goal", "handles"),
    [
        ("Count the coins", ["image-1", "image-2", "image-3"]),
        ("Count the coins in shelf.png", ["image-2"]),
        ("Count the coins in the second photo", ["image-2"]),
        ("Count the coins in the third", ["image-3"]),
        ("Count the coins in the third and in the first picture", ["image-1", "image-3"]),
        ("Count the coins in the last picture", ["image-3"]),
        ("First count the coins", ["image-1", "image-2", "image-3"]),
        ("Count the coins in the first row", ["image-1", "image-2", "image-3"]),
    ],
)
def test_the_files_that_are_meant(goal: str, handles: list[str]) -> None:
    made = bench(goal, COUNT, files=[PHOTO, SHELF, MEMO, SILL])
    assert [file.handle for file in made.files_for(made.understanding.wishes[0], "image")] == handles


def test_a_stem_that_is_a_plain_word_names_no_file() -> None:
    assert is_named(PHOTO, "the coins in Desk.png")
    assert not is_named(PHOTO, "the coins on the desk")
    assert is_named(File("image-1", "image", "img_07.png"), "the coins in img_07")


@pytest.mark.parametrize(
    ("goal", "files", "sentence"),
    [
        (
            "Count the coins",
            [],
            "“coins” needs a picture: pass it along with --file, or as an argument behind the goal.",
        ),
        (
            "Count the coins in jar.png",
            [],
            "jar.png is named but was not passed along; pass a picture with --file, or as an argument behind the goal.",
        ),
        (
            "Count the coins",
            [MEMO, NOTES],
            "“coins” needs a picture, but memo.wav is a recording, notes.txt is a text file; pass a picture along.",
        ),
    ],
)
def test_a_file_that_is_missing(goal: str, files: list[File], sentence: str) -> None:
    made = bench(goal, COUNT, files=files)
    with pytest.raises(Lacking) as caught:
        made.files_for(made.understanding.wishes[0], "image")
    assert str(caught.value) == sentence


def test_files_of_the_turns_before() -> None:
    before = Before((PHOTO, SHELF))
    for goal, handles in (("And the coins?", ["image-2"]), ("And the coins in both?", ["image-1", "image-2"])):
        made = bench(goal, COUNT, before=before)
        assert [file.handle for file in made.files_for(made.understanding.wishes[0], "image")] == handles


def test_what_was_made_last_comes_first_and_then_the_turn_before() -> None:
    made = bench("Count the coins", COUNT, before=Before(results=(Result("text", value="a memo"),)))
    (wish,) = made.understanding.wishes
    made.results += [Result("number", (1,)), None, Result("boxes", (2,))]
    assert made.made(wish, "number") == Result("number", (1,))
    assert made.made(wish) == Result("boxes", (2,))
    assert made.made(wish, "text") == Result("text", value="a memo")
    assert made.made(wish, "audio") is None
    assert Result("number", (0, 3)).reference == "<node-3>"
    assert Result("number", value=24).reference == 24


def test_what_several_calls_gave_fans_out() -> None:
    made = bench("Count the coins", COUNT, files=[PHOTO, SHELF])
    (wish,) = made.understanding.wishes
    images = ["image-1", "image-2"]
    boxes = made.add("object-detection", {"image": images}, wish, "finds them", each="image")
    count = made.add("count", {"items": "<node-0>"}, wish, "counts them")
    made.add("compare-numbers", {"numbers": "<node-1>", "how": "more"}, wish, "compares them")
    assert (boxes, count) == (0, 1)
    assert [step.each for step in made.steps] == ["image", "items", ""]  # numbers are compared all at once
    assert [step.words for step in made.steps] == ["Count the coins"] * 3


def test_a_wish_has_its_part_of_the_goal_and_its_sentence() -> None:
    goal = "Hello. Count the coins, then halve that! Thanks."
    made = bench(goal, asked("count_things", "Count", thing="coins"), asked("calculate", "then halve that"))
    wishes = made.understanding.wishes
    assert [made.segment(wish) for wish in wishes] == ["Hello. Count the coins", "then halve that! Thanks"]
    assert [made.sentence(wish) for wish in wishes] == ["Count the coins, then halve that!"] * 2
