"""What models say of languages, and what the languages of a request do to a search."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ranking.card_languages import (
    NAMED,
    NEUTRAL,
    SILENT,
    WIDE,
    agreement,
    card_languages,
    stand,
)
from prefrontal.retrieval.ranking.request_languages import request_languages
from prefrontal.tools.card import ModelCard


@pytest.mark.parametrize(
    ("query", "card", "value"),
    [
        ("a Spanish text", {"languages": ["es"]}, NAMED),
        ("a Spanish text", {"languages": ["spa_Latn"]}, NAMED),
        ("a Spanish text", {"tags": ["es"]}, NAMED),
        ("a Spanish text", {"id": "lab/bert-spanish"}, NAMED),
        ("a Spanish text", {"summary": "Made for Spanish texts."}, NAMED),
        ("a Spanish text", {"languages": ["en", "de", "fr", "it", "es"]}, WIDE),
        ("a Spanish text", {"languages": ["multilingual"]}, WIDE),
        ("a Spanish text", {"id": "lab/bert-multilingual"}, WIDE),
        ("a Spanish text", {"id": "lab/wav2vec2-xlsr-53-russian"}, None),  # of a model for many, made for one
        ("a Spanish text", {}, SILENT),
        ("a Spanish text", {"summary": "Works."}, SILENT),
        ("a Spanish text", {"languages": ["en"]}, None),
        ("a Spanish text", {"id": "lab/bert-german"}, None),
        ("a Spanish text", {"languages": ["en"], "summary": "Of English and Spanish texts."}, NAMED),
        ("a Spanish and French text", {"languages": ["es"]}, None),
        ("a Norwegian text", {"languages": ["nb"]}, NAMED),
        ("translate English to French", {"id": "lab/opus-mt-en-fr", "task": "translation"}, NAMED),
        ("translate English to French", {"id": "lab/opus-mt-fr-en", "task": "translation"}, None),
        ("translate English to French", {"id": "lab/opus-mt-en-de", "task": "translation"}, None),
        ("translate into French", {"id": "lab/opus-mt-en-fr", "task": "translation"}, NAMED),
        ("translate into French", {"id": "lab/t5", "task": "translation", "languages": ["en", "fr", "de"]}, NAMED),
        ("translate English to French", {"id": "lab/opus-mt-en-mul", "task": "translation"}, WIDE),
        ("translate English to French", {"languages": ["fr"], "task": "automatic-speech-recognition"}, NAMED),
    ],
)
def test_what_a_card_says_of_the_languages(query: str, card: dict[str, object], value: float | None) -> None:
    found = ModelCard.from_row({"id": "lab/m", "task": "text-classification", **card})
    said = stand(found, request_languages(query))
    assert (said and said.value) == value


@pytest.fixture
def tongues(tmp_path: Path, make_card: Callable[..., ModelCard]) -> ModelIndex:
    index = ModelIndex(tmp_path / "tongues", HashEmbedder())
    index.add(
        make_card("ann/mood-english", "text-classification", "Sentiment of a review.", languages=["en"]),
        make_card("dora/sentimiento", "text-classification", "Sentiment of a review.", languages=["es"]),
        make_card("cat/feelings", "text-classification", "Sentiment of a review."),
        make_card("dan/opus-mt-es-en", "translation", "Spanish into English.", languages=["es", "en"]),
        make_card("eve/opus-mt-en-es", "translation", "English into Spanish.", languages=["es", "en"]),
    )
    return index


def test_a_language_in_words_is_a_filter(tongues: ModelIndex) -> None:
    hits = tongues.search("sentiment of a Spanish review")
    assert [hit.id for hit in hits][:2] == ["dora/sentimiento", "cat/feelings"]
    assert "ann/mood-english" not in {hit.id for hit in hits}
    assert "knows Spanish" in hits[0].reasons
    assert "names no language" in hits[1].reasons
    assert [hit.id for hit in tongues.search("sentiment of a Spanish review", k=1)] == ["dora/sentimiento"]
    assert all(0 <= hit.score <= 1 for hit in hits)


def test_a_translation_goes_the_way_that_is_asked(tongues: ModelIndex) -> None:
    there = {hit.id for hit in tongues.search("translate Spanish to English")}
    assert "dan/opus-mt-es-en" in there
    assert "eve/opus-mt-en-es" not in there


def test_it_can_be_switched_off_and_a_filter_wins(tongues: ModelIndex) -> None:
    query = "sentiment of a Spanish review"
    off = tongues.search(query, spoken=False)
    assert len(off) == 5
    assert not any("knows" in reason or "names no" in reason for hit in off for reason in hit.reasons)
    assert [hit.id for hit in tongues.filtered(spoken=False).search(query)] == [hit.id for hit in off]
    assert {hit.id for hit in tongues.search(query, language="en")} == {
        "ann/mood-english", "dan/opus-mt-es-en", "eve/opus-mt-en-es"
    }  # fmt: skip


def test_the_way_back_when_no_model_names_the_language(tongues: ModelIndex) -> None:
    hits, plain = (tongues.search("sentiment of an Icelandic review", spoken=spoken) for spoken in (True, False))
    assert [(hit.id, hit.score) for hit in hits] == [(hit.id, hit.score) for hit in plain]
    assert {hit.reasons[0] for hit in hits} == {"no model names Icelandic: shown without it"}
    assert hits[0].why.startswith("no model names Icelandic: shown without it; right task; ")


def test_a_query_without_a_language_is_ranked_as_ever(tongues: ModelIndex) -> None:
    on, off = (tongues.search("sentiment of a review", spoken=spoken) for spoken in (True, False))
    assert [(hit.id, hit.score, hit.reasons) for hit in on] == [(hit.id, hit.score, hit.reasons) for hit in off]


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
    said = card_languages(id, languages)
    assert (said.known, said.many) == (frozenset(codes.split()), many)


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
