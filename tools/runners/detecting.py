"""Detectors of things: a long picture is not squashed into a square, each thing is given once, and not the doubtful."""

from __future__ import annotations

from typing import Any

from ..boxes import Bounds, agreed, distinct

LONGEST = 1.6
"""A picture may be this many times as long as it is short before it is widened.

Models that scale every picture to one square saw photos of 4:3 to 3:2 in training. A strip of eight coins becomes a
square of eight thin ellipses, of which they know none; with plain ground beside it, it stays as they know it.
"""
_LOOK = 0.1  # of two looks that must agree, one may be as unsure as this


def detect(pipe: Any, picture: Any, options: dict[str, Any]) -> list[dict[str, Any]]:
    """The boxes that a pipeline finds in a PIL picture, in its own pixels, each thing once.

    Args:
        pipe: an object-detection or zero-shot-object-detection pipeline of transformers.
        options: what else it is called with; with a threshold of the caller's own, all boxes beyond it are given,
            whatever bounds the checkpoint names.
    """
    bounds = None if "threshold" in options else Bounds.of(pipe.model.config)
    if bounds is None:
        return _looked(pipe, picture, options)
    if not bounds.both_ways:
        return bounds.kept(_looked(pipe, picture, {**options, "threshold": bounds.others}), *picture.size)
    from PIL import ImageOps

    low = {**options, "threshold": _LOOK}
    mirrored = [_mirrored(item, picture.width) for item in _looked(pipe, ImageOps.mirror(picture), low)]
    return bounds.kept(agreed(_looked(pipe, picture, low), mirrored), *picture.size)


def _looked(pipe: Any, picture: Any, options: dict[str, Any]) -> list[dict[str, Any]]:
    """What one look at the picture gives."""
    seen = widened(picture) if _squashes(pipe.image_processor) else picture
    found = pipe(seen, **options)
    if seen is not picture:
        found = [clipped for item in found if (clipped := _within(item, *picture.size))]
    return distinct(found)


def _mirrored(item: dict[str, Any], width: int) -> dict[str, Any]:
    """The box where it lies in the mirror image."""
    box = item["box"]
    return {**item, "box": {**box, "xmin": width - box["xmax"], "xmax": width - box["xmin"]}}


def widened(picture: Any, longest: float = LONGEST) -> Any:
    """A long picture with ground added at its right or its bottom, the colour that its border has most; others as is.

    What it shows stays where it is, and so do the boxes on it.
    """
    import numpy as np
    from PIL import Image

    width, height = picture.size
    wide, high = max(width, round(height / longest)), max(height, round(width / longest))
    if (wide, high) == (width, height):
        return picture
    shown = picture.convert("RGB")
    pixels = np.asarray(shown)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    red, green, blue = (int(value) for value in np.median(border, axis=0))
    ground = Image.new("RGB", (wide, high), (red, green, blue))
    ground.paste(shown, (0, 0))
    return ground


def _squashes(processor: Any) -> bool:
    """Does it scale to a fixed height and width, with nothing added (RT-DETR, OWL-ViT)? DETR and YOLOS keep shapes."""
    size = getattr(processor, "size", None)
    fixed = bool(size) and "height" in size and "width" in size
    return fixed and bool(getattr(processor, "do_resize", False)) and not getattr(processor, "do_pad", False)


def _within(item: dict[str, Any], width: int, height: int) -> dict[str, Any] | None:
    """The box cut to the picture, or None when its middle lies on the ground that was added."""
    box = item["box"]
    if box["xmin"] + box["xmax"] >= 2 * width or box["ymin"] + box["ymax"] >= 2 * height:
        return None
    return {**item, "box": {**box, "xmax": min(box["xmax"], width), "ymax": min(box["ymax"], height)}}
