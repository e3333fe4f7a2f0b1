"""Converting, which of several units of one name is meant, and how the result is told."""

from __future__ import annotations

from typing import Any

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.unit_sums import are_a_pair, as_pair, converted, notes, number_text, options, region, sentence
from prefrontal.tools.unit_words import name_of, read


def result(question: str) -> tuple[float, str]:
    """The number and the sentence of a question with one quantity and one target."""
    words = read(question)
    quantity = words.quantities[0]
    source, target = options(quantity.unit, words.units[0], region(question))[0]
    number = converted(quantity, quantity.values[0], source, target, words)
    return number, sentence(quantity, quantity.values[0], (number, source, target), words)


@pytest.mark.parametrize(
    ("question", "number", "told"),
    [
        ("25 miles in km with 1 decimal", 40.2336, "25 mi ≈ 40.2 km."),
        ("24 hours in days", 1, "24 h = 1 day."),
        ("100 celsius in fahrenheit", 212, "100 °C = 212 °F."),
        ("a difference of 10 celsius in fahrenheit", 18, "A difference of 10 °C = 18 °F."),
        ("5 UK gallons in litres to 2 decimals", 22.73045, "5 UK gal ≈ 22.73 L."),
        ("30 US mpg in l/100km to 2 decimals", 7.8405, "30 US mpg ≈ 7.84 L/100 km."),
    ],
)
def test_results(question: str, number: float, told: str) -> None:
    made, said = result(question)
    assert made == pytest.approx(number, abs=1e-4)
    assert said == told


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("-300 celsius in kelvin", "-300 °C lies below absolute zero; correct it"),
        ("0 mpg in l/100km", "0 US mpg cannot be given in L/100 km; correct it"),
        ("5 km in kg", "km measures length and kg measures mass: the one cannot be given in the other"),
    ],
)
def test_what_cannot_be_converted(question: str, sentence: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        result(question)
    assert str(caught.value) == sentence


def test_an_ounce_is_one_of_volume_beside_a_volume() -> None:
    signs = [(a.sign, b.sign) for a, b in options(name_of("oz"), name_of("ml"), "")]
    assert signs == [("US fl oz", "ml"), ("UK fl oz", "ml")]
    assert [a.sign for a, _ in options(name_of("oz"), name_of("ml"), "UK")] == ["UK fl oz"]


def test_two_targets_are_told_as_one() -> None:
    words = read("180 cm in feet and inches")
    quantity = words.quantities[0]
    both: Any = [options(quantity.unit, unit, "") for unit in words.units]
    assert are_a_pair(words, both)
    pairs = [one[0] for one in both]
    assert as_pair(quantity, 180, pairs, words) == ("180 cm ≈ 5 ft 10.87 in.", [5, 10.87], ["ft", "in"])


@pytest.mark.parametrize(
    ("question", "named"),
    [("5 UK pints in ml", "UK"), ("the USA gallon", "US"), ("US or UK gallons", ""), ("tell us in ml", "")],
)
def test_the_region_that_is_named(question: str, named: str) -> None:
    assert region(question) == named


def test_numbers_and_notes() -> None:
    assert [number_text(n) for n in (1234.5, 2000.0, 1e-9, 0.1 + 0.2)] == ["1,234.5", "2,000", "1e-09", "0.3"]
    assert notes(read("2 years in days").quantities[0], []) == ["A year was taken as 365.25 days."]
    assert notes(read("5 km in m").quantities[0], [name_of("m")]) == []
