"""Measure the `line-ocr` of the zoo: single lines and whole pictures in unknown fonts, a photo, pictures without text.

Usage: python benchmarks/zoo_line_ocr.py [--model DIR] [--fonts DIR ...] [--only PART ...]
Prints one JSON line. Fonts: those of the families kept out of training (Debian packages: see line_ocr_data.py) and of
the families that every Linux machine has, where they are found in the given folders.

- lines: each line of TEXT in each unknown font at three sizes, black on white, as the model alone reads it.
- photo: `skimage.data.page()`, cut into lines by the toolkit.
- pages: notices, signs, columns, receipts and dark screens (zoo_line_ocr_pages.py), from the picture to the text as the
  toolkit does it: cut into lines, trimmed, read, marked where it is not sure.
- papers: letters, posters, till rolls, leaflets and labels (zoo_line_ocr_papers.py), likewise.
- nothing: 40 pictures without text; refused when no line is found or no line of it is read.
Nothing of it was used in training.
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

from prefrontal.errors import ToolInputError
from prefrontal.tools.page_lines import split_lines, trimmed_line, with_margin
from prefrontal.tools.runners.line_reading import Reading, agreed, readings
from prefrontal.tools.text import UNSURE

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "zoo" / "training"), str(ROOT / "benchmarks")]

from line_ocr_data import COMMON, HELD_OUT, font_files  # noqa: E402
from zoo_line_ocr_pages import KINDS, Page, page, without_text  # noqa: E402
from zoo_line_ocr_papers import PAPERS, paper  # noqa: E402

ASKED_AT_MOST = {"lines": 5.0, "photo": 2.0, "pages": 4.0, "pages_in_common_fonts": 1.5, "dropped": 0,
                 "right_but_unsure": 8.0}  # fmt: skip
ASKED_AT_LEAST = {"refused": 95.0, "sure_and_right": 97.0}
SIZES = (14, 20, 36)
PARTS = ("photo", "lines", "pages", "papers", "nothing")
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
    """The checkpoint, used as the toolkit's runner uses it: each line is read twice."""

    def __init__(self, folder: str):
        self.image_processor = AutoImageProcessor.from_pretrained(folder)
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModelForImageTextToText.from_pretrained(folder).eval()

    def once(self, images: list[Image.Image], batch: int = 24) -> list[Reading]:
        """One reading of each picture, as it is."""
        starts = range(0, len(images), batch)
        return [reading for start in starts for reading in readings(self, images[start : start + batch], {})]

    def read(self, images: list[Image.Image]) -> list[str]:
        """The text of each trimmed line, with a mark where it is not sure."""
        second = self.once([with_margin(image) for image in images])
        return [agreed(*pair) for pair in zip(self.once(images), second, strict=True)]


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
    texts = [text.removesuffix(f" {UNSURE}") for text in reader.read(images)]
    if show:
        for truth, text in zip(truths, texts, strict=True):
            if truth != text:
                print(f"- {truth}\n+ {text}", file=sys.stderr)
    errors = sum(character_errors(truth, text) for truth, text in zip(truths, texts, strict=True))
    return 100 * errors / sum(map(len, truths))


def upright(files: list[str]) -> str:
    """The plain font of a family."""
    return min([f for f in files if ImageFont.truetype(f, 12).getname()[1] in UPRIGHT] or files, key=len)


def in_lines(reader: Reader, found: dict[str, list[str]], show: bool) -> dict[str, float]:
    """The error rate in each unknown font, line by line."""
    rates: dict[str, float] = {}
    for family in [name for name in HELD_OUT if name in found]:
        images = [draw(text, upright(found[family]), size) for size in SIZES for text in TEXT]
        rates[family] = round(error_rate(reader, images, [*TEXT] * len(SIZES), show), 2)
    return rates


def cut(image: Image.Image) -> list[Image.Image]:
    """The lines of a picture as the toolkit hands them to the model; none where it finds none."""
    try:
        return [trimmed_line(line) for line in split_lines(image)]
    except ToolInputError:
        return []


def in_pages(
    reader: Reader, found: dict[str, list[str]], families: tuple[str, ...], show: bool, papers: bool = False
) -> dict[str, object]:
    """The error rate of whole pictures, by their kind too, how many lines were lost, and what the marks are worth."""
    names = [name for name in families if name in found]
    kinds, make = (PAPERS, paper) if papers else (KINDS, page)
    pages = [make(kind, upright(found[name]), seed) for seed, name in enumerate(names) for kind in kinds]
    cuts = [cut(one.image) for one in pages]
    read = iter(reader.read([line for lines in cuts for line in lines]))
    errors: dict[str, list[int]] = {kind: [0, 0] for kind in kinds}
    dropped, marks = 0, []
    for one, lines in zip(pages, cuts, strict=True):
        said = [next(read) for _ in lines]
        texts = [text.removesuffix(f" {UNSURE}") for text in said]
        wrong = character_errors("\n".join(one.lines), "\n".join(texts))
        errors[one.kind][0] += wrong
        errors[one.kind][1] += len("\n".join(one.lines))
        dropped += max(0, len(one.lines) - sum(map(bool, texts)))
        if len(one.lines) == len(lines):
            marks += list(zip(one.lines, said, strict=True))
        if show and wrong:
            shown(one, said)
    total = [sum(column) for column in zip(*errors.values(), strict=True)]
    by_kind = {kind: round(100 * wrong / length, 2) for kind, (wrong, length) in errors.items() if length}
    return {"rate": round(100 * total[0] / max(1, total[1]), 2), "by_kind": by_kind, "dropped": dropped, "marks": marks}


def shown(one: Page, texts: list[str]) -> None:
    """Prints the lines that were misread."""
    pairs = (
        zip(one.lines, texts, strict=True) if len(one.lines) == len(texts) else [("|".join(one.lines), "|".join(texts))]
    )
    for line, text in pairs:
        if line != text:
            print(f"{one.kind}\n- {line}\n+ {text}", file=sys.stderr)


def worth(marks: list[tuple[str, str]]) -> dict[str, float]:
    """Of the lines that carry no mark, how many are right; of those that are right, how many carry one. In percent.

    Args:
        marks: what stands in each line, and what was read.
    """
    sure = [line == said for line, said in marks if said and not said.endswith(UNSURE)]
    doubted = [said.endswith(UNSURE) for line, said in marks if line == said.removesuffix(f" {UNSURE}")]
    return {
        "lines": len(marks),
        "sure_and_right": round(100 * sum(sure) / max(1, len(sure)), 1),
        "right_but_unsure": round(100 * sum(doubted) / max(1, len(doubted)), 1),
    }


def refused(reader: Reader, count: int = 40) -> float:
    """Of so many pictures without text, how many are refused, in percent."""
    return round(100 * sum(not any(reader.read(cut(without_text(seed)))) for seed in range(count)) / count, 1)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=str(ROOT / "zoo" / "models" / "line-ocr"))
    parser.add_argument("--fonts", nargs="+", default=["/usr/share/fonts"])
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure")
    parser.add_argument("--show", action="store_true", help="print misread lines to stderr")
    options = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    reader, found = Reader(options.model), font_files(tuple(options.fonts))
    measured: dict[str, object] = {}
    if "photo" in options.only:
        crops = [trimmed_line(line) for line in split_lines(Image.fromarray(skimage.data.page()))]
        measured["photo"] = round(error_rate(reader, crops, list(PAGE), options.show), 2)
    if "lines" in options.only:
        measured["by_font"] = by_font = in_lines(reader, found, options.show)
        measured["lines"] = round(float(np.mean(list(by_font.values()))), 2) if by_font else None
    for part in [part for part in ("pages", "papers") if part in options.only]:
        unknown, common = (
            in_pages(reader, found, names, options.show, part == "papers") for names in (HELD_OUT, COMMON * 2)
        )
        marks = [*unknown.pop("marks"), *common.pop("marks")]  # type: ignore[misc]  # lists
        measured |= {part: unknown, f"{part}_in_common_fonts": common, f"{part}_marks": worth(marks)}
    if "nothing" in options.only:
        measured["refused"] = refused(reader)
    print(json.dumps({"model": "line-ocr", "metric": "character error rate, percent", "asked_at_most": ASKED_AT_MOST,
                      "asked_at_least": ASKED_AT_LEAST, "measured": measured}))  # fmt: skip


if __name__ == "__main__":
    main()
