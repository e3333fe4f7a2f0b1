"""Parts of the drawn coin scenes: textures, coin reliefs and the things that are not coins.

Everything is drawn from a seeded generator; no photograph is used.  A coin is drawn once as a height map
(`coin_relief`), kept in a bank, and lit anew every time it is put into a scene (`shade_coin`), which is much
cheaper than drawing a new one.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import gaussian_filter

RELIEF = 96
Rng = np.random.Generator
GLYPHS = "ABCDEFGHIKLMNOPRSTUVXZ0123456789"


def resize(array: np.ndarray, width: int, height: int) -> np.ndarray:
    """Resize a float map (used for noise, light and patches); shrinking averages, so nothing aliases."""
    how = Image.Resampling.BICUBIC if width > array.shape[1] else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(array.astype(np.float32)).resize((width, height), how))


def noise_map(rng: Rng, width: int, height: int, cells: int, octaves: int = 1) -> np.ndarray:
    """Smooth noise of about unit size with `cells` bumps along the longer side; octaves add finer ones."""
    total = np.zeros((height, width), np.float32)
    longest = max(width, height)
    for octave in range(octaves):
        n = cells * 2**octave
        grid = rng.standard_normal((max(2, n * height // longest), max(2, n * width // longest)))
        total += resize(grid, width, height) * 0.6**octave
    return total


def tint(rng: Rng, strength: float) -> np.ndarray:
    """A colour cast of mean one; strength 0 is grey."""
    cast = 1.0 + strength * rng.uniform(-1, 1, 3)
    return (cast / cast.mean()).astype(np.float32)


def _outline(rng: Rng, angle: np.ndarray) -> np.ndarray:
    """Radius of the coin's edge per angle: round for modern coins, wavy, chipped or clipped for old ones."""
    edge = np.ones_like(angle)
    wear = rng.choice([0.0, 0.01, 0.03, 0.055], p=[0.25, 0.25, 0.3, 0.2])
    for k in range(2, 9):
        edge += wear * rng.normal() * (2 / k) * np.cos(k * angle + rng.uniform(0, 2 * math.pi))
    if wear:
        for _ in range(rng.integers(0, 4)):
            turn = np.angle(np.exp(1j * (angle - rng.uniform(-math.pi, math.pi))))
            edge -= rng.uniform(-0.03, 0.14) * np.exp(-((turn / rng.uniform(0.05, 0.35)) ** 2))
        if rng.random() < 0.3:  # a straight clip
            turn = np.angle(np.exp(1j * (angle - rng.uniform(-math.pi, math.pi))))
            edge = np.minimum(edge, rng.uniform(0.82, 0.97) / np.maximum(np.cos(turn), 0.3))
    return edge


def _portrait(rng: Rng, draw: ImageDraw.ImageDraw) -> None:
    """A head in profile: skull, nose, chin, neck, then locks of hair or a helmet's lines."""
    c, s, side = RELIEF / 2, RELIEF * rng.uniform(0.2, 0.3), int(rng.choice([-1, 1]))
    draw.ellipse([c - s, c - 1.2 * s, c + s, c + s], fill=int(rng.integers(140, 220)))
    face = [
        (0.8, -0.5),
        (1.2, 0.1),
        (0.95, 0.25),
        (1.0, 0.6),
        (0.6, 0.9),
        (0.5, 1.7),
        (-0.6, 1.7),
        (-0.5, 0.5),
    ]
    draw.polygon([(c + side * s * x, c + s * y) for x, y in face], fill=int(rng.integers(130, 230)))
    for _ in range(rng.integers(5, 16)):
        x, y = c - side * s * rng.uniform(-0.5, 1.1), c + s * rng.uniform(-1.2, 0.7)
        r, a = s * rng.uniform(0.2, 0.8), rng.uniform(0, 360)
        box = [x - r, y - r, x + r, y + r]
        draw.arc(box, a, a + rng.uniform(60, 200), fill=int(rng.integers(0, 256)), width=int(rng.integers(1, 4)))
    ex, ey = c + side * s * 0.55, c - 0.2 * s
    draw.ellipse([ex - 2, ey - 1, ex + 2, ey + 2], fill=int(rng.integers(0, 120)))


def _figure(rng: Rng, draw: ImageDraw.ImageDraw) -> None:
    """A standing or seated figure, animal or emblem: joined limbs and bodies, with no plan beyond that."""
    points = [(RELIEF / 2 + rng.normal(0, 11), RELIEF / 2 + rng.normal(0, 15)) for _ in range(rng.integers(4, 11))]
    for (x0, y0), (x1, y1) in pairwise(points):
        draw.line([x0, y0, x1, y1], fill=int(rng.integers(120, 256)), width=int(rng.integers(2, 9)))
    for x, y in points[:: int(rng.integers(1, 4))]:
        rx, ry = rng.uniform(2, 10, 2)
        draw.ellipse([x - rx, y - ry, x + rx, y + ry], fill=int(rng.integers(60, 256)))
    for _ in range(rng.integers(0, 6)):
        x, y = RELIEF * rng.uniform(0.2, 0.8, 2)
        draw.line([x, y, *(RELIEF * rng.uniform(0.2, 0.8, 2))], fill=int(rng.integers(0, 256)), width=2)


def _emblem(rng: Rng, draw: ImageDraw.ImageDraw) -> None:
    """A number or letter in the middle, as on modern coins."""
    text = "".join(rng.choice(list(GLYPHS), int(rng.integers(1, 3))))
    font = ImageFont.load_default(size=int(rng.integers(28, 52)))
    draw.text((RELIEF / 2, RELIEF / 2), text, fill=int(rng.integers(150, 256)), font=font, anchor="mm")


def _legend(rng: Rng, draw: ImageDraw.ImageDraw) -> None:
    """Letters along the rim."""
    font, n = ImageFont.load_default(size=int(rng.integers(8, 14))), int(rng.integers(10, 28))
    start, span = rng.uniform(0, 6.3), rng.uniform(2, 6.3)
    radius = RELIEF * rng.uniform(0.34, 0.39)
    for i in range(n):
        a = start + span * i / n
        at = (RELIEF / 2 + radius * math.cos(a), RELIEF / 2 + radius * math.sin(a))
        draw.text(at, str(rng.choice(list(GLYPHS))), fill=200, font=font, anchor="mm")


def coin_relief(rng: Rng) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One coin as (height map, soft mask, stains), cropped so that the mask fills the square."""
    axis = (np.arange(RELIEF) + 0.5) / RELIEF * 2 - 1
    x, y = np.meshgrid(axis, axis)
    angle, radius = np.arctan2(y, x), np.hypot(x, y)
    edge = 0.86 * _outline(rng, angle)
    rho = radius / edge
    mask = np.clip((edge - radius) * RELIEF / 2 + 0.5, 0, 1)
    canvas = Image.new("L", (RELIEF, RELIEF), 90)
    draw = ImageDraw.Draw(canvas)
    kind = rng.choice(["portrait", "figure", "emblem", "worn"], p=[0.4, 0.3, 0.15, 0.15])
    {"portrait": _portrait, "figure": _figure, "emblem": _emblem, "worn": lambda *_: None}[str(kind)](rng, draw)
    if rng.random() < 0.4:
        _legend(rng, draw)
    art = np.asarray(canvas.rotate(float(rng.uniform(0, 360)), Image.Resampling.BILINEAR, fillcolor=90)) / 255.0
    height = gaussian_filter(art, rng.uniform(0.6, 2.0)) * rng.uniform(1.0, 3.0)
    fine, coarse = rng.standard_normal((2, RELIEF, RELIEF))
    wear = rng.choice([0.02, 0.1, 0.25])
    height += wear * (gaussian_filter(fine, 1.2) * 4 + gaussian_filter(coarse, 4) * 14)
    rim = rng.choice([0.0, 0.6, 1.5]) * np.exp(-(((rho - rng.uniform(0.86, 0.96)) / rng.uniform(0.02, 0.06)) ** 2))
    if rng.random() < 0.3:  # a ring of beads
        rim *= 0.6 + 0.4 * np.cos(int(rng.integers(24, 60)) * angle)
    height += rim + rng.choice([0.0, 0.5, -0.5]) * rho**2 - rng.uniform(0, 1.5) * np.clip(rho - 0.93, 0, 1) * 8
    stains = gaussian_filter(rng.standard_normal((RELIEF, RELIEF)), rng.uniform(3, 12))
    stains /= np.abs(stains).max() + 1e-6
    rows, cols = np.where(mask.max(1) > 0.5)[0], np.where(mask.max(0) > 0.5)[0]
    box = np.s_[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    return tuple(part[box].astype(np.float32) for part in (height, mask, stains))


def shade_coin(rng: Rng, relief: tuple, width: int, height: int, look: dict) -> tuple[np.ndarray, np.ndarray]:
    """A coin of the bank, turned, scaled and lit: (RGB in 0..1, mask)."""
    turns, mirrored = int(rng.integers(4)), rng.random() < 0.5
    parts = [np.rot90(part, turns) for part in relief]
    bump, mask, stains = [part[:, ::-1] if mirrored else part for part in parts]
    scale = RELIEF / 30.0 * look["depth"] * rng.uniform(0.6, 1.4)
    dy, dx = np.gradient(bump)
    light = scale * (dx * look["light"][0] + dy * look["light"][1])
    value = look["base"] * rng.uniform(0.88, 1.14) * (1 + np.tanh(light) * 0.75)
    value = value * (1 + look["stain"] * stains) + look["albedo"] * (bump - bump.mean())
    value = resize(value, width, height)
    value = value + look["grain"] * rng.standard_normal(value.shape)
    rgb = value[..., None] * look["tint"] * tint(rng, look["tint_spread"])
    return rgb.astype(np.float32), resize(mask, width, height).clip(0, 1)


def _shape_points(rng: Rng, size: float, kind: str) -> list[tuple[float, float]]:
    """Corner points of a filled thing that is not round."""
    if kind == "rectangle":
        w, h = size * rng.uniform(0.15, 1), size
        points = np.array([(-w, -h), (w, -h), (w, h), (-w, h)]) / 2
    elif kind == "polygon":
        n = int(rng.integers(3, 7))
        a = np.sort(rng.uniform(0, 2 * math.pi, n)) if n > 4 else np.arange(n) * 2 * math.pi / n
        points = size / 2 * np.stack([np.cos(a), np.sin(a)], 1)
    elif kind == "star":
        n = int(rng.integers(4, 9))
        a, r = np.arange(2 * n) * math.pi / n, np.where(np.arange(2 * n) % 2, rng.uniform(0.25, 0.6), 1.0)
        points = size / 2 * r[:, None] * np.stack([np.cos(a), np.sin(a)], 1)
    else:  # blob: long or deeply lobed, so that nobody would take it for a coin
        a = np.linspace(0, 2 * math.pi, 40, endpoint=False)
        r = 1 + sum(rng.uniform(0.12, 0.4) / k * np.cos(k * a + rng.uniform(0, 6.3)) for k in range(2, 6))
        points = size / 2 * r[:, None] * np.stack([np.cos(a) * rng.uniform(0.25, 0.6), np.sin(a)], 1)
    turn = rng.uniform(0, 2 * math.pi)
    spin = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    return [tuple(p) for p in points @ spin.T + size * 0.75]


SHAPES = [
    "rectangle",
    "polygon",
    "star",
    "blob",
    "ring",
    "button",
    "ball",
    "ellipse",
    "text",
    "pen",
    "key",
    "lines",
]


def _draw_round(rng: Rng, draw: ImageDraw.ImageDraw, size: float, kind: str) -> None:
    """Rings, buttons with holes and long ellipses: round, but not coins."""
    c, r = size * 0.75, size / 2
    if kind == "ellipse":
        wide = rng.uniform(0.25, 0.55)
        a, b = (r, r * wide) if rng.random() < 0.5 else (r * wide, r)
        draw.ellipse([c - a, c - b, c + a, c + b], fill=255)
        return
    draw.ellipse([c - r, c - r, c + r, c + r], fill=255)
    if kind == "ring":
        q = r * rng.uniform(0.45, 0.92)
        draw.ellipse([c - q, c - q, c + q, c + q], fill=0)
    else:
        n, hole = int(rng.choice([2, 4])), r * rng.uniform(0.12, 0.2)
        for i in range(n):
            a = 2 * math.pi * i / n + 0.4
            x, y = c + 0.35 * r * math.cos(a), c + 0.35 * r * math.sin(a)
            draw.ellipse([x - hole, y - hole, x + hole, y + hole], fill=0)


def _draw_line_art(rng: Rng, draw: ImageDraw.ImageDraw, size: float, kind: str) -> None:
    """Text, pens, keys and loose lines."""
    c, side = size * 0.75, size * 1.5
    if kind == "text":
        font = ImageFont.load_default(size=max(8, int(size * rng.uniform(0.12, 0.5))))
        for line in range(int(rng.integers(1, 4))):
            text = "".join(rng.choice(list(GLYPHS + "  oOQ"), int(rng.integers(3, 14))))
            draw.text((2, c - size * 0.3 + line * font.size * 1.1), text, fill=255, font=font)
    elif kind == "lines":
        for _ in range(rng.integers(1, 5)):
            draw.line([tuple(rng.uniform(0, side, 2)) for _ in range(3)], fill=255, width=int(rng.integers(1, 5)))
    else:
        a, w = rng.uniform(0, 2 * math.pi), max(2, int(size * rng.uniform(0.05, 0.12)))
        ux, uy = math.cos(a) * size * 0.7, math.sin(a) * size * 0.7
        draw.line([c - ux, c - uy, c + ux, c + uy], fill=255, width=w)
        if kind == "key":
            hx, hy, r = c - ux * 0.75, c - uy * 0.75, size * 0.2
            draw.ellipse([hx - r, hy - r, hx + r, hy + r], outline=255, width=max(2, int(r * 0.5)))
            for f in (0.6, 0.85):
                draw.line(
                    [c + ux * f, c + uy * f, c + ux * f - uy * 0.25, c + uy * f + ux * 0.25],
                    fill=255,
                    width=w,
                )


def distractor(rng: Rng, size: float) -> tuple[np.ndarray, np.ndarray]:
    """Something that is not a coin: (RGB in 0..1, mask) on a square of 1.5 times its size."""
    kind, side = str(rng.choice(SHAPES)), int(size * 1.5) + 1
    canvas = Image.new("L", (side, side))
    draw = ImageDraw.Draw(canvas)
    if kind in ("ring", "button", "ellipse"):
        _draw_round(rng, draw, size, kind)
    elif kind == "ball":
        draw.ellipse([size * 0.25, size * 0.25, size * 1.25, size * 1.25], fill=255)
    elif kind in ("text", "lines", "pen", "key"):
        _draw_line_art(rng, draw, size, kind)
    else:
        draw.polygon(_shape_points(rng, size, kind), fill=255)
    mask = np.asarray(canvas, np.float32) / 255
    value = np.full((side, side), rng.uniform(0.05, 0.95), np.float32)
    axis = np.linspace(-1.5, 1.5, side, dtype=np.float32)
    if kind == "ball":  # a smooth sphere with a highlight: shaded strongly, with no rim and no relief
        lx, ly = rng.uniform(-0.6, 0.6, 2)
        fall = (axis[None] - lx) ** 2 + (axis[:, None] - ly) ** 2
        value = value * (1.25 - 0.5 * fall.clip(0, 2)) + 0.7 * np.exp(-fall / rng.uniform(0.02, 0.1))
    elif rng.random() < 0.4:  # textured, so that texture alone does not make a coin
        value = value * (1 + rng.uniform(0.1, 0.4) * noise_map(rng, side, side, int(rng.integers(3, 12)), 2))
    elif rng.random() < 0.5:
        value = value * (1 + rng.uniform(-0.3, 0.3) * axis[None])
    if kind in ("ring", "button") and rng.random() < 0.6:
        bevel = gaussian_filter(mask, max(0.8, size * 0.03))
        value = value + rng.uniform(1, 4) * np.gradient(bevel, axis=int(rng.integers(2)))
    return value[..., None] * tint(rng, rng.choice([0.0, 0.3, 0.7])), mask
