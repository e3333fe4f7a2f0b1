from __future__ import annotations

from typing import Any

import pytest

from prefrontal.retrieval.sources import cards
from prefrontal.retrieval.sources.base import Read
from prefrontal.tools.card import ModelCard

ONE, TWO = ModelCard(id="a/one"), ModelCard(id="a/two")


@pytest.mark.parametrize("value", [ONE, [ONE], (ONE, TWO), iter([ONE]), []])
def test_a_card_or_many_of_them_match(value: Any) -> None:
    assert cards.matches(value)


@pytest.mark.parametrize("value", ["a/one", b"a/one", {"id": "a/one"}, 7, None])
def test_what_only_names_a_card_or_is_its_row_does_not_match(value: Any) -> None:
    assert not cards.matches(value)


@pytest.mark.parametrize(
    ("value", "ids", "count"),
    [(ONE, ["a/one"], 1), ([ONE, TWO], ["a/one", "a/two"], 2), (iter([ONE, TWO]), ["a/one", "a/two"], 0), ([], [], 0)],
)
def test_they_come_as_they_are_counted_where_that_costs_nothing(value: Any, ids: list[str], count: int) -> None:
    assert cards.count(value) == count
    assert [found.what for found in cards.read(value)] == ids


def test_what_is_no_card_is_set_aside() -> None:
    found = list(cards.read([ONE, "a string"]))
    assert found == [
        Read("a/one", ONE),
        Read("'a string'", reason="str is no ModelCard; use ModelCard.from_row first"),
    ]
