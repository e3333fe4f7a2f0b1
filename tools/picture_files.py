"""Pictures as files hold them: formats and pages told by the header, and pixels as they are meant to be seen."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import MediaError

MAX_PIXELS = 64_000_000  # 192 MB as RGB; a PNG of 20 kB can hold 169 million
MAX_PAGES = 100
MAX_PIXELS_OF_ALL = 1_000_000_000  # of all pages together: a hundred A4 pages of 300 dots an inch
_ORIENTATION, _SUBFILE = 0x0112, 0x00FE  # EXIF, TIFF
_REDUCED = 1  # bit of a TIFF's subfile type: a smaller copy of another page
# What Pillow calls frames, by format: pages of a document, or pictures of an animation. Those of other formats are no
# content: the layers of PSD, the preview of MPO, the sizes of ICO and ICNS.
_PART_OF = {"TIFF": "page", "GIF": "frame", "WEBP": "frame", "PNG": "frame", "AVIF": "frame", "HEIF": "picture"}
PARTS = ("page", "frame", "picture")
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_SAME = 2.0  # grey values on average: two frames that differ less show the same
_LIGHT = 128.0  # grey value above which what is drawn is light, and gets a dark ground
_STANDS_OUT, _DUST = 40, 20  # grey values apart from the paper, and dots of a page that are no more than dust
_WHITE, _DARK = 255, 0
_SOFT = 0.6  # pixels by which the stairs of a picture in two tones are softened


def picture_details(path: Path, name: str) -> tuple[str, dict[str, Any]]:
    """The type of a picture and its measures: width and height in pixels, and pages or frames where there are several.

    Raises:
        MediaError: it is damaged or too large, or a package is missing that reads it.
    """
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
        try:
            _know_heif(path, name)
            with Image.open(path) as image:
                width, height = image.size[:: -1 if _lies_on_its_side(image) else 1]
                mime = Image.MIME.get(image.format or "", "image/unknown")
                _check_size(name, width, height)
                several = _several(image, name)
        except Exception as error:  # what a damaged header makes of it is a TypeError as well
            if isinstance(error, MediaError):
                raise
            raise MediaError(f"{name} cannot be read as an image ({error}); save it again as PNG or JPEG") from error
    return mime, {"width": width, "height": height, **several}


def _check_size(name: str, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise MediaError(
            f"{name} has {width} x {height} = {width * height / 1e6:.0f} million pixels; "
            f"allowed are {MAX_PIXELS // 1_000_000} million; scale it down"
        )


def _several(image: Any, name: str) -> dict[str, int]:
    """{"pages": 3} or {"frames": 8}; {} for one picture."""
    part = _PART_OF.get(image.format or "", "")
    count = int(getattr(image, "n_frames", 1)) if part else 1
    if count < 2:
        return {}
    if count > MAX_PAGES or count * image.width * image.height > MAX_PIXELS_OF_ALL:
        raise MediaError(
            f"{name} has {count} {part}s of {image.width} x {image.height} pixels; allowed are {MAX_PAGES} {part}s and "
            f"{MAX_PIXELS_OF_ALL // 1_000_000} million pixels in all; pass a part of them"
        )
    return {f"{part}s": count}


def _know_heif(path: Path, name: str) -> None:
    """Teach Pillow the pictures of phones, where the file is one."""
    with path.open("rb") as file:
        head = file.read(64)
    if head[4:8] != b"ftyp" or head[8:12] not in _HEIF_BRANDS or b"avif" in head[8:]:
        return
    try:
        from pillow_heif import register_heif_opener  # pyright: ignore[reportMissingImports]  # an extra
    except ImportError as error:
        raise MediaError(
            f"{name} is a HEIC picture, and what reads it is not installed; pip install 'prefrontal[media]', "
            "or save it as JPEG or PNG"
        ) from error
    register_heif_opener()


def _lies_on_its_side(image: Any) -> bool:
    """By the EXIF entry alone: Pillow's getexif would decode a PNG. (A TIFF's size is upright already.)"""
    from PIL import Image

    try:
        exif = Image.Exif()
        exif.load(image.info.get("exif") or b"")
        return image.format not in ("AVIF", "HEIF") and exif.get(_ORIENTATION) in (5, 6, 7, 8)
    except Exception:  # whatever a camera wrote there, the picture itself may be sound
        return False


def open_picture(data: bytes) -> Any:
    """The (first) picture of a file, upright and in 8 bits."""
    from PIL import Image

    return _upright(Image.open(io.BytesIO(data)))


def pages_of(data: bytes) -> Iterator[tuple[str, Any]]:
    """Each page of a file, upright and in 8 bits, with its place: "page 2 of 3", or "frames 4 to 7 of 8".

    Frames that show the same follow each other in most animations, and are given once; a page of which a TIFF says
    that it is a smaller copy of another is left out.

    Raises:
        Whatever Pillow raises for a damaged file, as soon as a page cannot be decoded.
    """
    from PIL import Image

    image = Image.open(io.BytesIO(data))
    part, count = _PART_OF[image.format or ""], int(getattr(image, "n_frames", 1))
    seen: list[tuple[int, int, Any]] = []  # first and last place, and the picture
    for place in range(1, count + 1):
        image.seek(place - 1)
        if getattr(image, "tag_v2", {}).get(_SUBFILE, 0) & _REDUCED:
            continue
        shown = _upright(image.copy() if part == "frame" else image)
        if part == "frame" and seen and _shows_the_same(seen[-1][2], shown):
            seen[-1] = (seen[-1][0], place, seen[-1][2])
            continue
        yield from _told(seen[:1], part, count)
        seen = [(place, place, shown)]
    yield from _told(seen, part, count)


def _told(seen: list[tuple[int, int, Any]], part: str, count: int) -> Iterator[tuple[str, Any]]:
    for first, last, shown in seen:
        yield f"{part} {first} of {count}" if first == last else f"{part}s {first} to {last} of {count}", shown


def _shows_the_same(one: Any, other: Any) -> bool:
    import numpy as np

    grey = [np.asarray(opaque(image).convert("L"), dtype=np.int16) for image in (one, other)]
    if grey[0].shape != grey[1].shape:
        return False
    apart = np.abs(grey[0] - grey[1])
    return float(apart.mean()) < _SAME and float((apart > 64).mean()) < 0.0005  # a dot of compression, no letter


def is_blank(image: Any) -> bool:
    """True for a page of paper and nothing else: as good as no dot stands out."""
    import numpy as np

    grey = np.asarray(opaque(image).convert("L"), dtype=np.int16)
    return int((np.abs(grey - np.int16(np.median(grey))) > _STANDS_OUT).sum()) < _DUST


def _upright(image: Any) -> Any:
    from PIL import ImageOps

    image.load()
    turned = ImageOps.exif_transpose(image)  # without it, a picture that lies right would be copied
    return eight_bits(turned)


def eight_bits(image: Any) -> Any:
    """A picture of 16 or 32 bits or of floats in 8, by its real range: Pillow would make all above 255 white."""
    if not image.mode.startswith(("I", "F")):
        return image
    import numpy as np
    from PIL import Image

    return Image.fromarray(to_bytes(np.asarray(image)))


def to_bytes(array: Any) -> Any:
    """Numbers of any kind as uint8 of the same shape.

    Whole numbers from 0 to 255 stay, floats from 0 to 1 are shares, and 16 bits in full become 8. Of anything else
    (12 bits, heights, temperatures) the least is black and the greatest white, but for a thousandth on both ends.
    """
    import numpy as np

    if array.dtype.kind == "b":
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype == np.uint8:
        return array
    values = array.astype(np.float64)
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(array.shape, np.uint8)
    low, high = float(values[known].min()), float(values[known].max())
    values = np.nan_to_num(np.where(np.isnan(values), low, values), posinf=high, neginf=low)
    is_whole = bool((values == np.rint(values)).all())
    if is_whole and low >= 0 and high <= 255 and (array.dtype.kind != "f" or high > 1):
        scaled = values
    elif array.dtype.kind == "f" and low > -0.01 and high < 1.01:
        scaled = values * 255
    elif low >= 0 and 32_768 <= high <= 65_535:
        scaled = values / 257
    else:
        least, most = np.percentile(values, (0.1, 99.9))
        if most <= least:
            least, most = low, high
        scaled = (values - least) * (255 / max(most - least, 1e-300))
    return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)


def opaque(image: Any) -> Any:
    """A picture as RGB, as it is seen: what is transparent gets a ground on which what is drawn stands out, and the
    stairs of a picture in black and white alone are softened, for models have mostly seen grey ones."""
    from PIL import Image, ImageFilter

    if image.mode == "1":
        return image.convert("L").filter(ImageFilter.GaussianBlur(_SOFT)).convert("RGB")
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    drawn = image.convert("RGBA")
    ground = Image.new("RGBA", drawn.size, (*(_ground(drawn),) * 3, 255))
    return Image.alpha_composite(ground, drawn).convert("RGB")


def _ground(image: Any) -> int:
    """White, or dark where what is drawn is light."""
    import numpy as np

    cover = np.asarray(image.getchannel("A"), dtype=np.float64)
    if not cover.any():
        return _WHITE
    grey = np.asarray(image.convert("RGB").convert("L"), dtype=np.float64)
    return _DARK if float((grey * cover).sum() / cover.sum()) > _LIGHT else _WHITE
