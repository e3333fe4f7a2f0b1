"""Number words are figures, in the middle of a goal."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.numerals import in_figures


def test_number_words_become_figures() -> None:
    assert in_figures("forty-two thousand one hundred and five coins") == "42105 coins"
    assert in_figures("nothing to see") == "nothing to see"


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("seventeen times Twenty-Three plus four", "17 times 23 plus 4"),
        ("a hundred and one", "a 101"),
        ("two hundred thousand and five", "200005"),
        ("three million two hundred", "3000200"),
        ("a million", "a 1000000"),
        ("one, two", "1, 2"),
        ("two and three", "2 and 3"),
        ("two three", "2 3"),
        ("five thousand and three and two", "5003 and 2"),
        ("twelve hundred and six", "1206"),
        ("someone had tenfold attention", "someone had tenfold attention"),
        ("7 coins", "7 coins"),
    ],
)
def test_number_words_within_a_text(text: str, figures: str) -> None:
    assert in_figures(text) == figures
