from __future__ import annotations

from typing import Any

import pytest

from prefrontal.errors import UnknownTaskError, UsageError
from prefrontal.retrieval.filtered import FilteredIndex
from prefrontal.retrieval.filters import Filters
from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.card import ModelCard


def test_a_filtered_index_is_a_small_index(index: ModelIndex) -> None:
    lab = index.filtered(where=lambda card: card.owner == "lab")
    assert len(lab) == 3
    assert "lab/detr-big" in lab
    assert "shop/coin-finder" not in lab
    assert [card.name for card in lab.filtered(takes="image")] == ["detr-big"]
    assert [hit.card.name for hit in lab.search("finds coins in photos", k=1, task="object-detection")] == ["detr-big"]


def test_filters_lie_over_each_other_and_the_later_one_counts(index: ModelIndex) -> None:
    lab = FilteredIndex(index, Filters(task="translation"))
    french = lab.filtered(language="fr")
    assert [card.id for card in french.list()] == ["lab/opus-en-fr"]
    assert [card.id for card in french.filtered(language="de")] == ["lab/opus-de-en"]
    assert [hit.id for hit in lab.search("English", language="de")] == ["lab/opus-de-en"]
    assert len(lab) == 2, "what is laid over it leaves it as it is"


def test_it_holds_nothing_itself(index: ModelIndex, cards: list[ModelCard]) -> None:
    lab = index.filtered(license="mit")
    index.add(cards[1].with_(license="mit"))
    assert [card.id for card in lab] == ["lab/detr-big", "shop/coin-finder"]
    index.remove("shop/coin-finder")
    assert [hit.id for hit in lab.search("find coins", k=9)] == ["lab/detr-big"]


def test_it_finds_what_a_search_with_the_same_filters_finds(index: ModelIndex) -> None:
    filters: dict[str, Any] = {"task": ["asr", "object-detection"], "max_bytes": 5_000_000}
    found, expected = index.filtered(**filters).search("find coins", k=9), index.search("find coins", k=9, **filters)
    assert list(found) == list(expected)
    assert {hit.id for hit in found} == {"shop/coin-finder", "ear/tiny-asr"}


def test_nothing_that_passes_is_an_empty_answer_that_says_so(index: ModelIndex) -> None:
    none = index.filtered(license="mit", task="translation")
    assert (len(none), list(none), none.list()) == (0, [], ())
    assert str(none.search("coins")) == (
        "No model fits 'coins': none of 6 models passes task=translation, license=mit; try fewer filters"
    )


def test_a_retriever_takes_its_filters_along(index: ModelIndex) -> None:
    retriever = index.filtered(task="translation").as_retriever(k=9, language="fr")
    assert [document.id for document in retriever.invoke("a model")] == ["lab/opus-en-fr"]
    assert [document.id for document in retriever.invoke("a model", language="de")] == ["lab/opus-de-en"]


def test_a_wrong_filter_is_an_error_that_helps(index: ModelIndex) -> None:
    lab = index.filtered(license="apache-2.0")
    preference = "prefer is 'cheap'; allowed are fast, balanced, best"
    for use in (lambda: lab.filtered(prefer="cheap"), lambda: lab.as_retriever(prefer="cheap")):
        with pytest.raises(UsageError) as caught:
            use()
        assert str(caught.value) == preference
    with pytest.raises(UnknownTaskError, match="'translaton' is not a known task; closest: translation"):
        lab.search("model", task="translaton")


def test_it_shows_what_it_is_and_through_what(index: ModelIndex) -> None:
    assert repr(index.filtered(task="translation", license="mit")) == (
        f"ModelIndex({str(index.path)!r}).filtered(task=translation, license=mit)"
    )
