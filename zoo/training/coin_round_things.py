"""Round things that are not coins, drawn: buttons, balls, cups, tyres, faces, clocks, fruit, signs.

`round_thing(rng, size)` gives a patch (RGBA uint8, about `size` pixels across).  They teach the detector that a circle
alone is no coin.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Rng = np.random.Generator
Colour = tuple[int, int, int]
SIDE = 120  # canvas that things are drawn on; the disc's radius is 48 around its middle
C, R = SIDE / 2, 48


def vivid(rng: Rng) -> Colour:
    """A saturated colour that no metal has: red, green, blue, violet, pink, turquoise."""
    hue = rng.choice([0.0, 0.33, 0.45, 0.55, 0.62, 0.75, 0.88]) + rng.uniform(-0.03, 0.03)
    full = np.clip(np.abs((hue * 6 + np.array([0, 4, 2])) % 6 - 3) - 1, 0, 1)
    mixed = 1 - rng.uniform(0.6, 1.0) * (1 - full)
    red, green, blue = (255 * rng.uniform(0.35, 1.0) * mixed).astype(int)
    return int(red), int(green), int(blue)


def any_colour(rng: Rng) -> Colour:
    """Any colour at all."""
    red, green, blue = rng.integers(0, 256, 3)
    return int(red), int(green), int(blue)


def dark(rng: Rng) -> Colour:
    """Nearly black."""
    red, green, blue = rng.integers(0, 60, 3)
    return int(red), int(green), int(blue)


def disc(draw: ImageDraw.ImageDraw, x: float, y: float, r: float, fill: Colour | None, **more: object) -> None:
    """A circle around (x, y)."""
    draw.ellipse([x - r, y - r, x + r, y + r], fill=fill, **more)  # pyright: ignore[reportArgumentType]


def _around(radius: float, angle: float) -> tuple[float, float]:
    return C + radius * math.cos(angle), C + radius * math.sin(angle)


def _button(rng: Rng, draw: ImageDraw.ImageDraw) -> None:
    colour = any_colour(rng)
    disc(draw, C, C, R, colour)
    edge = tuple(int(v * rng.uniform(0.5, 0.8)) for v in colour)
    if rng.random() < 0.7:
        draw.ellipse([C - R, C - R, C + R, C + R], outline=edge, width=int(rng.integers(2, 9)))
    if rng.random() < 0.5:
        q = R * rng.uniform(0.6, 0.8)
        draw.ellipse([C - q, C - q, C + q, C + q], outline=edge, width=2)
    n, hole, at = int(rng.choice([2, 4], p=[0.25, 0.75])), R * rng.uniform(0.09, 0.2), R * rng.uniform(0.25, 0.42)
    inside, turn = (dark(rng) if rng.random() < 0.7 else any_colour(rng)), rng.uniform(0, math.pi)
    for i in range(n):
        disc(draw, *_around(at, turn + 2 * math.pi * i / n), hole, inside)


def _ball(rng: Rng, draw: ImageDraw.ImageDraw) -> None:
    """A shaded sphere of one colour, or one with the lines of a sport."""
    colour, a = np.array(vivid(rng), float), rng.uniform(0, 2 * math.pi)
    kind = rng.choice(["shaded", "football", "basketball", "tennis"], p=[0.55, 0.15, 0.15, 0.15])
    if kind == "shaded":
        for i in range(24):  # from the rim to a bright spot
            f = i / 23
            tone = np.clip(colour * (0.45 + 0.75 * f) + 170 * f**4, 0, 255).astype(int)
            x, y = _around(0.45 * R * f, a)
            disc(draw, x, y, R * (1 - f) + 1, (int(tone[0]), int(tone[1]), int(tone[2])))
        return
    base = {"football": (245, 245, 245), "basketball": (226, 120, 40), "tennis": (205, 225, 60)}[str(kind)]
    disc(draw, C, C, R, base)
    ink = (20, 20, 20) if kind != "tennis" else (245, 245, 245)
    if kind == "football":
        points = [_around(0.34 * R, a + 1.2566 * i) for i in range(5)]
        draw.polygon(points, fill=ink)
        for i, (x, y) in enumerate(points):
            draw.line([x, y, *_around(0.8 * R, a + 1.2566 * i)], fill=ink, width=3)
    else:
        for side in (-1, 1):
            q = R * 1.1
            x, y = C + side * q * math.cos(a) * 1.1, C + side * q * math.sin(a) * 1.1
            turn = math.degrees(a) + (180 if side > 0 else 0)
            draw.arc([x - q, y - q, x + q, y + q], turn - 45, turn + 45, fill=ink, width=3)
        if kind == "basketball":
            draw.line([*_around(R, a), *_around(-R, a)], fill=ink, width=3)
            draw.line([*_around(R, a + 1.57), *_around(-R, a + 1.57)], fill=ink, width=3)
    draw.ellipse([C - R, C - R, C + R, C + R], outline=ink if kind != "tennis" else (150, 170, 40), width=2)


def _cup(rng: Rng, draw: ImageDraw.ImageDraw) -> None:
    """A cup from above: handle, rim and what is in it."""
    china = any_colour(rng) if rng.random() < 0.4 else (240, 240, 235)
    if rng.random() < 0.3:  # on a saucer
        disc(draw, C, C, R * 1.2, (225, 225, 220), outline=(150, 150, 150))
    x, y = _around(R * 0.95, rng.uniform(0, 6.3))
    disc(draw, x, y, R * 0.27, None, outline=china, width=int(rng.integers(5, 10)))
    disc(draw, C, C, R * 0.9, china, outline=(120, 120, 120))
    drink = [(80, 45, 20), (110, 70, 40), (30, 20, 15), (170, 90, 30), (240, 240, 240)][int(rng.integers(5))]
    disc(draw, C, C, R * rng.uniform(0.65, 0.8), drink, outline=(90, 80, 70))


def _tyre(rng: Rng, draw: ImageDraw.ImageDraw) -> None:
    disc(draw, C, C, R, dark(rng))
    hub, q = int(rng.integers(110, 235)), R * rng.uniform(0.45, 0.72)
    disc(draw, C, C, q, (hub, hub, hub) if rng.random() < 0.6 else dark(rng))
    n, turn = int(rng.integers(3, 12)), rng.uniform(0, 6.3)
    for i in range(n):
        a = turn + 2 * math.pi * i / n
        if rng.random() < 0.7:
            draw.line([C, C, *_around(q, a)], fill=(hub, hub, hub), width=int(rng.integers(3, 8)))
        else:
            disc(draw, *_around(0.6 * q, a), q * 0.14, (30, 30, 30))
    disc(draw, C, C, R * 0.1, (60, 60, 60))


def _face(rng: Rng, draw: ImageDraw.ImageDraw) -> None:
    """A smiley, or a head with hair."""
    skins = [(255, 221, 60), (250, 200, 40), (240, 200, 170), (200, 150, 110), (120, 80, 55), (255, 224, 189)]
    skin = skins[int(rng.integers(len(skins)))]
    disc(draw, C, C, R, skin, outline=dark(rng), width=int(rng.integers(1, 4)))
    if rng.random() < 0.4:
        draw.chord([C - R, C - R, C + R, C + R], 180 + 20, 360 - 20, fill=dark(rng))
    eye, up, apart = R * rng.uniform(0.07, 0.15), C - R * rng.uniform(0.15, 0.3), R * rng.uniform(0.28, 0.42)
    for side in (-1, 1):
        if rng.random() < 0.3:
            disc(draw, C + side * apart, up, eye * 1.8, (255, 255, 255))
        disc(draw, C + side * apart, up, eye, (20, 20, 20))
    if rng.random() < 0.4:
        draw.line([C, C - 4, C - 5, C + 12, C + 3, C + 12], fill=(120, 80, 60), width=2)
    q = R * rng.uniform(0.35, 0.6)
    start, end = [(20, 160), (0, 180), (200, 340)][int(rng.integers(3))]
    lift = q * 0.6 if start == 200 else 0
    draw.arc([C - q, C - q + 8 + lift, C + q, C + q + 8 + lift], start, end, fill=(120, 20, 20), width=4)


def _clock(rng: Rng, draw: ImageDraw.ImageDraw) -> None:
    face = (250, 250, 245) if rng.random() < 0.6 else any_colour(rng)
    ink = (20, 20, 20) if sum(face) > 300 else (240, 240, 240)
    rim = dark(rng) if rng.random() < 0.5 else any_colour(rng)
    disc(draw, C, C, R, face, outline=rim, width=int(rng.integers(2, 9)))
    numbers, font = rng.random() < 0.5, ImageFont.load_default(size=12)
    for hour in range(12):
        a = math.pi / 6 * hour - math.pi / 2
        if numbers:
            draw.text(_around(R * 0.76, a), str(hour or 12), fill=ink, font=font, anchor="mm")
        else:
            draw.line([*_around(R * 0.78, a), *_around(R * 0.9, a)], fill=ink, width=2)
    for reach, width in ((0.5, 5), (0.72, 3)):
        draw.line([C, C, *_around(R * reach, rng.uniform(0, 6.3))], fill=ink, width=width)
    disc(draw, C, C, 3, ink)


def _dot(rng: Rng, draw: ImageDraw.ImageDraw) -> None:
    """A plain dot, lamp, record or ring of a colour that no metal has."""
    colour = vivid(rng) if rng.random() < 0.8 else dark(rng)
    disc(draw, C, C, R, colour, outline=dark(rng) if rng.random() < 0.4 else colour, width=2)
    kind = rng.random()
    if kind < 0.25:  # rings of a target
        for i, part in enumerate((0.75, 0.5, 0.25)):
            disc(draw, C, C, R * part, (250, 250, 250) if i % 2 == 0 else colour)
    elif kind < 0.4:  # a record or a disc with a hole
        disc(draw, C, C, R * 0.35, vivid(rng))
        disc(draw, C, C, R * 0.06, (250, 250, 250))
    elif kind < 0.5:  # a traffic sign
        disc(draw, C, C, R * 0.78, (250, 250, 250))
        draw.rectangle([C - R * 0.5, C - R * 0.12, C + R * 0.5, C + R * 0.12], fill=colour)


def _fruit(rng: Rng, draw: ImageDraw.ImageDraw) -> None:
    colours = [(230, 120, 20), (200, 40, 30), (120, 170, 40), (235, 200, 60), (110, 40, 90)]
    colour = colours[int(rng.integers(len(colours)))]
    disc(draw, C, C, R, tuple(int(v * 0.8) for v in colour))  # pyright: ignore[reportArgumentType]
    disc(draw, C - 4, C - 5, R * 0.86, colour)
    disc(draw, C - 16, C - 18, R * 0.18, tuple(min(255, v + 70) for v in colour))  # pyright: ignore[reportArgumentType]
    draw.line([C, C - R * 0.8, C + 6, C - R * 1.15], fill=(90, 60, 30), width=5)
    if rng.random() < 0.7:
        draw.ellipse([C + 4, C - R * 1.2, C + 34, C - R * 0.85], fill=(60, 130, 40))


def _flower(rng: Rng, draw: ImageDraw.ImageDraw) -> None:
    """A flower, a sun or a gear: a disc with things around it."""
    n, petal = int(rng.integers(5, 14)), any_colour(rng)
    for i in range(n):
        disc(draw, *_around(R * 0.72, 2 * math.pi * i / n), R * min(0.4, 2.2 / n), petal)
    disc(draw, C, C, R * rng.uniform(0.4, 0.65), any_colour(rng))


def _plate(rng: Rng, draw: ImageDraw.ImageDraw) -> None:
    """A plate with food, or a pizza."""
    disc(draw, C, C, R, (245, 245, 242), outline=(170, 170, 170), width=2)
    disc(draw, C, C, R * 0.72, (250, 250, 248) if rng.random() < 0.5 else (225, 180, 90), outline=(200, 200, 195))
    for _ in range(rng.integers(3, 9)):
        x, y = _around(R * rng.uniform(0, 0.5), rng.uniform(0, 6.3))
        disc(draw, x, y, R * rng.uniform(0.08, 0.2), vivid(rng))


THINGS: tuple[Callable[[Rng, ImageDraw.ImageDraw], None], ...] = (
    _button, _button, _ball, _ball, _cup, _tyre, _face, _clock, _clock, _dot, _dot, _fruit, _flower, _plate,
)  # fmt: skip


def round_thing(rng: Rng, size: int) -> Image.Image:
    """One thing as an RGBA patch of `size` pixels, its edges soft or hard."""
    canvas = Image.new("RGBA", (SIDE, SIDE))
    THINGS[int(rng.integers(len(THINGS)))](rng, ImageDraw.Draw(canvas))
    hard = rng.random() < 0.3
    if rng.random() < 0.3:
        canvas = canvas.rotate(float(rng.uniform(0, 360)), Image.Resampling.BICUBIC)
    return canvas.resize((size, size), Image.Resampling.NEAREST if hard else Image.Resampling.BICUBIC)
