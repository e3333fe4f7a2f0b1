"""`ModelCard`: the one record that flows through everything."""

from __future__ import annotations

from readmes import COIN_FINDER

from prefrontal.tools.card import ModelCard


def test_a_changed_card_has_another_digest() -> None:
    card = ModelCard.from_readme(COIN_FINDER, id="a/b")
    assert card.with_(license="apache-2.0").digest != card.digest
    assert card.with_(license="mit").digest == card.digest


def test_search_text_says_the_task_and_the_purpose_in_words_then_the_name() -> None:
    lines = ModelCard.from_readme(COIN_FINDER, id="lab/coin-finder").search_text.splitlines()
    assert lines[0].startswith("object detection. ")
    assert "Finds coins in photos and draws a box around each of them." in lines[0]
    assert lines[1] == "coin finder"


def test_search_text_has_neither_links_nor_marks_nor_the_same_sentence_twice() -> None:
    text = "## Use\n\n**Reads** [old maps](https://maps.example/x) <b>well</b>, see https://maps.example/y please."
    assert ModelCard(id="a/maps", task="image-to-text", summary="For maps.", text=text).search_text.splitlines() == [
        "image to text. For maps. Use Reads old maps well, see please.",
        "maps",
    ]
    told = "Reads the names of places on old maps and writes them down."
    assert ModelCard(id="a/b", summary=told, text=f"# Maps\n\n{told}").search_text.count(told) == 1
