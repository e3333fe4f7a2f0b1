"""The stream of training pictures: drawn scenes of both kinds, and pictures without coins, each shown several times."""

from __future__ import annotations

import numpy as np
import torch

from zoo.training.coin_changes import augment
from zoo.training.coin_drawings import DrawingMaker
from zoo.training.coin_photos import Album
from zoo.training.coin_scenes import SceneMaker

RELIEFS, DRAWINGS = 0.32, 0.36  # shares of the scenes; the rest shows no coin


class Mix:
    """Scenes by the shares above; without installed photos the rest are drawn round things."""

    def __init__(self, seed: int, bank: int, photos: int | None = None) -> None:
        self.rng = np.random.default_rng(seed + 2)
        self.album = Album(photos)
        self.reliefs = SceneMaker(seed, bank, self.album.ground)
        self.drawings = DrawingMaker(seed + 3, self.album.ground)

    def scene(self) -> tuple[np.ndarray, np.ndarray]:
        """An RGB uint8 picture and its boxes in pixels."""
        kind = self.rng.random()
        if kind < RELIEFS:
            return self.reliefs.scene()
        if kind < RELIEFS + DRAWINGS:
            return self.drawings.scene()
        if self.rng.random() < 0.8:
            return self.album.scene(self.rng)
        return self.drawings.scene(coins=0)


class Pool:
    """A sliding pool of scenes: each is shown about `uses` times, augmented anew, before a fresh one replaces it."""

    def __init__(self, seed: int, size: int, uses: int, bank: int, photos: int | None = None) -> None:
        self.mix = Mix(seed, bank, photos)
        self.rng = np.random.default_rng(seed + 1)
        self.uses, self.size = uses, size
        self.scenes: list[tuple[np.ndarray, np.ndarray]] = []
        self.drawn, self.due = 0, 24.0  # a small stock to start with

    def batch(self, count: int) -> tuple[torch.Tensor, list[dict[str, torch.Tensor]]]:
        """Pictures as one tensor (count, 3, SIZE, SIZE) and their labels as RT-DETR expects them."""
        self.due += count / self.uses
        while self.due >= 1 or not self.scenes:
            self.due -= 1
            if len(self.scenes) < self.size:
                self.scenes.append(self.mix.scene())
            else:
                self.scenes[self.drawn % self.size] = self.mix.scene()
            self.drawn += 1
        chosen = self.rng.integers(len(self.scenes), size=count)
        items = [augment(*self.scenes[i], self.rng) for i in chosen]
        labels = [
            {"class_labels": torch.zeros(len(b), dtype=torch.long), "boxes": torch.tensor(b, dtype=torch.float32)}
            for _, b in items
        ]
        return torch.from_numpy(np.stack([p for p, _ in items])).float(), labels
