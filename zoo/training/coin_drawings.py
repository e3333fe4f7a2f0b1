"""Drawn pictures of coins, as people make them with a drawing library or clip art, beside round things that are none.

`DrawingMaker(seed).scene()` gives an RGB uint8 picture and the coins' boxes (xmin, ymin, xmax, ymax in pixels): one to
thirty discs of gold, silver, copper or nickel that lie apart, plain or with an outline, a ring, a number, letter or
sign, flat or shaded, on paper, cloth, wood or a given background; or no coin at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from zoo.training.coin_round_things import any_colour, round_thing, vivid

Rng = np.random.Generator
Box = tuple[float, float, float, float]
Ground = Callable[[Rng, int, int], Image.Image | None]
METALS = (
    (212, 175, 55), (255, 215, 0), (218, 165, 32), (240, 200, 80), (235, 190, 50), (200, 160, 60),
    (192, 192, 192), (211, 211, 211), (169, 169, 169), (160, 165, 172), (225, 225, 228), (128, 128, 128),
    (184, 115, 51), (205, 127, 50), (176, 96, 56), (150, 92, 50), (190, 140, 100), (120, 90, 60),
)  # fmt: skip
SIGNS = (*"0123456789ABCDEGHKMNPRSTVX", "10", "20", "50", "25", "100", "$", "c", "ct", "1c", "5 ct")


@dataclass(frozen=True)
class Look:
    """What the coins of one picture share: how they are drawn, not which metal each has."""

    outline: float  # width of the edge as a share of the diameter; 0 is none
    edge: float  # brightness of the edge against the face
    ring: float  # radius of an inner ring as a share; 0 is none
    mark: str  # "sign", "head", "star" or ""
    same: str  # a sign that all coins carry, or "" for one of its own each
    shade: str  # "flat", "round", "side" or "photo"
    shadow: float  # offset of the shadow as a share of the diameter; 0 is none


def _look(rng: Rng) -> Look:
    return Look(
        outline=float(rng.choice([0.0, 0.02, 0.04, 0.08], p=[0.15, 0.4, 0.3, 0.15])),
        edge=float(rng.choice([0.2, 0.55, 0.75, 1.25])),
        ring=float(rng.choice([0.0, rng.uniform(0.62, 0.9)])),
        mark=str(rng.choice(["sign", "head", "star", ""], p=[0.55, 0.1, 0.08, 0.27])),
        same=str(rng.choice(SIGNS)) if rng.random() < 0.4 else "",
        shade=str(rng.choice(["flat", "round", "side", "photo"], p=[0.45, 0.2, 0.15, 0.2])),
        shadow=float(rng.choice([0.0, rng.uniform(0.02, 0.1)], p=[0.65, 0.35])),
    )


def _tone(colour: tuple[int, int, int], factor: float) -> tuple[int, int, int]:
    red, green, blue = (int(np.clip(v * factor, 0, 255)) for v in colour)
    return red, green, blue


def draw_coin(rng: Rng, size: int, colour: tuple[int, int, int], look: Look, smooth: bool) -> Image.Image:
    """One coin as an RGBA patch that it fills; `smooth` draws larger and scales down."""
    times = 3 if smooth else 1
    side = max(6, size * times)
    patch = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(patch)
    width = max(1, round(side * look.outline)) if look.outline else 0
    edge = _tone(colour, look.edge)
    draw.ellipse([0, 0, side - 1, side - 1], fill=colour, outline=edge if width else None, width=width or 1)
    if look.ring:
        q = side / 2 * look.ring
        box = [side / 2 - q, side / 2 - q, side / 2 + q, side / 2 + q]
        bimetal = rng.random() < 0.25
        fill = METALS[int(rng.integers(len(METALS)))] if bimetal else None
        draw.ellipse(box, fill=fill, outline=edge, width=max(1, side // 50))
    ink = _tone(colour, 0.45 if rng.random() < 0.8 else 1.4)
    if rng.random() < 0.2:
        ink = (0, 0, 0)
    _mark(rng, draw, side, look, ink)
    if look.shade != "flat":
        patch = _shaded(rng, patch, look.shade)
    if rng.random() < 0.3:
        patch = patch.rotate(float(rng.uniform(0, 360)), Image.Resampling.BICUBIC)
    return patch.resize((size, size), Image.Resampling.LANCZOS) if smooth else patch


def _mark(rng: Rng, draw: ImageDraw.ImageDraw, side: int, look: Look, ink: tuple[int, int, int]) -> None:
    c = side / 2
    if look.mark == "sign":
        text = look.same or str(rng.choice(SIGNS))
        font = ImageFont.load_default(size=max(6, int(side * rng.uniform(0.3, 0.62) / max(1, 0.7 * len(text)))))
        draw.text((c, c), text, fill=ink, font=font, anchor="mm")
    elif look.mark == "head":
        s = side * rng.uniform(0.12, 0.18)
        draw.ellipse([c - s, c - 1.6 * s, c + s, c + 0.6 * s], fill=ink)
        draw.chord([c - 1.7 * s, c + 0.3 * s, c + 1.7 * s, c + 3 * s], 180, 360, fill=ink)
    elif look.mark == "star":
        n, big = int(rng.integers(4, 8)), side * rng.uniform(0.2, 0.33)
        a = np.arange(2 * n) * math.pi / n - math.pi / 2
        r = np.where(np.arange(2 * n) % 2, 0.45, 1.0) * big
        draw.polygon([(c + x, c + y) for x, y in zip(r * np.cos(a), r * np.sin(a), strict=True)], fill=ink)


def _shaded(rng: Rng, patch: Image.Image, kind: str) -> Image.Image:
    """Light on the metal: a bright spot, a slope from side to side, or a photo's relief and grain."""
    pixels = np.asarray(patch, np.float32).copy()
    side = pixels.shape[0]
    axis = np.linspace(-1, 1, side, dtype=np.float32)
    x, y, a = axis[None], axis[:, None], rng.uniform(0, 2 * math.pi)
    if kind == "round":
        light = 1.15 - rng.uniform(0.2, 0.45) * ((x - 0.4 * math.cos(a)) ** 2 + (y - 0.4 * math.sin(a)) ** 2)
    else:
        light = 1 + rng.uniform(0.1, 0.35) * (x * math.cos(a) + y * math.sin(a))
    if kind == "photo":
        small = Image.fromarray(rng.standard_normal((9, 9)).astype(np.float32))
        light = light + 0.08 * np.asarray(small.resize((side, side), Image.Resampling.BICUBIC))
        rim = np.exp(-(((np.hypot(x, y) - 0.9) / 0.05) ** 2)) * (x * math.cos(a) + y * math.sin(a))
        light = light + rng.uniform(0.1, 0.4) * rim + rng.uniform(0, 0.06) * rng.standard_normal((side, side))
    pixels[..., :3] *= light[..., None]
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8), "RGBA")


class DrawingMaker:
    """Draws pictures from one seeded generator; `ground` may give photos to lie on (None: it has none)."""

    def __init__(self, seed: int, ground: Ground | None = None) -> None:
        self.rng = np.random.default_rng(seed)
        self.ground = ground

    def scene(self, coins: int | None = None, things: int | None = None) -> tuple[np.ndarray, np.ndarray]:
        """One picture; the numbers of coins and of round things are drawn where they are not given."""
        rng = self.rng
        width, height = (int(v) for v in rng.integers(260, 620, 2))
        if coins is None:
            coins = (
                0 if rng.random() < 0.15 else int(rng.integers(1, 31) if rng.random() < 0.5 else rng.integers(1, 11))
            )
        if things is None:
            things = int(rng.integers(1, 13)) if coins == 0 or rng.random() < 0.7 else 0
        picture = self._ground(width, height)
        look, smooth = _look(rng), rng.random() < 0.6
        metals = METALS if rng.random() < 0.5 else [METALS[int(rng.integers(len(METALS)))]]
        boxes, others = self._places(width, height, coins, things)
        if rng.random() < 0.25:
            self._scribble(picture, boxes + others)
        for box in others:
            size = int(box[2] - box[0])
            patch = round_thing(rng, size)
            picture.paste(patch, (int(box[0]), int(box[1])), patch)
        for box in boxes:
            base = metals[int(rng.integers(len(metals)))]
            colour = _tone(base, float(rng.uniform(0.9, 1.1)))
            patch = draw_coin(rng, int(box[2] - box[0]), colour, look, smooth)
            if look.shadow:
                self._shadow(picture, box, look.shadow)
            picture.paste(patch, (int(box[0]), int(box[1])), patch)
        pixels = np.asarray(picture).copy()
        if not others and rng.random() < 0.2:  # without colours a plain dot and a plain coin would look alike
            pixels = np.repeat(pixels.mean(2, keepdims=True).astype(np.uint8), 3, 2)
        return pixels, np.asarray(boxes, np.float32).reshape(-1, 4)

    def _places(self, width: int, height: int, coins: int, things: int) -> tuple[list[Box], list[Box]]:
        """Squares of whole pixels that lie apart: first the coins', then the things'."""
        rng = self.rng
        most = 0.85 * math.sqrt(width * height / max(1, coins + things)) / 1.25
        mean = min(most, 0.8 * min(width, height)) * math.exp(rng.uniform(math.log(0.42), 0))
        spread, gap = rng.choice([0.0, 0.15, 0.3]), rng.choice([0.03, 0.1, 0.3])
        placed: list[Box] = []
        rows = rng.random() < 0.3
        kinds = rng.permutation([True] * coins + [False] * things)
        across = max(1, math.ceil(math.sqrt(len(kinds) * width / height)))
        down = max(1, math.ceil(len(kinds) / across))
        if rows:
            mean = min(mean, 0.85 * width / across, 0.85 * height / down)
        kept: list[bool] = []
        for index, coin in enumerate(kinds):
            for _ in range(60):
                size = max(10, int(mean * np.clip(1 + spread * rng.normal(), 0.6, 1 if rows else 1.5)))
                if size > 0.95 * min(width, height):
                    continue
                x, y = rng.uniform(0, width - size), rng.uniform(0, height - size)
                if rows:
                    x = (index % across + 0.5) * width / across - size / 2 + rng.normal()
                    y = (index // across + 0.5) * height / down - size / 2 + rng.normal()
                box = (int(x), int(y), int(x) + size, int(y) + size)
                inside = box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height
                if inside and all(_apart(box, other, gap) for other in placed):
                    placed.append(box)
                    kept.append(bool(coin))
                    break
        pairs = list(zip(placed, kept, strict=True))
        return [box for box, coin in pairs if coin], [box for box, coin in pairs if not coin]

    def _ground(self, width: int, height: int) -> Image.Image:
        """White or coloured paper, a slope of colour, cloth, wood, or what `ground` gives."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.15 and self.ground and (given := self.ground(rng, width, height)) is not None:
            return given
        if kind < 0.4:
            return Image.new("RGB", (width, height), (255, 255, 255) if rng.random() < 0.7 else (240, 240, 240))
        cloths = [(20, 20, 25), (25, 30, 60), (70, 15, 25), (20, 60, 35), (40, 40, 40), (245, 235, 215), (60, 110, 70)]
        base = cloths[int(rng.integers(len(cloths)))] if rng.random() < 0.6 else any_colour(rng)
        pixels = np.ones((height, width, 3), np.float32) * np.array(base, np.float32)
        y, x = np.mgrid[:height, :width].astype(np.float32)
        if kind < 0.6:
            a = rng.uniform(0, 2 * math.pi)
            pixels *= (
                1
                + rng.uniform(0, 0.4) * ((x / width - 0.5) * math.cos(a) + (y / height - 0.5) * math.sin(a))[..., None]
            )
        elif kind < 0.8:  # cloth: threads both ways, and grain
            step = rng.uniform(2, 7)
            weave = np.sin(2 * math.pi * x / step) * np.sin(2 * math.pi * y / step)
            pixels *= 1 + rng.uniform(0.03, 0.2) * weave[..., None] + 0.05 * rng.standard_normal((height, width, 1))
        else:  # boards with grain
            wood = [(150, 100, 60), (120, 75, 40), (190, 145, 95), (90, 55, 30), (210, 170, 120)][int(rng.integers(5))]
            pixels[:] = wood
            grain = np.sin(y / rng.uniform(1.5, 8) + 2.5 * np.sin(x / rng.uniform(30, 120) + rng.uniform(0, 6)))
            pixels *= 1 + rng.uniform(0.03, 0.14) * grain[..., None]
            board = height / rng.integers(2, 7)
            pixels[(y % board) < 2] *= 0.6
            if rng.random() < 0.5:
                return (
                    Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
                    .transpose(Image.Transpose.ROTATE_90)
                    .resize((width, height))
                )
        return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))

    def _scribble(self, picture: Image.Image, boxes: list[Box]) -> None:
        """Captions, frames and boxes that lie under the coins."""
        rng, draw = self.rng, ImageDraw.Draw(picture)
        width, height = picture.size
        for _ in range(rng.integers(1, 5)):
            ink = any_colour(rng)
            x, y = rng.uniform(0, width * 0.8), rng.uniform(0, height * 0.9)
            kind = rng.random()
            if kind < 0.5:
                text = "".join(rng.choice(list("abcdefgoOQ 0123456789eilnrst"), int(rng.integers(3, 18))))
                draw.text((x, y), text, fill=ink, font=ImageFont.load_default(size=int(rng.integers(9, 40))))
            elif kind < 0.8:
                w, h = rng.uniform(10, width / 2), rng.uniform(10, height / 2)
                draw.rectangle([x, y, x + w, y + h], fill=vivid(rng) if rng.random() < 0.5 else None, outline=ink)
            else:
                draw.line([x, y, *(rng.uniform(0, 1, 2) * [width, height])], fill=ink, width=int(rng.integers(1, 6)))

    def _shadow(self, picture: Image.Image, box: Box, share: float) -> None:
        size = int(box[2] - box[0])
        off = int(size * share) + 1
        mask = Image.new("L", (size + 4 * off, size + 4 * off))
        ImageDraw.Draw(mask).ellipse([2 * off, 2 * off, 2 * off + size, 2 * off + size], fill=120)
        mask = mask.filter(ImageFilter.GaussianBlur(off * 0.7))
        picture.paste((0, 0, 0), (int(box[0]) - off, int(box[1]) - off), mask)


def _apart(one: Box, other: Box, gap: float) -> bool:
    distance = math.hypot(one[0] + one[2] - other[0] - other[2], one[1] + one[3] - other[1] - other[3]) / 2
    return distance >= (one[2] - one[0] + other[2] - other[0]) / 2 * (1 + gap)
