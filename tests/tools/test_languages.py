from __future__ import annotations

import pytest

from prefrontal.tools.languages import canonical, english_names, is_known, language_code, language_name, own_names


def test_names_of_languages() -> None:
    assert [language_name(code) for code in ("zh", "fa", "sw", "yue", "xx")] == [
        "Chinese", "Persian", "Swahili", "Cantonese", "xx"
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["fr", "fra", "French", "fr-CA", "fra_Latn", "fr_XX", " FRENCH "])
def test_a_language_has_many_names(name: str) -> None:
    assert (canonical(name), language_code(name), is_known(name)) == ("fr", "fr", True)


def test_what_is_no_language_stays_as_it_is() -> None:
    assert (canonical("Klingon"), language_code("Klingon"), is_known("Klingon")) == ("klingon", "", False)


def test_the_kinds_of_norwegian_are_one_where_texts_are_read() -> None:
    assert [language_code(name) for name in ("no", "nb", "nob", "Norwegian", "nn", "nno")] == ["no"] * 6
    assert canonical("nno") == "nn"  # who writes it writes another language


def test_names_lead_to_one_language_each() -> None:
    assert english_names()["mandarin"] == english_names()["chinese"] == "zh"
    assert own_names()["deutsch"] == "de"
    assert not set(own_names()) & set(english_names())
