from __future__ import annotations

import pytest

from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.tongues import NEUTRAL, agreement, spoken_by, tongues
from prefrontal.tools.card import ModelCard


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("Summarize this Finnish article", "fi"),
        ("Translate from English to Catalan", "ca en"),
        ("What does 'Jag vet inte var det är' mean?", "sv"),
        ("Fill in: 'Amo ascoltare la musica <mask> mentre lavoro.'", "it"),
        ("Who says “La gata está en la casa”?", "es"),
        ("Read this: 今日はとても寒い", "ja"),
        ("Read this: 今天很冷", "zh"),
        ("Tone of 'Сьогодні дуже холодно і вітряно'", "uk"),
        ("Tone of 'Сегодня очень холодно'", "ru"),
        ("Polish this text, please", ""),
        ("Wait. Polish it", ""),
        ("A review in Polish", "pl"),
        ("Who said 'the cat is on the mat in the house'?", ""),
        ("I'm sure that it's there, isn't it?", ""),
        ("Find the coins in Latin America", ""),
    ],
)
def test_a_request_is_about_the_languages_that_it_names_or_quotes(query: str, codes: str) -> None:
    assert sorted(tongues(query)) == codes.split()


@pytest.mark.parametrize(
    ("id", "languages", "codes", "many"),
    [
        ("lab/opus-mt-en-it", (), "en it", False),
        ("lab/gemma-2b-it", (), "", False),  # tuned on instructions
        ("lab/wav2vec2-russian", ("ru",), "ru", False),
        ("lab/m2m100_418M", (), "", True),
        ("lab/anything", ("French", "deu", "klingon"), "de fr", False),
        ("lab/anything", tuple("af ar bg bn ca cs da de el es".split()), "af ar bg bn ca cs da de el es", True),
    ],
)
def test_a_model_speaks_what_its_card_and_its_name_say(
    id: str, languages: tuple[str, ...], codes: str, many: bool
) -> None:
    assert spoken_by(id, languages) == (frozenset(codes.split()), many)


def test_made_for_the_language_is_better_than_made_for_many_and_that_better_than_silence_or_another() -> None:
    cards = [("a/b", ("sv",)), ("a/multilingual-b", ()), ("a/b", ()), ("a/b", ("zh",))]
    found = [agreement(frozenset({"sv"}), id, languages) for id, languages in cards]
    assert found == sorted(found, reverse=True)
    assert (found[0], found[2], found[3]) == (1.0, NEUTRAL, 0.0)


def test_without_a_foreign_language_only_a_model_for_another_one_is_worse() -> None:
    assert agreement(frozenset(), "a/b", ("en",)) == agreement(frozenset({"en"}), "a/b", ()) == NEUTRAL
    assert agreement(frozenset(), "a/b", ("zh",)) == 0.0


def test_what_is_quoted_decides_between_models_for_two_languages(index: ModelIndex) -> None:
    index.add(
        [ModelCard(f"lab/tone-{n}", task="text-classification", summary="Tone.", languages=(code,)) for n, code in
         enumerate(("fi", "sv", "de"))]
    )  # fmt: skip
    first = index.search("the tone of 'Jag vet inte var det är'", k=1)[0]
    assert first.card.languages == ("sv",)
    assert "made for the language" in first.why
