"""Train the coin-detector checkpoint: a tiny RT-DETR that finds coins, on drawn scenes only.

Usage::

    python zoo/training/coin_detector.py --out zoo/models/coin-detector          # under two hours on one CPU core
    python zoo/training/coin_detector.py --out DIR --smoke                       # a few seconds, for tests
    python zoo/training/coin_detector.py --out DIR --state run.pt                # resumable: run again to go on

Besides RT-DETR's own losses (one-to-one matching) a dense loss teaches every cell of the encoder
whether a coin's middle lies in it and where its box is.  A network without pretrained weights then proposes good
boxes after a few hundred steps, and the decoder has something to refine.  The saved weights are a moving average.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import RTDetrForObjectDetection, RTDetrImageProcessorPil

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from prefrontal.tools.boxes import Bounds, distinct  # noqa: E402
from zoo.training.coin_detector_model import BOUNDS, SIZE, build_model, dense_loss, tolerate_twins  # noqa: E402
from zoo.training.coin_drawings import DrawingMaker  # noqa: E402
from zoo.training.coin_pool import Pool  # noqa: E402
from zoo.training.coin_scenes import SceneMaker  # noqa: E402


@torch.no_grad()
def score(model: RTDetrForObjectDetection, scenes: list) -> dict[str, float]:
    """Share of scenes with the exact number, of coins found and of false boxes, and how many are false, as a tool."""
    model.eval()
    bounds = Bounds(**BOUNDS)
    found = false = coins = exact = 0
    for picture, truth in scenes:
        image = Image.fromarray(picture).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
        pixels = torch.from_numpy(np.asarray(image, np.float32).transpose(2, 0, 1) / 255)[None]
        out = model(pixels)
        scores = out.logits[0, :, 0].sigmoid()
        boxes = out.pred_boxes[0].numpy() * np.array(picture.shape[1::-1] * 2)
        boxes = np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2], 1)
        sides = ("xmin", "ymin", "xmax", "ymax")
        items = [
            {"label": "coin", "score": float(value), "box": dict(zip(sides, map(float, box), strict=True))}
            for value, box in zip(scores, boxes, strict=True)
            if value > bounds.others
        ]
        given = bounds.kept(distinct(items), *picture.shape[1::-1])
        kept = np.array([list(item["box"].values()) for item in given]).reshape(-1, 4)
        hits = match(kept, truth)
        exact += len(kept) == len(truth) == len(hits)
        found, false, coins = found + len(hits), false + len(kept) - len(hits), coins + len(truth)
    return {
        "exact": exact / max(1, len(scenes)),
        "recall": found / max(1, coins),
        "false": false,
        "false_share": false / max(1, found + false),
    }


@torch.no_grad()
def surest(model: RTDetrForObjectDetection, picture: np.ndarray) -> float:
    """The score of the picture's (RGB uint8) surest box."""
    model.eval()
    image = Image.fromarray(picture).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
    pixels = torch.from_numpy(np.asarray(image, np.float32).transpose(2, 0, 1) / 255)[None]
    return float(model(pixels).logits.sigmoid().max())


def match(boxes: np.ndarray, truth: np.ndarray, least: float = 0.5) -> list[float]:
    """Overlaps of the one-to-one pairs, taken greedily from the best."""
    if not len(boxes) or not len(truth):
        return []
    low = np.maximum(boxes[:, None, :2], truth[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], truth[None, :, 2:])
    inter = (high - low).clip(0).prod(2)
    area_a, area_b = ((b[:, 2:] - b[:, :2]).prod(1) for b in (boxes, truth))
    iou = inter / (area_a[:, None] + area_b[None] - inter)
    hits = []
    while iou.size and iou.max() >= least:
        a, b = np.unravel_index(iou.argmax(), iou.shape)
        hits.append(float(iou[a, b]))
        iou[a, :], iou[:, b] = 0, 0
    return hits


def save(model: RTDetrForObjectDetection, out: Path) -> None:
    """Write the checkpoint as a Hub repository holds it, with the bounds of its boxes."""
    model.config.box_bounds = BOUNDS
    model.save_pretrained(out)
    RTDetrImageProcessorPil(size={"height": SIZE, "width": SIZE}).save_pretrained(out)


def step_rate(step: int, steps: int, peak: float) -> float:
    """Short warm-up, then a cosine down to one fiftieth."""
    if step < 150:
        return peak * (step + 1) / 150
    return peak * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def train(args: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Train, keeping a moving average of the weights; returns its scores on unseen drawn scenes and spared photos."""
    torch.manual_seed(args.seed)
    tolerate_twins()
    model = RTDetrForObjectDetection.from_pretrained(args.start) if args.start else build_model()
    model.config.focal_loss_alpha = args.dearer  # 0.75 is usual
    average = copy.deepcopy(model)
    optimiser = torch.optim.AdamW(model.parameters(), lr=args.rate, weight_decay=1e-4, fused=True)
    first = 0
    if args.state and args.state.exists():
        state = torch.load(args.state, weights_only=True)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
    pool = Pool(args.seed + first, args.pool, args.uses, args.bank, args.photos)
    reliefs, drawings = SceneMaker(args.seed + 10_000, args.bank), DrawingMaker(args.seed + 10_001)
    unseen = {
        kind: [maker.scene() for _ in range(args.scenes)]
        for kind, maker in (("reliefs", reliefs), ("drawings", drawings))
    }
    album, none = pool.mix.album, np.zeros((0, 4), np.float32)
    unseen["photos"] = [(np.asarray(photo), none) for photo in album.spared]
    album.judge = lambda picture: surest(average, picture)
    start, running, figures = time.time(), None, {}
    for step in range(first, args.steps):
        for group in optimiser.param_groups:
            group["lr"] = step_rate(step, args.steps, args.rate)
        model.train()
        pixels, labels = pool.batch(args.batch)
        out = model(pixels, labels=labels)
        dense = dense_loss(out.enc_outputs_class, out.enc_outputs_coord_logits, labels)
        loss = out.loss + dense
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        update_average(average, model, min(0.998, (step + 1) / (step + 20)))
        now = np.array([float(loss.detach()), float(dense.detach())])
        running = now if running is None else 0.96 * running + 0.04 * now
        if (step + 1) % 50 == 0:
            print(
                f"step {step + 1} loss {running[0]:.3f} dense {running[1]:.3f} {time.time() - start:.0f} s",
                flush=True,
            )
        if (step + 1) % args.every == 0 or step + 1 == args.steps:
            figures = {kind: score(average, scenes) for kind, scenes in unseen.items()}
            print(json.dumps({"step": step + 1, **figures}), flush=True)
            save(average, args.out)
            if args.state:
                kept = {"model": model, "average": average, "optimiser": optimiser}
                torch.save({k: v.state_dict() for k, v in kept.items()} | {"step": step + 1}, args.state)
    return figures


@torch.no_grad()
def update_average(average: torch.nn.Module, model: torch.nn.Module, keep: float) -> None:
    """Moving average of weights and batch statistics: steadier than any single step."""
    for old, new in zip(average.state_dict().values(), model.state_dict().values(), strict=True):
        if old.dtype.is_floating_point:
            old.lerp_(new, 1 - keep)
        else:
            old.copy_(new)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder of the checkpoint")
    parser.add_argument("--start", type=Path, help="checkpoint to start from; from nothing without it")
    parser.add_argument("--photos", type=int, help="use that many of the installed photos only")
    parser.add_argument("--state", type=Path, help="file that makes the run resumable")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--steps", type=int, default=9000)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--every", type=int, default=300, help="steps between evaluations")
    parser.add_argument("--pool", type=int, default=600, help="scenes kept in memory")
    parser.add_argument("--uses", type=int, default=8, help="times each scene is shown")
    parser.add_argument("--bank", type=int, default=600, help="different coin reliefs")
    parser.add_argument("--dearer", type=float, default=1.5, help="weight of boxes that frame no coin; 0.75 is usual")
    parser.add_argument("--scenes", type=int, default=50, help="unseen scenes to evaluate on")
    parser.add_argument("--smoke", action="store_true", help="a run of a few seconds that only shows it works")
    args = parser.parse_args()
    if args.smoke:
        args.steps, args.batch, args.bank, args.pool, args.scenes, args.photos = 2, 2, 8, 4, 2, 2
    torch.set_num_threads(1)
    print(json.dumps(train(args)))


if __name__ == "__main__":
    main()
