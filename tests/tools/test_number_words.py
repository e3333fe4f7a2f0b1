"""Number words and fractions as figures."""

from __future__ import annotations

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.number_words import in_figures, number_of, says_several, with_decimals


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("twenty-five miles", "25 miles"),
        ("two hundred and fifty grams", "250 grams"),
        ("a hundred km", "100 km"),
        ("three thousand and five", "3005"),
        ("which one is it", "which one is it"),
        ("one of us", "one of us"),
        ("one week", "1 week"),
        ("two and three", "2 and 3"),
        ("someone", "someone"),
    ],
)
def test_in_figures(text: str, figures: str) -> None:
    assert in_figures(text) == figures


@pytest.mark.parametrize(
    ("text", "decimals"),
    [
        ("half a pound", "0.5 pound"),
        ("2 and a half kilos", "2.5 kilos"),
        ("a mile and a half in km", "1.5 mile in km"),
        ("a quarter of an acre", "0.25 acre"),
        ("3 quarters of a cup", "0.75 cup"),
        ("1 1/2 cups", "1.5 cups"),
        ("½ cup", "0.5 cup"),
        ("2½ cups", "2.5 cups"),
        ("half of 5 kg", "half of 5 kg"),
        ("1/0 kg", "1/0 kg"),
    ],
)
def test_with_decimals(text: str, decimals: str) -> None:
    assert " ".join(with_decimals(text).split()) == decimals


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1250.5", (1250.5,)),
        ("1.250,5", (1250.5,)),
        ("1,250.5", (1250.5,)),
        ("1.250", (1.25, 1250.0)),
        ("1,250", (1250.0, 1.25)),
        ("0,250", (0.25,)),
        ("1.250.000", (1250000.0,)),
        ("2 million", (2000000.0,)),
        ("-3", (-3.0,)),
        ("1e3", (1000.0,)),
    ],
)
def test_numbers(text: str, readings: tuple[float, ...]) -> None:
    assert number_of(text) == readings


@pytest.mark.parametrize("text", ["1.2.3", "1,2,3", "one", "1 + 1", ""])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ToolInputError, match=r"is no number; write it such as 1250\.5"):
        number_of(text)


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("1234 and 1241", True),
        ("twenty thirty", True),
        ("one thousand, two hundred and five", False),
        ("12 000", False),
        ("Forty-two.", False),
        ("quarante-deux", False),
    ],
)
def test_more_than_one_number(text: str, several: bool) -> None:
    assert says_several(text) is several
