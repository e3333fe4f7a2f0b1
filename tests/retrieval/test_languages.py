"""Languages asked for in words: what counts as asking, and what it does to a search."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from prefrontal.retrieval.embedder import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.languages import NAMED, SILENT, WIDE, asked_languages, language_name
from prefrontal.tools.card import ModelCard


@pytest.mark.parametrize(
    ("query", "codes", "source", "target"),
    [
        ("sentiment of a Spanish review", "es", "", ""),
        ("sentiment of a spanish customer review", "es", "", ""),
        ("transcribe this Japanese podcast", "ja", "", ""),
        ("text to speech in Italian", "it", "", ""),
        ("OCR for Hebrew.", "he", "", ""),
        ("German-speaking customers call us", "de", "", ""),
        ("tourists who speak Spanish", "es", "", ""),
        ("transcribe a Polish interview", "pl", "", ""),
        ("news in six languages: English, Dutch, German and Italian", "en nl de it", "", ""),
        ("translate from German into French", "de fr", "de", "fr"),
        ("translate English to French", "en fr", "en", "fr"),
        ("English-German translation", "en de", "en", "de"),
        ("an EN-FR model", "en fr", "en", "fr"),
        ("translate en->de", "en de", "en", "de"),
        ("translate this into polish", "pl", "", "pl"),
        ("say the number in French", "fr", "", "fr"),
        ("a message in Norwegian: can you give a German translation?", "no de", "no", "de"),
        ("convert a voice message in Spanish to English text", "es en", "es", "en"),
        ("Übersetze das auf Deutsch", "de", "", ""),
        ("resume este texto en español", "es", "", ""),
        ("日本語の音声を書き起こす", "ja", "", ""),
        ('Translate "I love French fries" into German', "de", "", "de"),
        ("speech recognition in Mandarin", "zh", "", ""),
        ("a Farsi text", "fa", "", ""),
    ],
)
def test_what_asks_for_a_language(query: str, codes: str, source: str, target: str) -> None:
    asked = asked_languages(query)
    assert asked
    assert (asked.codes, asked.source, asked.target) == (tuple(codes.split()), source, target)


@pytest.mark.parametrize(
    "query",
    [
        "Polish this text",
        "polish this text",
        "help me to polish my essay",
        "Fix the typos. Polish text and tone.",
        "a French bulldog in the photo",
        "Turkish delight",
        "find Turkish delight in a photo",
        "in Latin America, find cars",
        "write Python and Java code",
        "photos from Italian restaurants",
        "I'm in an Italian cafe",
        "Arabic numerals in a photo",
        "is this a Greek salad",
        "the Spanish flu",
        "Korean stock prices in a table",
        "I want it to be as-is, so-so or no-go",
        "Helsinki-NLP/opus-mt-en-fr",
        "count the coins in a photo",
        'find "in French" in the text',
    ],
)
def test_what_asks_for_none(query: str) -> None:
    assert asked_languages(query) is None


def test_the_rest_of_a_query_reads_on() -> None:
    def rest(query: str) -> str:
        asked = asked_languages(query)
        assert asked
        return asked.rest

    assert rest("transcribe this Japanese podcast") == "transcribe this podcast"
    assert rest("summarize the news in French") == "summarize the news"
    assert rest("detect emotions in German speech") == "detect emotions in speech"
    assert rest("translate English to French") == "translate English to French"  # that is what it is about


def test_names_of_languages() -> None:
    assert [language_name(code) for code in ("zh", "fa", "sw", "yue", "xx")] == [
        "Chinese", "Persian", "Swahili", "Cantonese", "xx"
    ]  # fmt: skip


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
    asked = asked_languages(query)
    assert asked
    stand = asked.stand(ModelCard.from_row({"id": "lab/m", "task": "text-classification", **card}))
    assert (stand and stand.value) == value


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
