"""Which words are English."""

from __future__ import annotations

import pytest

from prefrontal.tools.english import _FILE, english_words, is_english, is_strange


@pytest.mark.parametrize("word", ["hills", "Hills", "HILLS", "hills.", '"hills"', "Monday's", "I", "of"])
def test_words_of_english_in_the_usual_cases(word: str) -> None:
    assert is_english(word)
    assert not is_strange(word)


@pytest.mark.parametrize("word", ["hils", "ofhce,", "holidavs", "l"])
def test_small_letters_that_are_no_word_are_strange(word: str) -> None:
    assert not is_english(word)
    assert is_strange(word)


@pytest.mark.parametrize("word", ["Quillby", "hIlls", "12.50", "kg5", "www.hil.org", "", "-", "km"])
def test_names_numbers_and_codes_are_neither(word: str) -> None:
    assert not is_english(word)
    assert not is_strange(word)


def test_the_list_is_small_and_keeps_its_notice() -> None:
    import gzip

    assert _FILE.stat().st_size < 300_000
    assert len(english_words()) > 35_000
    assert b"Copyright" in gzip.decompress(_FILE.read_bytes())[:400]
