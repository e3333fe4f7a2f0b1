"""What happens to a scene before the detector sees it: crops, screenshots, turns, scaling, JPEG, light.

All take and give an RGB uint8 picture and boxes (xmin, ymin, xmax, ymax in pixels).
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from zoo.training.coin_detector_model import SIZE

Rng = np.random.Generator
Scene = tuple[np.ndarray, np.ndarray]
FILTERS = tuple(Image.Resampling)  # nearest, Lanczos, bilinear, bicubic, box, Hamming
LEAST = 0.4  # a coin that a crop cuts is kept from this share of its box
WORDS = "File Edit View Help Name Size Open Save 12:04 photo.png Desktop Home Search coins img_2041 Settings".split()


def cut(picture: np.ndarray, boxes: np.ndarray, window: tuple[int, int, int, int]) -> Scene:
    """A window (x0, y0, x1, y1) of the scene; coins that it shows by less than `LEAST` are not kept."""
    x0, y0, x1, y1 = window
    inside = (boxes - [x0, y0, x0, y0]).clip(0, [x1 - x0, y1 - y0, x1 - x0, y1 - y0])
    area, whole = (inside[:, 2:] - inside[:, :2]).prod(1), (boxes[:, 2:] - boxes[:, :2]).prod(1)
    return picture[y0:y1, x0:x1], inside[area >= LEAST * whole]


def random_crop(picture: np.ndarray, boxes: np.ndarray, rng: Rng, least: float = 0.45) -> Scene:
    """A window whose sides are at least this share of the picture's."""
    height, width = picture.shape[:2]
    w, h = int(width * rng.uniform(least, 1)), int(height * rng.uniform(least, 1))
    x, y = int(rng.integers(width - w + 1)), int(rng.integers(height - h + 1))
    return cut(picture, boxes, (x, y, x + w, y + h))


def snug_crop(picture: np.ndarray, boxes: np.ndarray, rng: Rng) -> Scene:
    """Some neighbouring coins and little else: they touch the border, and others show a sliver at most."""
    if not len(boxes):
        return random_crop(picture, boxes, rng)
    height, width = picture.shape[:2]
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    if rng.random() < 0.45:  # one coin that fills the picture, or it and its neighbours
        away = np.abs(middle - middle[int(rng.integers(len(boxes)))]).max(1)
        chosen = np.argsort(away)[: int(rng.choice([1, 2, 4], p=[0.6, 0.2, 0.2]))]
    else:
        corner = rng.uniform(0, 0.6, 2) * [width, height]
        reach = rng.uniform(0.1, 1.0, 2) * [width, height]
        chosen = np.nonzero(((middle >= corner) & (middle <= corner + reach)).all(1))[0]
        chosen = chosen if len(chosen) else rng.integers(len(boxes), size=1)
    group, size = boxes[chosen], float(np.mean(boxes[chosen, 2] - boxes[chosen, 0]))
    margin = rng.uniform(-0.02, 0.25, 4) * size
    x0, y0 = group[:, :2].min(0) - margin[:2]
    x1, y1 = group[:, 2:].max(0) + margin[2:]
    window = (max(0, int(x0)), max(0, int(y0)), min(width, int(x1) + 1), min(height, int(y1) + 1))
    return cut(picture, boxes, window)


def _text(rng: Rng, draw: ImageDraw.ImageDraw, x: float, y: float, words: int, ink: tuple) -> None:
    line = " ".join(rng.choice(WORDS, words))
    draw.text((x, y), line, fill=ink, font=ImageFont.load_default(size=int(rng.integers(9, 17))))


def screenshot(picture: np.ndarray, boxes: np.ndarray, rng: Rng) -> Scene:
    """The scene in a window with a title bar, on a desktop with text around; it takes up 15 to 90 % of the width."""
    height, width = picture.shape[:2]
    bar, side = int(rng.integers(14, 34)), int(rng.integers(0, 60))
    full_w = int((width + 2 * side) / rng.uniform(0.55, 1.0))
    full_h = int((height + bar + side) / rng.uniform(0.6, 1.0))
    light = rng.random() < 0.6
    page, ink = ((250, 250, 250), (30, 30, 30)) if light else ((38, 40, 46), (220, 220, 220))
    back = tuple(int(v) for v in rng.integers(0, 256, 3)) if rng.random() < 0.6 else page
    desk = Image.new("RGB", (full_w, full_h), back)
    draw = ImageDraw.Draw(desk)
    for _ in range(rng.integers(0, 14)):  # text and icons of the desktop
        x, y = rng.uniform(0, full_w), rng.uniform(0, full_h)
        if rng.random() < 0.6:
            _text(rng, draw, x, y, int(rng.integers(1, 6)), ink if back == page else (255, 255, 255))
        else:
            shade = tuple(int(v) for v in rng.integers(0, 256, 3))
            draw.rounded_rectangle([x, y, x + 26, y + 26], int(rng.integers(0, 14)), fill=shade)
    x0 = int(rng.integers(0, full_w - width - 2 * side + 1))
    y0 = int(rng.integers(0, full_h - height - bar - side + 1))
    x1, y1 = x0 + width + 2 * side, y0 + height + bar + side
    draw.rectangle([x0, y0, x1, y1], fill=page, outline=(120, 120, 120))
    tone = (225, 225, 228) if light else (60, 62, 70)
    draw.rectangle([x0, y0, x1, y0 + bar], fill=tone)
    _text(rng, draw, x0 + bar, y0 + 2, 2, ink)
    coloured = rng.random() < 0.5  # the round buttons of a title bar, or a cross and a square
    for i, colour in enumerate(((237, 106, 94), (244, 191, 79), (98, 197, 84))):
        r = bar * 0.25
        x = x0 + bar * (0.6 + 0.8 * i) if coloured and rng.random() < 0.97 else x1 - bar * (0.6 + 0.8 * i)
        if coloured:
            draw.ellipse([x - r, y0 + bar / 2 - r, x + r, y0 + bar / 2 + r], fill=colour)
        else:
            draw.rectangle([x - r, y0 + bar / 2 - r, x + r, y0 + bar / 2 + r], outline=ink)
    left, top = x0 + side, y0 + bar
    for _ in range(int(side > 25) * int(rng.integers(0, 6))):  # a caption, or a list beside the picture
        _text(rng, draw, x0 + 3, rng.uniform(y0 + bar, y1), 1, ink)
    if side > 20:
        _text(rng, draw, left, y1 - side + 3, int(rng.integers(1, 6)), ink)
    desk.paste(Image.fromarray(picture), (left, top))
    return np.asarray(desk).copy(), boxes + np.array([left, top, left, top])


def turned(picture: np.ndarray, boxes: np.ndarray, rng: Rng) -> Scene:
    """A quarter turn and mirror images, each half of the time."""
    height, width = picture.shape[:2]
    if rng.random() < 0.5:
        picture, boxes = picture.transpose(1, 0, 2), boxes[:, [1, 0, 3, 2]]
        width, height = height, width
    if rng.random() < 0.5:
        picture, boxes = picture[:, ::-1], np.array([width, 0, width, 0]) + boxes[:, [2, 1, 0, 3]] * [-1, 1, -1, 1]
    if rng.random() < 0.5:
        picture, boxes = picture[::-1], np.array([0, height, 0, height]) + boxes[:, [0, 3, 2, 1]] * [1, -1, 1, -1]
    return np.ascontiguousarray(picture), boxes


def resampled(image: Image.Image, rng: Rng) -> Image.Image:
    """Scaled by any filter, at times twice; at times packed as JPEG."""
    for _ in range(int(rng.choice([0, 1, 2], p=[0.4, 0.45, 0.15]))):
        factor = float(np.exp(rng.uniform(np.log(0.4), np.log(2.0))))
        size = [max(16, min(900, int(side * factor))) for side in image.size]
        image = image.resize((size[0], size[1]), FILTERS[int(rng.integers(len(FILTERS)))])
    if rng.random() < 0.25:
        packed = io.BytesIO()
        image.save(packed, "JPEG", quality=int(rng.integers(25, 95)))
        image = Image.open(packed).convert("RGB")
    return image


def augment(picture: np.ndarray, boxes: np.ndarray, rng: Rng) -> Scene:
    """All of it: pixels (3, SIZE, SIZE) in 0..1 and boxes as shares (middle x, middle y, width, height)."""
    kind = rng.random()
    if kind < 0.3:
        picture, boxes = random_crop(picture, boxes, rng)
    elif kind < 0.6:
        picture, boxes = snug_crop(picture, boxes, rng)
    if rng.random() < 0.18:
        picture, boxes = screenshot(np.ascontiguousarray(picture), boxes, rng)
    picture, boxes = turned(picture, boxes, rng)
    height, width = picture.shape[:2]
    image = resampled(Image.fromarray(picture), rng)
    pixels = np.asarray(image.resize((SIZE, SIZE), Image.Resampling.BILINEAR), np.float32) / 255
    if rng.random() < 0.7:
        pixels = (pixels * rng.uniform(0.65, 1.35)).clip(0, 1)
    boxes = boxes / np.array([width, height, width, height])
    middle_and_size = np.concatenate([boxes[:, :2] + boxes[:, 2:], 2 * (boxes[:, 2:] - boxes[:, :2])], 1) / 2
    return pixels.transpose(2, 0, 1), middle_and_size
