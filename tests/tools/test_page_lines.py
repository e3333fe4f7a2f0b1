"""A page is cut into its lines, whatever its font, its light, its tilt and its polarity."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont, ImageOps

from prefrontal.errors import ToolInputError
from prefrontal.tools.page_lines import split_lines, trimmed_line

TEXT = [
    "The harbour opens at seven in the morning,",
    "and the first ferry leaves a little later.",
    "Bicycles travel free of charge on weekdays;",
    "dogs need a ticket of their own, with a muzzle.",
    "Please wait behind the yellow line.",
]
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")


def page(lines: list[str], font: ImageFont.FreeTypeFont, leading: float = 1.6) -> Image.Image:
    """Black on white, with a margin."""
    step = round(font.size * leading)
    width = max(round(font.getlength(line)) for line in lines)
    image = Image.new("L", (width + 80, step * len(lines) + 80), 245)
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((40, 40 + number * step), line, fill=20, font=font)
    return image


@pytest.fixture(params=["default", "DejaVu Serif"])
def font(request: pytest.FixtureRequest) -> ImageFont.FreeTypeFont:
    if request.param == "default":
        found = ImageFont.load_default(22)
        assert isinstance(found, ImageFont.FreeTypeFont)
        return found
    if not DEJAVU.is_file():
        pytest.skip(f"{DEJAVU} is not installed")
    return ImageFont.truetype(str(DEJAVU), 18)


def widths(lines: list[Image.Image]) -> list[int]:
    return [line.width for line in lines]


def test_a_drawn_page(font: ImageFont.FreeTypeFont) -> None:
    lines = split_lines(page(TEXT, font))
    assert len(lines) == len(TEXT)
    assert all(line.mode == "L" and font.size < line.height < 2.4 * font.size for line in lines)
    expected = [font.getlength(line) for line in TEXT]
    assert widths(lines) == pytest.approx(expected, abs=1.5 * font.size)  # from top to bottom, and whole


def test_a_tilted_page(font: ImageFont.FreeTypeFont) -> None:
    tilted = page(TEXT, font).rotate(1.5, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=245)
    lines = split_lines(tilted)
    assert len(lines) == len(TEXT)
    assert all(line.height < 2.4 * font.size for line in lines)  # straightened: the tilt alone takes 12 pixels


def test_light_on_dark(font: ImageFont.FreeTypeFont) -> None:
    dark = split_lines(ImageOps.invert(page(TEXT, font)))
    assert widths(dark) == pytest.approx(widths(split_lines(page(TEXT, font))), abs=6)


def test_uneven_light(font: ImageFont.FreeTypeFont) -> None:
    image = page(TEXT, font)
    light = np.linspace(1.0, 0.45, image.width)[None, :]
    assert len(split_lines(Image.fromarray((np.asarray(image) * light).astype(np.uint8)))) == len(TEXT)


def test_one_line(font: ImageFont.FreeTypeFont) -> None:
    (line,) = split_lines(page(TEXT[:1], font))
    assert line.width == pytest.approx(font.getlength(TEXT[0]), abs=1.5 * font.size)


def test_any_mode_of_picture(font: ImageFont.FreeTypeFont) -> None:
    image = page(TEXT[:2], font)
    assert [len(split_lines(image.convert(mode))) for mode in ("RGB", "RGBA", "1", "P")] == [2, 2, 2, 2]


def test_a_photographed_page_has_seven_whole_lines() -> None:
    """scikit-image's page: bent, in uneven light, with an eighth line that the lower edge cuts."""
    data = pytest.importorskip("skimage.data", reason="the photographed page is scikit-image's")
    lines = split_lines(Image.fromarray(data.page()))
    assert len(lines) == 7
    assert all(12 <= line.height <= 40 for line in lines)
    assert min(widths(lines)) > 100


@pytest.mark.parametrize("value", [0, 128, 255])
@pytest.mark.parametrize("size", [(300, 200), (1, 1), (3, 500)])
def test_a_blank_page_has_no_line(value: int, size: tuple[int, int]) -> None:
    with pytest.raises(ToolInputError) as caught:
        split_lines(Image.new("L", size, value))
    assert str(caught.value) == (
        f"no line of text was found in the picture of {size[0]} x {size[1]} pixels; pass a page of printed text"
    )


def line_of(size: tuple[int, int], *words: tuple[int, int, str]) -> Image.Image:
    """Words in letters of 16 pixels, black on white, each at its place from the left and the top."""
    image = Image.new("L", size, 245)
    pen = ImageDraw.Draw(image)
    for x, y, text in words:
        pen.text((x, y), text, fill=20, font=ImageFont.load_default(22))
    return image


def inked(image: Image.Image) -> int:
    return int((np.asarray(image.convert("L")) < 128).sum())


def test_a_line_on_a_sign_with_wide_margins_is_cut_to_its_ink() -> None:
    sign = line_of((350, 120), (108, 49, "Closed today"))
    for polarity in (sign, ImageOps.invert(sign)):
        cut = trimmed_line(polarity)
        assert cut.mode == "L"
        assert 135 <= cut.width < 160  # the words are 135 wide
        assert 16 <= cut.height < 40
    assert inked(trimmed_line(sign)) == inked(sign)


def test_a_wide_gap_between_an_article_and_its_price_is_closed() -> None:
    receipt = line_of((600, 40), (10, 6, "Milk"), (530, 6, "2.50"))
    cut = trimmed_line(receipt)
    columns = np.flatnonzero((np.asarray(cut) < 128).any(axis=0))
    assert cut.height == receipt.height
    assert 3 < np.diff(columns).max() < 20  # was 480: they stand apart still, as words do
    assert inked(cut) == inked(receipt)  # and both are whole


@pytest.mark.parametrize("ground", ["white", "grey"])
def test_a_picture_without_ink_stays_itself(ground: str) -> None:
    blank = Image.new("RGB", (100, 50), ground)
    assert trimmed_line(blank) is blank


def test_a_line_that_fills_its_picture_stays_whole() -> None:
    line = line_of((155, 30), (10, 2, "Closed today"))
    cut = trimmed_line(line)
    assert np.array_equal(np.asarray(cut), np.asarray(line))
