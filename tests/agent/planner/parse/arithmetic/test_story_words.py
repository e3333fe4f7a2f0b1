"""Words that count."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.arithmetic.story_words import counted, head, modifiers, unit_of


@pytest.mark.parametrize(
    ("word", "unit"), [("litres", "liters"), ("boxes", "box"), ("shelves", "shelf"), ("people", "person")]
)
def test_units(word: str, unit: str) -> None:
    assert unit_of(word) == unit


def test_what_a_figure_counts() -> None:
    assert counted("chocolate cookies in a box".split()) == ["chocolate", "cookies"]
    assert head(["chocolate", "cookies"]) == "cookie"
    assert modifiers("red cookies left".split()) == frozenset({"red"})
    assert counted("seats in each row".split()) == ["seats"]
