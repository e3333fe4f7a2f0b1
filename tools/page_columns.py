"""The lines of a page in reading order: pieces of one line are joined, columns of text are read one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_COLUMN = 14.0  # letters' heights: a column of text is wider, one of prices or numbers is narrower
_NARROW = 8.5  # letters' heights: so narrow is a column whose lines are broken where it ends
_ROWS = 3  # a column has that many lines at least


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text or a piece of one: where it starts and ends, its height above the page's top, and its ink.

    Args:
        left, right: the columns of the page that it covers.
        starts, ends: the rows of its middle at its left and its right end.
        x, y, weights: float arrays (n,): its inked pixels, and how much ink each has.
    """

    left: int
    right: int
    starts: float
    ends: float
    x: np.ndarray
    y: np.ndarray
    weights: np.ndarray

    @property
    def middle(self) -> float:
        return float((self.y * self.weights).sum() / self.weights.sum())


def reading_order(pieces: list[Line], height: float, tilt: float) -> list[Line]:
    """Join the pieces of lines, from top to bottom, and column by column where the page has columns of text.

    An article and its price are one line however far apart; two columns of prose are not.

    Args:
        height: of a letter, in pixels.
        tilt: how much the page's lines fall, in rows a column.
    """
    gutter = _gutter(pieces, height)
    if gutter is None:
        return _joined(pieces, height, tilt)
    lines: list[Line] = []
    spanning = sorted((p for p in pieces if p.left < gutter < p.right), key=lambda line: line.middle)
    edges = [float("-inf"), *(line.middle for line in spanning), float("inf")]
    for number, (top, bottom) in enumerate(pairwise(edges)):
        part = [p for p in pieces if top < p.middle < bottom and not p.left < gutter < p.right]
        for side in ([p for p in part if p.right <= gutter], [p for p in part if p.left >= gutter]):
            lines += reading_order(side, height, tilt)
        lines += spanning[number : number + 1]
    return lines


def _gutter(pieces: list[Line], height: float) -> float | None:
    """Where a page of two columns or more is cut first: no wide piece of either side stands across; None for one."""
    import numpy as np

    if len(pieces) < 2 * _ROWS:
        return None
    ends = sorted({line.right for line in pieces})
    best: tuple[float, float] | None = None
    for end in ends:
        left = [line for line in pieces if line.right <= end]
        right = [line for line in pieces if line.left >= end + 0.8 * height]
        across = len(pieces) - len(left) - len(right)
        if min(len(left), len(right)) < _ROWS or across > 0.25 * len(pieces):
            continue
        together = sum(any(abs(p.middle - q.middle) < 12 * height for q in right) for p in left)
        starts = np.array([p.left for p in right])
        aligned = float((np.abs(starts - np.median(starts)) < height).mean())
        if aligned < 0.6 or together < _ROWS or not all(_running(side, height) for side in (left, right)):
            continue
        if best is None or across < best[0]:
            best = (across, (end + min(p.left for p in right)) / 2)
    return None if best is None else best[1]


def _running(side: list[Line], height: float) -> bool:
    """Whether the lines of a column are running text: wide, or of even width, for words are put in until it is full."""
    import numpy as np

    widths = np.array([line.right - line.left for line in side])
    full = float((widths > 0.6 * widths.max()).mean())
    return float(np.median(widths)) >= (_NARROW if full >= 0.66 else _COLUMN) * height


def _joined(pieces: list[Line], height: float, tilt: float) -> list[Line]:
    joined: list[Line] = []
    for piece in sorted(pieces, key=lambda line: line.left):
        twins = [i for i, line in enumerate(joined) if _same_line(line, piece, height, tilt)]
        if twins:
            near = min(twins, key=lambda i: abs(joined[i].ends - piece.starts))
            joined[near] = _bridge(joined[near], piece)
        else:
            joined.append(piece)
    return sorted(joined, key=lambda line: line.middle - tilt * (line.left + line.right) / 2)


def _same_line(first: Line, second: Line, height: float, tilt: float) -> bool:
    gap = second.left - first.right
    return gap > -height and abs(first.ends + tilt * max(gap, 0) - second.starts) < 0.6 * height


def _bridge(first: Line, second: Line) -> Line:
    import numpy as np

    points = (np.concatenate([getattr(first, name), getattr(second, name)]) for name in ("x", "y", "weights"))
    return Line(first.left, max(first.right, second.right), first.starts, second.ends, *points)
