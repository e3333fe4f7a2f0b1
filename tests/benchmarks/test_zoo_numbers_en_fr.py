"""What is no whole number is right or refused, counted as such."""

from __future__ import annotations

from benchmarks.zoo_numbers_en_fr import NO_NUMBERS, ROOT, beyond


def test_nothing_is_invented() -> None:
    found = beyond(ROOT / "zoo" / "models" / "numbers-en-fr", 2 * len(NO_NUMBERS))
    assert found["invented"] == 0
    assert sum(found.values()) == 2 * len(NO_NUMBERS)
