"""Units by the names that people write, and what each measures."""

from __future__ import annotations

import pytest

from prefrontal.tools.unit_names import CURRENCIES, names


@pytest.mark.parametrize(
    ("name", "sign", "kind"),
    [
        ("km", "km", "length"),
        ("kilometres", "km", "length"),
        ("feet", "ft", "length"),
        ("square metres", "m²", "area"),
        ("degrees celsius", "°C", "temperature"),
        ("kmh", "km/h", "speed"),
        ("kilometres per hour", "km/h", "speed"),
        ("miles an hour", "mph", "speed"),
    ],
)
def test_names(name: str, sign: str, kind: str) -> None:
    assert [(unit.sign, unit.kind) for unit in names()[name]] == [(sign, kind)]


def test_names_of_several_units_have_the_usual_one_first() -> None:
    assert [(unit.sign, unit.region) for unit in names()["gallons"]] == [("US gal", "US"), ("UK gal", "UK")]
    assert [unit.kind for unit in names()["m"]] == ["length", "time"]
    assert [unit.kind for unit in names()["oz"]] == ["mass", "volume", "volume"]


def test_one_letter_and_a_blank_are_no_speed() -> None:
    assert "m/s" in names()
    assert "m s" not in names()
    assert "kms" in names()
    assert "kmss" not in names()


@pytest.mark.parametrize(("text", "money"), [("5 €", True), ("20 bucks", True), ("3 pounds", False), ("5 km", False)])
def test_currencies(text: str, money: bool) -> None:
    assert (CURRENCIES.search(text) is not None) is money
