from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from prefrontal.retrieval.words import STOP_WORDS, query_words, split_words, stems


def test_names_are_split_where_people_split_them() -> None:
    assert split_words("microsoft/DialoGPT-small_v2") == "microsoft Dialo GPT small v2 microsoft/DialoGPT-small_v2"


def test_only_words_that_say_something_are_searched() -> None:
    assert query_words("Please find me the COINS, the coins in snake_case!") == ["find", "coins", "snake", "case"]
    assert query_words("what is it") == []


def test_of_a_long_query_the_first_words_are_taken() -> None:
    assert query_words(" ".join(f"word{n}" for n in range(100))) == [f"word{n}" for n in range(64)]


@pytest.mark.parametrize("letters", ["", "?! -- *", "\0", "🪙"])
def test_what_has_no_word_in_it_asks_for_nothing(letters: str) -> None:
    assert query_words(letters) == []


def test_stop_words_are_words_as_a_query_has_them() -> None:
    assert {word for word in STOP_WORDS if word != word.lower() or not word.isalpha()} == set()


def test_stems_are_those_of_the_full_text() -> None:
    assert stems(("Translations", "translating", "naïve", "coins", "GPT2")) == [
        "translat",
        "translat",
        "naiv",
        "coin",
        "gpt2",
    ]
    assert stems(()) == []


def test_what_the_full_text_drops_is_its_own_stem() -> None:
    assert stems(("coins", "?!", "photos")) == ["coin", "?!", "photo"]


def test_threads_do_not_mix_up_their_stems() -> None:
    asked = [(f"running{n}", f"photos{n}", "coins") for n in range(200)]
    alone = [[f"running{n}", f"photos{n}", "coin"] for n in range(200)]
    stems.cache_clear()
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(stems, asked)) == alone
