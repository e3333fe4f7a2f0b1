"""Ink is what stands out from the paper around it; frames and rules are none."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from prefrontal.tools.page_ink import INK, ink_map, levelled, page_ink, text_height


def grey(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("L"), dtype=np.float32)


def drawn(ground: int, ink: int, size: int = 26) -> Image.Image:
    image = Image.new("L", (14 * size, 4 * size), ground)
    ImageDraw.Draw(image).text((2 * size, size), "Oak table", fill=ink, font=ImageFont.load_default(size))
    return image


@pytest.mark.parametrize(("ground", "ink"), [(250, 10), (20, 240), (150, 255), (150, 90), (60, 30)])
def test_letters_are_ink_and_their_ground_is_none(ground: int, ink: int) -> None:
    image = grey(drawn(ground, ink))
    found = ink_map(image) > INK
    letters = np.abs(image - ground) > 0.7 * abs(ink - ground)
    assert found[letters].mean() > 0.95
    assert found[np.abs(image - ground) < 3].mean() < 0.01


@pytest.mark.parametrize("size", [12, 40, 120])
def test_bold_letters_of_any_size_stay_whole(size: int) -> None:
    ink, _, height = page_ink(grey(drawn(255, 0, size)))
    assert 0.4 * size < height < 0.9 * size
    assert ink[grey(drawn(255, 0, size)) < 40].min() > INK


def test_a_frame_and_a_rule_are_painted_over() -> None:
    sign = drawn(200, 0)
    pen = ImageDraw.Draw(sign)
    pen.rectangle((5, 5, sign.width - 6, sign.height - 6), outline=0, width=4)
    pen.line((40, 80, 300, 80), fill=0, width=2)
    ink, painted, height = page_ink(grey(sign))
    plain = page_ink(grey(drawn(200, 0)))
    assert height == plain[2]
    assert (ink > INK).sum() == pytest.approx((plain[0] > INK).sum(), rel=0.05)
    assert painted[5:9].min() > 180


def test_blank_paper_has_no_letters() -> None:
    ink, _, height = page_ink(np.full((60, 200), 128, np.float32))
    assert height == 0.0
    assert not ink.any()
    assert text_height(ink) == 0.0


def test_levels_are_those_of_print() -> None:
    for ground, ink in ((120, 60), (60, 120), (250, 10), (20, 240)):
        line = levelled(grey(drawn(ground, ink).crop((50, 20, 180, 60))))
        assert np.median(line) > 200
        assert line.min() < 80
    flat = np.full((20, 80), 90.0, np.float32)
    assert np.array_equal(levelled(flat), flat)  # nothing to see is not made visible
