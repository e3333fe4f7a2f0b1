"""Languages asked for in words, or shown: what counts as asking."""

from __future__ import annotations

import pytest

from prefrontal.retrieval.ranking.request_languages import request_languages


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
    asked = request_languages(query)
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
    assert request_languages(query).codes == ()


def test_the_rest_of_a_query_reads_on() -> None:
    def rest(query: str) -> str:
        return request_languages(query).rest

    assert rest("transcribe this Japanese podcast") == "transcribe this podcast"
    assert rest("summarize the news in French") == "summarize the news"
    assert rest("detect emotions in German speech") == "detect emotions in speech"
    assert rest("translate English to French") == "translate English to French"  # that is what it is about


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
    said = request_languages(query)
    assert sorted(said.shown | set(said.codes)) == codes.split()
