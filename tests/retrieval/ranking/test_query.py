from __future__ import annotations

import math

import numpy as np
import pytest

from prefrontal.retrieval.embedding.encoder import Encoder
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.filters import Filters
from prefrontal.retrieval.ingest.commit import task_rows
from prefrontal.retrieval.ranking.query import Query, TaskEvidence
from prefrontal.retrieval.ranking.rank import Ranker
from prefrontal.retrieval.ranking.request_languages import RequestLanguages, request_languages

SPANISH = "write down what is said in a Spanish recording"
VECTOR = np.array([1, 0], np.float32)


def understood(text: str, filters: Filters | None = None) -> Query:
    encoder = Encoder(HashEmbedder())
    return Ranker().understand(text, encoder, task_rows(encoder), filters or Filters())


def test_a_query_says_nothing_that_it_was_not_told() -> None:
    query = Query("find coins", ("find", "coins"), VECTOR)
    assert query.tasks.likely(["object-detection"]) == {}
    assert (query.languages, query.shown, query.unfiltered) == (RequestLanguages(), frozenset(), None)
    assert query.rest == "find coins"


def test_languages_that_count_as_a_filter_are_not_among_the_words() -> None:
    query = understood(SPANISH)
    assert query.text == SPANISH
    assert query.languages.codes == ("es",)
    assert query.rest == request_languages(SPANISH).rest
    assert "spanish" not in (query.rest.lower(), *query.words)
    assert "recording" in query.words


@pytest.mark.parametrize("filters", [Filters(spoken=False), Filters(language="fr")])
def test_where_they_do_not_count_the_request_is_as_it_was_asked(filters: Filters) -> None:
    query = understood(SPANISH, filters)
    assert query.languages.codes == ()
    assert query.rest == SPANISH
    assert "spanish" in query.words
    assert query.shown == {"es"}, "they are a signal all the same"


def test_without_its_languages_it_is_the_request_as_if_none_were_a_filter() -> None:
    query, expected = understood(SPANISH), understood(SPANISH, Filters(spoken=False))
    plain = query.without_languages()
    assert plain is query.unfiltered
    assert (plain.text, plain.words, plain.languages) == (expected.text, expected.words, expected.languages)
    assert np.array_equal(plain.vector, expected.vector)
    assert plain.shown == expected.shown


def test_one_made_by_hand_loses_its_languages_and_nothing_else() -> None:
    query = Query("a Spanish text", ("text",), VECTOR, languages=RequestLanguages(("es",), rest="a text"))
    assert query.rest == "a text"
    plain = query.without_languages()
    assert (plain.languages.codes, plain.rest, plain.words) == ((), "a Spanish text", ("text",))
    assert plain.vector is VECTOR


def test_logarithms_are_shares_in_proportion_and_make_one() -> None:
    evidence = TaskEvidence({"a": 1000.0, "b": 1000.0 + math.log(3), "c": 5.0}, logarithmic=True)
    assert evidence.likely(["a", "b"]) == pytest.approx({"a": 0.25, "b": 0.75})
    assert evidence.likely(["unknown"]) == {}


def test_closeness_stays_what_it_is() -> None:
    assert TaskEvidence({"a": 0.5, "b": 0.25}).likely(["b"]) == {"a": 0.5, "b": 0.25}
