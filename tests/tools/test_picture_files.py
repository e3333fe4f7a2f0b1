"""Pictures of every form, drawn here: pages, transparency, ranges, and what cannot be read."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from prefrontal.errors import MediaError
from prefrontal.tools.builtin import builtin_cards
from prefrontal.tools.media import Workspace
from prefrontal.tools.model_tool import ModelTool
from prefrontal.tools.picture_files import opaque, to_bytes


def grey(value: int, size: tuple[int, int] = (60, 40)) -> Image.Image:
    image = Image.new("L", size, value)
    ImageDraw.Draw(image).rectangle((5, 5, 20, 20), fill=255 - value)
    return image


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    pages = [grey(value) for value in (250, 200, 150)]
    pages[0].save(tmp_path / "scan.tiff", save_all=True, append_images=pages[1:])
    return tmp_path / "scan.tiff"


def test_each_page_of_a_scan_is_a_picture(workspace: Workspace, scan: Path) -> None:
    pages = workspace.add_all(scan)
    assert [page.name for page in pages] == [f"scan.tiff, page {n} of 3" for n in (1, 2, 3)]
    assert [page.details["page"] for page in pages] == ["page 1 of 3", "page 2 of 3", "page 3 of 3"]
    assert [workspace.open(page.handle).getpixel((50, 30)) for page in pages] == [250, 200, 150]
    assert [page.handle for page in workspace.add_all(scan)] == [page.handle for page in pages]


def test_the_whole_file_says_that_it_is_its_first_page(workspace: Workspace, scan: Path) -> None:
    media = workspace.add(scan)
    assert str(media) == "image-1 (scan.tiff, 60 x 40 pixels, page 1 of 3)"
    crop = ModelTool(next(card for card in builtin_cards() if card.task == "crop"), workspace)
    assert crop.invoke({"image": "image-1", "region": "left half"}).endswith("(of scan.tiff only page 1 of 3)")


def test_a_smaller_copy_of_a_page_is_no_page(workspace: Workspace, tmp_path: Path) -> None:
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    small = grey(200, (30, 20))
    tags = ImageFileDirectory_v2()
    tags[0x00FE] = 1
    small.encoderinfo = {"tiffinfo": tags}
    grey(250).save(tmp_path / "pyramid.tiff", save_all=True, append_images=[small])
    assert len(workspace.add_all(tmp_path / "pyramid.tiff")) == 1


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_frames_that_show_the_same_are_one_picture(workspace: Workspace, tmp_path: Path, suffix: str) -> None:
    frames = [grey(value).convert("RGB") for value in (250, 250, 90, 90, 90, 30)]
    for place, frame in enumerate(frames):
        frame.putpixel((0, 0), (place, 0, 0))  # else Pillow joins frames that are the same when it saves them
    exact = {"lossless": True} if suffix == "webp" else {}
    path = tmp_path / f"moving.{suffix}"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100, **exact)
    pages = workspace.add_all(path)
    assert [page.details["page"] for page in pages] == ["frames 1 to 2 of 6", "frames 3 to 5 of 6", "frame 6 of 6"]


@pytest.mark.parametrize("suffix", ["tiff", "gif"])
def test_a_file_cut_off_is_refused_and_not_read_in_part(workspace: Workspace, tmp_path: Path, suffix: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (3, 60, 60), dtype=np.uint8)
    frames = [Image.fromarray(one) for one in noise]
    target = io.BytesIO()
    frames[0].save(target, suffix, save_all=True, append_images=frames[1:])
    (tmp_path / f"cut.{suffix}").write_bytes(target.getvalue()[: len(target.getvalue()) // 2])
    with pytest.raises(MediaError, match=rf"^cut\.{suffix} (is damaged|cannot be read).*save it again as PNG or JPEG$"):
        workspace.add_all(tmp_path / f"cut.{suffix}")


def test_too_many_pages_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    pages = [Image.new("1", (4, 4)) for _ in range(101)]
    pages[0].save(tmp_path / "long.tiff", save_all=True, append_images=pages[1:])
    with pytest.raises(MediaError, match=r"^long\.tiff has 101 pages of 4 x 4 pixels; allowed are 100 pages"):
        workspace.add(tmp_path / "long.tiff")


@pytest.mark.parametrize(
    ("suffix", "mime"),
    [("avif", "image/avif"), ("jp2", "image/jp2"), ("ico", "image/x-icon"), ("qoi", "image/unknown")],
)
def test_newer_formats(workspace: Workspace, tmp_path: Path, suffix: str, mime: str) -> None:
    grey(200, (32, 32)).convert("RGB").save(tmp_path / f"a.{suffix}")
    media = workspace.add(tmp_path / f"a.{suffix}")
    assert (media.kind, media.details, media.mime) == ("image", {"width": 32, "height": 32}, mime)
    assert abs(workspace.open(media.handle).convert("L").getpixel((28, 28)) - 200) < 6


def test_a_picture_of_a_phone(workspace: Workspace, tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    heif.from_pillow(grey(200).convert("RGB")).save(tmp_path / "a.heic")
    assert abs(workspace.open(workspace.add(tmp_path / "a.heic").handle).convert("L").getpixel((50, 30)) - 200) < 6


def test_what_reads_a_phones_picture_is_named(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40))
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(MediaError) as caught:
        workspace.add(tmp_path / "a.heic")
    assert str(caught.value) == (
        "a.heic is a HEIC picture, and what reads it is not installed; pip install 'prefrontal[media]', "
        "or save it as JPEG or PNG"
    )


@pytest.mark.parametrize(("ink", "ground"), [(0, 255), (90, 255), (200, 0), (255, 0)])
@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_contrasts_with_the_ink(ink: int, ground: int, mode: str) -> None:
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((5, 5, 15, 15), fill=(ink, ink, ink, 255))
    seen = opaque(image.quantize(8) if mode == "P" else image.convert(mode))
    assert seen.mode == "RGB"
    assert seen.getpixel((30, 10)) == (ground,) * 3
    assert abs(seen.getpixel((10, 10))[0] - ink) <= 8


def test_black_and_white_alone_is_softened() -> None:
    image = Image.new("1", (9, 9), 1)
    image.paste(0, (0, 0, 4, 9))
    row = [opaque(image).getpixel((x, 4))[0] for x in range(9)]
    assert row[0] == 0
    assert row[8] == 255
    assert 0 < row[3] < row[4] < 255


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.array([[0, 65_535]], np.uint16), [0, 255]),
        (np.array([[300, 800]], np.uint16), [0, 255]),
        (np.array([[0, 4_095]], np.uint16), [0, 255]),
        (np.array([[10, 200]], np.int32), [10, 200]),
        (np.array([[0.0, 1.0]]), [0, 255]),
        (np.array([[-3_000.5, 9_000.0]]), [0, 255]),
        (np.array([[np.nan, 0.0, np.inf, 1.0]]), [0, 0, 255, 255]),
        (np.array([[5.5, 5.5]]), [0, 0]),
        (np.array([[True, False]]), [255, 0]),
    ],
)
def test_the_real_range(array: np.ndarray, expected: list[int]) -> None:
    assert to_bytes(array).ravel().tolist() == expected
