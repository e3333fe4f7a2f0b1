"""Measure the `digit-classifier` of the zoo on the third of scikit-learn's digits that it never saw.

Usage: python benchmarks/zoo_digit_classifier.py [--model DIR]
Prints one JSON line: accuracy (percent) by the way the pictures are handed in.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from PIL import Image, ImageOps
from transformers import pipeline

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from zoo.training.digit_classifier import split_digits, to_picture  # noqa: E402

ASKED = 97.0


def enlarged(size: int, kind: Image.Resampling) -> Callable[[Image.Image], Image.Image]:
    """A function that enlarges a picture to size x size."""
    return lambda picture: picture.resize((size, size), kind)


def inverted(change: Callable[[Image.Image], Image.Image]) -> Callable[[Image.Image], Image.Image]:
    """The same change, then black on white."""
    return lambda picture: ImageOps.invert(change(picture))


def ways() -> dict[str, Callable[[Image.Image], Image.Image]]:
    """The ways in which the same digits are handed in."""
    nearest = enlarged(64, Image.Resampling.NEAREST)
    return {
        "8x8 grey": lambda picture: picture,
        "64x64 nearest": nearest,
        "64x64 bilinear RGB": lambda picture: enlarged(64, Image.Resampling.BILINEAR)(picture).convert("RGB"),
        "200x200 bicubic": enlarged(200, Image.Resampling.BICUBIC),
        "8x8 black on white": inverted(lambda picture: picture),
        "64x64 nearest black on white": inverted(nearest),
    }


def main() -> None:
    """Classify every unseen picture in every way and print the shares that are right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "zoo" / "models" / "digit-classifier")
    options = parser.parse_args()
    torch.set_num_threads(1)
    classify = pipeline("image-classification", model=str(options.model), device="cpu")
    _, images, _, labels = split_digits()
    started, measured = time.time(), {}
    for name, change in ways().items():
        pictures = [change(to_picture(image)) for image in images]
        answers = classify(pictures, top_k=1, batch_size=32)
        right = sum(answer[0]["label"] == str(label) for answer, label in zip(answers, labels, strict=True))
        measured[name] = round(100 * right / len(labels), 2)
    report = {
        "model": "digit-classifier",
        "metric": "accuracy, percent",
        "asked": ASKED,
        "measured": measured["8x8 grey"],
        "measured_by_way": measured,
        "pictures": len(labels),
        "bytes": os.path.getsize(options.model / "model.safetensors"),
        "seconds": round(time.time() - started, 1),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
