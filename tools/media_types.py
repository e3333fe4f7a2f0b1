"""What a file is, told by its first bytes, and how large it may be before anything decodes it."""

from __future__ import annotations

import codecs
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import MediaError
from .archives import opened
from .documents import DOCUMENTS, MAX_DOCUMENT_BYTES
from .encodings import decoded, wide_name
from .picture_files import picture_details
from .sound_files import sound_details
from .text import in_file
from .text_files import MAX_TEXT_BYTES, read_text, text_mime
from .units import human_bytes

MAX_FILE_BYTES = 2_000_000_000
MAX_TABLE_BYTES = 100_000_000  # five times as much in memory

_SUFFIXES = {
    "image": (
        *("png", "jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff", "ppm", "pgm", "pbm", "avif", "heic", "heif"),
        *("hif", "jp2", "j2k", "jpx", "ico", "icns", "dds", "qoi", "mpo", "apng"),
    ),
    "audio": (
        "wav",
        "flac",
        "ogg",
        "oga",
        "mp3",
        "aif",
        "aiff",
        "au",
        "opus",
        "m4a",
        "m4b",
        "aac",
        "caf",
        "w64",
        "rf64",
        "weba",
        "mka",
        "amr",
        "wma",
    ),
    "video": ("mp4", "webm", "mov", "avi", "mkv", "m4v", "3gp", "flv", "wmv"),
    "table": ("csv", "tsv", "parquet", "xlsx", "json", "jsonl"),
    "text": ("txt", "md", "html", "htm", "py", "log", "pdf", "docx"),
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
    (b"\0\0\0\x0cjP  ", 0, "image"),  # JPEG 2000, and its bare stream
    (b"\xff\x4f\xff\x51", 0, "image"),
    (b"\0\0\1\0", 0, "image"),  # icons of Windows and of macOS
    (b"icns", 0, "image"),
    (b"DDS ", 0, "image"),
    (b"qoif", 0, "image"),
    *((b"ftyp" + brand, 4, "image") for brand in (b"avi", b"hei", b"hev", b"mif1", b"msf1")),
    (b"WAVE", 8, "audio"),
    (b"fLaC", 0, "audio"),
    (b"OggS", 0, "audio"),
    (b"ID3", 0, "audio"),
    *((bytes((0xFF, second)), 0, "audio") for second in (0xE2, 0xE3, 0xF2, 0xF3, 0xFA, 0xFB)),  # frames of MP3
    (b"AIFF", 8, "audio"),
    (b"AIFC", 8, "audio"),
    (b".snd", 0, "audio"),
    (b"caff", 0, "audio"),
    (b"riff.\x91", 0, "audio"),  # W64
    (b"\xff\xf1", 0, "audio"),  # frames of AAC
    (b"\xff\xf9", 0, "audio"),
    (b"#!AMR", 0, "audio"),
    (b"ftypM4A", 4, "audio"),
    (b"ftypM4B", 4, "audio"),
    (b"ftyp", 4, "video"),
    (b"\x1aE\xdf\xa3", 0, "video"),
    (b"AVI ", 8, "video"),
    (b"FLV\x01", 0, "video"),
    (b"\x30\x26\xb2\x75", 0, "video"),  # WMV and WMA
    (b"PAR1", 0, "table"),
    (b"PK\x03\x04", 0, "archive"),
    (b"\x1f\x8b", 0, "archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "locked or old Office"),
)
_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}  # that tell what an archive is
# What to do with a file that is none of those that are read.
_INSTEAD = {
    "archive": "unpack it and pass what is in it",
    "document": "save it as DOCX or PDF",
    "drawing": "save it as PNG",
    "locked or old Office": "save it as XLSX or DOCX, without a password",
}
# Written in letters, but not for people to read: what is asked of such a file is never asked of its source.
_CODED: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"P[1-6]\s(\s*#[^\n]*\n)*\s*\d+\s+\d+\s"), "image"),
    (re.compile(rb"%PDF-|%!PS|\{\\rtf"), "document"),
    (re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg\b", re.DOTALL), "drawing"),
)
_EITHER = ((b"ftyp", 4), (b"\x1aE\xdf\xa3", 0), (b"\x30\x26\xb2\x75", 0))
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HEAD = 4096  # bytes that tell what a file is
_TABLE_MIMES = {
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The kind of a file and what its header tells: pixels, seconds, or nothing for tables, texts and videos."""

    kind: str
    mime: str
    details: dict[str, Any]


def kind_of_bytes(head: bytes) -> str:
    """image, audio, video, table, document, drawing or archive by the first bytes; else text, or "unknown" for other
    binary data.

    Text comes first: a table that begins with "BMW" is no bitmap, for those hold bytes that no text has.
    """
    if coded := next((kind for pattern, kind in _CODED if pattern.match(head)), ""):
        return coded
    if _is_text(head):
        return "text"
    return next((kind for magic, at, kind in _MAGIC if head[at : at + len(magic)] == magic), "unknown")


def _is_text(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < _HEAD)
    except UnicodeDecodeError:
        return False
    return _CONTROL.search(head) is None


def inspect(path: Path, name: str, wanted: str | None = None) -> Shape:
    """Read a file's header only, and check that it is what its name says and not too large to decode.

    Raises:
        MediaError: empty, damaged, too large, or another type than its name or the caller says.
    """
    size = path.stat().st_size
    if size == 0:
        raise MediaError(
            f"{name} is empty (0 bytes); pass a file with an image, a recording, a video, a table or a text in it"
        )
    if size > MAX_FILE_BYTES:
        raise MediaError(
            f"{name} has {human_bytes(size)}; allowed are {human_bytes(MAX_FILE_BYTES)}; pass a smaller file"
        )
    with path.open("rb") as file:
        head = file.read(_HEAD)
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    named = KIND_OF_SUFFIX.get(suffix, "")
    told = _format(head, path)
    if told and named and told != suffix:
        raise MediaError(
            f"{name} is {_a(told.upper())} file, not {_a(suffix.upper())} file as its name says; name it .{told}"
        )
    kind = KIND_OF_SUFFIX[told] if told else _kind(head, suffix, named, wanted)
    if kind not in _HEADERS or (named and named != kind):
        claim = f", not {_a(named)} file as its name says" if named and named != kind else ""
        instead = f"; {_INSTEAD[kind]}" if kind in _INSTEAD else ""
        raise MediaError(
            f"{name} is {_a(kind)} file{claim}; "
            "allowed are images (PNG, JPEG, …), audio (WAV, FLAC, OGG, MP3), video (MP4, WebM), "
            f"tables (CSV, XLSX, JSON, Parquet) and texts (TXT, MD, HTML, PDF, DOCX){instead}"
        )
    if wanted and wanted != kind:
        raise MediaError(f"{name} is {_a(kind)} file, but {_a(wanted)} file is needed here; pass {_a(wanted)} file")
    return _HEADERS[kind](path, name, told or suffix)


def _format(head: bytes, path: Path) -> str:
    """pdf, docx or xlsx, by what is in the file; "" for all others."""
    if head.startswith(b"%PDF-"):
        return "pdf"
    if not head.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ""
    return next((told for part, told in _PARTS.items() if part in names), "")


def _kind(head: bytes, suffix: str, named: str, wanted: str | None) -> str:
    """What a file is by its bytes; only its name, or who asks for it, tells a table from a text."""
    found = kind_of_bytes(head)
    if {found, named} == {"audio", "video"} and any(head[at : at + len(magic)] == magic for magic, at in _EITHER):
        return named  # these forms hold a recording or a video, and only the name says which
    if found == "archive":
        return named if suffix in _PARTS.values() else found  # a damaged one, or whatever its bytes may spell
    is_named = suffix in ("csv", "tsv", "json", "jsonl") or (named == "text" and suffix not in DOCUMENTS)
    wide = wide_name(head)
    in_another_encoding = (wide and (is_named or (wide == "utf-16" and not named))) or (
        is_named and found in ("unknown", "image", "audio") and not _is_text(head) and not _CONTROL.search(head)
    )
    if found != "text" and not in_another_encoding:
        return found
    return "table" if named == "table" or (wanted == "table" and not named) else "text"


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' or kind.startswith(('XLSX', 'MP', 'HTM')) else 'a'} {kind}"


def _image(path: Path, name: str, suffix: str) -> Shape:
    return Shape("image", *picture_details(path, name))


def _audio(path: Path, name: str, suffix: str) -> Shape:
    return Shape("audio", *sound_details(path, name))


def _video(path: Path, name: str, suffix: str) -> Shape:
    return Shape("video", f"video/{suffix or 'mp4'}", {})


def _table(path: Path, name: str, suffix: str) -> Shape:
    size = path.stat().st_size
    if size > MAX_TABLE_BYTES:
        raise MediaError(
            f"{name} has {human_bytes(size)}; allowed for a table are {human_bytes(MAX_TABLE_BYTES)}; take a part of it"
        )
    if suffix in ("json", "jsonl"):
        _check_json(path, name, suffix)
    elif suffix == "xlsx":
        try:
            opened(path.read_bytes(), "an .xlsx file").close()
        except MediaError as error:
            raise MediaError(in_file(str(error), name)) from error
    return Shape("table", _TABLE_MIMES.get(suffix, "text/csv"), {})


def _check_json(path: Path, name: str, suffix: str) -> None:
    try:
        text, _ = decoded(path.read_bytes())
        first = text.lstrip().partition("\n")[0]
        try:
            json.loads(first if suffix == "jsonl" else text)
        except ValueError:
            if not isinstance(json.loads(first), dict):  # a record a line, under the name of one JSON
                raise
    except (ValueError, RecursionError) as error:
        raise MediaError(f"{name} is no valid JSON ({error}); correct it or pass a CSV file") from error


def _text(path: Path, name: str, suffix: str) -> Shape:
    with path.open("rb") as file:
        data = file.read((MAX_DOCUMENT_BYTES if suffix in DOCUMENTS else MAX_TEXT_BYTES) + 1)
    mime = text_mime(data, suffix, suffix in KIND_OF_SUFFIX)
    read = read_text(data, "html" if mime == "text/html" else suffix, name)
    if not read.text.strip():
        raise MediaError(f"{name} holds no text; pass a file with something in it")
    told = {"read_as": read.read_as, "left_out": read.left_out}
    return Shape("text", mime, {key: said for key, said in told.items() if said})


_HEADERS: dict[str, Callable[[Path, str, str], Shape]] = {
    "image": _image,
    "audio": _audio,
    "video": _video,
    "table": _table,
    "text": _text,
}
