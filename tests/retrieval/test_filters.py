from __future__ import annotations

from typing import Any

import pytest

from prefrontal.errors import UnknownTaskError, UsageError
from prefrontal.retrieval.filters import Filters
from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.card import ModelCard


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "tiny-asr detr-big opus-de-en opus-en-fr no-task coin-finder"),
        ({"task": "translation"}, "opus-de-en opus-en-fr"),
        ({"task": "ASR"}, "tiny-asr"),
        ({"task": ["asr", "object-detection"]}, "tiny-asr detr-big coin-finder"),
        ({"takes": "image"}, "detr-big coin-finder"),
        ({"takes": "audio", "gives": "text"}, "tiny-asr"),
        ({"gives": "image"}, ""),
        ({"task": "asr", "takes": "image"}, ""),
        ({"license": "MIT"}, "coin-finder"),
        ({"license": "mi"}, ""),
        ({"language": "de"}, "opus-de-en"),
        ({"library": "Transformers"}, "tiny-asr"),
        ({"max_bytes": 5_000_000}, "tiny-asr no-task coin-finder"),
        ({"where": lambda card: card.owner == "lab"}, "detr-big opus-de-en opus-en-fr"),
    ],
)
def test_each_filter_lets_through_what_it_says(index: ModelIndex, filters: dict[str, Any], expected: str) -> None:
    assert [card.name for card in index.list(**filters)] == expected.split()
    assert {hit.card.name for hit in index.search("model", k=9, **filters)} == set(expected.split())


def test_a_wrong_filter_is_an_error_that_helps(index: ModelIndex) -> None:
    with pytest.raises(UnknownTaskError, match=r"'translaton' is not a known task; closest: translation"):
        index.search("model", task="translaton")
    with pytest.raises(UsageError) as caught:
        index.search("model", takes="smell")
    assert str(caught.value) == (
        "'smell' is not a kind of value; allowed are image, audio, video, table, model3d, text, number, labels, boxes, "
        "spans, masks, points, vector, json"
    )


def test_filters_show_what_is_set() -> None:
    assert str(Filters(task="translation", license="mit")) == "task=translation, license=mit"
    assert str(Filters()) == ""


def test_a_text_alone_is_nothing_to_look_at(index: ModelIndex) -> None:
    index.add([ModelCard(id="a/sees", task="visual-question-answering"), ModelCard(id="a/reads", task="fill-mask")])
    found = {hit.id for hit in index.search("what is it", k=20, takes="text")}
    assert "a/reads" in found
    assert not found & {"a/sees", "shop/coin-finder", "ear/tiny-asr"}
