"""What is asked of a text: how many, which ones, and in which order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.texts import amount_on, count_in, lines_about, lines_of, nth_of, sort_lines

TEXT = "One two three.\nFour five. Six!\n\nSeven eight\nnine\n"


def refusal(call: Callable[..., object], *given: object) -> str:
    with pytest.raises(ToolInputError) as caught:
        call(*given)
    return str(caught.value)


@pytest.mark.parametrize(
    ("what", "count"),
    [
        (None, 9),
        ("words", 9),
        ("Word", 9),
        ("lines", 4),
        ("characters", 44),
        ("characters without spaces", 39),
        ("letters", 36),
        ("sentences", 4),
        ("paragraphs", 2),
        ("word:two", 1),
        ("word:“TWO”", 1),
        ("word:two three", 1),
        ("word:ten", 0),
        ("letter:e", 8),
    ],
)
def test_how_many(what: str | None, count: int) -> None:
    assert count_in(TEXT, what) == count


@pytest.mark.parametrize(
    ("text", "what", "count"),
    [
        ("Rent. The rent’s due; rents rent-free RENT", "word:rent", 3),
        ("Anna's Anna", "word:Anna", 2),
        ("It's it.", "word:it", 1),  # a word of its own
        ("It’s it.", "word:it's", 1),
        ("the dog the dog the cat", "word:the dog", 2),
        ("", "words", 0),
        (" \n\n", "lines", 0),
        ("cafe\u0301", "characters", 4),
    ],
)
def test_how_often(text: str, what: str, count: int) -> None:
    assert count_in(text, what) == count


@pytest.mark.parametrize("what", ["vowels", "word:", "shoes:x"])
def test_what_is_not_counted(what: str) -> None:
    assert refusal(count_in, TEXT, what) == (
        f"{what!r} is not counted here; allowed are words, lines, characters, characters without spaces, letters, "
        "sentences, paragraphs, and word:rent for how often a word stands there"
    )


def test_one_letter_is_one() -> None:
    assert refusal(count_in, TEXT, "letter:ee") == (
        "one letter is needed, got 'ee'; write letter:e, or word:ee for a word"
    )
    assert refusal(count_in, TEXT, "word:--") == "a word to count is needed, got '--'; write word:rent"


@pytest.mark.parametrize(
    ("which", "found"),
    [
        ("third line", "Seven eight"),
        ("the last line", "nine"),
        ("Last", "nine"),
        ("2nd word", "two"),
        ("last two lines", "Seven eight\nnine"),
        ("lines 2 to 3", "Four five. Six!\nSeven eight"),
        ("lines 3-4", "Seven eight\nnine"),
        ("the first to third line", "One two three.\nFour five. Six!\nSeven eight"),
        ("line 4", "nine"),
        ("line four", "nine"),
        ("line number 2", "Four five. Six!"),
        ("first sentence", "One two three."),
        ("second paragraph", "Seven eight\nnine"),
        ("next to last", "Seven eight"),
        ("second-to-last line", "Seven eight"),
        ("second to last word", "eight"),
        ("last but one line", "Seven eight"),
        ("third line from the end", "Four five. Six!"),
        ("first 3 words", "One two three"),
        ("first and last line", "One two three.\nnine"),
        ("lines 1, 2 and 4", "One two three.\nFour five. Six!\nnine"),
        ("second word of line 3", "eight"),
        ("first line of the second paragraph", "Seven eight"),
        ("the last line of the text file", "nine"),
    ],
)
def test_which_ones(which: str, found: str) -> None:
    assert nth_of(TEXT, which) == found


@pytest.mark.parametrize("which", ["line 9", "line 0", "lines 3 to 5", "lines 3 to 2", "last five lines"])
def test_a_place_beyond_the_end(which: str) -> None:
    assert refusal(nth_of, TEXT, which) == (
        f"{which!r} is not in a text of 4 lines; ask for places from 1 to 4, the lower one first"
    )


def test_a_place_in_nothing() -> None:
    assert refusal(nth_of, " \n", "first word") == (
        "'first word' is not in a text of 0 words; pass a text with words in it"
    )


@pytest.mark.parametrize("which", ["", "middle", "every other line", "the rent", "line x"])
def test_what_names_no_place(which: str) -> None:
    assert refusal(nth_of, TEXT, which) == (
        f"{which!r} names no place in a text; allowed are such as 'third line', 'last two words', 'lines 3 to 5', "
        "'first sentence' and 'next to last'"
    )


@pytest.mark.parametrize(
    ("text", "how", "found"),
    [
        ("b\nÄpfel\n\na\n C ", None, "a\nÄpfel\nb\nC"),
        ("a\nc\nb", "alphabetically reversed", "c\nb\na"),
        ("a\nc\nb", "reversed", "b\nc\na"),
        ("bbb\na\ncc", "by length", "a\ncc\nbbb"),
        ("bbb\na\ncc", "longest first", "bbb\ncc\na"),
        ("x 10\ny 9\nz 1,200.50", "by the number in the line", "y 9\nx 10\nz 1,200.50"),
        ("x 10\ny -9,5\nz 1", "number descending", "x 10\nz 1\ny -9,5"),
        ("b 1\na 1", "by number", "b 1\na 1"),  # those that are the same stay as they were
    ],
)
def test_the_order_of_lines(text: str, how: str | None, found: str) -> None:
    assert sort_lines(text, how) == found


def test_what_is_no_order() -> None:
    for how in ("by colour", "by length and number", "x"):
        assert refusal(sort_lines, TEXT, how) == (
            f"{how!r} is no order of lines; allowed are alphabetically, by length, by number, and reversed"
        )


@pytest.mark.parametrize(("line", "got"), [("milk", "none"), ("2. milk 3", "2")])
def test_a_line_without_its_number(line: str, got: str) -> None:
    assert refusal(sort_lines, f"x 1\n{line}", "by number") == (
        f"one number in each line is needed to sort by, got {got} in {line!r}; correct that line, "
        "or sort alphabetically"
    )


def test_all_that_is_asked_of_texts_is_here() -> None:
    assert lines_of(" a \n\n\tb") == ["a", "b"]
    assert lines_about("Rent 850\nPower 60", "rents") == ["Rent 850"]
    assert amount_on("Rent 850\nPower 60", "the rent") == {"line": "Rent 850", "amount": 850}
