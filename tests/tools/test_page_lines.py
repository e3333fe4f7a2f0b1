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
    assert 16 <= cut.height <= 30
    assert 3 < np.diff(columns).max() < 20  # was 480: they stand apart still, as words do
    assert inked(cut) == inked(receipt)  # and both are whole


@pytest.mark.parametrize("ground", ["white", "grey"])
def test_a_picture_without_ink_stays_itself(ground: str) -> None:
    blank = Image.new("RGB", (100, 50), ground)
    assert trimmed_line(blank) is blank


def test_a_line_that_fills_its_picture_stays_whole() -> None:
    line = line_of((155, 30), (10, 2, "Closed today"))
    assert inked(trimmed_line(line)) == inked(line)


def test_faint_or_light_letters_become_dark_ones_on_light_paper() -> None:
    for ground, ink in (
        ((120, 25, 30), (250, 245, 240)),
        ((250, 210, 40), (120, 80, 20)),
        ((90, 90, 90), (60, 60, 60)),
    ):
        sign = Image.new("RGB", (200, 60), ground)
        ImageDraw.Draw(sign).text((20, 15), "No entry", fill=ink, font=ImageFont.load_default(26))
        cut = np.asarray(trimmed_line(sign))
        assert np.median(cut) > 200
        assert cut.min() < 80


def framed(lines: list[str], font: ImageFont.FreeTypeFont, edge: int = 12) -> Image.Image:
    """A yellow sign: centred black lines in a black frame."""
    step = round(1.5 * font.size)
    width = max(round(font.getlength(line)) for line in lines) + 90
    image = Image.new("RGB", (width, step * len(lines) + 80), (250, 210, 40))
    pen = ImageDraw.Draw(image)
    pen.rectangle((edge, edge, width - edge, image.height - edge), outline="black", width=5)
    for number, line in enumerate(lines):
        place = ((width - font.getlength(line)) / 2, 40 + number * step)
        pen.text(place, line, fill="black", font=font)
    return image


@pytest.mark.parametrize("lines", [["NO ENTRY WITHOUT", "EAR MUFFS"], ["Room 12"]])
def test_the_frame_of_a_sign_is_left_out(lines: list[str], font: ImageFont.FreeTypeFont) -> None:
    cuts = split_lines(framed(lines, font))
    assert len(cuts) == len(lines)
    assert all(cut.height < 1.6 * font.size for cut in cuts)
    assert widths(cuts) == pytest.approx([font.getlength(line) for line in lines], abs=1.2 * font.size)
    assert all((np.asarray(cut)[:, 0] > 128).all() for cut in cuts)  # no piece of the frame at the edge


def test_a_one_line_sign_is_cut_out_of_its_frame(font: ImageFont.FreeTypeFont) -> None:
    cut = trimmed_line(framed(["Room 12"], font))
    assert cut.width == pytest.approx(font.getlength("Room 12"), abs=1.2 * font.size)


def test_an_article_and_its_price_are_one_line_and_rules_are_none(font: ImageFont.FreeTypeFont) -> None:
    rows = [("Milk 2L", "1.80"), ("Brown bread", "2.45"), ("6 eggs", "3.10"), ("TOTAL", "7.35")]
    receipt = Image.new("L", (420, 260), 250)
    pen = ImageDraw.Draw(receipt)
    pen.line((20, 158, 400, 158), fill=20, width=2)
    for number, (article, price) in enumerate(rows):
        y = 30 + 45 * number
        pen.text((20, y), article, fill=20, font=font)
        pen.text((400 - font.getlength(price), y), price, fill=20, font=font)
    lines = split_lines(receipt)
    assert widths(lines) == pytest.approx([380] * 4, abs=1.2 * font.size)


def test_columns_are_read_one_after_the_other(font: ImageFont.FreeTypeFont) -> None:
    left, right = TEXT[:4], [line[::-1] for line in TEXT[1:5]]
    step, wide = round(1.5 * font.size), round(max(map(font.getlength, TEXT))) + 3 * font.size
    sheet = Image.new("L", (round(2 * wide), 6 * step), 245)
    pen = ImageDraw.Draw(sheet)
    for number, (one, other) in enumerate(zip(left, right, strict=True)):
        pen.text((30, 30 + number * step), one, fill=20, font=font)
        pen.text((30 + wide, 30 + number * step), other, fill=20, font=font)
    expected = [font.getlength(line) for line in (*left, *right)]
    assert widths(split_lines(sheet)) == pytest.approx(expected, abs=1.5 * font.size)


def test_the_first_and_the_last_letter_of_a_line_are_not_lost(font: ImageFont.FreeTypeFont) -> None:
    lines = ["1 May to 3 June, table 7", "B 4", "No. 5 l"]
    cuts = split_lines(page(lines, font, 2.2))
    assert len(cuts) == 3
    assert sum(map(inked, cuts)) == pytest.approx(inked(page(lines, font, 2.2)), rel=0.03)


def test_a_few_words_on_a_large_empty_ground_are_found(font: ImageFont.FreeTypeFont) -> None:
    for ground, ink in ((255, 0), (20, 240)):
        poster = Image.new("L", (1000, 600), ground)
        ImageDraw.Draw(poster).text((300, 280), "Ring the bell twice", fill=ink, font=font)
        (line,) = split_lines(poster)
        assert line.width == pytest.approx(font.getlength("Ring the bell twice"), abs=1.2 * font.size)


def test_letters_on_a_clear_ground_are_found_whatever_colour_it_hides(font: ImageFont.FreeTypeFont) -> None:
    for ink in ((0, 0, 0, 255), (250, 250, 250, 255)):
        for hidden in ((0, 0, 0, 0), (255, 255, 255, 0)):
            label = Image.new("RGBA", (320, 50), hidden)
            ImageDraw.Draw(label).text((20, 10), "Ring the bell", fill=ink, font=font)
            assert len(split_lines(label)) == 1


def test_a_short_line_of_thin_letters_between_long_ones_is_not_lost(font: ImageFont.FreeTypeFont) -> None:
    rows = [("Noodles", "9.21"), ("Milk", "1.11"), ("Chilli", "7.18"), ("Yellow paint", "10.55"), ("Oat rolls", "7.10")]
    step = round(1.45 * font.size)
    till = Image.new("L", (13 * font.size, step * 7), 250)
    pen = ImageDraw.Draw(till)
    for number, (article, price) in enumerate(rows, start=1):
        pen.text((20, number * step), article, fill=20, font=font)
        pen.text((till.width - 20 - font.getlength(price), number * step), price, fill=20, font=font)
    assert len(split_lines(till)) == len(rows)
