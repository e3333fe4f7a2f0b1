"""Values in memory as the bytes of a file, and back: pictures as PNG, sound as WAV, tables as CSV."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import MediaError
from .picture_files import eight_bits, open_picture, to_bytes
from .sound_files import open_sound
from .table_files import read_table
from .text_files import plain_text

_PNG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")


def encode(value: Any, kind: str | None) -> tuple[bytes, str | None]:
    """Bytes and kind of a value; its type is told by its module's name, so that nothing is imported for it.

    Raises:
        MediaError: the value is of a type, a shape or a rate that no file has.
    """
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value), kind
    if isinstance(value, dict) and "sampling_rate" in value:
        value = (next((value[key] for key in ("array", "raw", "audio") if key in value), None), value["sampling_rate"])
    if isinstance(value, tuple) and len(value) == 2:
        return _wav(*(reversed(value) if isinstance(value[0], int) else value)), "audio"  # scipy tells the rate first
    if write := _VALUES.get(_module(value)):
        return write(value)
    raise MediaError(
        f"{_a(type(value).__name__)} cannot become media; allowed are a path, bytes, an open file, a data: address, "
        "a PIL image, a numpy array or torch tensor, (samples, sampling_rate), a pandas table, and a list of these"
    )


def _module(value: Any) -> str:
    return type(value).__module__.partition(".")[0]


def _a(name: str) -> str:
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def is_several(value: Any) -> bool:
    """A list of pictures, paths or other media; numbers are none, and (samples, sampling_rate) is one thing."""
    if not isinstance(value, list | tuple) or not value:
        return False
    return all(isinstance(one, str | Path | bytes) or hasattr(one, "path") or _module(one) in _VALUES for one in value)


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
    """An array (h, w), (h, w, 1), (h, w, 3) or (h, w, 4), or channels first as in torch; see `to_bytes`."""
    from PIL import Image

    flat = array
    if flat.ndim == 4 and flat.shape[0] == 1:  # a batch of one
        flat = flat[0]
    if flat.ndim == 3 and flat.shape[2] not in (1, 3, 4) and flat.shape[0] in (1, 3, 4) and min(flat.shape[1:]) > 4:
        flat = flat.transpose(1, 2, 0)
    flat = flat[..., 0] if flat.ndim == 3 and flat.shape[2] == 1 else flat
    if flat.ndim not in (2, 3) or (flat.ndim == 3 and flat.shape[2] not in (3, 4)) or flat.dtype.kind not in "buif":
        raise MediaError(
            f"an array of shape {array.shape} and type {array.dtype} is no picture; allowed are (height, width), "
            "or that with 1, 3 or 4 channels last, of numbers; pass sound as (samples, sampling_rate)"
        )
    if not flat.size:
        raise MediaError(f"an array of shape {array.shape} holds no pixel; pass a picture with something in it")
    return Image.fromarray(to_bytes(flat))


def _numbers(value: Any) -> Any:
    """A numpy array of a tensor, wherever it lies and whether or not it is trained."""
    import numpy as np

    if _module(value) == "torch":
        value = value.detach().cpu()
        value = value.float() if value.dtype.is_floating_point else value
    return np.asarray(value)


def _png(image: Any) -> bytes:
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(image)  # a PNG does not keep how the camera was held
    target = io.BytesIO()
    (upright if upright.mode in _PNG_MODES else eight_bits(upright).convert("RGB")).save(target, "PNG")
    return target.getvalue()


def _wav(samples: Any, rate: Any) -> bytes:
    import numpy as np
    import soundfile

    try:
        array, hertz = _numbers(samples), int(rate)
        sound = np.clip(np.nan_to_num(_waves(array)), -1, 1)
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


def _waves(array: Any) -> Any:
    """Samples as floats from -1 to 1: whole numbers as files hold them (uint8 swings around 128), and floats that go
    beyond by their own height."""
    import numpy as np

    if array.dtype == np.uint8:
        return (array.astype(np.float32) - 128) / 128
    height = float(np.abs(array).max(initial=0.0, where=np.isfinite(array))) if array.dtype.kind in "if" else 0.0
    if array.dtype.kind == "i":
        bits = array.dtype.itemsize * 8 if array.dtype.itemsize < 8 else 16 if height < 2**15 else 32  # Python's own
        return array.astype(np.float32) / 2 ** (bits - 1)
    return array.astype(np.float32) / max(1.0, height)


def _image(data: bytes, suffix: str) -> Any:
    return open_picture(data)


def _audio(data: bytes, suffix: str) -> dict[str, Any]:
    return open_sound(data)


def _text(data: bytes, suffix: str) -> str:
    return plain_text(data, suffix.removeprefix("."))


_DECODERS: dict[str, Callable[[bytes, str], Any]] = {
    "image": _image,
    "audio": _audio,
    "table": read_table,
    "text": _text,
}
_VALUES: dict[str, Callable[[Any], tuple[bytes, str]]] = {
    "PIL": lambda image: (_png(image), "image"),
    "pandas": lambda table: (table.to_csv(index=False).encode(), "table"),
    "numpy": lambda array: (_png(_picture(array)), "image"),
    "torch": lambda tensor: (_png(_picture(_numbers(tensor))), "image"),
}
