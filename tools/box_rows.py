"""Rows and columns of things in a picture, as a person sees them: those that stand about level belong together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..errors import ToolInputError
from .regions import fractions

_LEVEL = 0.6  # of a thing's own size: centres that are nearer than this stand in one row
_NTH = {
    "top": 0, "topmost": 0, "upper": 0, "left": 0, "leftmost": 0, "first": 0, "second": 1, "third": 2, "fourth": 3,
    "fifth": 4,
    "bottom": -1, "bottommost": -1, "lower": -1, "last": -1, "right": -1, "rightmost": -1,
}  # fmt: skip
_KEEP = re.compile(rf"\s*(not\s+)?(?:the\s+)?({'|'.join(_NTH)}|middle)\s+(row|column)s?\s*", re.IGNORECASE)


def filter_boxes(boxes: Sequence[dict[str, Any]], keep: str, image: Any = None) -> list[dict[str, Any]]:
    """Those things of one row or column, or whose middle lies in a part of the picture; with "not", all the others.

    Args:
        image: the picture, whose size says where its parts are.

    Raises:
        ToolInputError: `keep` names no row, column or part, there are not as many, or the picture is missing.
    """
    found = _KEEP.fullmatch(keep)
    if not found and image is not None:
        return _in_part(boxes, keep, image.size)
    if not found:
        raise ToolInputError(
            f"{keep!r} is no row or column; allowed are such as 'top row', 'not the last row', or, with the picture, "
            "'left half'"
        )
    others, which, axis = found[1], found[2].lower(), "y" if found[3].lower() == "row" else "x"
    rows = rows_of(boxes, axis)
    if not rows:
        return []
    if which == "middle" and len(rows) % 2 == 0:
        raise ToolInputError(f"there are {len(rows)} {found[3]}s, so none is in the middle; say which one by number")
    place = len(rows) // 2 if which == "middle" else _NTH[which]
    if place >= len(rows):
        raise ToolInputError(f"there are {len(rows)} {found[3]}s, so there is no {which} one")
    chosen = {id(item) for item in rows[place]}
    return [item for item in boxes if (id(item) in chosen) is not bool(others)]


def _in_part(boxes: Sequence[dict[str, Any]], keep: str, size: tuple[int, int]) -> list[dict[str, Any]]:
    others, part = keep.strip().lower().startswith("not "), keep.strip().removeprefix("not ")
    left, top, right, bottom = fractions(part)

    def inside(item: dict[str, Any]) -> bool:
        box = item["box"]
        x, y = (box["xmin"] + box["xmax"]) / 2 / size[0], (box["ymin"] + box["ymax"]) / 2 / size[1]
        return left <= x < right and top <= y < bottom

    return [item for item in boxes if inside(item) is not others]


def rows_of(boxes: Sequence[dict[str, Any]], axis: str = "y") -> list[list[dict[str, Any]]]:
    """The things row by row (axis "y", from the top) or column by column ("x", from the left)."""
    low, high = f"{axis}min", f"{axis}max"
    middle = {id(item): (item["box"][low] + item["box"][high]) / 2 for item in boxes}
    sizes = sorted(item["box"][high] - item["box"][low] for item in boxes)
    near = _LEVEL * sizes[len(sizes) // 2] if sizes else 0.0
    rows: list[list[dict[str, Any]]] = []
    for item in sorted(boxes, key=lambda item: middle[id(item)]):
        if rows and middle[id(item)] - middle[id(rows[-1][-1])] < near:
            rows[-1].append(item)
        else:
            rows.append([item])
    return rows
