"""Train `digit-classifier`, a small ResNet that reads one handwritten digit.

The data are scikit-learn's `load_digits` (1797 pictures of 8x8 pixels, values 0 to 16). A seeded stratified
third is never trained on. Every training picture is rendered many times (size, interpolation, rotation,
shift, contrast, inversion), so that the model also reads enlarged and black-on-white pictures.

Usage:
    python zoo/training/digit_classifier.py --out zoo/models/digit-classifier
    python zoo/training/digit_classifier.py --out /tmp/digits --smoke

Takes about two minutes on one CPU core; `--smoke` takes a few seconds and gives an untrained model.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from transformers import ResNetConfig, ResNetForImageClassification

try:  # without torchvision the Pillow version is the one that AutoImageProcessor would choose
    from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil as ImageProcessor
except ImportError:
    from transformers import ViTImageProcessor as ImageProcessor

SEED = 20
IMAGE_SIZE = 32
RENDERINGS = 36
FILTERS = (Image.Resampling.NEAREST, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC)


def split_digits() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return (train images, test images, train labels, test labels); the test third is never trained on."""
    digits = load_digits()
    return tuple(
        train_test_split(digits.images, digits.target, test_size=1 / 3, stratify=digits.target, random_state=0)
    )


def to_picture(values: np.ndarray) -> Image.Image:
    """Turn an 8x8 array of values 0..16 into a grey picture, white strokes on black."""
    return Image.fromarray(np.round(values * 255 / 16).astype(np.uint8))


def render(values: np.ndarray, rng: random.Random) -> Image.Image:
    """Draw one random rendering of a digit: another size, a small deformation, contrast, noise, inversion."""
    picture = to_picture(values)
    size = rng.choice((8, 8, 12, 16, 24, 28, 32, 48, 64, 64))
    picture = picture.resize((size, size), rng.choice(FILTERS))
    if rng.random() < 0.7:
        picture = deform(picture, rng)
    pixels = np.asarray(picture, dtype=np.float32)
    if rng.random() < 0.5:
        gain, offset = rng.uniform(0.6, 1.2), rng.uniform(-10, 40)
        noise = np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(0, 12), pixels.shape)
        pixels = pixels * gain + offset + noise
    picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if rng.random() < 0.4:
        picture = ImageOps.invert(picture)
    return picture.convert("RGB")


def deform(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Rotate, scale, shear and shift a little about the centre, on a large copy to keep detail."""
    size = picture.width
    work = picture.resize((64, 64), Image.Resampling.BILINEAR) if size < 64 else picture
    angle, shear = np.deg2rad(rng.uniform(-12, 12)), rng.uniform(-0.15, 0.15)
    scale = rng.uniform(0.9, 1.35)  # above 1 the digit gets smaller
    matrix = scale * np.array([[np.cos(angle), np.sin(angle) + shear], [-np.sin(angle), np.cos(angle)]])
    centre = np.array([32.0, 32.0])
    shift = np.array([rng.uniform(-5, 5), rng.uniform(-5, 5)])
    offset = centre - matrix @ (centre + shift)
    terms = (*matrix[0], offset[0], *matrix[1], offset[1])
    work = work.transform((64, 64), Image.Transform.AFFINE, terms, Image.Resampling.BILINEAR)
    return work.resize((size, size), Image.Resampling.BILINEAR)


def make_processor() -> ImageProcessor:
    """The picture processor: any size to 32x32, values to -1..1."""
    half = [0.5, 0.5, 0.5]
    return ImageProcessor(size={"height": IMAGE_SIZE, "width": IMAGE_SIZE}, image_mean=half, image_std=half)


def make_model() -> ResNetForImageClassification:
    """A ResNet of about 172,000 weights."""
    names = [str(digit) for digit in range(10)]
    config = ResNetConfig(
        embedding_size=24,
        hidden_sizes=[32, 64],
        depths=[2, 2],
        layer_type="basic",
        num_labels=10,
        id2label=dict(enumerate(names)),
        label2id={name: digit for digit, name in enumerate(names)},
    )
    return ResNetForImageClassification(config)


def render_pool(images: np.ndarray, processor: ImageProcessor, count: int, rng: random.Random) -> torch.Tensor:
    """Render every image `count` times; returns a tensor (count, images, 3, 32, 32)."""
    rounds = []
    for _ in range(count):
        pictures = [render(image, rng) for image in images]
        rounds.append(torch.from_numpy(np.stack(processor(pictures, return_tensors="np")["pixel_values"])))
    return torch.stack(rounds)


def train(model: ResNetForImageClassification, pool: torch.Tensor, labels: torch.Tensor, epochs: int) -> None:
    """Train with AdamW and one learning-rate cycle; each epoch sees one fresh rendering of every picture."""
    batch = 48
    steps = epochs * (len(labels) // batch)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps, pct_start=0.15)
    model.train()
    for epoch in range(epochs):
        pixels = pool[epoch % len(pool)]
        total = 0.0
        for rows in torch.randperm(len(labels)).split(batch)[: len(labels) // batch]:
            loss = model(pixel_values=pixels[rows], labels=labels[rows]).loss
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}/{epochs} loss {total / (len(labels) // batch):.4f}", flush=True)
    model.eval()


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line, train, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument("--epochs", type=int, default=72)
    parser.add_argument("--smoke", action="store_true", help="a run of a few seconds, for tests")
    options = parser.parse_args(arguments)
    started = time.time()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    images, _, labels, _ = split_digits()
    renderings, epochs = (RENDERINGS, options.epochs)
    if options.smoke:
        images, labels, renderings, epochs = images[:96], labels[:96], 1, 1
    processor = make_processor()
    pool = render_pool(images, processor, renderings, random.Random(SEED))
    model = make_model()
    train(model, pool, torch.from_numpy(labels).long(), epochs)
    model.save_pretrained(options.out)
    processor.save_pretrained(options.out)
    print(f"saved {options.out} after {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
