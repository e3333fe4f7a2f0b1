"""Goals made ready: spellings, numbers and currencies."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.arithmetic.sum_words import plain, value, with_atoms, without_currency, without_unit


@pytest.mark.parametrize(
    ("goal", "text"),
    [
        ("Whats 3 × 4, pls", "what's 3 * 4, please"),
        ("half a dozen n two twenties", "6 and 40"),
        ("4,5,6", "4, 5, 6"),
        ("1,250,000", "1,250,000"),
        ("45x12", "45 * 12"),
        ("3 1/2 + 1", "(3 + 1/2) + 1"),
    ],
)
def test_plain(goal: str, text: str) -> None:
    assert plain(goal) == text


@pytest.mark.parametrize(
    ("figure", "text", "number"),
    [
        ("1.250,50", "1.250,50", "1250.50"),
        ("1,250", "1,250", "1250"),
        ("2,5", "2,5", "2.5"),
        ("1.000.000", "", "1000000"),
    ],
)
def test_values(figure: str, text: str, number: str) -> None:
    assert value(figure, text) == number


def test_several_currencies_are_not_converted() -> None:
    assert without_currency("20 dollars plus 5 euros") is None
    assert (without_currency("$20 plus 5 bucks") or "").split() == ["20", "plus", "5"]


def test_percentages_are_atoms_and_remainders_are_none() -> None:
    atoms: list[str] = []
    assert with_atoms("17 % 5 plus 3% of 9", "", atoms)[0] == "#0 % #1 plus %2 of #3"
    assert atoms == ["17", "5", "3", "9"]


def test_one_unit_does_not_matter_and_two_do() -> None:
    assert without_unit("#0 kg plus #1 kg").split() == ["#0", "plus", "#1"]
    assert without_unit("#0 kg plus #1 g") == "#0 kg plus #1 g"
