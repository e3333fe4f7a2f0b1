"""Draws the training lines of the line-ocr checkpoint: rendering and wear.

Every sample is one line of printed text as a *photo or scan* would show it, together with the x-position of each
character. The positions are free (we draw the line ourselves) and let the training script supervise where the
model looks.
"""

from __future__ import annotations

import io
import random
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from line_ocr_text import CHARACTERS, draw_text
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from prefrontal.tools.page_lines import levelled

HEIGHT, WIDTH = 32, 768  # what the image processor hands to the model

# Families never trained on, so that they can measure reading in unknown fonts: of the Debian packages fonts-noto-core,
# -crosextra-carlito, -inconsolata, -lato, -ebgaramond, -cabin, -courier-prime, -paratype, -inter, -clear-sans and
# -roboto-slab. Exact clones of them go as well.
HELD_OUT = (
    "Noto Serif", "Carlito", "Inconsolata", "Lato", "EB Garamond", "Cabin", "Courier Prime", "PT Sans", "PT Serif",
    "Inter", "Clear Sans", "Roboto Slab",
)  # fmt: skip
CLONES = ("Noto Serif Display", "PT Mono", "Inter Display")
# What every Linux machine has and people draw with: a part of the lines of its own.
COMMON = ("DejaVu Sans", "DejaVu Sans Mono", "DejaVu Serif", "Liberation Sans", "Liberation Mono", "Liberation Serif")
COMMON_SHARE, BOLD_SHARE = 0.35, 0.3
# Families whose glyphs are no plain letters (symbols, small capitals, ornaments) would make wrong labels.
UNFIT = re.compile(
    r"marlett|dings|delphine|steve|monoisome|keyfont|math|symbol|caps|\bsc\b|initial|integral|nonunicode|variants|sym\b|dingbat|D050000L|Z003|keyboard|dunhill|"
    r"chorus|unslanted|STIXSize|quotation|emoji|music",
    re.IGNORECASE,
)
NOTO_LATIN = ("Noto Sans", "Noto Serif", "Noto Sans Mono", "Noto Sans Display", "Noto Serif Display")


def complete(path: Path) -> bool:
    """Whether a font has all the characters: it draws none of them as a character that no font has."""
    font = ImageFont.truetype(str(path), 16)
    missing = bytes(font.getmask("\U0010fffe"))
    return all(bytes(font.getmask(character)) != missing for character in CHARACTERS[:-1])


@cache
def font_files(directories: tuple[str, ...]) -> dict[str, list[str]]:
    """Usable font files below the directories, by family name."""
    families: dict[str, list[str]] = {}
    for directory in directories:
        for path in sorted(Path(directory).rglob("*.[to]tf")):
            try:
                family = ImageFont.truetype(str(path), 12).getname()[0] or ""
            except OSError:  # a font of bitmaps
                continue
            if UNFIT.search(family) or not complete(path) or (family.startswith("Noto ") and family not in NOTO_LATIN):
                continue
            families.setdefault(family, []).append(str(path))
    return families


def training_families(directories: tuple[str, ...]) -> list[list[str]]:
    """The font files to train on, one list per family, without the held-out families and their clones."""
    banned = [*HELD_OUT, *CLONES]
    return [
        files
        for family, files in sorted(font_files(directories).items())
        if not any(family == name or family.startswith(f"{name} ") for name in banned)
    ]


def draw_font(rng: random.Random, families: list[list[str]], common: list[list[str]]) -> str:
    """A font file: of a family by chance, often one of the common ones, and often bold."""
    files = rng.choice(common if common and rng.random() < COMMON_SHARE else families)
    bold = [path for path in files if "bold" in path.lower()]
    return rng.choice(bold if bold and rng.random() < BOLD_SHARE else files)


def common_families(directories: tuple[str, ...]) -> list[list[str]]:
    """The font files of the common families, one list per family."""
    return [files for family, files in sorted(font_files(directories).items()) if family in COMMON]


@lru_cache(maxsize=4000)
def load_font(path: str, size: int) -> ImageFont.FreeTypeFont:
    """A font at a pixel size; the basic layout is fast and never joins letters to ligatures."""
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@dataclass
class Line:
    """One drawn line: the model's grey picture, its text and the x-centres of its characters in that picture."""

    pixels: np.ndarray  # uint8 (HEIGHT, WIDTH)
    text: str
    centres: np.ndarray  # float32 (len(text),)
    edges: tuple[float, float]  # where the text begins and ends
    borders: tuple[int, int]  # where the picture begins and ends on the black


def set_line(
    drawing: ImageDraw.ImageDraw,
    text: str,
    font: ImageFont.FreeTypeFont,
    x: float,
    y: float,
    space: float,
    gap: float,
    wide: tuple[int, float] = (0, 0.0),
) -> tuple[list[float], float]:
    """Draws a line word by word (spaces of any width, as in justified text); returns the character centres and end.

    Args:
        wide: the number of the space that is wide (from 1; 0: none), as before the price of a receipt, and its width.
    """
    centres: list[float] = []
    for position, word in enumerate(text.split(" ")):
        if position:
            width = wide[1] if position == wide[0] else space
            centres.append(x + width / 2)
            x += width
        if gap:  # letter-spaced: every character on its own
            for character in word:
                drawing.text((x, y), character, fill=255, font=font)
                width = font.getlength(character)
                centres.append(x + width / 2)
                x += width + gap
        elif word:
            drawing.text((x, y), word, fill=255, font=font)
            widths = np.array([font.getlength(character) for character in word])
            length = font.getlength(word)
            widths *= length / max(widths.sum(), 1e-6)  # kerning spread evenly
            centres.extend(x + np.cumsum(widths) - widths / 2)
            x += length
    return centres, x


def ink_canvas(
    rng: random.Random, text: str, path: str, cut: bool = False
) -> tuple[np.ndarray, np.ndarray, tuple[float, float], float]:
    """Text (255) on nothing (0), bent and cropped as a line splitter would; centres, edges and the em size.

    Args:
        cut: cropped as `split_lines` and `trimmed_line` do it: to the ink, with an even margin, and wide gaps closed.
    """
    em = round(float(np.exp(rng.uniform(np.log(14), np.log(30)))))
    font = load_font(path, em)
    spread = rng.uniform(0.8, 2.6) if rng.random() < (0.15 if cut else 0.35) else 1.0
    space = max(font.getlength(" ") * spread, 0.12 * em)
    gap = rng.uniform(0.02, 0.15) * em if rng.random() < 0.07 else 0.0
    wide = (rng.randint(1, text.count(" ")), rng.uniform(0.5, 1.7) * em) if cut and " " in text else (0, 0.0)
    wide = wide if rng.random() < 0.4 else (0, 0.0)
    left, right = (rng.uniform(0.0, 0.6) * em for _ in range(2))
    length = font.getlength(text) + text.count(" ") * (space - font.getlength(" ")) + gap * len(text) + wide[1]
    if rng.random() < (0.05 if cut else 0.3):  # the line fills only a part of the page's width
        room = max(0.0, 26 * em - length) if length < 22 * em else 0.0
        left, right = left + rng.uniform(0, 0.3) * room, right + rng.uniform(0, 0.9) * room
    ascent, descent = font.getmetrics()
    pad = int(1.2 * em)
    size = (int(left + length + right) + 2, ascent + descent + 2 * pad)
    image = Image.new("L", size)
    drawing = ImageDraw.Draw(image)
    centres, end = set_line(drawing, text, font, left, pad, space, gap, wide)
    box = image.getbbox() or (0, pad, 1, pad + ascent)
    ink = (box[1], box[3])
    loose = rng.random() < (0.1 if cut else 0.4)
    top, bottom = (pad + ascent * 0.1, pad + ascent + descent) if loose else ink
    if rng.random() < (0.2 if cut else 0.45):  # parts of the lines above and below
        pitch = rng.uniform(1.08, 1.7) * em
        for direction in (-1, 1):
            if rng.random() < 0.8:
                other = draw_text(rng)
                set_line(drawing, other, font, left + rng.choice([0, 0, 2 * em]), pad + direction * pitch, space, gap)
    if rng.random() < 0.06:  # a rule above or below
        y = rng.choice([top - rng.uniform(0.15, 0.5) * em, bottom + rng.uniform(0.15, 0.5) * em])
        drawing.line((left, y, end, y), fill=rng.randint(80, 255), width=rng.randint(1, 2))
    pixels, low, high = bend(rng, np.asarray(image), em, cut)
    margin_top, margin_bottom = (rng.uniform(-0.02, 0.35 if rng.random() < 0.8 else 0.8) * em for _ in range(2))
    if cut:
        margin_top = rng.uniform(0.08, 0.3) * em
        margin_bottom = margin_top + rng.uniform(-0.04, 0.04) * em
    first = max(0, int(top - high - margin_top))
    last = min(pixels.shape[0], int(np.ceil(bottom - low + margin_bottom)))
    return pixels[first : max(last, first + 4)], np.array(centres), (left, end), em


def bend(rng: random.Random, pixels: np.ndarray, em: float, cut: bool = False) -> tuple[np.ndarray, float, float]:
    """Rotates, bends and slants by moving columns and rows; returns the picture and the least and greatest lift.

    Args:
        cut: only short lines keep a tilt, of up to three degrees; a splitter has straightened the long ones.
    """
    height, width = pixels.shape
    if rng.random() < (0.6 if cut else 0.45):
        return pixels, 0.0, 0.0
    t = np.linspace(-1, 1, width)
    lift = rng.gauss(0, 0.14) * t + rng.gauss(0, 0.12) * (t**2 - 0.33)
    lift += rng.gauss(0, 0.03) * np.sin(6 * t + rng.random())
    lift *= em * min(1.0, width / (12 * em))
    if cut and rng.random() < 0.6:
        lift = rng.uniform(-0.05, 0.05) * min(width, 9 * em) / 2 * t
    whole = np.floor(lift).astype(int)
    share = (lift - whole)[None].astype(np.float32)
    rows = np.arange(height)[:, None] + whole[None]
    columns = np.arange(width)[None]
    upper = pixels[np.clip(rows, 0, height - 1), columns]
    lower = pixels[np.clip(rows + 1, 0, height - 1), columns]
    return upper * (1 - share) + lower * share, float(lift.min()), float(lift.max())


def wear(rng: random.Random, noise: np.random.Generator, ink: np.ndarray, cut: bool = False) -> np.ndarray:
    """Ink on paper with uneven light, faded print, noise: the grey values of a photo or scan."""
    height, width = ink.shape
    ink = ink.astype(np.float32) / 255
    if rng.random() < 0.25:  # heavier or thinner print
        ink = np.clip(ink * rng.uniform(0.8, 1.8), 0, 1) if rng.random() < 0.6 else ink ** rng.uniform(1.0, 1.8)
    if rng.random() < (0.5 if cut else 0.35):  # crisp
        paper, dark = rng.uniform(225, 255), rng.uniform(0, 50)
    else:
        paper = rng.uniform(110, 255)
        dark = paper - max(45.0 if cut else 60.0, rng.uniform(0.25 if cut else 0.35, 1.0) * paper)
    picture = paper + (max(dark, 0) - paper) * ink
    if rng.random() < 0.5:  # light that falls off
        x = np.linspace(-1, 1, width, dtype=np.float32)[None]
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        field = rng.gauss(0, 0.2) * x + rng.gauss(0, 0.12) * x**2 + rng.gauss(0, 0.05) * y
        picture *= np.clip(1 + field + rng.gauss(0, 0.04) * np.sin(5 * x + 6 * rng.random()), 0.35, 1.3)
    if rng.random() < 0.6:
        picture += noise.standard_normal(picture.shape, dtype=np.float32) * rng.uniform(0.5, 9)
    if rng.random() < (0.1 if cut else 0.07):
        picture = 255 - picture
    return np.clip(picture, 0, 255).astype(np.uint8)


FILTERS = (Image.Resampling.BOX, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)


def photograph(
    rng: random.Random, noise: np.random.Generator, ink: np.ndarray, em: float, cut: bool = False
) -> Image.Image:
    """Shrinks to the resolution of a photo or scan, blurs, lights and packs it."""
    image = Image.fromarray(np.clip(ink, 0, 255).astype(np.uint8))
    scale = min(1.0, float(np.exp(rng.uniform(np.log(11 if cut else 9.5), np.log(40 if cut else 34)))) / em)
    stretch = rng.uniform(0.82, 1.2) if rng.random() < (0.2 if cut else 0.4) else 1.0
    if scale < 1.0 or stretch != 1.0:
        size = (max(8, round(image.width * scale * stretch)), max(6, round(image.height * scale)))
        image = image.resize(size, rng.choice(FILTERS))
    if rng.random() < (0.25 if cut else 0.45):
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.055 * em * scale + 0.25)))
    image = Image.fromarray(wear(rng, noise, np.asarray(image), cut))
    if rng.random() < 0.25:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=rng.randint(25, 85))
        image = Image.open(buffer).convert("L")
    return image


def fit(image: Image.Image) -> tuple[np.ndarray, float, int, int]:
    """What the Donut image processor does: height 32, shrunk if too wide, centred on black; with scale and borders."""
    width = int(HEIGHT * image.width / image.height)
    resized = image.resize((max(width, 1), HEIGHT), Image.Resampling.BILINEAR)
    if width > WIDTH:
        resized = resized.resize((WIDTH, max(1, int(HEIGHT * WIDTH / width))), Image.Resampling.BILINEAR)
    canvas = np.zeros((HEIGHT, WIDTH), np.uint8)
    x, y = (WIDTH - resized.width) // 2, (HEIGHT - resized.height) // 2
    canvas[y : y + resized.height, x : x + resized.width] = np.asarray(resized)
    return canvas, resized.width / image.width, x, x + resized.width


def draw_line(
    seed: int,
    families: list[list[str]],
    rare: bool = False,
    signs: float = 0.0,
    common: list[list[str]] | None = None,
) -> Line:
    """One training line, entirely determined by its seed.

    Args:
        rare: more capitals, digits and marks.
        signs: the share of lines that are worded as signs and receipts are; if any, most lines are cropped and lit as
            the toolkit hands them over, and some are of the `common` families.
    """
    rng = random.Random(seed)
    noise = np.random.default_rng(seed)
    text = draw_text(rng, rare=rare, signs=signs)
    path = draw_font(rng, families, common or []) if signs else rng.choice(rng.choice(families))
    cut = bool(signs) and rng.random() < 0.75
    ink, centres, edges, em = ink_canvas(rng, text, path, cut)
    image = photograph(rng, noise, ink, em, cut)
    if cut and rng.random() < 0.6:
        image = Image.fromarray(levelled(np.asarray(image, dtype=np.float32)).astype(np.uint8))
    pixels, scale, offset, last = fit(image)
    scale *= image.width / ink.shape[1]
    left, right = (edge * scale + offset for edge in edges)
    return Line(pixels, text, (centres * scale + offset).astype(np.float32), (left, right), (offset, last))
