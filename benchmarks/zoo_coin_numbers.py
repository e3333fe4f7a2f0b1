"""The pictures on which `zoo_coin_detector.py` asks for the exact number of coins, and those that show none.

A case is (family, picture, number).  The photo is scikit-image's `data.coins()`; nothing of it, and none of the photos
without coins, served for training.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from skimage import data

from zoo.training.coin_drawings import DrawingMaker

Case = tuple[str, Image.Image, int]
SCALES = (0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0)
FILTERS = tuple(getattr(Image.Resampling, name) for name in ("NEAREST", "BILINEAR", "BICUBIC", "LANCZOS"))
# scikit-image's own photos and scans that show no coin; the rest of `skimage.data` is drawn
OTHERS = (
    "astronaut", "brick", "camera", "cat", "cell", "clock", "coffee", "grass", "gravel", "hubble_deep_field",
    "immunohistochemistry", "moon", "page", "retina", "rocket", "text",
)  # fmt: skip
PACKAGES = ("ukui-wallpapers", "lomiri-wallpapers-20.04", "lomiri-wallpapers-16.04", "sway-backgrounds")
WALLPAPERS = Path("/usr/share/wallpapers")  # plasma-workspace-wallpapers: one small picture of each
STAMPS = Path("/usr/share/tuxpaint/stamps/symbols/money/us/coins")  # tuxpaint-stamps-default: six real coins, cut out


def photo_cases(boxes: np.ndarray) -> Iterator[Case]:
    """The photo at all scales and filters, in drawn screenshots, and 200 crops of whole rows and columns."""
    photo = Image.fromarray(data.coins())
    for scale in SCALES:
        for how in FILTERS:
            size = round(photo.width * scale), round(photo.height * scale)
            yield "scales", photo.resize(size, how), len(boxes)
    for around in (40, 80, 120, 160, 200, 300):
        for dark in (False, True):
            yield "screenshots", desktop(photo, around, dark), len(boxes)
    for window, number in whole_crops(boxes, photo.size, seed=31, count=200):
        yield "row_and_column_crops", photo.crop(window), number


def desktop(photo: Image.Image, around: int, dark: bool) -> Image.Image:
    """The photo in a window with a title bar, `around` pixels of desktop on all sides, and text."""
    page, ink, back = ("#2b2b30", "#dddddd", "#10304a") if dark else ("#ffffff", "#202020", "#c8d4dc")
    width, height = photo.width + 2 * around, photo.height + 2 * around
    screen = Image.new("RGB", (width, height), back)
    draw, font = ImageDraw.Draw(screen), ImageFont.load_default(size=13)
    left, top, right, bottom = around - 12, around - 28, width - around + 12, height - around + 26
    draw.rectangle([left, top, right, bottom], fill=page, outline="#808080")
    draw.rectangle([left, top, right, top + 24], fill="#46464c" if dark else "#e4e4e8")
    draw.text((left + 8, top + 5), "coins.png - Viewer", fill=ink, font=font)
    for i, name in enumerate(("#ee5f5b", "#f5be4f", "#61c554")):
        draw.ellipse([right - 60 + 18 * i, top + 7, right - 50 + 18 * i, top + 17], fill=name)
    screen.paste(photo.convert("RGB"), (around, around))
    draw.text((around, bottom - 20), "384 x 303 pixels   100 %   1 of 12", fill=ink, font=font)
    for i, line in enumerate(("Home", "Documents", "notes.txt", "Trash")):
        draw.text((6, 10 + 40 * i), line, fill=ink if not dark else "#ffffff", font=font)
    draw.text((width // 2 - 60, height - 18), "Thu 14:25   Desktop 1", fill=ink if not dark else "#ffffff", font=font)
    return screen


def whole_crops(boxes: np.ndarray, size: tuple[int, int], seed: int, count: int) -> Iterator[tuple[tuple, int]]:
    """Windows that show some rows and columns of the photo's four by six coins whole, and cut no other."""
    rng = np.random.default_rng(seed)
    rows = [row[np.argsort(row[:, 0])] for row in np.split(boxes[np.argsort(boxes[:, 1] + boxes[:, 3])], 4)]
    grid = np.stack(rows)
    while count:
        r0, c0 = int(rng.integers(4)), int(rng.integers(6))
        r1, c1 = int(rng.integers(r0 + 1, 5)), int(rng.integers(c0 + 1, 7))
        inside = grid[r0:r1, c0:c1].reshape(-1, 4)
        low = [grid[r0:r1, c0 - 1, 2].max() if c0 else 0, grid[r0 - 1, c0:c1, 3].max() if r0 else 0]
        high = [grid[r0:r1, c1, 0].min() if c1 < 6 else size[0], grid[r1, c0:c1, 1].min() if r1 < 4 else size[1]]
        first, last = inside[:, :2].min(0), inside[:, 2:].max(0)
        if (first < low).any() or (last > high).any():
            continue
        x0, y0 = (int(np.ceil(rng.uniform(a, b))) for a, b in zip(low, first, strict=True))
        x1, y1 = (int(rng.uniform(a, b)) for a, b in zip(last, high, strict=True))
        seen = (boxes[:, 2:] > [x0, y0]).all(1) & (boxes[:, :2] < [x1, y1]).all(1)
        whole = (boxes[seen, :2] >= [x0, y0]).all() and (boxes[seen, 2:] <= [x1, y1]).all()
        if whole and seen.sum() == len(inside):
            count -= 1
            yield (x0, y0, x1, y1), len(inside)


def drawn_cases(count: int = 60) -> Iterator[Case]:
    """Unseen drawings: coins alone, coins beside round things, and round things alone."""
    alone, beside, none = (DrawingMaker(seed) for seed in (909_001, 909_002, 909_003))
    for _ in range(count):
        picture, boxes = alone.scene(coins=int(alone.rng.integers(1, 31)), things=0)
        yield "drawn_coins", Image.fromarray(picture), len(boxes)
        picture, boxes = beside.scene(coins=int(beside.rng.integers(1, 16)), things=int(beside.rng.integers(1, 9)))
        yield "drawn_coins_beside_round_things", Image.fromarray(picture), len(boxes)
        picture, _ = none.scene(coins=0, things=int(none.rng.integers(1, 13)))
        yield "round_things", Image.fromarray(picture), 0


def simple_cases(count: int = 60) -> Iterator[Case]:
    """Discs as a test would draw them: one colour, an outline and a number, in a grid or scattered."""
    rng = np.random.default_rng(77)
    for _ in range(count):
        width, height = int(rng.integers(300, 901)), int(rng.integers(240, 701))
        ground = ("white", "#f0f0f0", "saddlebrown", "#1e1e28", "darkgreen", "beige")[int(rng.integers(6))]
        picture = Image.new("RGB", (width, height), ground)
        draw, wanted, placed = ImageDraw.Draw(picture), int(rng.integers(1, 31)), []
        fill, edge = (("gold", "darkgoldenrod"), ("silver", "gray"), ("#b87333", "#5a3a1a"), ("#d4af37", "black"))[
            int(rng.integers(4))
        ]
        radius = min(60, 0.36 * float(np.sqrt(width * height / wanted)))
        for _ in range(4000):
            if len(placed) == wanted:
                break
            x, y = rng.uniform(radius + 4, width - radius - 4), rng.uniform(radius + 4, height - radius - 4)
            if all(np.hypot(x - a, y - b) > 2.2 * radius for a, b in placed):
                placed.append((x, y))
        for number, (x, y) in enumerate(placed):
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=fill, outline=edge, width=3)
            text = (str(number + 1), "1", "5c", "")[int(rng.integers(4))]
            draw.text((x, y), text, fill=edge, font=ImageFont.load_default(size=max(8, radius * 0.8)), anchor="mm")
        yield "simple_discs", picture, len(placed)


def stamp_cases(count: int = 60) -> Iterator[Case]:
    """Real coins, cut out, laid on plain colours apart from each other; none where they are not installed."""
    stamps = [Image.open(file).convert("RGBA") for file in sorted(STAMPS.glob("*.png"))]
    rng = np.random.default_rng(78)
    for _ in range(count if stamps else 0):
        picture = Image.new("RGB", (640, 480), tuple(int(v) for v in rng.integers(0, 256, 3)))
        across, down = int(rng.integers(1, 7)), int(rng.integers(1, 5))
        side = int(min(640 / across, 480 / down, 200) * rng.uniform(0.55, 0.9))
        for cell in range(across * down):
            stamp = stamps[int(rng.integers(len(stamps)))].rotate(float(rng.uniform(0, 360)), expand=False)
            small = stamp.resize((side, side), Image.Resampling.LANCZOS)
            x, y = 640 / across * (cell % across + 0.5), 480 / down * (cell // across + 0.5)
            picture.paste(small, (int(x - side / 2), int(y - side / 2)), small)
        yield "real_cut_out_coins", picture, across * down


def photos_without_coins() -> Iterator[tuple[str, Image.Image]]:
    """scikit-image's photos, and wallpapers of packages that training does not read; only what is installed."""
    for name in OTHERS:
        yield f"skimage {name}", Image.fromarray(getattr(data, name)()).convert("RGB")
    listed = subprocess.run(["dpkg", "-L", *PACKAGES], capture_output=True, text=True, check=False).stdout.split("\n")
    files = sorted(Path(line) for line in listed if line.endswith((".jpg", ".png")))
    files += sorted(WALLPAPERS.glob("*/contents/screenshot.*"))
    for file in files:
        if file.is_file():
            with Image.open(file) as photo:
                photo.thumbnail((1600, 1600))
                yield str(file), photo.convert("RGB")
