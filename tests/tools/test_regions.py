"""Named parts of a picture are shares of its sides."""

from __future__ import annotations

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.regions import fractions


@pytest.mark.parametrize(
    ("region", "shares"),
    [
        ("left half", (0, 0, 0.5, 1)),
        ("right side", (0.5, 0, 1, 1)),
        ("Top", (0, 0, 1, 0.5)),
        ("the lower half", (0, 0.5, 1, 1)),
        ("upper-left corner", (0, 0, 0.5, 0.5)),
        ("bottom right quarter", (0.5, 0.5, 1, 1)),
        ("left quarter", (0, 0, 0.25, 1)),
        ("right third", (2 / 3, 0, 1, 1)),
        ("centre", (0.25, 0.25, 0.75, 0.75)),
        ("the middle", (0.25, 0.25, 0.75, 0.75)),
    ],
)
def test_a_part_is_four_shares(region: str, shares: tuple[float, float, float, float]) -> None:
    assert fractions(region) == pytest.approx(shares)


@pytest.mark.parametrize("region", ["left right", "top and bottom", "somewhere", ""])
def test_what_is_no_part(region: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        fractions(region)
    assert str(caught.value) == (
        f"{region!r} is no region; allowed are left, right, top or bottom half, a quarter such as top left, and centre"
    )
