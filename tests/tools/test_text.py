from __future__ import annotations

import pytest

from prefrontal.tools.text import error_line, singular


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("coins", "coin"), ("Berries ", "berry"), ("boxes", "box"), ("matches", "match"), ("glass", "glass"),
        ("glasses", "glasses"), ("buses", "bus"), ("people", "person"), ("movies", "movie"), ("bus", "bus"),
        ("ties", "tie"), ("tennis", "tennis"), ("coin", "coin"), ("series", "series"),
    ],
)  # fmt: skip
def test_one_thing_of_several(word: str, one: str) -> None:
    assert singular(word) == one


def test_an_error_is_shortened_to_a_line() -> None:
    assert error_line(OSError("no\n  route " + "x" * 200)) == "no route " + "x" * 151 + "…"
    assert error_line(OSError("no route"), 8) == "no route"
    assert error_line(TimeoutError()) == "TimeoutError"
