"""Goals in other languages are told from English ones, and answered in both."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.foreign import _SAID, _SCRIPTS, _WORDS, foreign, sentence


@pytest.mark.parametrize(
    ("goal", "code"),
    [
        ("Wie viele Vögel sind auf dem Bild?", "de"),
        ("¿Cuántos pájaros hay en la imagen?", "es"),
        ("Combien d'oiseaux y a-t-il sur la photo ?", "fr"),
        ("Quanti uccelli ci sono nella foto?", "it"),
        ("Ile ptaków jest na tym zdjęciu?", "pl"),
        ("Quantos pássaros há na foto?", "pt"),
        ("Сколько птиц на фото?", "ru"),
        ("Скільки їх на фото?", "uk"),
        ("写一首诗", "zh"),
        ("鳥は何羽いますか", "ja"),
    ],
)
def test_other_languages_are_told(goal: str, code: str) -> None:
    assert foreign(goal) == code


@pytest.mark.parametrize(
    "goal",
    ["How many birds are in the photo?", "count birds", "is la dolce vita a film?", "la la la", "17 * 23", "",
     "average weight per crate in harvest.csv", "⟦0⟧ 😀",
     "Names in the letter of Maria da Silva e Costa, please", "Transcribe it and translate into German"],
)  # fmt: skip
def test_english_stays_english(goal: str) -> None:
    assert foreign(goal) == ""


def test_every_language_that_is_told_has_its_sentence() -> None:
    assert {*_WORDS, *(code for code, _ in _SCRIPTS)} == set(_SAID)
    assert all("English" in sentence(code) for code in _SAID)


def test_courtesy_in_another_language_makes_no_other_language() -> None:
    assert foreign("94 in French words, s'il vous plaît") == ""
    assert foreign("compte les pièces sur la photo, s'il vous plaît") == "fr"
