"""Something to show to the tiny models."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image, ImageDraw


def picture() -> Image.Image:
    image = Image.new("RGB", (40, 36), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((4, 5, 20, 21), fill="red")
    draw.rectangle((22, 10, 36, 30), fill="blue")
    return image


def tone(seconds: float = 0.5, rate: int = 16_000) -> dict[str, Any]:
    wave = np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)
    return {"array": wave.astype(np.float32), "sampling_rate": rate}
