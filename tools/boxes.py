"""Boxes that a detector found: the ones that frame the same thing twice are dropped, and those it knows to doubt.

A box is a dict as transformers' pipelines give it: `{"label", "score", "box": {"xmin", "ymin", "xmax", "ymax"}}`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

SAME = 0.65
"""Two boxes of one label that overlap by this share (intersection over union) or more frame one thing.

Detectors without a suppression of their own (DETR, RT-DETR, YOLOS) keep two boxes on one thing now and then; those
overlap by 0.8 and more. Things that stand before each other, as people in a crowd, hardly overlap by more than 0.6.
"""

_NEAR = 0.5  # what only the second look shows must lie apart from what the first shows: small boxes are off by a pixel
_EDGE = 0.02  # a box that comes this near to the border, as a share of the picture, may frame a part of a thing


@dataclass(frozen=True)
class Bounds:
    """What a checkpoint says of its boxes, as `box_bounds` in its config.json: which of them are worth giving.

    One bound for every score either counts a wheel in a street as a coin, or misses the worst worn of two dozen coins.
    A picture in which one coin is beyond doubt shows coins, and so a lower score is believed of the others.

    Attributes:
        surest: without a box of this score the picture shows nothing of the kind.
        others: the least score of the other boxes.
        longest: how many times as long as it is wide a box may be, in the picture's own pixels (a network that sees
            every picture as a square cannot tell a disc from an ellipse); boxes at the border are not held to it.
            Where most boxes are longer, those that are not are no discs either: cups, seen at a slant.
        both_ways: scores are the mean of what the picture and its mirror image give (`agreed`), for twice the time.
    """

    surest: float = 0.5
    others: float = 0.5
    longest: float = float("inf")
    both_ways: bool = False

    @classmethod
    def of(cls, config: Any) -> Bounds | None:
        """What a configuration says; None when it says nothing, or something that is no bound."""
        said = getattr(config, "box_bounds", None)
        if not isinstance(said, dict) or not said or set(said) - {field.name for field in fields(cls)}:
            return None
        numbers = [value for name, value in said.items() if name != "both_ways"]
        if any(isinstance(value, bool) or not isinstance(value, int | float) for value in numbers):
            return None
        return cls(**said) if isinstance(said.get("both_ways", False), bool) else None

    def kept(self, found: list[dict[str, Any]], width: int, height: int) -> list[dict[str, Any]]:
        """The boxes that a picture of this size is told to show."""
        likely = [item for item in found if item["score"] >= self.others]
        whole = [item for item in likely if _inside(item["box"], width, height)]
        long = [item for item in whole if _length(item["box"]) > self.longest]
        shaped = [item for item in likely if item not in long]
        if 2 * len(long) > len(whole) or all(item["score"] < self.surest for item in shaped):
            return []
        return shaped


def _inside(box: dict[str, float], width: int, height: int) -> bool:
    x, y = _EDGE * width, _EDGE * height
    return box["xmin"] >= x and box["ymin"] >= y and box["xmax"] <= width - x and box["ymax"] <= height - y


def _length(box: dict[str, float]) -> float:
    sides = box["xmax"] - box["xmin"], box["ymax"] - box["ymin"]
    return max(sides) / max(min(sides), 1e-6)


def overlap(one: dict[str, float], other: dict[str, float]) -> float:
    """Intersection over union of two boxes, 0 to 1."""
    wide = min(one["xmax"], other["xmax"]) - max(one["xmin"], other["xmin"])
    high = min(one["ymax"], other["ymax"]) - max(one["ymin"], other["ymin"])
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / (_area(one) + _area(other) - wide * high)


def distinct(found: list[dict[str, Any]], same: float = SAME) -> list[dict[str, Any]]:
    """The boxes in their order, without those that frame what a surer box of the same label frames already."""
    kept: list[dict[str, Any]] = []
    for item in sorted(found, key=lambda item: -item["score"]):
        twins = (other for other in kept if other["label"] == item["label"])
        if all(overlap(item["box"], other["box"]) < same for other in twins):
            kept.append(item)
    chosen = {id(item) for item in kept}
    return [item for item in found if id(item) in chosen]


def agreed(found: list[dict[str, Any]], other: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What two looks at one picture show, each with the mean of its two scores; what one look alone shows gets half.

    Args:
        found: boxes of the first look, whose places are kept.
        other: boxes of the second look, in the same pixels.
    """
    both: list[dict[str, Any]] = []
    for item in found:
        twins = [two["score"] for two in other if _same(item, two)]
        both.append({**item, "score": (item["score"] + max(twins, default=0.0)) / 2})
    alone = [two for two in other if not any(_same(item, two, _NEAR) for item in found)]
    return both + [{**two, "score": two["score"] / 2} for two in alone]


def _same(one: dict[str, Any], two: dict[str, Any], same: float = SAME) -> bool:
    return one["label"] == two["label"] and overlap(one["box"], two["box"]) >= same


def _area(box: dict[str, float]) -> float:
    return (box["xmax"] - box["xmin"]) * (box["ymax"] - box["ymin"])
