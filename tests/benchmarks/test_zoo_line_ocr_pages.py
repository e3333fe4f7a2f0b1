"""The drawn pictures that measure line-ocr are the same every time, and say what is to be read in them."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from zoo_line_ocr_pages import KINDS, page, without_text  # noqa: E402

from prefrontal.tools.page_lines import split_lines  # noqa: E402

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


@pytest.mark.skipif(not FONT.is_file(), reason=f"{FONT} is not installed")
@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_has_the_lines_it_names(kind: str) -> None:
    one, again, other = page(kind, str(FONT), 3), page(kind, str(FONT), 3), page(kind, str(FONT), 4)
    assert one.kind == kind
    assert np.array_equal(np.asarray(one.image), np.asarray(again.image))
    assert one.lines == again.lines != other.lines
    assert len(split_lines(one.image)) == len(one.lines)
    assert all(line and line.isascii() for line in one.lines)


def test_pictures_without_text_are_the_same_every_time() -> None:
    pytest.importorskip("skimage.data", reason="the photos are scikit-image's")
    for seed in (0, 1):
        assert np.array_equal(np.asarray(without_text(seed)), np.asarray(without_text(seed)))
