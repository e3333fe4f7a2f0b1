"""Changes of log-mel frames that make other speakers of the few there are: vocal tract, pace, sharpness, stress."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

TOP_MEL = 2840.0  # of 8 kHz, the highest that is heard


def _curve(size: int, spacing: float, spread: float, generator: np.random.Generator) -> np.ndarray:
    """A smooth random curve of `size` values: knots of that spread, `spacing` apart, joined by lines."""
    knots = generator.normal(0, spread, int(size / spacing) + 2)
    return np.interp(np.arange(size) / spacing, np.arange(len(knots)), knots)


def warp_tract(mels: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Move all formants up or down, as a shorter or longer vocal tract does, and each a little by itself."""
    bins = mels.shape[1]
    hertz = 700 * (np.exp(np.arange(1, bins + 1) / (bins + 1) * TOP_MEL / 1127) - 1)
    hertz = hertz * np.exp(generator.uniform(-0.17, 0.17) + _curve(bins, bins / 4, 0.04, generator))
    places = np.clip(1127 * np.log1p(hertz / 700) / TOP_MEL * (bins + 1) - 1, 0, bins - 1)
    low = np.minimum(places.astype(int), bins - 2)
    share = (places - low).astype(np.float32)
    return mels[:, low] * (1 - share) + mels[:, low + 1] * share


def warp_time(mels: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Say it slower or faster, and some sounds longer and others shorter than they were said."""
    paces = np.exp(generator.uniform(-0.32, 0.32) + _curve(len(mels), 14, 0.22, generator))
    ends = np.cumsum(paces)
    places = np.interp(np.arange(0, ends[-1]), ends, np.arange(len(mels)))
    low = np.minimum(places.astype(int), len(mels) - 2)
    share = (places - low).astype(np.float32)[:, None]
    return mels[low] * (1 - share) + mels[low + 1] * share


def warp(mels: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Change log-mel frames (frames, bins), not yet normalised, at random: a little always, in some way often."""
    if len(mels) < 12:
        return mels
    if generator.random() < 0.6:
        mels = warp_tract(mels, generator)
    if generator.random() < 0.65:
        mels = warp_time(mels, generator)
    kind = generator.random()
    if kind < 0.25:  # harmonics run into each other, edges between sounds soften
        mels = ndimage.gaussian_filter(mels, (generator.uniform(0, 1.4), generator.uniform(0, 1.6)), mode="nearest")
    elif kind < 0.4:
        soft = ndimage.gaussian_filter(mels, (generator.uniform(0, 2), generator.uniform(0.5, 3)), mode="nearest")
        mels = mels + generator.uniform(0.2, 0.9) * (mels - soft)
    if generator.random() < 0.35:  # other syllables are stressed
        mels = mels + _curve(len(mels), 16, generator.uniform(0.2, 1.2), generator)[:, None]
    if generator.random() < 0.3:  # what is soft is lost
        mels = np.maximum(mels, mels.max() - generator.uniform(6, 13))
    return mels.astype(np.float32)
