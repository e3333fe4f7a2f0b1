from __future__ import annotations

from pathlib import Path

import pytest

from prefrontal.retrieval.filters import Filters
from prefrontal.retrieval.storage.catalog import Catalog
from prefrontal.retrieval.storage.catalog_writer import CatalogWriter
from prefrontal.retrieval.words import query_words, split_words
from prefrontal.tools.card import ModelCard


@pytest.fixture
def catalog(tmp_path: Path, cards: list[ModelCard]) -> Catalog:
    draft = CatalogWriter(tmp_path / "catalog.sqlite")
    for card in cards:
        draft.put(card, origin="here")
    draft.finish()
    return Catalog(tmp_path / "catalog.sqlite")


def found(catalog: Catalog, query: str, filters: Filters | None = None) -> list[str]:
    allowed = catalog.allowed(filters, 1000) if filters else None
    hits = catalog.search(query_words(query), 10, allowed)
    names = catalog.cards(rowid for rowid, _ in hits)
    return [names[rowid].name for rowid, _ in hits]


def test_names_are_split_where_people_split_them() -> None:
    assert split_words("microsoft/DialoGPT-small_v2") == "microsoft Dialo GPT small v2 microsoft/DialoGPT-small_v2"


def test_only_words_that_say_something_are_searched() -> None:
    assert query_words("Please find me the COINS, the coins in snake_case!") == ["find", "coins", "snake", "case"]
    assert query_words("what is it") == []


def test_words_find_by_name_stem_and_task(catalog: Catalog) -> None:
    assert found(catalog, "a coin in a photo")[0] == "coin-finder"
    assert found(catalog, "opus")[:2] == ["opus-en-fr", "opus-de-en"]
    assert found(catalog, "transcription") == ["tiny-asr"]
    assert found(catalog, "of the") == []


@pytest.mark.parametrize("query", ['" OR 1=1 --', "coin* NEAR(", "'; DROP TABLE cards; --", "name:", "\0", "(" * 500])
def test_any_string_is_only_words(catalog: Catalog, query: str) -> None:
    found(catalog, query)
    assert len(catalog) == 6


def test_filters_hold_for_words_too(catalog: Catalog) -> None:
    assert found(catalog, "finds things in photos", Filters(license="apache-2.0")) == ["detr-big"]


def test_a_card_comes_back_as_it_went_in(catalog: Catalog, cards: list[ModelCard]) -> None:
    rowids = dict(catalog.named(Filters()))
    assert list(rowids) == sorted(card.id for card in cards)
    assert catalog.cards(rowids.values()) == {rowids[card.id]: card for card in cards}
    assert set(catalog.origins(rowids.values()).values()) == {"here"}
    assert catalog.digests(["shop/coin-finder", "SHOP/coin-finder"]) == {"shop/coin-finder": (1, cards[0].digest)}
    assert catalog.from_source("elsewhere") == {}
    assert catalog.from_source("here") == rowids
    assert catalog.modified("shop/coin-finder") == (1, "")
    assert catalog.modified("no/such") is None
    assert catalog.tasks() == {"object-detection": 2, "translation": 2, "": 1, "automatic-speech-recognition": 1}


def test_a_card_put_again_keeps_its_row_and_its_old_words_are_gone(tmp_path: Path, cards: list[ModelCard]) -> None:
    draft = CatalogWriter(tmp_path / "again.sqlite")
    first = draft.put(cards[0], "here")
    assert draft.put(cards[0].with_(summary="Counts seeds."), "there") == first
    assert draft.remove(["no/such", cards[0].id]) == [first]
    draft.put(cards[0].with_(summary="Counts seeds."), "there")
    draft.finish()
    catalog = Catalog(tmp_path / "again.sqlite")
    assert found(catalog, "seeds") == ["coin-finder"]
    assert found(catalog, "photos") == []
    assert not list(tmp_path.glob("again.sqlite-*")), "a log was left beside the file"
