"""Where the boxes of a drawn graph go: columns from left to right by longest path, and lanes for long links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

_GAP = 18.0  # between two boxes of a column; all lengths are pixels
_LANE = 6.0  # the height of a link that passes a column
_PITCH = 20.0  # between two inputs of a box: the height of a label and its line
_SWEEPS = 16
CURVE = 44.0  # where links between two columns cross; the labels stand behind it
HEAD = 14.0  # an arrow's head and the room before it


@dataclass(slots=True)
class Box:
    """A box of a column; column 0 holds the sources. `inputs` are the names of its links, top to bottom."""

    column: int
    width: float
    height: float
    inputs: list[str] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    def entry(self, name: str) -> float:
        """How far below the middle a link of this name ends."""
        return (self.inputs.index(name) - (len(self.inputs) - 1) / 2) * _PITCH if name in self.inputs else 0.0


@dataclass(slots=True)
class Link:
    """From a box to an input of a box in a later column, by their places; `room` is its label's width."""

    source: int
    target: int
    name: str
    room: float
    points: list[tuple[float, float]] = field(
        default_factory=list
    )  # pairs: where it leaves a column, and where it enters


def lay_out(boxes: list[Box], links: list[Link]) -> tuple[float, float]:
    """Give every box its place and every link its points; returns the width and height of all."""
    nodes, chains = _with_lanes(boxes, links)
    hops = [(a, b, link.name) for link, chain in zip(links, chains, strict=True) for a, b in pairwise(chain)]
    columns = _ordered(nodes, hops)
    order = {i: at for column in columns for at, i in enumerate(column)}
    for i, box in enumerate(boxes):
        above = {name: _mean([order[a] for a, b, n in hops if b == i and n == name]) for name in box.inputs}
        box.inputs.sort(key=lambda name, above=above: above[name])
        box.height = max(box.height, _PITCH * len(box.inputs) + 8)
    width = _set_x(nodes, columns, links)
    height = _set_y(nodes, columns, hops)
    for link, chain in zip(links, chains, strict=True):
        for a, b in pairwise(nodes[i] for i in chain):
            link.points += [(a.x + a.width, a.middle), (b.x, b.middle + b.entry(link.name))]
    return width, height


def _with_lanes(boxes: list[Box], links: list[Link]) -> tuple[list[Box], list[list[int]]]:
    """Boxes and lanes, and each link as a chain of neighbours; links from one box share their lanes."""
    nodes, lanes, chains = list(boxes), dict[tuple[int, int], int](), list[list[int]]()
    for link in links:
        chain = [link.source]
        for column in range(boxes[link.source].column + 1, boxes[link.target].column):
            if (link.source, column) not in lanes:
                lanes[link.source, column] = len(nodes)
                nodes.append(Box(column, 0, _LANE))
            chain.append(lanes[link.source, column])
        chains.append([*chain, link.target])
    return nodes, chains


def _ordered(nodes: list[Box], hops: list[tuple[int, int, str]]) -> list[list[int]]:
    """The columns, each from top to bottom: of a few sweeps by barycentre, the order with the fewest crossings."""
    columns = [[i for i, n in enumerate(nodes) if n.column == c] for c in range(1 + max(n.column for n in nodes))]
    best, fewest = [list(column) for column in columns], _crossings(columns, hops)
    for sweep in range(_SWEEPS):
        place = {i: at / len(column) for column in columns for at, i in enumerate(column)}
        ends = [(b, a) if sweep % 2 else (a, b) for a, b, _ in hops]
        for column in reversed(columns) if sweep % 2 else columns:
            beside = {i: [other for other, end in ends if end == i] for i in column}
            column.sort(key=lambda i, beside=beside: _mean([place[j] for j in beside[i]], place[i]))
            place |= {i: at / len(column) for at, i in enumerate(column)}
        if (crossings := _crossings(columns, hops)) < fewest:
            best, fewest = [list(column) for column in columns], crossings
    return best


def _crossings(columns: list[list[int]], hops: list[tuple[int, int, str]]) -> int:
    place = {i: (c, at) for c, column in enumerate(columns) for at, i in enumerate(column)}
    ends = [(*place[a], place[b][1]) for a, b, _ in hops]
    return sum(c == d and a < x and b > y for c, a, b in ends for d, x, y in ends)


def _set_x(nodes: list[Box], columns: list[list[int]], links: list[Link]) -> float:
    """Columns side by side; steps fill their column, sources end where their links begin."""
    x = 0.0
    for number, column in enumerate(columns):
        if x:
            rooms = (link.room for link in links if nodes[link.target].column == number)
            x += CURVE + HEAD + max(rooms, default=0.0)
        width = max((nodes[i].width for i in column), default=0.0)
        for i in column:
            nodes[i].width = width if number else nodes[i].width
            nodes[i].x = x + width - nodes[i].width
        x += width
    return x


def _set_y(nodes: list[Box], columns: list[list[int]], hops: list[tuple[int, int, str]]) -> float:
    """Boxes beside what they are linked with, as near as the order and the gaps allow."""

    def ahead(i: int) -> list[float]:
        return [nodes[b].middle + nodes[b].entry(name) for a, b, name in hops if a == i]

    def behind(i: int) -> list[float]:
        return [nodes[a].middle - nodes[i].entry(name) for a, b, name in hops if b == i]

    for column in columns:
        _stack(nodes, column, [0.0] * len(column))
    for sweep in range(_SWEEPS):
        for column in reversed(columns) if sweep % 2 else columns:
            _stack(nodes, column, [_mean((ahead if sweep % 2 else behind)(i), nodes[i].middle) for i in column])
    top = min(node.y for node in nodes)
    for node in nodes:
        node.y -= top
    return max(node.y + node.height for node in nodes)


def _stack(nodes: list[Box], column: Sequence[int], wanted: list[float]) -> None:
    """Middles as close to the wanted ones as can be without overlaps: the least squares, by pooling neighbours."""
    if not column:
        return
    heights = [nodes[i].height for i in column]
    offsets = [0.0, *accumulate((a + b) / 2 + _GAP for a, b in pairwise(heights))]
    pools: list[list[float]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        pools.append([want - offset])
        while len(pools) > 1 and _mean(pools[-2]) > _mean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    starts = [_mean(pool) for pool in pools for _ in pool]
    for i, start, offset, height in zip(column, starts, offsets, heights, strict=True):
        nodes[i].y = start + offset - height / 2


def _mean(values: Sequence[float], otherwise: float = 0.0) -> float:
    return sum(values) / len(values) if values else otherwise
