"""Training batches of line-ocr: pictures, decoding steps and what the auxiliary heads are to say."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import torch
from line_ocr_data import Line, common_families, draw_line, training_families
from line_ocr_model import END, FIRST_CHARACTER, FRAMES, PAD, PATCH, START
from line_ocr_text import CHARACTERS
from torch.utils.data import IterableDataset

SEED = 7
IGNORE = -100
POOL = 8  # batches that are drawn and sorted by width together
RARE_FROM = 896  # from this batch on, more capitals, digits and marks: common letters are known by then
TOKEN = {character: FIRST_CHARACTER + i for i, character in enumerate(CHARACTERS)}
Batch = dict[str, torch.Tensor]


def frame_targets(line: Line) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each column patch: the characters under, before and after it; the character's index; where that matters."""
    x = (np.arange(FRAMES) + 0.5) * PATCH
    ids = np.array([PAD, *(TOKEN[c] for c in line.text), PAD])  # PAD also means "no character"
    index = np.searchsorted((line.centres[1:] + line.centres[:-1]) / 2, x)
    index = np.where(x < line.edges[0], -1, np.where(x > line.edges[1], len(line.text), index))
    inside = (index >= 0) & (index < len(line.text))
    here = np.where(inside, ids[np.clip(index + 1, 0, len(ids) - 1)], PAD)
    before = ids[np.clip(index, 0, len(ids) - 2)]
    after = np.where(index < 0, ids[1], ids[np.clip(index + 2, 0, len(ids) - 1)])
    matters = (x > line.edges[0] - 4 * PATCH) & (x < line.edges[1] + 4 * PATCH)
    return np.stack([here, before, after]), np.clip(index, 0, None), matters


def decoder_steps(line: Line, rng: random.Random) -> list[tuple[int, int, float]]:
    """(input token, wanted token, where to look) of each decoding step, with the slips of a reader mixed in.

    Wrong, doubled and left-out input characters teach the decoder to go on at the right place after its own mistakes
    and to trust the picture more than the text before.
    """
    tokens = [TOKEN[c] for c in line.text]
    places = [*line.centres.tolist(), line.edges[1] + 1.5 * PATCH]
    steps = [
        (TOKEN[rng.choice(CHARACTERS)] if i and rng.random() < 0.06 else given, wanted, place)
        for i, (given, wanted, place) in enumerate(zip([START, *tokens], [*tokens, END], places, strict=True))
    ]
    if len(steps) > 4 and rng.random() < 0.35:
        at = rng.randrange(1, len(steps) - 2)
        steps[at] = (steps[at][0], IGNORE, steps[at][2])
        if rng.random() < 0.5:
            del steps[at + 1]
        else:
            steps.insert(at + 1, (TOKEN[rng.choice(CHARACTERS)], tokens[at], places[at]))
    return steps


def collate(lines: list[Line], seed: int) -> Batch:
    """Everything that one training step needs."""
    rng = random.Random(seed)
    steps = [decoder_steps(line, rng) for line in lines]
    longest = max(map(len, steps))
    padded = np.array([s + [(PAD, IGNORE, 0.0)] * (longest - len(s)) for s in steps])
    frames, index, matters = zip(*map(frame_targets, lines), strict=True)
    first, last = 0, FRAMES
    if rng.random() < 0.85:  # leave out the columns that are black in all pictures, but for some
        first = max(0, min(line.borders[0] for line in lines) // PATCH - rng.choice([0, 1, 2, 4, 8]))
        last = min(FRAMES, max(line.borders[1] for line in lines) // PATCH + 1 + rng.choice([0, 1, 2, 4, 8]))
    columns = slice(first, last)
    return {
        "first": torch.tensor(first),
        "pixels": torch.from_numpy(np.stack([line.pixels[:, first * PATCH : last * PATCH] for line in lines])),
        "given": torch.from_numpy(padded[..., 0]).long(),
        "wanted": torch.from_numpy(padded[..., 1]).long(),
        "places": torch.from_numpy(padded[..., 2]).float() - first * PATCH,
        "frames": torch.from_numpy(np.stack(frames)[..., columns]).long(),
        "index": torch.from_numpy(np.stack(index)[:, columns]).long(),
        "matters": torch.from_numpy(np.stack(matters)[:, columns]),
    }


class LineStream(IterableDataset):
    """Fresh batches without end; batch n is always the same.

    Args:
        signs: the share of lines that are worded as signs and receipts are.
    """

    def __init__(self, fonts: tuple[str, ...], batch: int, first: int, signs: float = 0.0):
        self.fonts, self.batch, self.first, self.signs = fonts, batch, first, signs

    def __iter__(self) -> Iterator[Batch]:
        families, common = training_families(self.fonts), common_families(self.fonts)
        number = self.first - self.first % POOL
        while True:
            seeds = range(
                (SEED + (self.signs > 0)) * 10**8 + number * self.batch,
                (SEED + (self.signs > 0)) * 10**8 + (number + POOL) * self.batch,
            )
            rare = number >= RARE_FROM or self.signs > 0
            drawn = (draw_line(seed, families, rare, self.signs, common) for seed in seeds)
            lines = sorted(drawn, key=lambda line: -line.borders[0])
            starts = list(range(0, len(lines), self.batch))
            random.Random(number).shuffle(starts)
            for start in starts:  # lines of like width share a batch
                if number >= self.first:
                    yield collate(lines[start : start + self.batch], number)
                number += 1


def to_input(pixels: torch.Tensor) -> torch.Tensor:
    """Grey bytes to what the image processor gives (one channel)."""
    return pixels[:, None].float() / 127.5 - 1
