"""Number words are figures, in the middle of a goal."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.numerals import all_in_figures, in_figures, in_words, is_no_number


def test_number_words_become_figures() -> None:
    assert in_figures("forty-two thousand one hundred and five coins") == "42105 coins"
    assert in_figures("nothing to see") == "nothing to see"


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("seventeen times Twenty-Three plus four", "17 times 23 plus 4"),
        ("a hundred and one", "a 101"),
        ("two hundred thousand and five", "200005"),
        ("three million two hundred", "3000200"),
        ("a million", "a 1000000"),
        ("one, two", "1, 2"),
        ("two and three", "2 and 3"),
        ("two three", "2 3"),
        ("five thousand and three and two", "5003 and 2"),
        ("twelve hundred and six", "1206"),
        ("someone had tenfold attention", "someone had tenfold attention"),
        ("7 coins", "7 coins"),
    ],
)
def test_number_words_within_a_text(text: str, figures: str) -> None:
    assert in_figures(text) == figures


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("half a dozen", "6"),
        ("a dozen eggs", "12 eggs"),
        ("1.5k plus 2 million", "1500 plus 2000000"),
        ("two twenties and a tenner", "40 and 10"),
        ("two and a half", "2.5"),
        ("three point one four", "3.14"),
        ("which one is bigger", "which one is bigger"),
        ("a couple", "a couple"),
    ],
)
def test_what_people_count_in(text: str, figures: str) -> None:
    assert all_in_figures(text) == figures


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (45, "forty-five"),
        (1250, "one thousand two hundred and fifty"),
        (12_003, "twelve thousand and three"),
        (2_000_000, "two million"),
        (7, "seven"),
        (19, "nineteen"),
        (20, "twenty"),
        (100, "one hundred"),
        (999, "nine hundred and ninety-nine"),
        (1_001, "one thousand and one"),
        (1_000_100, "one million one hundred"),
        (3_000_000_000, "three billion"),
    ],
)
def test_figures_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


@pytest.mark.parametrize("number", [*range(0, 1200, 7), 1_100, 12_012, 100_000, 999_999, 1_000_100, 7_000_000_007])
def test_a_number_in_words_is_that_number(number: int) -> None:
    assert in_figures(in_words(number)) == str(number)
    assert not is_no_number(in_words(number))


@pytest.mark.parametrize("text", ["two four nine", "five twenty", "and and", "Two. Three.", "hundred and and five"])
def test_number_words_that_make_no_number(text: str) -> None:
    assert is_no_number(text)


@pytest.mark.parametrize(
    "text", ["", "five", "Twenty five.", "a hundred", "hundred and five", "one hundred five", "two of them", "4 5"]
)
def test_numbers_and_other_words(text: str) -> None:
    assert not is_no_number(text)
