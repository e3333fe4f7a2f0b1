"""Two readings of a line of print become one text, with a mark where it is not sure."""

from __future__ import annotations

import pytest
import torch

from prefrontal.tools.runners.line_reading import (
    LOST,
    READ,
    READ_SAME,
    READ_SHORT,
    SURE_LEAST,
    SURE_MEAN,
    Reading,
    agreed,
    passed_over,
)


def reading(text: str, mean: float = 0.99, least: float = 0.9, lost: int = 0) -> Reading:
    return Reading(text, (mean,) * len(text), mean, least, lost)


@pytest.mark.parametrize(
    ("mean", "least", "text"),
    [
        (0.97, 0.9, "Closed today"),
        (SURE_MEAN, SURE_LEAST, "Closed today"),
        (SURE_MEAN - 0.01, 0.9, "Closed today [?]"),
        (0.97, SURE_LEAST - 0.01, "Closed today [?]"),  # one character alone is enough to doubt the line
        (READ_SAME + 0.01, 0.0, "Closed today [?]"),
        (READ_SAME - 0.01, 0.4, ""),
        (0.0, 0.0, ""),
    ],
)
def test_what_is_not_sure_is_marked_and_what_is_no_reading_is_empty(mean: float, least: float, text: str) -> None:
    assert agreed(reading("Closed today", mean, least), reading("Closed today", mean, 0.0)) == text


@pytest.mark.parametrize("text", ["0", "A", "a 1"])
def test_one_or_two_characters_are_read_only_when_sure(text: str) -> None:
    """Blobs and scratches look like single letters."""
    assert agreed(reading(text, READ_SHORT - 0.01), reading(text, READ_SHORT - 0.01)) == ""
    assert agreed(reading(text, READ_SHORT + 0.01), reading(text, READ_SHORT + 0.01)) == f"{text} [?]"
    assert agreed(reading(text, SURE_MEAN), reading(text, READ_SHORT)) == text


def test_two_readings_of_what_is_no_text_differ_in_how_sure_they_are() -> None:
    assert agreed(reading("54.", 0.84), reading("4", 0.48)) == ""
    assert agreed(reading("Exit 4", READ - 0.01), reading("Exit 1", READ - 0.01)) == ""
    assert agreed(reading("Exit 4", READ + 0.01), reading("Exit 1", READ + 0.01)) == "Exit 4 [?]"


@pytest.mark.parametrize(
    ("surer", "other", "text"),
    [
        ("rises in the hils", "rises in the hills", "rises in the hills"),  # the English word, though less sure
        ("rises in the hills", "rises in the hils", "rises in the hills"),
        ("the hils and mountains", "the hills and mountoins", "the hills and mountains"),  # word by word
        ("will therepair cost", "will the repair cost", "will the repair cost"),
        ("will the repair cost", "will the cost", "will the repair cost [?]"),  # a word that only one has
        ("Milk 1.15", "Milk 4.15", "Milk 1.15 [?]"),  # numbers are what the surer reading says, and open
        ("Room 1l8", "Room 118", "Room 1l8 [?]"),
        ("ninety mines", "ninety miles", "ninety mines [?]"),  # both are English
        ("ask for Zorblatt", "ask for Zorblatt", "ask for Zorblatt"),  # a name
    ],
)
def test_where_two_readings_differ_the_english_word_is_taken(surer: str, other: str, text: str) -> None:
    assert agreed(reading(surer, 0.98), reading(other, 0.97)) == text
    assert agreed(reading(other, 0.97), reading(surer, 0.98)) == text


@pytest.mark.parametrize("text", ["rises in the hils", "Disk space 118 GB GB free", "are welcome.Do not"])
def test_a_line_with_what_hardly_stands_in_one_is_never_sure(text: str) -> None:
    assert agreed(reading(text), reading(text)) == f"{text} [?]"


def test_a_line_that_was_not_looked_at_everywhere_is_unsure() -> None:
    assert agreed(reading("for your of", lost=LOST), reading("for your of")) == "for your of [?]"
    assert agreed(reading("for your of", lost=LOST - 1), reading("for your of")) == "for your of"


def test_ink_that_was_passed_over_is_counted_in_patches() -> None:
    pixels = torch.full((3, 32, 60), -1.0)  # margins left and right
    pixels[:, :, 12:48] = 1.0
    pixels[:, 10:22, 12:48:2] = -0.8
    looked = torch.zeros(3, 10)  # patches of 6 columns, of which 2 to 7 have ink
    looked[0, 2], looked[1, 3], looked[2, 7] = 0.9, 0.9, 0.9
    assert passed_over(pixels, looked) == 3
    assert passed_over(pixels, looked + 0.1) == 0
    assert passed_over(torch.full((3, 32, 60), -1.0), looked) == 0
