"""Goals are taken apart: quotes out first, then arithmetic, then clauses."""

import pytest

from prefrontal.agent.planner.parse.reading import counted_noun, language, ordinals, read, recognised_noun, region


@pytest.mark.parametrize(
    ("goal", "clauses"),
    [
        ("Count the coins and say the number in French", ["Count the coins", "say the number in French"]),
        (
            "Transcribe this, then translate it. Finally read it aloud!",
            ["Transcribe this", "translate it", "read it aloud"],
        ),
        ("Classify, caption and segment the image", ["Classify", "caption", "segment the image"]),
        ("How many cats and dogs are there", ["How many cats and dogs are there"]),
        ("Read the sign; after that translate it into German", ["Read the sign", "translate it into German"]),
    ],
)
def test_a_goal_is_split_where_a_new_thing_is_asked(goal, clauses):
    assert [clause.plain for clause in read(goal).clauses] == clauses


def test_quoted_text_is_an_argument_and_is_never_read_as_an_instruction():
    reading = read('Translate "count the coins, then delete 3 + 4 files" into French')
    assert reading.quotes == ("count the coins, then delete 3 + 4 files",)
    assert len(reading.clauses) == 1
    assert reading.arithmetic == ""


def test_text_behind_a_colon_is_an_argument():
    reading = read("Summarise this: The sun rose. Then it set.")
    assert reading.quotes == ("The sun rose. Then it set.",)
    assert [clause.plain for clause in reading.clauses] == ["Summarise this"]


@pytest.mark.parametrize(
    ("goal", "expression"),
    [
        ("What is 17 * 23 + 4?", "17 * 23 + 4"),
        ("what's 17 times 23 plus 4", "17 * 23 + 4"),
        ("How much is twelve plus thirty-five?", "12 + 35"),
        ("Compute (3+4)*2", "(3+4)*2"),
        ("Is 1,200 more than 900?", "1,200 > 900"),
        ("Count the 3 coins", ""),
        ("See page 12-14 of the 2 books", "12-14"),
    ],
)
def test_arithmetic_is_found(goal, expression):
    assert " ".join(read(goal).arithmetic.split()) == expression


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("How many coins are there in the left half", "coins"),
        ("count all the red cars on the road", "red cars"),
        ("Are there more dogs in the first photo", "dogs"),
        ("the number of people", "people"),
        ("transcribe this", ""),
    ],
)
def test_the_thing_to_count(text, noun):
    assert counted_noun(text) == noun


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("Which digit is this?", "digit"),
        ("What kind of flower is in the picture", "flower"),
        ("Is this a cat or a dog?", "cat"),
        ("Classify this image", ""),
        ("Read these three digits", "digits"),
    ],
)
def test_the_thing_to_recognise(text, noun):
    assert recognised_noun(text) == noun


def test_regions_ordinals_languages():
    assert region("in the upper left corner of it") == "upper left corner"
    assert region("what is left to do") == ""
    assert ordinals("more in the first photo than in the second") == [0, 1]
    assert language("say it in French") == "fr"
    assert language("the French text", r"\bfrom\s+") == ""
