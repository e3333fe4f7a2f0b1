"""Drawn scenes with coins: the training and validation data of the coin detector.

`SceneMaker(seed).scene()` gives an RGB uint8 picture and the coins' boxes (xmin, ymin, xmax, ymax in pixels).
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

from zoo.training.coin_round_things import round_thing
from zoo.training.coin_scene_parts import RELIEF, coin_relief, distractor, noise_map, resize, shade_coin, tint

VISIBLE = 0.4  # a coin cut by the border is labelled from this visible share of its box
MAX_COINS = 60
Ground = Callable[[np.random.Generator, int, int], Image.Image | None]


class SceneMaker:
    """Draws scenes from one seeded generator and one bank of coin reliefs.

    With `ground`, which gives a picture of a size or None, a third of the scenes lie on one, and some of the things
    beside the coins are round things in colour.  Without it all is drawn here, as the benchmark's scenes are.
    """

    def __init__(self, seed: int, bank: int = 500, ground: Ground | None = None) -> None:
        self.rng = np.random.default_rng(seed)
        self.ground = ground
        self.bank = [coin_relief(self.rng) for _ in range(bank)]

    def scene(self) -> tuple[np.ndarray, np.ndarray]:
        """One picture (its longer side 400 pixels) and its boxes."""
        rng = self.rng
        aspect = math.exp(rng.uniform(-0.45, 0.45))
        width, height = (400, int(400 / aspect)) if aspect > 1 else (int(400 * aspect), 400)
        grey = rng.random() < 0.45
        picture = self._background(width, height, 0.0 if grey else float(rng.choice([0.1, 0.35, 0.7])))
        boxes = [] if rng.random() < 0.1 else self._layout(width, height)
        things = self._things(width, height, boxes)
        self._cast_shadows(picture, boxes + things)
        for box in things:
            self._put_distractor(picture, box)
        look = self._look(picture, grey)
        for box in boxes:
            one = look if rng.random() < 0.85 else self._look(picture, grey)
            self._put_coin(picture, box, one)
        picture = self._photograph(picture, grey)
        return picture, _visible_boxes(boxes, width, height)

    def _background(self, width: int, height: int, colour: float) -> np.ndarray:
        """Plain, uneven, grained, striped or cluttered ground, from black to white."""
        rng = self.rng
        if self.ground and rng.random() < 0.33 and (given := self.ground(rng, width, height)) is not None:
            return np.asarray(given, np.float32) / 255 * np.float32(rng.uniform(0.4, 1.0))
        base = rng.uniform(0.04, 0.95) if rng.random() < 0.6 else rng.uniform(0.08, 0.4)
        rgb = np.ones((height, width, 3), np.float32) * base * tint(rng, colour)
        rgb *= 1 + rng.choice([0.0, 0.1, 0.3]) * noise_map(rng, width, height, 3)[..., None]
        rgb += rng.choice([0.0, 0.02, 0.06]) * noise_map(rng, width, height, int(rng.integers(20, 120)))[..., None]
        kind = rng.random()
        if kind < 0.12:  # cloth, wood or tiles
            x, y = np.meshgrid(np.arange(width), np.arange(height))
            a = rng.uniform(0, math.pi)
            wave = (x * math.cos(a) + y * math.sin(a)) / rng.uniform(3, 60) + noise_map(rng, width, height, 4)
            rgb *= 1 + rng.uniform(0.05, 0.3) * np.sin(2 * math.pi * wave)[..., None]
        elif kind < 0.22:  # rough ground with structure at every scale
            rough = noise_map(rng, width, height, int(rng.integers(4, 16)), 5)
            rgb *= 1 + rng.uniform(0.1, 0.35) * rough[..., None]
        elif kind < 0.34:  # clutter: overlapping things as in any photo
            for _ in range(rng.integers(5, 40)):
                size = rng.uniform(0.1, 0.7) * min(width, height)
                self._put_distractor(rgb, self._free_box(width, height, size))
        return rgb

    def _free_box(self, width: int, height: int, size: float) -> tuple[float, float, float, float]:
        """A square anywhere in the picture, also cut by its border."""
        x, y = self.rng.uniform(0, width), self.rng.uniform(0, height)
        return x - size / 2, y - size / 2, x + size / 2, y + size / 2

    def _layout(self, width: int, height: int) -> list[tuple[float, float, float, float]]:
        """Boxes of the coins: rows and columns, scattered, or packed until they nearly touch."""
        rng = self.rng
        short = min(width, height)
        mean = short * math.exp(rng.uniform(math.log(0.07), math.log(0.7)))
        spread = rng.choice([0.05, 0.2, 0.35])
        if rng.random() < 0.35:
            return self._rows(width, height, mean, spread)
        wanted = min(MAX_COINS, max(1, int(rng.uniform(0.02, 1.1) ** 1.5 * width * height / mean**2)))
        gap = rng.choice([-0.06, 0.02, 0.1, 0.5])
        boxes: list = []
        for _ in range(wanted * 6):
            if len(boxes) == wanted:
                break
            size = mean * float(np.clip(1 + spread * rng.normal(), 0.45, 1.9))
            box = self._coin_box(rng.uniform(0, width), rng.uniform(0, height), size)
            if boxes and gap < 0.1 and rng.random() < 0.6:  # beside another coin
                other, a = boxes[rng.integers(len(boxes))], rng.uniform(0, 2 * math.pi)
                reach = (size + other[2] - other[0]) / 2 * (1 + gap)
                cx, cy = (other[0] + other[2]) / 2, (other[1] + other[3]) / 2
                box = self._coin_box(cx + reach * math.cos(a), cy + reach * math.sin(a), size)
            inside = 0 < box[0] + box[2] < 2 * width and 0 < box[1] + box[3] < 2 * height
            if inside and _clear(box, boxes, gap):
                boxes.append(box)
        return boxes

    def _rows(self, width: int, height: int, mean: float, spread: float) -> list:
        """Coins laid out in rows, as collectors and museums do."""
        rng = self.rng
        dx, dy = mean * rng.uniform(1.05, 2.0), mean * rng.uniform(1.05, 2.0)
        columns, rows = int(width / dx), int(height / dy)
        while columns * rows > MAX_COINS:
            dx, dy = dx * 1.1, dy * 1.1
            columns, rows = int(width / dx), int(height / dy)
        boxes: list = []
        x0, y0 = (width - columns * dx) * rng.random(), (height - rows * dy) * rng.random()
        for row in range(rows):
            for column in range(columns):
                size = mean * float(np.clip(1 + spread * rng.normal(), 0.5, 1.6))
                x = x0 + (column + 0.5) * dx + rng.normal() * 0.04 * dx
                y = y0 + (row + 0.5) * dy + rng.normal() * 0.04 * dy
                box = self._coin_box(x, y, size)
                if rng.random() < 0.96 and _clear(box, boxes, 0.0):
                    boxes.append(box)
        return boxes

    def _coin_box(self, x: float, y: float, size: float) -> tuple[float, float, float, float]:
        """The box of a coin of this size; worn coins are not quite as wide as high."""
        w, h = size * self.rng.uniform(0.94, 1.06), size * self.rng.uniform(0.94, 1.06)
        return x - w / 2, y - h / 2, x + w / 2, y + h / 2

    def _things(self, width: int, height: int, boxes: list) -> list:
        """Boxes of the distractors, clear of the coins."""
        rng = self.rng
        things: list = []
        short = min(width, height)
        typical = np.mean([b[2] - b[0] for b in boxes]) if boxes else short * rng.uniform(0.05, 0.4)
        for _ in range(int(rng.choice([0, 2, 6, 14], p=[0.4, 0.2, 0.25, 0.15]))):
            size = typical * rng.uniform(0.5, 2) if rng.random() < 0.7 else short * rng.uniform(0.05, 0.5)
            box = self._free_box(width, height, size)
            if _clear(box, boxes, 0.15):
                things.append(box)
        return things

    def _cast_shadows(self, picture: np.ndarray, boxes: list) -> None:
        """Soft shadows under everything, all to the same side."""
        rng = self.rng
        if not boxes or rng.random() < 0.35:
            return
        height, width = picture.shape[:2]
        x, y = np.arange(width)[None], np.arange(height)[:, None]
        cover = np.zeros((height, width), np.float32)
        mean = float(np.mean([b[2] - b[0] for b in boxes]))
        sx, sy = rng.normal(0, 0.06 * mean, 2)
        for x0, y0, x1, y1 in boxes:
            r2 = ((x - (x0 + x1) / 2 - sx) / (x1 - x0)) ** 2 + ((y - (y0 + y1) / 2 - sy) / (y1 - y0)) ** 2
            cover = np.maximum(cover, r2 < 0.25)
        soft = gaussian_filter(cover, max(0.6, mean * rng.uniform(0.02, 0.15)))
        picture *= 1 - rng.uniform(0.2, 0.9) * soft[..., None]

    def _look(self, picture: np.ndarray, grey: bool) -> dict:
        """Metal, light and wear that the coins of a scene share."""
        rng = self.rng
        ground = float(picture.mean())
        low_contrast = rng.random() < 0.3  # nearly as bright as the ground
        base = ground + rng.choice([-1, 1]) * rng.uniform(0.02, 0.12) if low_contrast else rng.uniform(0.12, 0.9)
        metals = [(1, 1, 1), (1.25, 1.0, 0.6), (1.3, 0.95, 0.7), (0.95, 1.05, 0.95), (1.1, 1.0, 0.85)]
        metal = np.array(metals[0 if grey else int(rng.integers(len(metals)))], np.float32)
        a = rng.uniform(0, 2 * math.pi)
        return {
            "base": float(np.clip(base, 0.08, 0.95)), "tint": metal / metal.mean(),
            "tint_spread": 0.0 if grey else 0.08, "light": (math.cos(a), math.sin(a)),
            "depth": float(rng.choice([0.5, 1.2, 2.5])), "stain": float(rng.choice([0.1, 0.3, 0.55])),
            "albedo": float(rng.choice([-0.1, 0.05, 0.15])), "grain": float(rng.choice([0.0, 0.02, 0.05])),
        }  # fmt: skip

    def _put_coin(self, picture: np.ndarray, box: tuple, look: dict) -> None:
        relief = self.bank[self.rng.integers(len(self.bank))]
        x0, y0 = round(box[0]), round(box[1])
        w, h = max(3, round(box[2] - box[0])), max(3, round(box[3] - box[1]))
        rgb, mask = shade_coin(self.rng, relief, w, h, look)
        if w > RELIEF:  # enlarging softens the relief: give the metal back its grain
            rgb = rgb * (1 + 0.05 * self.rng.standard_normal((h, w, 1)).astype(np.float32))
        _blend(picture, rgb, mask, x0, y0)

    def _put_distractor(self, picture: np.ndarray, box: tuple) -> None:
        if self.ground and self.rng.random() < 0.4:
            patch = np.asarray(round_thing(self.rng, max(8, round(box[2] - box[0]))), np.float32) / 255
            rgb, mask = patch[..., :3], patch[..., 3]
        else:
            rgb, mask = distractor(self.rng, max(6.0, box[2] - box[0]))
        side = mask.shape[0]
        _blend(picture, rgb, mask, round((box[0] + box[2] - side) / 2), round((box[1] + box[3] - side) / 2))

    def _photograph(self, picture: np.ndarray, grey: bool) -> np.ndarray:
        """Uneven light, a dark frame, contrast, blur, sensor noise and JPEG: what a camera or scanner adds."""
        rng = self.rng
        height, width = picture.shape[:2]
        light = resize(rng.uniform(-1, 1, (2, 2)) + 0.3 * rng.standard_normal((2, 2)), width, height)
        picture = picture * (1 + rng.choice([0.0, 0.15, 0.45]) * light.clip(-1, 1)[..., None])
        if rng.random() < 0.2:
            self._frame(picture)
        picture = picture.clip(0.0, 1.3) ** rng.uniform(0.75, 1.4) * rng.uniform(0.7, 1.25) + rng.uniform(-0.06, 0.08)
        if rng.random() < 0.4:
            sigma = rng.uniform(0.4, 1.6)
            picture = gaussian_filter(picture, (sigma, sigma, 0))
        picture = picture + rng.choice([0.0, 0.01, 0.035]) * rng.standard_normal((height, width, 1))
        if grey:
            picture = np.repeat(picture.mean(2, keepdims=True), 3, 2)
        pixels = (picture.clip(0, 1) * 255).astype(np.uint8)
        if rng.random() < 0.3:
            packed = io.BytesIO()
            Image.fromarray(pixels).save(packed, "JPEG", quality=int(rng.integers(30, 90)))
            pixels = np.asarray(Image.open(packed))
        return pixels

    def _frame(self, picture: np.ndarray) -> None:
        """The dark or bright surround of a photo whose corners are round."""
        height, width = picture.shape[:2]
        x = np.abs(np.arange(width)[None] / width * 2 - 1 + self.rng.normal(0, 0.04))
        y = np.abs(np.arange(height)[:, None] / height * 2 - 1 + self.rng.normal(0, 0.04))
        n = self.rng.uniform(4, 30)
        picture[x**n + y**n > self.rng.uniform(0.8, 1.3)] = self.rng.choice([0.0, 0.05, 1.0])


def _blend(picture: np.ndarray, rgb: np.ndarray, mask: np.ndarray, x0: int, y0: int) -> None:
    """Lay a patch over the picture at (x0, y0); what lies outside is cut."""
    height, width = picture.shape[:2]
    h, w = mask.shape
    a, b, c, d = max(0, y0), min(height, y0 + h), max(0, x0), min(width, x0 + w)
    if a >= b or c >= d:
        return
    cover = mask[a - y0 : b - y0, c - x0 : d - x0, None]
    spot = picture[a:b, c:d]
    spot += cover * (rgb[a - y0 : b - y0, c - x0 : d - x0] - spot)


def _clear(box: tuple, boxes: list, gap: float) -> bool:
    """Is this circle apart from all others by at least `gap` of the mean diameter?"""
    if not boxes:
        return True
    others = np.asarray(boxes)
    distance = np.hypot(*((others[:, :2] + others[:, 2:] - np.add(box[:2], box[2:])) / 2).T)
    reach = (others[:, 2] - others[:, 0] + box[2] - box[0]) / 2
    return bool((distance >= reach * (1 + gap)).all())


def _visible_boxes(boxes: list, width: int, height: int, visible: float = VISIBLE) -> np.ndarray:
    """Boxes cut to the picture; those hidden too much are dropped."""
    whole = np.asarray(boxes, np.float32).reshape(-1, 4)
    cut = np.stack(
        [whole[:, 0].clip(0), whole[:, 1].clip(0), whole[:, 2].clip(max=width), whole[:, 3].clip(max=height)],
        1,
    )
    if not len(cut):
        return cut
    sides = (cut[:, 2:] - cut[:, :2]).clip(0)
    share = sides.prod(1) / (whole[:, 2:] - whole[:, :2]).prod(1)
    return cut[(share >= visible) & (sides.min(1) >= 4)]
