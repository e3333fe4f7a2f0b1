"""Where a picture of a page has ink: its contrast to the local paper, without the frames and rules around the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .picture_files import opaque

if TYPE_CHECKING:
    import numpy as np

MIN_TEXT_HEIGHT = 4  # pixels of a small letter: below, nothing can be read
INK = 0.4  # of the strongest strokes' contrast
_FLAT, _PRINT, _PAPER = 12.0, 190.0, 240.0  # grey values: no contrast at all, that of print, and its paper
_STROKES = 0.3  # of its box is inked by a frame at most
_WINDOW = 25  # pixels at least in which paper is looked for


def greyed(image: Any) -> np.ndarray:
    """The grey values of a PIL image in any mode, 0 to 255, as floats (height, width)."""
    import numpy as np

    return np.asarray(opaque(image).convert("L"), dtype=np.float32)


def levelled(grey: np.ndarray) -> np.ndarray:
    """A line's grey values as dark ink on light paper, with the contrast of print.

    White letters on a red door and black ones on a yellow sign differ little in grey: a reader of lines has mostly
    seen print.

    Args:
        grey: float array (height, width), 0 to 255: one line of text, which fills its picture.
    """
    import numpy as np

    low, middle, high = (float(value) for value in np.percentile(grey, (1, 50, 99)))
    if high - middle > middle - low:
        grey, low, high = 255.0 - grey, 255.0 - high, 255.0 - low
    if not _FLAT < high - low < _PRINT:
        return grey
    return np.clip(_PAPER - (high - grey) * (_PRINT / (high - low)), 0, 255)


def page_ink(grey: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """The ink of a page's text, its grey values with frames and rules painted over, and the height of its letters.

    Args:
        grey: float array (height, width), 0 to 255.

    Returns:
        Ink from 0 to 1 and grey values, both of the same shape, and pixels; 0.0 when there are no letters.
    """
    import numpy as np
    from scipy import ndimage

    widest = min(grey.shape) // 2
    rough = text_height(ink_map(grey, widest))  # a window as wide as the page: large letters stay whole
    ink = ink_map(grey, min(widest, max(_WINDOW, round(4 * rough)))) if rough else ink_map(grey)
    height = text_height(ink)
    lines = _frames(ink, height)
    if lines.any():
        near = ndimage.binary_dilation(lines, iterations=2)
        nearest = ndimage.distance_transform_edt(near, return_distances=False, return_indices=True)
        rows, columns = np.asarray(nearest)
        ink, grey = np.where(near, 0.0, ink), grey[rows, columns]  # the paper next to them
        height = text_height(ink)
    return ink, grey, height


def ink_map(grey: np.ndarray, window: int = 0) -> np.ndarray:
    """How much ink there is, from 0 to 1: the contrast to the local paper, whatever the light and the polarity.

    Args:
        grey: float array (height, width), 0 to 255.
        window: pixels of the square in which the paper is looked for, wider than the strokes; 0: by the page's size.
    """
    import numpy as np
    from scipy import ndimage

    shortest = min(grey.shape)
    window = window or max(shortest // 8, min(shortest // 2, _WINDOW))
    step = max(1, min(window // 12, shortest // 24))  # the paper changes slowly: a small picture of it is enough
    small = grey[::step, ::step]
    size = max(3, window // step)
    middle = ndimage.median_filter(small[::2, ::2], size=max(3, size // 2))
    if float((np.clip(small[::2, ::2] - middle, -255, 255).astype(np.float64) ** 3).sum()) > 0:  # light on dark
        grey, small = 255.0 - grey, 255.0 - small
    paper = ndimage.percentile_filter(small, 80, size=size)
    paper = ndimage.gaussian_filter(paper, 2.0)
    rows, columns = (np.linspace(0, n - 1, m) for n, m in zip(paper.shape, grey.shape, strict=True))
    paper = ndimage.map_coordinates(paper, np.meshgrid(rows, columns, indexing="ij"), order=1)
    ink = np.clip(1.0 - grey / np.maximum(paper, 8.0), 0, 1)
    strongest = _strongest(ink)
    return np.clip(ink / strongest, 0, 1) if strongest > 0.1 else np.zeros_like(ink)


def _strongest(ink: np.ndarray) -> float:
    """The contrast of the strongest strokes: of a full page, or of a few words on a large empty one."""
    import numpy as np

    usual, top = (float(value) for value in np.percentile(ink, (99, 99.95)))
    return usual if usual >= top / 2 else float(np.percentile(ink[ink > top / 2], 75))


def text_height(ink: np.ndarray) -> float:
    """The typical height of a letter in pixels; 0 when there are no letters."""
    import numpy as np
    from scipy import ndimage

    labels = regions(ink > INK)
    boxes = [(rows.stop - rows.start, columns.stop - columns.start) for rows, columns in ndimage.find_objects(labels)]
    heights = [h for h, w in boxes if h >= MIN_TEXT_HEIGHT and w < 12 * h and h < 0.9 * ink.shape[0]]
    return float(np.median(heights)) if heights else 0.0


def regions(mask: np.ndarray) -> np.ndarray:
    """The connected regions of a mask, numbered from 1."""
    import numpy as np
    from scipy import ndimage

    return np.asarray(ndimage.label(mask)[0])  # type: ignore[index]  # scipy's stubs know only its other form, a count


def _frames(ink: np.ndarray, height: float) -> np.ndarray:
    """The mask of what is drawn around and between text: frames that hold letters, grids of tables, long rules.

    Args:
        height: of a letter, in pixels; 0 finds nothing.
    """
    import numpy as np
    from scipy import ndimage

    mask = ink > INK
    found = np.zeros(ink.shape, bool)
    if not height:
        return found
    labels = np.asarray(ndimage.label(mask, np.ones((3, 3)))[0])  # type: ignore[index]  # see regions
    boxes = ndimage.find_objects(labels)
    letters = np.array([
        ((rows.start + rows.stop) / 2, (columns.start + columns.stop) / 2)
        for rows, columns in boxes if 0.4 * height < rows.stop - rows.start < 4 * height
    ]).reshape(-1, 2)  # fmt: skip
    for number, (rows, columns) in enumerate(boxes, start=1):
        tall, wide = rows.stop - rows.start, columns.stop - columns.start
        if max(tall, wide) < 3 * height:
            continue
        inside = (letters > (rows.start, columns.start)).all(1) & (letters < (rows.stop, columns.stop)).all(1)
        own = labels[rows, columns] == number
        holds = tall > 1.5 * height and inside.sum() > 1 and own.mean() < _STROKES
        rule = (wide > 4 * height and wide > 10 * tall) or (tall > 5 * height and tall > 10 * wide)
        if holds or rule:
            found[rows, columns] |= own
    return found
