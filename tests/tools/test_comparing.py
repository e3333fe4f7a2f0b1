"""Numbers beside each other: the verdict in a sentence that holds the numbers."""

from __future__ import annotations

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.comparing import compare_numbers, compare_texts

FILES = ["a.png", "b.png"]


@pytest.mark.parametrize(
    ("numbers", "how", "sentence"),
    [
        ([24, 9], "more", "The first has more: 24 against 9, 15 more."),
        ([24, 9], "fewer", "The second has fewer: 9 against 24, 15 fewer."),
        ([7, 7], "more", "Neither: it is 7 in each."),
        ([7, 7, 7], "fewer", "None: it is 7 in each."),
        ([3, 9, 5], "more", "The second has the most: 9 against 3, 5."),
        (
            [3, 9, 3],
            "fewer",
            "The first and the third share it with 3: 3 in the first, 9 in the second, 3 in the third.",
        ),
        ([4, 4], "same", "Yes, they are the same: 4 in the first, 4 in the second."),
        ([4, 5], "same", "No, they differ: 4 in the first, 5 in the second."),
        ([24, 9], "difference", "The difference is 15: the first has more, 24 in the first, 9 in the second."),
        ([0.3, 0.1], "difference", "The difference is 0.2: the first has more, 0.3 in the first, 0.1 in the second."),
        ([9, 9], "difference", "There is no difference: both are 9."),
        ([1, 2, 3, 4, 5, 6, 7], "more", "Number 7 has the most: 7 against 1, 2, 3, 4, 5, 6."),
    ],
)
def test_verdicts(numbers: list[float], how: str, sentence: str) -> None:
    assert compare_numbers(numbers, how) == sentence


@pytest.mark.parametrize(
    ("how", "subject", "sentence"),
    [
        ("more", 1, "Yes: 24 in the first (a.png), 9 in the second (b.png)."),
        ("more", 2, "No: 24 in the first (a.png), 9 in the second (b.png)."),
        ("fewer", 2, "Yes: 24 in the first (a.png), 9 in the second (b.png)."),
        ("more", 3, "The first (a.png) has more: 24 against 9, 15 more."),  # there is no third
    ],
)
def test_yes_or_no_of_one_of_them(how: str, subject: int, sentence: str) -> None:
    assert compare_numbers([24, 9], how, FILES, subject) == sentence


@pytest.mark.parametrize(
    ("numbers", "how", "sentence"),
    [
        ([24], "> 20", "Yes: it is 24, asked was more than 20."),
        ([20], "> 20", "No: it is 20, asked was more than 20."),
        ([20], ">= 20", "Yes: it is 20, asked was at least 20."),
        ([1200], "<=1000", "No: it is 1200, asked was at most 1000."),
        ([0.5], "== 0.5", "Yes: it is 0.5, asked was exactly 0.5."),
        ([24, 9], "< 10", "The first (a.png): no, 24; the second (b.png): yes, 9."),
    ],
)
def test_bounds(numbers: list[float], how: str, sentence: str) -> None:
    assert compare_numbers(numbers, how, FILES) == sentence


@pytest.mark.parametrize(
    ("numbers", "how", "sentence"),
    [
        (
            [1, 2],
            "bigger",
            "'bigger' is no way to compare; allowed are more, fewer, same, difference, or a bound such as '> 20' or "
            "'<= 5'",
        ),
        ([1], "more", "comparing needs two numbers or more, got 1; pass another one"),
        ([1, 2, 3], "difference", "a difference is between two numbers, got 3; pass two"),
    ],
)
def test_what_cannot_be_compared(numbers: list[float], how: str, sentence: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        compare_numbers(numbers, how)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("number", "then", "otherwise", "sentence"),
    [
        (24, "too many", "fine", "too many (it is 24, which is more than 20)"),
        (9, "too many", "fine", "fine (it is 9, which is not more than 20)"),
        (9, "too many", "", "It is 9, which is not more than 20."),
    ],
)
def test_what_is_said_of_a_bound(number: float, then: str, otherwise: str, sentence: str) -> None:
    assert compare_numbers([number], "> 20", then=then, otherwise=otherwise) == sentence


@pytest.mark.parametrize(
    ("texts", "verdict"),
    [
        (["Keep  off\nthe grass", "keep off the grass"], "Yes, they say the same: “Keep off the grass”."),
        (["Box of 20 pens", "Box of 26 pens"], "No, they differ: the first says “20”, the second says “26”."),
        (["no dogs", "no dogs please"], "No, they differ: the first says nothing, the second says “please”."),
        (["a b", "a b", "a c"], "The first and the second say the same, “a b”; the third says “a c”."),
        (["a", "b", "c"], "No, each says something else."),
    ],
)
def test_texts_are_compared_word_for_word(texts: list[str], verdict: str) -> None:
    assert compare_texts(texts) == verdict


def test_one_letter_that_may_be_misread_is_no_difference() -> None:
    with pytest.raises(ToolInputError, match="one letter apart"):
        compare_texts(["Aduni prints", "Adunni prints"], read="yes")
    assert compare_texts(["Aduni prints", "Adunni prints"]).startswith("No, they differ")
    assert compare_texts(["shelf 15", "shelf 18"], read="yes").startswith("No, they differ")


def test_a_mark_of_doubt_is_no_word() -> None:
    assert compare_texts(["Store cool [?]", "Store cool"], read="yes").startswith("Yes, they say the same")


def test_words_that_are_more_than_a_letter_apart_differ() -> None:
    told = compare_texts(["CLOSED TUESDAY", "CLOSED THURSDAY"], read="yes")
    assert told == "No, they differ: the first says “TUESDAY”, the second says “THURSDAY”."
