"""Splitting a scanned or photographed page into its lines of text, and straightening each.

Ink is contrast to the local paper. Blurred along the lines, it forms one ridge a line, which is followed even
where the page bends; the columns of a line are then shifted so that its ridge lies flat. The idea of ridges is
that of Bukhari, Shafait and Breuel, "Segmentation of Curled Textlines using Active Contours" (DAS 2008), without
the contours.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..errors import ToolInputError
from .page_columns import Line, reading_order
from .page_ink import INK, MIN_TEXT_HEIGHT, greyed, levelled, page_ink, regions

if TYPE_CHECKING:
    import numpy as np

_MARGIN, _GAP = (
    0.2,
    0.55,
)  # of a line's height: left around it, and at most between its words
_APART = 2.2  # letters' heights: no wider gap is left within a piece of a line, for it may lie between columns
_TILTS = 0.07  # rise of a line over its length at most that is looked for where it is too short to be followed


def split_lines(image: Any) -> list[Any]:
    """Cut a page into straightened pictures of its lines, in reading order.

    Frames, rules and the grids of tables are left out. An article and its price at the right edge are one line; columns
    of text are read one after the other.

    Args:
        image: a PIL image of printed text, dark on light or light on dark; uneven light does not matter.

    Returns:
        PIL images in grey, each one line with a small margin.

    Raises:
        ToolInputError: there is no line of text in the picture.
    """

    ink, grey, height = page_ink(greyed(image))
    lines: list[Any] = []
    if height:
        tilt = _tilt(ink)
        found = reading_order(_ridges(ink, height, tilt), height, tilt)
        cuts = [_straighten(grey, ink, line, _room(line, found, height), height, tilt) for line in found]
        whole = [picture for picture, cut_off in filter(None, cuts) if not cut_off]
        lines = whole or [picture for picture, _ in filter(None, cuts)]
    if not lines:
        size = f"{image.width} x {image.height} pixels"
        raise ToolInputError(f"no line of text was found in the picture of {size}; pass a page of printed text")
    return lines


def trimmed_line(image: Any) -> Any:
    """A line of text cut to its ink, with wide gaps closed: a price at the right edge stands beside its article.

    A reader of lines scales a picture to its own height, so wide margins make letters small, and gaps make it stop.
    Frames are left out, and faint or light letters become dark ones.

    Args:
        image: a PIL image of one line of text.

    Returns:
        A PIL image in grey; the picture itself when it has no ink.
    """
    import numpy as np
    from PIL import Image

    ink, grey, letters = page_ink(greyed(image))
    inked = _without_specks(ink > INK, letters)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(rows) or not len(columns) or rows[-1] - rows[0] < MIN_TEXT_HEIGHT:
        return image
    height = int(rows[-1] - rows[0] + 1)
    pad, widest = max(2, round(_MARGIN * height)), max(4, round(_GAP * height))
    top, bottom = max(0, rows[0] - pad), rows[-1] + 1 + pad
    kept = np.zeros(grey.shape[1], bool)
    kept[max(0, columns[0] - 2 * pad) : columns[-1] + 1 + 2 * pad] = True
    for before, after in pairwise(columns):
        if after - before > 2 * widest:
            kept[before + widest // 2 : after - widest // 2] = False
    return Image.fromarray(np.clip(levelled(grey[top:bottom][:, kept]), 0, 255).astype(np.uint8))


def with_margin(line: Any) -> Any:
    """A trimmed line with a little more paper around it: a reader of lines sees smaller letters, elsewhere."""
    import numpy as np
    from PIL import ImageOps

    grey = line.convert("L")
    tall, wide = max(1, round(0.08 * line.height)), max(2, round(0.11 * line.height))
    return ImageOps.expand(grey, (wide, tall, wide + 3, tall), fill=int(np.percentile(np.asarray(grey), 75)))


def _without_specks(mask: np.ndarray, height: float) -> np.ndarray:
    """A mask without what is too small for a letter or a mark and stands alone above or below them."""
    import numpy as np
    from scipy import ndimage

    labels = regions(mask)
    boxes = ndimage.find_objects(labels)
    tall = [rows for rows, _ in boxes if rows.stop - rows.start >= 0.5 * height]
    top, bottom = (min(r.start for r in tall), max(r.stop for r in tall)) if tall else (0, mask.shape[0])
    near = [
        number
        for number, (rows, columns) in enumerate(boxes, start=1)
        if rows.stop > top - 0.5 * height
        and rows.start < bottom + 0.5 * height
        and max(rows.stop - rows.start, columns.stop - columns.start) >= 0.12 * height
    ]
    return np.isin(labels, near)


def _tilt(ink: np.ndarray) -> float:
    """How much the lines of a page fall to the right, in rows a column: where its rows are the most unlike."""
    import numpy as np

    y, x = np.nonzero(ink > INK)
    return _sharpest(x, y, ink[y, x], [0.0, *np.arange(-_TILTS, _TILTS + 0.001, 0.0025).tolist()], 1.03)


def _sharpest(x: np.ndarray, y: np.ndarray, weights: np.ndarray, slopes: list[float], better: float) -> float:
    """The slope along which ink falls into the fewest rows; the first one, unless another is so much better."""
    scores = [_sharpness(y - slope * x, weights) for slope in slopes]
    best = max(range(len(slopes)), key=scores.__getitem__)
    return slopes[best] if scores[best] > better * scores[0] else slopes[0]


def _sharpness(rows: np.ndarray, weights: np.ndarray) -> float:
    import numpy as np

    profile = np.bincount(np.round(rows - rows.min()).astype(int), weights=weights)
    profile = profile[:-1] + profile[1:] if len(profile) > 1 else profile
    return float((profile**2).sum())


def _ridges(ink: np.ndarray, height: float, tilt: float) -> list[Line]:
    """Follow the ridges of ink blurred along the lines."""
    import numpy as np
    from scipy import ndimage

    core = ndimage.gaussian_filter(ink, (0.38 * height, 1.5 * height))
    around = ndimage.gaussian_filter(ink, (1.8 * height, 1.5 * height))
    labels = regions(core > around + 0.02)
    lines: list[Line] = []
    for number, (rows, columns) in enumerate(ndimage.find_objects(labels), start=1):
        weights = np.where(labels[rows, columns] == number, ink[rows, columns], 0.0)
        weights[weights < 0.1] = 0.0
        if columns.stop - columns.start < 1.2 * height or weights.sum() <= height:
            continue
        inked = np.flatnonzero((weights > INK).any(axis=0))
        gaps = [(a + b) // 2 for a, b in pairwise(inked.tolist()) if b - a > _APART * height]
        for first, last in pairwise([0, *gaps, weights.shape[1]]):
            if weights[:, first:last].any():
                lines.append(_piece(weights[:, first:last], rows.start, columns.start + first, height, tilt))
    return lines


def _piece(weights: np.ndarray, top: int, left: int, height: float, tilt: float) -> Line:
    import numpy as np

    y, x = np.nonzero(weights)
    inks = weights[y, x]
    curve = _curve(x + left, y + top, inks, height, tilt)
    letters = x[inks > INK] if (inks > INK).any() else x
    first, last = left + int(letters.min()), left + int(letters.max()) + 1
    starts, ends = (float(value) for value in curve(np.array([first, last], dtype=float)))
    return Line(first, last, starts, ends, x + left, y + top, inks)


def _curve(x: np.ndarray, y: np.ndarray, weights: np.ndarray, height: float, tilt: float) -> Any:
    """The polynomial of a line's middle: straight at the page's tilt, at its own where that is clearly sharper,
    or a parabola where a long line bends."""
    import numpy as np

    width = float(np.ptp(x)) + 1.0
    own = np.arange(-_TILTS, _TILTS + 0.001, max(0.002, 0.15 * height / width)).tolist() if width > 3 * height else []
    slope = _sharpest(x, y, weights, [tilt, *own], 1.1)
    level = np.average(y - slope * x, weights=weights)
    straight = np.polynomial.Polynomial([level, slope])
    if width < 15 * height:
        return straight
    bent = np.polynomial.Polynomial.fit(x, y, 2, w=np.sqrt(weights))
    sharper = _sharpness(y - bent(x), weights) > 1.03 * _sharpness(y - straight(x), weights)
    return bent if sharper else straight


def _room(line: Line, lines: list[Line], height: float) -> tuple[int, int, float, float]:
    """How far a line may reach: the columns to its left and right, and the rows to the lines above and below it."""
    above = below = 1e9
    left, right = round(line.left - 8 * height), round(line.right + 8 * height)
    for other in lines:
        if other is line:
            continue
        distance = other.middle - line.middle
        if abs(distance) < height and (other.left >= line.right or other.right <= line.left):
            left = max(left, (other.right + line.left) // 2) if other.right <= line.left else left
            right = min(right, (other.left + line.right) // 2) if other.left >= line.right else right
        elif abs(distance) >= height and other.left < line.right and other.right > line.left:
            above, below = (above, min(below, distance)) if distance > 0 else (min(above, -distance), below)
    return left, right, above, below


def _straighten(
    grey: np.ndarray,
    ink: np.ndarray,
    line: Line,
    room: tuple[int, int, float, float],
    height: float,
    tilt: float,
) -> tuple[Any, bool] | None:
    """Shift the columns so that the line lies flat, and cut it, with whether the page's edge cuts its letters.

    None for rules and specks.
    """
    import numpy as np
    from PIL import Image
    from scipy import ndimage

    reach = round(3.2 * height)
    left, right = max(0, room[0]), min(grey.shape[1], room[1])
    curve = _curve(line.x, line.y, line.weights, height, tilt)
    centre = curve(np.clip(np.arange(left, right), line.left, line.right - 1).astype(float))
    outside = np.arange(left, right) - np.clip(np.arange(left, right), line.left, line.right - 1)
    rows = (centre + tilt * outside)[None, :] + np.arange(-reach, reach + 1)[:, None]
    columns = np.broadcast_to(np.arange(left, right)[None, :], rows.shape)
    flat_ink = np.asarray(ndimage.map_coordinates(ink, (rows, columns), order=1, mode="constant") > INK)
    inner = slice(max(0, line.left - left), line.right - left)
    top, bottom = _extent(flat_ink[:, inner].sum(axis=1), reach, room[2:])
    used = _grown(np.asarray(flat_ink[top:bottom].any(axis=0)), inner, 1.6 * height)
    if bottom - top < 0.6 * height or used is None or flat_ink[top:bottom, used[0] : used[1]].mean() > 0.75:
        return None
    first, last = used
    top, bottom = _whole_letters(
        flat_ink[:, first:last], *_extent(flat_ink[:, first:last].sum(axis=1), reach, room[2:])
    )
    cut_off = any((mask.mean() > 0.3) for mask in (rows[top] < 1, rows[bottom - 1] > grey.shape[0] - 2))
    flat = ndimage.map_coordinates(grey, (rows, columns), order=1, mode="nearest")
    pad = max(2, round(_MARGIN * (bottom - top)))
    cut = flat[max(0, top - pad) : bottom + pad, max(0, first - 2 * pad) : last + 2 * pad]
    return Image.fromarray(np.clip(cut, 0, 255).astype(np.uint8)), cut_off


def _grown(inked: np.ndarray, inner: slice, gap: float) -> tuple[int, int] | None:
    """The first and last inked columns of a line, and of the letters beside it that are no further than a gap."""
    import numpy as np

    used = np.flatnonzero(inked)
    core = used[(used >= inner.start) & (used < inner.stop)]
    if not len(core):
        return None
    first, last = int(core[0]), int(core[-1])
    for column in used[used < first][::-1]:
        if first - column > gap:
            break
        first = int(column)
    for column in used[used > last]:
        if column - last > gap:
            break
        last = int(column)
    return first, last + 1


def _whole_letters(inked: np.ndarray, top: int, bottom: int) -> tuple[int, int]:
    """The rows of a line with all of the few letters that reach out of them: the one p, the one comma."""
    from scipy import ndimage

    most = 0.35 * (bottom - top)
    up, down = top, bottom
    for rows, _ in ndimage.find_objects(regions(inked)):
        within = min(rows.stop, bottom) - max(rows.start, top)
        if within >= 0.3 * (rows.stop - rows.start) and top - rows.start <= most and rows.stop - bottom <= most:
            up, down = min(up, rows.start), max(down, rows.stop)
    return up, down


def _extent(profile: np.ndarray, middle: int, room: tuple[float, float]) -> tuple[int, int]:
    """The run of inked rows around the middle of a straightened line, not into the lines above and below."""
    import numpy as np

    peak = middle - 3 + int(np.argmax(profile[middle - 3 : middle + 4]))
    inked = profile > max(0.5, 0.02 * profile[peak])
    top = bottom = peak
    while top > 0 and inked[top - 1]:
        top -= 1
    while bottom < len(profile) and inked[bottom]:
        bottom += 1
    above, below = room
    if middle - top > 0.75 * above:  # it runs into the line above: cut where there is the least ink
        rows = np.arange(max(0, round(middle - 0.75 * above)), max(1, round(middle - 0.4 * above)))
        top = int(rows[np.argmin(profile[rows])]) + 1
    if bottom - middle > 0.75 * below:
        rows = np.arange(round(middle + 0.4 * below), min(len(profile), round(middle + 0.75 * below)))
        bottom = int(rows[np.argmin(profile[rows])])
    return top, max(bottom, top + 1)
