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

from zoo.training.coin_detector_model import SIZE, build_model, dense_loss  # noqa: E402
from zoo.training.coin_scenes import SceneMaker  # noqa: E402


def augment(picture: np.ndarray, boxes: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Random crop, quarter turn, mirror image, brightness and loss of sharpness."""
    height, width = picture.shape[:2]
    if rng.random() < 0.5:
        w, h = int(width * rng.uniform(0.45, 1)), int(height * rng.uniform(0.45, 1))
        x, y = int(rng.integers(width - w + 1)), int(rng.integers(height - h + 1))
        cut = (boxes - [x, y, x, y]).clip(0, [w, h, w, h])
        area, whole = (cut[:, 2:] - cut[:, :2]).prod(1), (boxes[:, 2:] - boxes[:, :2]).prod(1)
        picture, boxes, width, height = picture[y : y + h, x : x + w], cut[area >= 0.4 * whole], w, h
    if rng.random() < 0.5:
        picture, boxes = picture.transpose(1, 0, 2), boxes[:, [1, 0, 3, 2]]
        width, height = height, width
    if rng.random() < 0.5:
        picture, boxes = (
            picture[:, ::-1],
            np.array([width, 0, width, 0]) + boxes[:, [2, 1, 0, 3]] * [-1, 1, -1, 1],
        )
    if rng.random() < 0.5:
        picture, boxes = (
            picture[::-1],
            np.array([0, height, 0, height]) + boxes[:, [0, 3, 2, 1]] * [1, -1, 1, -1],
        )
    image = Image.fromarray(np.ascontiguousarray(picture))
    if rng.random() < 0.25:
        image = image.resize((int(width * rng.uniform(0.35, 0.8)), int(height * rng.uniform(0.35, 0.8))))
    pixels = np.asarray(image.resize((SIZE, SIZE), Image.Resampling.BILINEAR), np.float32) / 255
    pixels = (pixels * rng.uniform(0.65, 1.35)).clip(0, 1)
    boxes = boxes / np.array([width, height, width, height])
    return pixels.transpose(2, 0, 1), np.concatenate(
        [boxes[:, :2] + boxes[:, 2:], 2 * (boxes[:, 2:] - boxes[:, :2])], 1
    ) / 2


class Pool:
    """A sliding pool of scenes: each is shown about `uses` times, augmented anew, before a fresh one replaces it."""

    def __init__(self, seed: int, size: int, uses: int, bank: int) -> None:
        self.maker = SceneMaker(seed, bank)
        self.rng = np.random.default_rng(seed + 1)
        self.uses, self.size, self.scenes, self.drawn, self.due = (
            uses,
            size,
            [],
            0,
            24.0,
        )  # a small stock to start with

    def batch(self, count: int) -> tuple[torch.Tensor, list[dict]]:
        """Pictures as one tensor and their labels as RT-DETR expects them."""
        self.due += count / self.uses
        while self.due >= 1 or not self.scenes:
            self.due -= 1
            if len(self.scenes) < self.size:
                self.scenes.append(self.maker.scene())
            else:
                self.scenes[self.drawn % self.size] = self.maker.scene()
            self.drawn += 1
        chosen = self.rng.integers(len(self.scenes), size=count)
        items = [augment(*self.scenes[i], self.rng) for i in chosen]
        labels = [
            {
                "class_labels": torch.zeros(len(b), dtype=torch.long),
                "boxes": torch.tensor(b, dtype=torch.float32),
            }
            for _, b in items
        ]
        return torch.from_numpy(np.stack([p for p, _ in items])).float(), labels


@torch.no_grad()
def score(model: RTDetrForObjectDetection, scenes: list, threshold: float = 0.5) -> dict[str, float]:
    """Found share, share of false boxes and mean overlap on whole drawn scenes."""
    model.eval()
    found = false = coins = 0
    overlaps: list[float] = []
    for picture, truth in scenes:
        image = Image.fromarray(picture).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
        pixels = torch.from_numpy(np.asarray(image, np.float32).transpose(2, 0, 1) / 255)[None]
        out = model(pixels)
        keep = out.logits[0, :, 0].sigmoid() > threshold
        boxes = out.pred_boxes[0][keep].numpy()
        scale = np.array(picture.shape[1::-1] * 2)
        boxes = np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2], 1) * scale
        hits = match(boxes, truth)
        overlaps += hits
        found, false, coins = found + len(hits), false + len(boxes) - len(hits), coins + len(truth)
    return {
        "recall": found / max(1, coins),
        "false_share": false / max(1, found + false),
        "mean_iou": float(np.mean(overlaps)) if overlaps else 0.0,
    }


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
    """Write the checkpoint as a Hub repository holds it."""
    model.save_pretrained(out)
    RTDetrImageProcessorPil(size={"height": SIZE, "width": SIZE}).save_pretrained(out)


def step_rate(step: int, steps: int, peak: float) -> float:
    """Short warm-up, then a cosine down to one fiftieth."""
    if step < 150:
        return peak * (step + 1) / 150
    return peak * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def train(args: argparse.Namespace) -> dict[str, float]:
    """Train, keeping a moving average of the weights; returns its scores on unseen drawn scenes."""
    torch.manual_seed(args.seed)
    model = build_model()
    average = copy.deepcopy(model)
    optimiser = torch.optim.AdamW(model.parameters(), lr=args.rate, weight_decay=1e-4, fused=True)
    pool = Pool(args.seed, args.pool, args.uses, args.bank)
    first = 0
    if args.state and args.state.exists():
        state = torch.load(args.state, weights_only=True)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
        pool = Pool(args.seed + first, args.pool, args.uses, args.bank)
    maker = SceneMaker(args.seed + 10_000, args.bank)
    unseen = [maker.scene() for _ in range(args.scenes)]
    start, running, figures = time.time(), None, {}
    for step in range(first, args.steps):
        for group in optimiser.param_groups:
            group["lr"] = step_rate(step, args.steps, args.rate)
        punish_duplicates(model, step / args.steps)
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
            figures = score(average, unseen)
            print(json.dumps({"step": step + 1, **figures}), flush=True)
            save(average, args.out)
            if args.state:
                kept = {"model": model, "average": average, "optimiser": optimiser}
                torch.save({k: v.state_dict() for k, v in kept.items()} | {"step": step + 1}, args.state)
    return figures


def punish_duplicates(model: RTDetrForObjectDetection, done: float) -> None:
    """Weigh unmatched boxes more as training goes on, and let the box with the better score win a tie.

    When two boxes fit a coin equally well and the matching takes either, the usual weight (0.75 p^2) lets both
    settle at a score of about 0.65; with 1.5 p both would settle below 0.5, so that only one can be above.
    With scores counting more in the matching it is the same one every time.
    """
    if done >= 0.3:
        model.config.focal_loss_alpha = 2.5 if done >= 0.8 else 1.5
        model.config.focal_loss_gamma, model.config.matcher_class_cost = 1.0, 4.0


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
    parser.add_argument("--state", type=Path, help="file that makes the run resumable")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--steps", type=int, default=9000)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--every", type=int, default=300, help="steps between evaluations")
    parser.add_argument("--pool", type=int, default=600, help="scenes kept in memory")
    parser.add_argument("--uses", type=int, default=8, help="times each scene is shown")
    parser.add_argument("--bank", type=int, default=600, help="different coin reliefs")
    parser.add_argument("--scenes", type=int, default=50, help="unseen scenes to evaluate on")
    parser.add_argument("--smoke", action="store_true", help="a run of a few seconds that only shows it works")
    args = parser.parse_args()
    if args.smoke:
        args.steps, args.batch, args.bank, args.pool, args.scenes = 2, 2, 8, 4, 2
    torch.set_num_threads(1)
    print(json.dumps(train(args)))


if __name__ == "__main__":
    main()
