"""Dates, spans, weekdays and numbers leave their letters in the text."""

from __future__ import annotations

import pytest

from prefrontal.tools.date_words import Span, read, units_named


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("90 days after 3 May", "S0 after D0"),
        ("from 14 to 20 March 2027", "from D0 to D1"),
        ("is 14 feb 2027 a sunday, or 15 feb?", "is D0 a W0, or D1?"),
        ("on May 5 20 guests come", "on D0 N0 guests come"),
        ("2 years, 3 months and 5 days from tomorrow", "S0 from D0"),
        ("the sun sat there", "the sun sat there"),
        ("I may march 3 of them", "i may D0 of them"),
    ],
)
def test_letters(text: str, letters: str) -> None:
    assert read(text).text == letters


def test_what_the_letters_stand_for() -> None:
    words = read("3 May until 03/04/2027, 2 weeks and 3 days")
    assert words.dates[0].orders == ((None, 5, 3),)
    assert words.dates[1].orders == ((2027, 4, 3), (2027, 3, 4))
    assert words.spans == [Span("2 weeks and 3 days", (("weeks", 2), ("days", 3)))]
    assert units_named("weeks and days") == ["weeks", "days"]
