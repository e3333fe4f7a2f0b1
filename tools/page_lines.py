"""Splitting a scanned or photographed page into its lines of text, and straightening each.

Ink is contrast to the local paper. Blurred along the lines, it forms one ridge a line, which is followed even
where the page bends; the columns of a line are then shifted so that its ridge lies flat. The idea of ridges is
that of Bukhari, Shafait and Breuel, "Segmentation of Curled Textlines using Active Contours" (DAS 2008), without
the contours.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..errors import ToolInputError

if TYPE_CHECKING:
    import numpy as np

MIN_TEXT_HEIGHT = 4  # pixels of a small letter: below, nothing can be read
_INK = 0.4  # of the strongest strokes' contrast
_FILLED = 0.4  # of a picture's height: a line of text that is lower stands on a sign with wide margins
_MARGIN, _GAP = 0.3, 0.8  # of a line's height: left around it, and between its words at most where they stand far apart


@dataclass(frozen=True, slots=True)
class _Line:
    """One ridge: where it starts and ends, and its height above the page's top at each column between."""

    left: int
    right: int
    centre: np.ndarray  # of shape (right - left,)

    @property
    def middle(self) -> float:
        return float(self.centre.mean())


def split_lines(image: Any) -> list[Any]:
    """Cut a page into straightened pictures of its lines, from top to bottom.

    Args:
        image: a PIL image of one column of text, dark on light or light on dark; uneven light does not matter.

    Returns:
        PIL images in grey, each one line with a small margin.

    Raises:
        ToolInputError: there is no line of text in the picture.
    """
    import numpy as np

    grey = np.asarray(image.convert("L"), dtype=np.float32)
    ink = ink_map(grey)
    height = _text_height(ink)
    lines = [cut for line in _ridges(ink, height) if (cut := _straighten(grey, ink, line, height))] if height else []
    if not lines:
        size = f"{image.width} x {image.height} pixels"
        raise ToolInputError(f"no line of text was found in the picture of {size}; pass a page of printed text")
    return lines


def trimmed_line(image: Any) -> Any:
    """A line of text cut to its ink, with wide gaps closed: a price at the right edge stands beside its article.

    A reader of lines scales a picture to its own height, so wide margins make letters small, and gaps make it stop.

    Args:
        image: a PIL image of one line of text.

    Returns:
        A PIL image in grey; the picture itself when it has no ink.
    """
    import numpy as np
    from PIL import Image

    grey = np.asarray(image.convert("L"), dtype=np.float32)
    inked = ink_map(grey) > _INK
    rows, columns = np.flatnonzero(inked.sum(axis=1) > 0), np.flatnonzero(inked.any(axis=0))
    if not len(rows) or not len(columns) or rows[-1] - rows[0] < MIN_TEXT_HEIGHT:
        return image
    height = int(rows[-1] - rows[0] + 1)
    pad, widest = max(2, round(_MARGIN * height)), max(4, round(_GAP * height))
    wide = height < _FILLED * grey.shape[0]
    top, bottom = (max(0, rows[0] - pad), rows[-1] + 1 + pad) if wide else (0, grey.shape[0])
    kept = np.zeros(grey.shape[1], bool)
    around = pad if wide else 2 * height
    kept[max(0, columns[0] - around) : columns[-1] + 1 + around] = True
    for before, after in pairwise(columns):
        if after - before > 2 * widest:
            kept[before + widest // 2 : after - widest // 2] = False
    return Image.fromarray(np.clip(grey[top:bottom][:, kept], 0, 255).astype(np.uint8))


def ink_map(grey: np.ndarray) -> np.ndarray:
    """How much ink there is, from 0 to 1: the contrast to the local paper, whatever the light and the polarity.

    Args:
        grey: float array (height, width), 0 to 255.
    """
    import numpy as np
    from scipy import ndimage

    if np.median(grey) < 128 and np.median(grey) < grey.mean():  # light text on a dark ground
        grey = 255.0 - grey
    step = max(1, min(grey.shape) // 100)  # the paper changes slowly: a small picture of it is enough
    small = grey[::step, ::step]
    paper = ndimage.percentile_filter(small, 80, size=max(7, min(small.shape) // 8))
    paper = ndimage.gaussian_filter(paper, 2.0)
    rows, columns = (np.linspace(0, n - 1, m) for n, m in zip(paper.shape, grey.shape, strict=True))
    paper = ndimage.map_coordinates(paper, np.meshgrid(rows, columns, indexing="ij"), order=1)
    ink = np.clip(1.0 - grey / np.maximum(paper, 8.0), 0, 1)
    strongest = float(np.percentile(ink, 99))
    return np.clip(ink / strongest, 0, 1) if strongest > 0.1 else np.zeros_like(ink)


def _text_height(ink: np.ndarray) -> float:
    """The typical height of a letter in pixels; 0 when there are no letters."""
    import numpy as np
    from scipy import ndimage

    labels = _regions(ink > _INK)
    boxes = [(rows.stop - rows.start, columns.stop - columns.start) for rows, columns in ndimage.find_objects(labels)]
    heights = [h for h, w in boxes if h >= MIN_TEXT_HEIGHT and w < 12 * h and h < 0.9 * ink.shape[0]]
    return float(np.median(heights)) if heights else 0.0


def _regions(mask: np.ndarray) -> np.ndarray:
    """The connected regions of a mask, numbered from 1."""
    import numpy as np
    from scipy import ndimage

    return np.asarray(ndimage.label(mask)[0])  # type: ignore[index]  # scipy's stubs know only its other form, a count


def _ridges(ink: np.ndarray, height: float) -> list[_Line]:
    """Follow the ridges of ink blurred along the lines; pieces of one line are joined."""
    import numpy as np
    from scipy import ndimage

    core = ndimage.gaussian_filter(ink, (0.45 * height, 2.5 * height))
    around = ndimage.gaussian_filter(ink, (1.8 * height, 2.5 * height))
    labels = _regions(core > around + 0.02)
    lines: list[_Line] = []
    for number, (rows, columns) in enumerate(ndimage.find_objects(labels), start=1):
        weights = np.where(labels[rows, columns] == number, ink[rows, columns], 0.0)
        if columns.stop - columns.start >= 1.2 * height and weights.sum() > height:
            lines.append(_fit(weights, rows.start, columns.start, height))
    lines.sort(key=lambda line: line.middle)
    joined: list[_Line] = []
    for line in lines:
        twin = next((i for i, other in enumerate(joined) if _same_line(line, other, height)), None)
        if twin is None:
            joined.append(line)
        else:
            first, second = sorted((joined[twin], line), key=lambda one: one.left)
            joined[twin] = _bridge(first, second)
    return joined


def _fit(weights: np.ndarray, top: int, left: int, height: float) -> _Line:
    """A smooth curve through a ridge: a parabola for a long one, level for a short one."""
    import numpy as np

    width = weights.shape[1]
    y, x = np.nonzero(weights)
    degree = 2 if width > 15 * height else 1 if width > 6 * height else 0
    curve = np.polynomial.Polynomial.fit(x, y + top, degree, w=np.sqrt(weights[y, x]), domain=[0, max(1, width)])
    return _Line(left, left + width, curve(np.arange(width)))


def _same_line(line: _Line, other: _Line, height: float) -> bool:
    first, second = sorted((line, other), key=lambda one: one.left)
    overlap = first.right - second.left
    return overlap < height and abs(float(first.centre[-1] - second.centre[0])) < 0.6 * height


def _bridge(first: _Line, second: _Line) -> _Line:
    import numpy as np

    gap = second.left - first.right
    bridge = np.linspace(first.centre[-1], second.centre[0], gap) if gap > 0 else np.empty(0)
    tail = second.centre[max(0, -gap) :]
    return _Line(first.left, max(first.right, second.right), np.concatenate([first.centre, bridge, tail]))


def _straighten(grey: np.ndarray, ink: np.ndarray, line: _Line, height: float) -> Any | None:
    """Shift the columns so that the ridge lies flat, and cut; None for rules, specks, and lines that the edge cuts."""
    import numpy as np
    from PIL import Image
    from scipy import ndimage

    reach, pad = round(3.2 * height), max(2, round(0.35 * height))
    left, right = max(0, line.left - 2 * pad), min(grey.shape[1], line.right + 2 * pad)
    centre = np.interp(np.arange(left, right), np.arange(line.left, line.right), line.centre)
    rows = centre[None, :] + np.arange(-reach, reach + 1)[:, None]
    columns = np.broadcast_to(np.arange(left, right)[None, :], rows.shape)
    flat_ink = ndimage.map_coordinates(ink, (rows, columns), order=1, mode="constant")
    top, bottom = _extent((flat_ink > _INK).sum(axis=1), reach)
    cut_off = (rows[top] < 1).mean() > 0.3 or (rows[bottom - 1] > grey.shape[0] - 2).mean() > 0.3
    if bottom - top < 0.6 * height or cut_off:
        return None
    used = np.flatnonzero((flat_ink[top:bottom] > _INK).any(axis=0))
    if len(used) == 0 or (flat_ink[top:bottom] > _INK).mean() > 0.75:
        return None
    first, last = max(0, int(used[0]) - pad), min(right - left, int(used[-1]) + 1 + pad)
    flat = ndimage.map_coordinates(grey, (rows, columns), order=1, mode="nearest")
    cut = flat[max(0, top - pad) : bottom + pad, first:last]
    return Image.fromarray(np.clip(cut, 0, 255).astype(np.uint8))


def _extent(profile: np.ndarray, middle: int) -> tuple[int, int]:
    """The run of inked rows around the middle of a straightened line."""
    import numpy as np

    peak = middle - 3 + int(np.argmax(profile[middle - 3 : middle + 4]))
    inked = profile > max(0.5, 0.02 * profile[peak])
    top = bottom = peak
    while top > 0 and inked[top - 1]:
        top -= 1
    while bottom < len(profile) and inked[bottom]:
        bottom += 1
    return top, bottom
