"""Words that are one word to a reader."""

from __future__ import annotations

import pytest

from prefrontal.tools.stems import content_words, folded, is_misread, stem, tokens_of


@pytest.mark.parametrize(
    "words",
    ["rent rents renting rented", "price prices pricing", "box boxes", "run running", "meeting meetings meet",
     "invoice invoices invoicing", "party parties", "tax taxes", "class classes", "tie ties", "anna anna's"],
)  # fmt: skip
def test_one_stem(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize("word", ["bus", "speed", "need", "string", "thing", "3.5", "gas"])
def test_what_only_looks_like_an_ending(word: str) -> None:
    assert stem(word) in (word, word.removesuffix("s"))


@pytest.mark.parametrize(
    ("word", "other", "same"),
    [
        ("invoice", "lnvoice", True),
        ("invoice", "invioce", True),
        ("invoice", "invoce", True),
        ("invoice", "invoicee", True),
        ("invoice", "inviece", False),
        ("rent", "rant", False),
        ("invoice", "in", False),
    ],
)
def test_one_letter_misread(word: str, other: str, same: bool) -> None:
    assert is_misread(word, other) is same


def test_letters_and_stop_words() -> None:
    assert folded("Straße ŁÓDŹ Œuvre café") == "strasse lodz oeuvre cafe"
    assert tokens_of("well-known 12:30, Anna’s") == ["well", "known", "12:30", "anna's"]
    assert content_words("What does it say about the rent, the rent?") == ["rent"]
