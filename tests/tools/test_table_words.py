"""Everyday words of questions about tables, and how words are compared."""

from __future__ import annotations

import pytest

from prefrontal.tools import table_words as words
from prefrontal.tools.table_words import folded, phrases, stem, words_of


def test_phrases_are_tuples_with_the_name_of_their_row() -> None:
    rows = {"sum": "in all | total", "mean": "average |"}
    assert phrases(rows) == {("in", "all"): "sum", ("total",): "sum", ("average",): "mean"}


def test_no_phrase_asks_for_two_operations() -> None:
    said = [tuple(phrase.split()) for row in words.OPERATIONS.values() for phrase in row.split("|") if phrase.strip()]
    assert len(said) == len(set(said))
    assert len(phrases(words.OPERATIONS)) == len(said)


@pytest.mark.parametrize(
    ("word", "plain"), [("Café", "cafe"), ("NORTH", "north"), ("Größe", "grosse"), ("it’s", "it's")]
)
def test_small_letters_without_accents(word: str, plain: str) -> None:
    assert folded(word) == plain


@pytest.mark.parametrize(
    ("word", "base"), [("Customers", "customer"), ("Anna's", "anna"), ("customers'", "customer"), ("Boxes", "box")]
)
def test_stems(word: str, base: str) -> None:
    assert stem(word) == base


def test_words_lose_the_marks_around_them() -> None:
    assert words_of("“VG+?” (is) it, 5 €!") == ["VG+", "is", "it", "5", "€"]
    assert words_of(" ... ") == []


def test_months_and_weekdays_stand_in_their_order() -> None:
    assert (words.MONTHS[0], words.MONTHS[-1]) == ("january", "december")
    assert (words.WEEKDAYS[0], words.WEEKDAYS[-1]) == ("monday", "sunday")
