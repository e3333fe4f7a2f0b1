"""Boxes that a detector found: the ones that frame the same thing twice are dropped.

A box is a dict as transformers' pipelines give it: `{"label", "score", "box": {"xmin", "ymin", "xmax", "ymax"}}`.
"""

from __future__ import annotations

from typing import Any

SAME = 0.65
"""Two boxes of one label that overlap by this share (intersection over union) or more frame one thing.

Detectors without a suppression of their own (DETR, RT-DETR, YOLOS) keep two boxes on one thing now and then; those
overlap by 0.8 and more. Things that stand before each other, as people in a crowd, hardly overlap by more than 0.6.
"""


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


def _area(box: dict[str, float]) -> float:
    return (box["xmax"] - box["xmin"]) * (box["ymax"] - box["ymin"])
