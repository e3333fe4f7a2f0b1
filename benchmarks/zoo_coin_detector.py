"""Measure the zoo's coin-detector, as a tool: exact numbers of coins, boxes of a real photo, false boxes elsewhere.

Usage: python benchmarks/zoo_coin_detector.py [--model DIR] [--scenes 150] [--wrong] [--only numbers]
Prints one JSON line. `--wrong` names the pictures whose number was wrong, on the standard error output.

Boxes: the photo is scikit-image's `data.coins()` (24 ancient coins), which the model never saw; its true boxes are in
`zoo_coin_detector_truth.json`. A box is right when it overlaps a coin's box by IoU 0.5 or more, one box for each coin.
Coins of which a crop shows less than half are left out, and so are boxes on them.

Numbers: the pictures of `zoo_coin_numbers.py`. Some are read where they are installed: apt-get install ukui-wallpapers
lomiri-wallpapers-16.04 lomiri-wallpapers-20.04 sway-backgrounds plasma-workspace-wallpapers tuxpaint-stamps-default
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageOps
from skimage import data

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.zoo_coin_numbers import (  # noqa: E402
    drawn_cases,
    photo_cases,
    photos_without_coins,
    simple_cases,
    stamp_cases,
)
from prefrontal.tools.card import ModelCard  # noqa: E402
from prefrontal.tools.media import Workspace  # noqa: E402
from prefrontal.tools.model_tool import ModelTool  # noqa: E402
from zoo.training.coin_detector import match  # noqa: E402
from zoo.training.coin_scenes import SceneMaker  # noqa: E402

ASKED = {"photo_found": 24, "photo_false": 0, "recall": 0.95, "false_share": 0.03, "exact": 0.97, "false_on_photos": 3}
UNSURE = 0.65  # a box with a score up to this makes the number unsure
TRUTH = ROOT / "benchmarks" / "zoo_coin_detector_truth.json"
Case = tuple[str, Image.Image, np.ndarray, np.ndarray]  # family, picture, boxes to find, boxes left out


def crop(photo: Image.Image, boxes: np.ndarray, window: tuple[int, int, int, int]) -> tuple:
    """A window of the photo; coins shown by less than half are left out."""
    x0, y0, x1, y1 = window
    cut = np.stack(
        [
            boxes[:, 0].clip(x0, x1),
            boxes[:, 1].clip(y0, y1),
            boxes[:, 2].clip(x0, x1),
            boxes[:, 3].clip(y0, y1),
        ],
        1,
    )
    share = (cut[:, 2:] - cut[:, :2]).prod(1) / (boxes[:, 2:] - boxes[:, :2]).prod(1)
    cut = cut - [x0, y0, x0, y0]
    return photo.crop(window), cut[share >= 0.5], cut[(share > 0) & (share < 0.5)]


def cases() -> Iterator[Case]:
    """The photo and its copies: mirrored, turned, scaled, darker and brighter, cropped."""
    photo = Image.fromarray(data.coins())
    boxes = np.array(json.loads(TRUTH.read_text())["boxes"], float)
    width, height = photo.size
    none = np.zeros((0, 4))
    left_right = np.stack([width - boxes[:, 2], boxes[:, 1], width - boxes[:, 0], boxes[:, 3]], 1)
    up_down = np.stack([boxes[:, 0], height - boxes[:, 3], boxes[:, 2], height - boxes[:, 1]], 1)
    half = np.stack([width - boxes[:, 2], height - boxes[:, 3], width - boxes[:, 0], height - boxes[:, 1]], 1)
    quarter = np.stack([boxes[:, 1], width - boxes[:, 2], boxes[:, 3], width - boxes[:, 0]], 1)
    three = np.stack([height - boxes[:, 3], boxes[:, 0], height - boxes[:, 1], boxes[:, 2]], 1)
    yield "photo", photo, boxes, none
    yield "flips", ImageOps.mirror(photo), left_right, none
    yield "flips", ImageOps.flip(photo), up_down, none
    yield "turns", photo.transpose(Image.Transpose.ROTATE_90), quarter, none
    yield "turns", photo.transpose(Image.Transpose.ROTATE_180), half, none
    yield "turns", photo.transpose(Image.Transpose.ROTATE_270), three, none
    for scale in (0.5, 0.6, 0.75, 0.9, 1.1, 1.25, 1.5):
        size = round(width * scale), round(height * scale)
        ratio = np.array([size[0] / width, size[1] / height] * 2)
        yield "scales", photo.resize(size, Image.Resampling.BICUBIC), boxes * ratio, none
    for factor in (0.7, 0.8, 0.9, 1.1, 1.2, 1.3):
        yield "brightness", ImageEnhance.Brightness(photo).enhance(factor), boxes, none
    for seed, number, family in ((1, 40, "crops"), (2, 100, "further_crops")):
        for window in windows(width, height, seed, number):
            yield family, *crop(photo, boxes, window)


def windows(width: int, height: int, seed: int, number: int) -> Iterator[tuple[int, int, int, int]]:
    """Random windows whose sides are 35 to 95 % of the photo's."""
    rng = np.random.default_rng(seed)
    for _ in range(number):
        w, h = int(width * rng.uniform(0.35, 0.95)), int(height * rng.uniform(0.35, 0.95))
        x, y = int(rng.integers(width - w + 1)), int(rng.integers(height - h + 1))
        yield x, y, x + w, y + h


def count(found: np.ndarray, truth: np.ndarray, ignored: np.ndarray) -> dict[str, int]:
    """Coins, coins found and false boxes of one picture."""
    hits = len(match(found, truth))
    excused = len(match(found, np.concatenate([truth, ignored]), 0.3)) - len(match(found, truth, 0.3))
    return {"coins": len(truth), "found": hits, "false": max(0, len(found) - hits - max(0, excused))}


def shares(counts: list[dict[str, int]]) -> dict[str, float | int]:
    """Sums over pictures, with the share of coins found and the share of boxes that are false."""
    total = {key: sum(c[key] for c in counts) for key in ("coins", "found", "false")}
    recall = total["found"] / max(1, total["coins"])
    false_share = total["false"] / max(1, total["found"] + total["false"])
    return {
        "pictures": len(counts),
        **total,
        "recall": round(recall, 4),
        "false_share": round(false_share, 4),
    }


Finder = Callable[[Image.Image], list[dict]]


def finder(model: Path, folder: str) -> Finder:
    """The model as an agent calls it: with no threshold, so that the checkpoint's own bounds hold."""
    workspace = Workspace(folder)
    tool = ModelTool(ModelCard.from_dir(model), workspace)

    def find(picture: Image.Image) -> list[dict]:
        handle = workspace.add(picture).handle
        call = {"type": "tool_call", "id": "1", "name": tool.name, "args": {"image": handle}}
        outputs = tool.invoke(call).artifact["outputs"]
        return outputs["boxes"]

    return find


def sides(found: list[dict]) -> np.ndarray:
    """The boxes as (n, 4)."""
    return np.array([list(item["box"].values()) for item in found], float).reshape(-1, 4)


def unsure(found: list[dict]) -> int:
    """How many boxes are not sure."""
    return sum(item["score"] <= UNSURE for item in found)


def numbers(find: Finder, tell: bool) -> dict[str, object]:
    """Exact numbers by family, false boxes on photos, and whether unsure boxes foretell a wrong number."""
    boxes = np.array(json.loads(TRUTH.read_text())["boxes"], float)
    families: dict[str, list[bool]] = {}
    judged: list[tuple[int, bool]] = []
    for make in (lambda: photo_cases(boxes), drawn_cases, simple_cases, stamp_cases):
        for family, picture, number in make():
            found = find(picture)
            right = len(found) == number
            families.setdefault(family, []).append(right)
            judged.append((unsure(found), right))
            if tell and not right:
                print(family, picture.size, len(found), "for", number, "unsure", unsure(found), file=sys.stderr)
    false: dict[str, int] = {}
    seen = 0
    for name, photo in photos_without_coins():
        found, seen = find(photo), seen + 1
        judged.append((unsure(found), not found))
        if found:
            false[name] = len(found)
    asked = [right for name in ("scales", "screenshots", "row_and_column_crops") for right in families[name]]
    return {
        "exact_on_the_photo": {"pictures": len(asked), "exact": round(float(np.mean(asked)), 4)},
        "exact": {name: [sum(rights), len(rights)] for name, rights in families.items()},
        "photos_without_coins": {"photos": seen, "false_boxes": sum(false.values()), "on": false},
        "unsure_boxes": foretell(judged),
    }


def foretell(judged: list[tuple[int, bool]]) -> dict[str, dict[str, int]]:
    """For rules 'this many unsure boxes or more': pictures, wrong ones among them, wrong ones that they miss."""
    wrong = sum(not right for _, right in judged)
    rules = {}
    for least in (1, 2, 3):
        told = [right for count, right in judged if count >= least]
        rules[f"{least} or more"] = {"told": len(told), "wrong": told.count(False), "missed": wrong - told.count(False)}
    return rules


def boxes_of_the_photo(find: Finder, scenes: int) -> dict[str, object]:
    """Coins found and false boxes on the photo's copies and on drawn scenes."""
    families, took = {}, []
    for family, picture, truth, ignored in cases():
        start = time.perf_counter()
        found = sides(find(picture))
        took.append(time.perf_counter() - start)
        families.setdefault(family, []).append(count(found, truth, ignored))
    maker = SceneMaker(seed=424242, bank=300)
    drawn = []
    for _ in range(scenes):
        picture, boxes = maker.scene()
        drawn.append(count(sides(find(Image.fromarray(picture))), boxes, np.zeros((0, 4))))
    # the further crops were first looked at when training was over: they are counted apart
    apart = ("photo", "further_crops")
    copies = [c for family, counts in families.items() if family not in apart for c in counts]
    return {
        "photo": shares(families["photo"]),
        "all_changed_copies": shares(copies),
        **{family: shares(counts) for family, counts in families.items() if family != "photo"},
        "drawn_scenes": shares(drawn),
        "seconds_per_picture": round(float(np.median(took)), 3),
    }


def measure(model: Path, scenes: int, only: str, tell: bool) -> dict[str, object]:
    """All figures of the card."""
    with tempfile.TemporaryDirectory() as folder:
        find = finder(model, folder)
        figures: dict[str, object] = {"asked": ASKED}
        if only != "boxes":
            figures |= numbers(find, tell)
        if only != "numbers":
            figures |= boxes_of_the_photo(find, scenes)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "zoo" / "models" / "coin-detector")
    parser.add_argument("--scenes", type=int, default=150)
    parser.add_argument("--only", choices=("numbers", "boxes"), default="", help="half of the figures only")
    parser.add_argument("--wrong", action="store_true", help="name the pictures whose number was wrong")
    options = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    torch.set_num_threads(1)
    print(json.dumps(measure(options.model, options.scenes, options.only, options.wrong)))


if __name__ == "__main__":
    main()
