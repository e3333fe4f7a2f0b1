"""What a file is, told by its first bytes, and how large it may be before anything decodes it."""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import MediaError
from .card import human_bytes

MAX_PIXELS = 64_000_000  # 192 MB as RGB; a PNG of 20 kB can hold 169 million
MAX_DECODED_BYTES = 512_000_000
MAX_SECONDS = 1_800
MAX_FILE_BYTES = 2_000_000_000

_SUFFIXES = {
    "image": ("png", "jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff", "ppm", "pgm", "pbm"),
    "audio": ("wav", "flac", "ogg", "oga", "mp3", "aif", "aiff", "au", "opus", "m4a"),
    "video": ("mp4", "webm", "mov", "avi", "mkv"),
    "table": ("csv", "tsv", "parquet", "xlsx", "json", "jsonl"),
    "text": ("txt", "md", "html", "py", "log"),
}
KIND_OF_SUFFIX = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes}
_MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\x89PNG\r\n", 0, "image"),
    (b"\xff\xd8\xff", 0, "image"),
    (b"GIF8", 0, "image"),
    (b"BM", 0, "image"),
    (b"WEBP", 8, "image"),
    (b"II*\0", 0, "image"),
    (b"MM\0*", 0, "image"),
    (b"P4", 0, "image"),
    (b"P5", 0, "image"),
    (b"P6", 0, "image"),
    (b"WAVE", 8, "audio"),
    (b"fLaC", 0, "audio"),
    (b"OggS", 0, "audio"),
    (b"ID3", 0, "audio"),
    (b"\xff\xfb", 0, "audio"),
    (b"\xff\xf3", 0, "audio"),
    (b"FORM", 0, "audio"),
    (b".snd", 0, "audio"),
    (b"ftyp", 4, "video"),
    (b"\x1aE\xdf\xa3", 0, "video"),
    (b"AVI ", 8, "video"),
    (b"PAR1", 0, "table"),
    (b"PK\x03\x04", 0, "table"),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """The kind of a file and what its header tells: pixels, seconds, or nothing for tables and videos."""

    kind: str
    mime: str
    details: dict[str, Any]


def kind_of_bytes(head: bytes) -> str:
    """image, audio, video or table by the first bytes; else text, or "unknown" for other binary data."""
    for magic, offset, kind in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return kind
    try:
        head[: max(1, len(head) - 4)].decode("utf-8")
    except UnicodeDecodeError:
        return "unknown"
    return "unknown" if b"\0" in head else "text"


def inspect(path: Path, name: str, wanted: str | None = None) -> Shape:
    """Read a file's header only, and check that it is what its name says and not too large to decode.

    Raises:
        MediaError: empty, damaged, too large, or another type than its name or the caller says.
    """
    size = path.stat().st_size
    if size == 0:
        raise MediaError(f"{name} is empty (0 bytes); pass a file with an image, a recording, a video or a table in it")
    if size > MAX_FILE_BYTES:
        raise MediaError(
            f"{name} has {human_bytes(size)}; allowed are {human_bytes(MAX_FILE_BYTES)}; pass a smaller file"
        )
    with path.open("rb") as file:
        found = kind_of_bytes(file.read(4096))
    named = KIND_OF_SUFFIX.get(name.rpartition(".")[2].lower(), "")
    kind = "table" if found == "text" and "table" in (named, wanted) else found
    if kind in ("unknown", "text") or (named and named != kind):
        claim = f", not {_a(named)} file as its name says" if named and named != kind else ""
        raise MediaError(
            f"{name} is {_a(kind)} file{claim}; "
            "allowed are images (PNG, JPEG, …), audio (WAV, FLAC, OGG, MP3), video (MP4, WebM) and tables (CSV, JSON)"
        )
    if wanted and wanted != kind:
        raise MediaError(f"{name} is {_a(kind)} file, but {_a(wanted)} file is needed here; pass {_a(wanted)} file")
    return {"image": _image, "audio": _audio, "video": _video, "table": _table}[kind](path, name)


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _image(path: Path, name: str) -> Shape:
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit, below, is lower
        try:
            with Image.open(path) as image:
                width, height, mime = (
                    image.width,
                    image.height,
                    Image.MIME.get(image.format or "", "image/unknown"),
                )
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise MediaError(f"{name} cannot be read as an image ({error}); save it again as PNG or JPEG") from error
    if width * height > MAX_PIXELS:
        raise MediaError(
            f"{name} has {width} x {height} = {width * height / 1e6:.0f} million pixels; "
            f"allowed are {MAX_PIXELS // 1_000_000} million; scale it down"
        )
    return Shape("image", mime, {"width": width, "height": height})


def _audio(path: Path, name: str) -> Shape:
    import soundfile

    try:
        info = soundfile.info(str(path))
    except (RuntimeError, OSError) as error:
        raise MediaError(f"{name} cannot be read as audio ({error}); save it again as WAV or FLAC") from error
    seconds = info.frames / info.samplerate
    if seconds > MAX_SECONDS or info.frames * info.channels * 4 > MAX_DECODED_BYTES:
        raise MediaError(
            f"{name} lasts {seconds / 60:.0f} minutes; allowed are {MAX_SECONDS // 60} minutes and "
            f"{human_bytes(MAX_DECODED_BYTES)} decoded; cut it into pieces"
        )
    details = {"seconds": round(seconds, 3), "sampling_rate": info.samplerate, "channels": info.channels}
    return Shape("audio", f"audio/{info.format.lower()}", details)


def _video(path: Path, name: str) -> Shape:
    return Shape("video", f"video/{name.rpartition('.')[2].lower() or 'mp4'}", {})


def _table(path: Path, name: str) -> Shape:
    suffix = name.rpartition(".")[2].lower()
    if suffix in ("json", "jsonl"):
        with path.open(encoding="utf-8", errors="replace") as file:
            line = file.readline() if suffix == "jsonl" else file.read(MAX_DECODED_BYTES)
        try:
            json.loads(line)
        except ValueError as error:
            raise MediaError(f"{name} is no valid JSON ({error}); correct it or pass a CSV file") from error
    return Shape(
        "table",
        {"csv": "text/csv", "tsv": "text/tab-separated-values"}.get(suffix, "application/octet-stream"),
        {},
    )
