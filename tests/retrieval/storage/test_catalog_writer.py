from __future__ import annotations

from pathlib import Path

import pytest

from prefrontal.retrieval.filters import Filters
from prefrontal.retrieval.storage import catalog_writer
from prefrontal.retrieval.storage.catalog import HASH, Catalog, hash_text
from prefrontal.retrieval.storage.catalog_writer import CatalogWriter
from prefrontal.tools.card import ModelCard


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalog.sqlite"


def found(catalog: Catalog, *words: str) -> list[str]:
    return [card.name for card in catalog.cards(rowid for rowid, _ in catalog.search(words, 10, None)).values()]


def test_a_card_put_again_keeps_its_row_and_its_old_words_are_gone(path: Path, cards: list[ModelCard]) -> None:
    draft = CatalogWriter(path)
    first = draft.put(cards[0], "here")
    assert draft.put(cards[0].with_(summary="Counts seeds."), "there") == first
    assert draft.remove(["no/such", cards[0].id]) == [first]
    draft.put(cards[0].with_(summary="Counts seeds."), "there")
    draft.finish()
    catalog = Catalog(path)
    assert found(catalog, "seeds") == ["coin-finder"]
    assert found(catalog, "photos") == []
    assert not list(path.parent.glob("catalog.sqlite-*")), "a log was left beside the file"


def test_rows_are_counted_on_from_the_first_one_and_from_those_that_are_there(
    path: Path, cards: list[ModelCard]
) -> None:
    draft = CatalogWriter(path, first=41)
    assert [draft.put(card, "here") for card in cards[:2]] == [41, 42]
    draft.finish()
    again = CatalogWriter(path, first=7)
    assert again.put(cards[2], "there") == 43
    again.finish()
    catalog = Catalog(path)
    assert (catalog.first, catalog.last, len(catalog)) == (41, 43, 3)
    assert catalog.origins([41, 42, 43]) == {41: "here", 42: "here", 43: "there"}


def test_a_draft_reads_what_it_wrote_and_nobody_else_does_before_it_is_finished(
    path: Path, cards: list[ModelCard]
) -> None:
    draft = CatalogWriter(path)
    draft.finish()
    draft = CatalogWriter(path)
    draft.put(cards[0], "here")
    assert found(draft, "coins") == ["coin-finder"]
    assert draft.digests([cards[0].id]) == {cards[0].id: (1, cards[0].digest)}
    assert len(Catalog(path)) == 0
    draft.close()
    assert len(CatalogWriter(path)) == 0, "what was not finished is not there"


def test_of_long_prose_a_part_is_kept_and_the_card_is_known_by_all_of_it(path: Path, cards: list[ModelCard]) -> None:
    long = cards[0].with_(text="It counts. " * 10 + "Zebras.")
    draft = CatalogWriter(path)
    draft.put(long, "here", prose=20)
    draft.finish()
    catalog = Catalog(path)
    assert catalog.cards([1])[1].text == long.text[:20]
    assert catalog.digests([long.id]) == {long.id: (1, long.digest)}, "so that it is not taken for another one"
    assert catalog.texts([long.id]) == {long.id: (1, hash_text(long.search_text)[:HASH])}
    assert found(catalog, "zebras") == []


def test_of_the_longest_prose_the_beginning_is_found_and_all_of_it_is_kept(
    path: Path, cards: list[ModelCard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_writer, "_PROSE", 50)
    long = cards[0].with_(text="Giraffes at the beginning. " + "x " * 50 + "Zebras at the end.")
    draft = CatalogWriter(path)
    draft.put(long, "here")
    assert (found(draft, "giraffes"), found(draft, "zebras")) == (["coin-finder"], [])
    assert draft.cards([1])[1] == long
    draft.remove([long.id])
    assert found(draft, "giraffes") == [], "what was put in is taken out"


def test_a_vector_that_is_an_approximation_stands_for_no_other_card(path: Path, cards: list[ModelCard]) -> None:
    draft = CatalogWriter(path)
    draft.put(cards[0], "here", rough=True)
    draft.put(cards[1], "here")
    rough, strong = (hash_text(card.search_text) for card in cards[:2])
    assert draft.of_texts([rough, strong]) == {strong[:HASH]: 2}


def test_a_sealed_part_knows_how_many_cards_hold_a_frequent_word(
    path: Path, cards: list[ModelCard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_writer, "_FREQUENT", 2)
    draft = CatalogWriter(path)
    for card in cards:
        draft.put(card, "here")
    assert draft.frequent(["finds", "coins"]) == {"finds": 0, "coins": 0}
    draft.seal()
    draft.finish()
    catalog = Catalog(path)
    assert catalog.frequent(["finds", "coins", "finding"]) == {"finds": 2, "coins": 0, "finding": 2}
    assert found(catalog, "coins") == ["coin-finder"]
    assert len(catalog.named(Filters())) == len(cards)
