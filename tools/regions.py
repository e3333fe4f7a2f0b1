"""Named parts of a picture, as shares of its sides."""

from __future__ import annotations

from ..errors import ToolInputError


def fractions(region: str) -> tuple[float, float, float, float]:
    """left, top, right, bottom of a named region such as "left half" or "top right", from 0 to 1.

    Raises:
        ToolInputError: it names no part of a picture.
    """
    words = set(region.lower().replace("-", " ").replace("upper", "top").replace("lower", "bottom").split())
    sides = {"left", "right", "top", "bottom"} & words
    centre = {"centre", "center", "middle"} & words
    if {"left", "right"} <= sides or {"top", "bottom"} <= sides or not (sides or centre):
        raise ToolInputError(
            f"{region!r} is no region; allowed are left, right, top or bottom half, "
            "a quarter such as top left, and centre"
        )
    if not sides:
        return (0.25, 0.25, 0.75, 0.75)
    share = 1 / 3 if "third" in words else 0.25 if "quarter" in words and len(sides) == 1 else 0.5
    return (
        1 - share if "right" in sides else 0.0,
        1 - share if "bottom" in sides else 0.0,
        share if "left" in sides else 1.0,
        share if "top" in sides else 1.0,
    )
