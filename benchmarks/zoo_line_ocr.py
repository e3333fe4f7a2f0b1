"""Measure the `line-ocr` of the zoo: character error rates in unknown fonts and on a photo of a printed page.

Usage: python benchmarks/zoo_line_ocr.py [--model DIR] [--fonts DIR ...]
Prints one JSON line. Fonts: those of the held-out families that are found in the given folders; each line of TEXT is
drawn in each of them at three sizes, black on white. The photo is `skimage.data.page()`, cut into
lines by the toolkit's built-in; neither was used in training.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import numpy as np
import skimage.data
import torch
from PIL import Image, ImageDraw, ImageFont
from transformers import AutoImageProcessor, AutoModelForImageTextToText, AutoTokenizer

from prefrontal.tools.page_lines import split_lines

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "zoo" / "training"))

from line_ocr_data import HELD_OUT, font_files  # noqa: E402

ASKED = {"unknown_fonts": 5.0, "page_photo": 15.0}
SIZES = (14, 20, 36)
UPRIGHT = ("Regular", "Book", "12 Regular", "Medium")
TEXT = """\
The harbour was quiet when the last boat came in.
She counted forty-two swallows on the wire, then lost track.
"Why not?" he asked; nobody at the long table answered.
Rain in the morning, sunshine later; winds from the south-west.
CHAPTER SEVEN: A VISITOR AT MIDNIGHT
Invoice no. 20418, due 15/09/2023, total: $1,284.50
Flour 500 g, sugar 120 g, 3 eggs, butter 75 g, salt (a pinch)
Call +44 20 7946 0958 or write to info@harbour-cafe.example
for row in range(len(table)): print(row, table[row]["name"])
if (x >= 10 && y != 0) { z = x / y; } else { z = -1; }
https://www.example.org/path/page.html?id=73&lang=en#top
Quick brown foxes jump over lazy dogs while jackdaws love quartz.
Department of Physics and Astronomy, Room 3.14
Temperature: 23.5 C, humidity 61%, pressure 1013 hPa
Please keep off the grass!
It is a mistake to think that every small thing is simple.
def area(radius: float) -> float: return 3.1416 * radius ** 2
Mr. O'Brien's train (the 9:47) left platform 6B on time.
Gate closes 20 minutes before departure
Yesterday evening the committee approved all five proposals.
ls -la /var/log | grep "error" > ~/errors.txt
WARNING: do not open the valve by hand
Kiwi jam, fig jam, plum jam: $4 each, 3 for $10
Winter""".split("\n")
PAGE = (
    "Region-based segmentation",
    "Let us first determine markers of the coins and the",
    "background. These markers are pixels that we can label",
    "unambiguously as either object or background. Here,",
    "the markers are found at the two extreme parts of the",
    "histogram of grey values:",
    ">>> markers = np.zeros_like(coins)",
)


def character_errors(truth: str, read: str) -> int:
    """Edit distance: inserted, deleted and replaced characters."""
    row = np.arange(len(read) + 1)
    for i, wanted in enumerate(truth, 1):
        new = [i]
        for j, got in enumerate(read, 1):
            new.append(min(row[j] + 1, new[-1] + 1, row[j - 1] + (wanted != got)))
        row = np.array(new)
    return int(row[-1])


class Reader:
    """The checkpoint, used as a captioner: image processor, `generate`, tokenizer."""

    def __init__(self, folder: str):
        self.processor = AutoImageProcessor.from_pretrained(folder)
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModelForImageTextToText.from_pretrained(folder).eval()

    @torch.no_grad()
    def read(self, images: list[Image.Image], batch: int = 24) -> list[str]:
        """The text of each image."""
        texts: list[str] = []
        for start in range(0, len(images), batch):
            pixels = self.processor(images[start : start + batch], return_tensors="pt").pixel_values
            texts += self.tokenizer.batch_decode(self.model.generate(pixels), skip_special_tokens=True)
        return texts


def draw(text: str, path: str, size: int) -> Image.Image:
    """Black text on white paper with a small margin."""
    font = ImageFont.truetype(path, size)
    left, top, right, bottom = font.getbbox(text)
    margin = max(3, size // 4)
    image = Image.new("RGB", (int(right - left) + 2 * margin, int(bottom - top) + 2 * margin), "white")
    ImageDraw.Draw(image).text((margin - left, margin - top), text, fill="black", font=font)
    return image


def error_rate(reader: Reader, images: list[Image.Image], truths: list[str], show: bool) -> float:
    """Character error rate in percent over all images together."""
    texts = reader.read(images)
    if show:
        for truth, text in zip(truths, texts, strict=True):
            if truth != text:
                print(f"- {truth}\n+ {text}", file=sys.stderr)
    errors = sum(character_errors(truth, text) for truth, text in zip(truths, texts, strict=True))
    return 100 * errors / sum(map(len, truths))


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=str(ROOT / "zoo" / "models" / "line-ocr"))
    parser.add_argument("--fonts", nargs="+", default=["/usr/share/fonts"])
    parser.add_argument("--show", action="store_true", help="print misread lines to stderr")
    options = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    reader = Reader(options.model)
    crops = split_lines(Image.fromarray(skimage.data.page()))
    photo = error_rate(reader, crops, list(PAGE), options.show)
    found = font_files(tuple(options.fonts))
    by_font: dict[str, float] = {}
    for family in [name for name in HELD_OUT if name in found]:
        upright = [path for path in found[family] if ImageFont.truetype(path, 12).getname()[1] in UPRIGHT]
        path = min(upright or found[family], key=len)
        by_font[family] = error_rate(
            reader,
            [draw(text, path, size) for size in SIZES for text in TEXT],
            TEXT * len(SIZES),
            options.show,
        )
    measured = {
        "unknown_fonts": round(float(np.mean(list(by_font.values()))), 2) if by_font else None,
        "page_photo": round(photo, 2),
    }
    by_font = {family: round(rate, 2) for family, rate in by_font.items()}
    print(json.dumps({"model": "line-ocr", "metric": "character error rate, percent", "asked_at_most": ASKED,
                      "measured": measured, "by_font": by_font, "page_lines": len(crops)}))  # fmt: skip


if __name__ == "__main__":
    main()
