"""Values in memory as the bytes of a file, and back: pictures as PNG, sound as WAV, tables as CSV."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from ..errors import MediaError
from .table_files import read_table
from .text_files import plain_text

_PNG_MODES = ("1", "L", "P", "RGB", "RGBA", "I;16")


def encode(value: Any, kind: str | None) -> tuple[bytes, str | None]:
    """Bytes and kind of a value; its type is told by its module's name, so that nothing is imported for it.

    Raises:
        MediaError: the value is of a type, a shape or a rate that no file has.
    """
    module = type(value).__module__.partition(".")[0]
    if isinstance(value, bytes | bytearray):
        return bytes(value), kind
    if module == "PIL":
        return _png(value), "image"
    if module == "pandas":
        return value.to_csv(index=False).encode(), "table"
    if isinstance(value, dict) and "sampling_rate" in value:
        value = (next((value[key] for key in ("array", "raw", "audio") if key in value), None), value["sampling_rate"])
    if isinstance(value, tuple) and len(value) == 2:
        return _wav(*value), "audio"
    if module == "numpy":
        return _png(_picture(value)), "image"
    raise MediaError(
        f"a {type(value).__name__} cannot become media; allowed are a path, bytes, a PIL image, a numpy array, "
        "(samples, sampling_rate), and a pandas table"
    )


def decode(kind: str, data: bytes, suffix: str, about: str = "") -> Any:
    """A PIL image, `{"array": float32 (n,), "sampling_rate": Hz}`, a pandas table, or the words of a text file.

    Args:
        suffix: of the file's name, such as ".csv": tables and web pages cannot be told by their bytes.
        about: words that may name a part of the file, such as the sheet of a workbook.

    Raises:
        MediaError: pandas is missing, or a text is too large or in an unknown encoding. Damaged files of other kinds
            raise whatever their library raises.
    """
    return read_table(data, suffix, about) if kind == "table" else _DECODERS[kind](data, suffix)


def is_decodable(kind: str) -> bool:
    """Videos and 3D models are not: what runs on them gets their path."""
    return kind in _DECODERS


def _picture(array: Any) -> Any:
    """An array (h, w), (h, w, 1), (h, w, 3) or (h, w, 4): 8 or 16 bit, bool, or float from 0 to 1 (else to 255)."""
    import numpy as np
    from PIL import Image

    flat = array[..., 0] if array.ndim == 3 and array.shape[2] == 1 else array
    if flat.ndim not in (2, 3) or (flat.ndim == 3 and flat.shape[2] not in (3, 4)) or flat.dtype.kind not in "buif":
        raise MediaError(
            f"an array of shape {array.shape} and type {array.dtype} is no picture; allowed are (height, width), "
            "or that with 1, 3 or 4 channels last, of numbers; pass sound as (samples, sampling_rate)"
        )
    if not flat.size:
        raise MediaError(f"an array of shape {array.shape} holds no pixel; pass a picture with something in it")
    if flat.dtype == np.uint16 and flat.ndim == 2 and flat.max() > 255:
        return Image.fromarray(flat)
    if flat.dtype.kind == "f":
        flat = np.nan_to_num(flat, posinf=255, neginf=0)
    share = flat.dtype.kind == "b" or (flat.dtype.kind == "f" and flat.max() <= 1)
    return Image.fromarray(np.clip(np.rint(flat * 255.0 if share else flat), 0, 255).astype(np.uint8))


def _png(image: Any) -> bytes:
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(image)  # a PNG does not keep how the camera was held
    target = io.BytesIO()
    (upright if upright.mode in _PNG_MODES else eight_bits(upright).convert("RGB")).save(target, "PNG")
    return target.getvalue()


def opaque(image: Any) -> Any:
    """A picture without clear places: they show white, or black where what is drawn is light.

    Dropping the alpha channel instead shows whatever colour the file happens to have there: black letters on black.
    """
    import numpy as np
    from PIL import Image

    if "A" not in image.getbands() and "a" not in image.getbands() and "transparency" not in image.info:
        return image
    whole = image.convert("RGBA")
    cover = np.asarray(whole.getchannel("A"), dtype=np.float32)
    grey = np.asarray(Image.fromarray(np.asarray(whole)[..., :3].copy()).convert("L"), dtype=np.float32)
    light = cover.mean() < 127 and float((grey * cover).sum()) > 160 * float(cover.sum())
    ground = Image.new("RGBA", whole.size, (0, 0, 0, 255) if light else (255, 255, 255, 255))
    return Image.alpha_composite(ground, whole).convert("RGB")


def eight_bits(image: Any) -> Any:
    """A picture of 16 bits or of floats in 8: Pillow's own conversion would make all above 255 white."""
    import numpy as np

    if not image.mode.startswith(("I", "F")):
        return image
    array = np.asarray(image, dtype=np.float64)
    if array.max() > 255:
        array = array / 257
    return _picture(array if image.mode == "F" else array.round())


def _wav(samples: Any, rate: Any) -> bytes:
    import numpy as np
    import soundfile

    try:
        array, hertz = np.asarray(samples), int(rate)
        scale = np.iinfo(array.dtype).max + 1 if array.dtype.kind == "i" else 1  # 16-bit samples, as files hold them
        sound = np.clip(np.nan_to_num(array.astype(np.float32) / scale), -1, 1)
        if sound.ndim == 2 and sound.shape[0] < sound.shape[1]:  # (channels, n)
            sound = sound.T
        if not sound.size or sound.ndim not in (1, 2):
            raise ValueError(f"samples of shape {array.shape}")
        target = io.BytesIO()
        soundfile.write(target, sound, hertz, format="WAV")
    except (TypeError, ValueError, RuntimeError) as error:
        raise MediaError(
            f"this is no sound ({error}); allowed is (samples, sampling_rate): numbers of shape (n,) or (n, channels), "
            "floats from -1 to 1 or whole numbers of 8 to 32 bits, and a whole number of Hz"
        ) from error
    return target.getvalue()


def _image(data: bytes, suffix: str) -> Any:
    from PIL import Image, ImageOps

    image = Image.open(io.BytesIO(data))
    image.load()
    ImageOps.exif_transpose(image, in_place=True)  # without it, a picture that lies right would be copied
    return eight_bits(image)


def _audio(data: bytes, suffix: str) -> dict[str, Any]:
    import soundfile

    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
    return {"array": samples.mean(axis=1), "sampling_rate": rate}


def _text(data: bytes, suffix: str) -> str:
    return plain_text(data, suffix.removeprefix("."))


_DECODERS: dict[str, Callable[[bytes, str], Any]] = {
    "image": _image,
    "audio": _audio,
    "table": read_table,
    "text": _text,
}
