from __future__ import annotations

from pathlib import Path

import pytest

from prefrontal.retrieval.filters import Filters
from prefrontal.retrieval.storage.catalog import Catalog
from prefrontal.retrieval.storage.catalog_writer import CatalogWriter
from prefrontal.retrieval.words import query_words
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
