"""To what a result is rounded."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.arithmetic.sum_rounding import rounding


@pytest.mark.parametrize(
    ("text", "rest", "wrapped"),
    [
        ("#0 to #1 decimals", "#0", "round(x, 2)"),
        ("round #0 to the nearest #2", "#0", "round((x) / 10) * 10"),
        ("#0 rounded up", "#0", "ceil(x)"),
        ("round #0 down", "#0", "floor(x)"),
        ("#0 to the nearest hundredth", "#0", "round(x, 2)"),
    ],
)
def test_rounding(text: str, rest: str, wrapped: str) -> None:
    left, wrap = rounding(text, ["3.14159", "2", "10"])
    assert wrap
    assert (left, wrap("x")) == (rest, wrapped)


def test_what_goes_on_after_it_is_not_rounded() -> None:
    assert rounding("#0 to #1 decimals plus #2", ["3.14159", "2", "10"])[1] is None
    assert rounding("#0 plus #1", ["3", "2"])[1] is None
