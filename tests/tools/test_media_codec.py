"""Values in memory as the bytes of a file, and back, each through a workspace's real file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from prefrontal.errors import MediaError
from prefrontal.tools.media import Workspace
from prefrontal.tools.picture_files import opaque


def said(error: type[Exception], call, *args: Any, **options: Any) -> str:
    with pytest.raises(error) as caught:
        call(*args, **options)
    return str(caught.value)


# Pictures


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LAB", "I", "F", "I;16"])
def test_a_pil_image_in_any_mode(workspace: Workspace, mode: str) -> None:
    grey = Image.linear_gradient("L").resize((6, 4))
    image = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257) if mode == "I;16" else None
    image = image or (grey.convert("RGB").convert(mode) if mode not in ("I", "F", "LAB") else None)
    image = image or (grey.convert(mode) if mode != "LAB" else Image.new("LAB", (6, 4)))
    opened = workspace.open(workspace.add(image).handle)
    assert opened.size == (6, 4)
    if mode in ("L", "RGB", "I", "F", "I;16", "CMYK"):
        assert np.abs(np.asarray(opened.convert("L"), int) - np.asarray(grey, int)).max() <= 2


@pytest.mark.parametrize(
    "array",
    [
        np.arange(24, dtype=np.uint8).reshape(4, 6),
        np.arange(24, dtype=np.uint8).reshape(4, 6, 1),
        np.arange(24, dtype=np.int64).reshape(4, 6),
        np.arange(24, dtype=np.float32).reshape(4, 6),
        np.arange(24).reshape(4, 6) / 255,
        np.arange(24, dtype=np.uint16).reshape(4, 6),
    ],
    ids=["uint8", "one channel", "int64", "float to 255", "float to 1", "small uint16"],
)
def test_arrays_of_grey(workspace: Workspace, array: np.ndarray) -> None:
    opened = workspace.open(workspace.add(array).handle)
    assert np.asarray(opened.convert("L")).ravel().tolist() == list(range(24))


def test_arrays_of_colour_and_masks(workspace: Workspace) -> None:
    colour = np.zeros((4, 6, 3), np.uint8)
    colour[..., 0] = 200
    assert workspace.open(workspace.add(colour).handle).getpixel((0, 0)) == (200, 0, 0)
    assert workspace.open(workspace.add(np.ones((4, 6, 4)) / 2).handle).mode == "RGBA"
    assert workspace.open(workspace.add(np.eye(4, dtype=bool)).handle).getpixel((1, 1)) == 255
    assert workspace.open(workspace.add(np.full((3, 3), np.nan)).handle).getpixel((1, 1)) == 0


@pytest.mark.parametrize("shape", [(5,), (2, 3, 4, 5), (3, 4, 2), (), (0, 4), (4, 0, 3)])
def test_arrays_that_are_no_picture(workspace: Workspace, shape: tuple[int, ...]) -> None:
    message = said(MediaError, workspace.add, np.zeros(shape))
    assert message.startswith(f"an array of shape {shape} ")
    assert len(workspace) == 0


def test_a_photo_taken_sideways_is_opened_upright(workspace: Workspace, tmp_path: Path) -> None:
    image = Image.new("RGB", (40, 20), "white")
    image.paste("red", (0, 0, 10, 20))  # left in the file, on top as it is seen
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "sideways.png", exif=exif)
    media = workspace.add(tmp_path / "sideways.png")
    opened = workspace.open(media.handle)
    assert opened.size == (20, 40) == (media.details["width"], media.details["height"])
    assert opened.getpixel((10, 2)) == (255, 0, 0)
    with Image.open(tmp_path / "sideways.png") as raw:  # handed in as an image, it is the same picture
        again = workspace.open(workspace.add(raw).handle)
    assert (again.size, again.getpixel((10, 2))) == ((20, 40), (255, 0, 0))


def test_sixteen_bits_become_eight_and_not_white(workspace: Workspace, tmp_path: Path) -> None:
    ramp = (np.arange(256, dtype=np.uint16) * 257).reshape(16, 16)
    Image.fromarray(ramp).save(tmp_path / "scan.png")
    opened = workspace.open(workspace.add(tmp_path / "scan.png").handle)
    assert np.asarray(opened.convert("RGB"))[..., 0].ravel().tolist() == list(range(256))


def test_a_palette_keeps_its_colours(workspace: Workspace, tmp_path: Path) -> None:
    Image.new("RGB", (4, 4), (10, 200, 30)).convert("P", palette=Image.Palette.ADAPTIVE).save(tmp_path / "p.png")
    opened = workspace.open(workspace.add(tmp_path / "p.png").handle)
    assert opened.convert("RGB").getpixel((0, 0)) == (10, 200, 30)


# Sound


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16, np.int32])
def test_samples_with_their_rate(workspace: Workspace, dtype: type) -> None:
    wave = np.sin(np.arange(800) / 5) * 0.5
    samples = wave.astype(dtype) if np.issubdtype(dtype, np.floating) else (wave * np.iinfo(dtype).max).astype(dtype)
    media = workspace.add((samples, 8_000))
    assert str(media) == "audio-1 (audio-1, 0.1 s at 8000 Hz)"
    sound = workspace.open("audio-1")
    assert (sound["sampling_rate"], sound["array"].dtype) == (8_000, np.float32)
    assert sound["array"] == pytest.approx(wave, abs=1e-4)


def test_stereo_becomes_mono_when_opened(workspace: Workspace) -> None:
    left, right = np.full(800, 0.5, np.float32), np.zeros(800, np.float32)
    for samples in (np.stack([left, right]), np.stack([left, right], axis=1)):
        media = workspace.add((samples, 8_000.0))
        assert media.details["channels"] == 2
        assert workspace.open(media.handle)["array"] == pytest.approx(np.full(800, 0.25), abs=1e-4)
    assert len(workspace) == 1  # (channels, n) and (n, channels) are the same sound


@pytest.mark.parametrize("key", ["array", "raw", "audio"])
def test_sound_as_transformers_gives_it(workspace: Workspace, key: str) -> None:
    assert workspace.add({key: np.zeros((1, 800), np.float32), "sampling_rate": 16_000}).details["seconds"] == 0.05


@pytest.mark.parametrize(
    "sound", [("a", "b"), (8_000, 8_000), (np.zeros(0), 8_000), (np.zeros((2, 2, 2)), 8_000), (np.zeros(80), 0),
              {"sampling_rate": 8_000}]
)  # fmt: skip
def test_what_is_no_sound(workspace: Workspace, sound: Any) -> None:
    message = said(MediaError, workspace.add, sound)
    assert message.startswith("this is no sound (")
    assert message.endswith("floats from -1 to 1 or whole numbers of 8 to 32 bits, and a whole number of Hz")


# Tables


def test_a_pandas_table(workspace: Workspace) -> None:
    frame = pd.DataFrame({"name": ["café", "b"], "n": [1, 2]})
    media = workspace.add(frame)
    assert (media.handle, media.kind, media.mime, media.file[-4:]) == ("table-1", "table", "text/csv", ".csv")
    assert workspace.open("table-1").equals(frame)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv", b"a,b\n1,2\n"),
        ("t.tsv", b"a\tb\n1\t2\n"),
        ("t.json", b'[{"a": 1, "b": 2}]'),
        ("t.jsonl", b'{"a": 1, "b": 2}\n'),
        ("t.csv", b"\xef\xbb\xbfa,b\r\n1,2\r\n"),
    ],
)
def test_tables_of_every_form(workspace: Workspace, tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert workspace.open(workspace.add(tmp_path / name).handle).to_dict("records") == [{"a": 1, "b": 2}]


def test_a_table_in_the_letters_of_a_spreadsheet(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("name\ncafé\n".encode("cp1252"))
    assert workspace.open(workspace.add(tmp_path / "t.csv").handle)["name"][0] == "café"


# Anything else


def test_what_cannot_become_media(workspace: Workspace) -> None:
    assert said(MediaError, workspace.add, object()) == (
        "an object cannot become media; allowed are a path, bytes, an open file, a data: address, a PIL image, "
        "a numpy array or torch tensor, (samples, sampling_rate), a pandas table, and a list of these"
    )


def test_clear_places_show_white_or_black_under_light_letters() -> None:
    dark, light = (Image.new("RGBA", (20, 4), (200, 0, 0, 0)) for _ in range(2))
    for picture, colour in ((dark, (0, 0, 0, 255)), (light, (250, 250, 250, 255))):
        picture.paste(colour, (0, 0, 5, 4))
    assert [opaque(dark).getpixel(place) for place in ((0, 0), (19, 3))] == [(0, 0, 0), (255, 255, 255)]
    assert [opaque(light).getpixel(place) for place in ((0, 0), (19, 3))] == [(250, 250, 250), (0, 0, 0)]
    palette = Image.new("P", (4, 4), 1)
    palette.info["transparency"] = 1
    assert opaque(palette).getpixel((0, 0)) == (255, 255, 255)
    plain = Image.new("RGB", (4, 4), (9, 9, 9))
    assert opaque(plain) is plain
