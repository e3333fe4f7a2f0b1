"""What a file is by its first bytes, and its limits, before anything is decoded."""

from __future__ import annotations

import gzip
import os
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from made_files import docx, paragraphs, pdf, workbook

from prefrontal.errors import MediaError
from prefrontal.tools.media_types import MAX_TABLE_BYTES, inspect, kind_of_bytes

ALLOWED = (
    "allowed are images (PNG, JPEG, …), audio (WAV, FLAC, OGG, MP3), video (MP4, WebM), "
    "tables (CSV, XLSX, JSON, Parquet) and texts (TXT, MD, HTML, PDF, DOCX)"
)


def refusal(path: Path, name: str = "", wanted: str | None = None) -> str:
    with pytest.raises(MediaError) as caught:
        inspect(path, name or path.name, wanted)
    return str(caught.value)


@pytest.fixture
def file(tmp_path: Path):
    def write(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM"])
def test_pictures_of_every_format(tmp_path: Path, format: str) -> None:
    path = tmp_path / "picture"
    Image.new("RGB", (7, 5), "red").save(path, format)
    assert kind_of_bytes(path.read_bytes()) == "image"
    shape = inspect(path, path.name)
    assert (shape.kind, shape.details) == ("image", {"width": 7, "height": 5})
    assert shape.mime.startswith("image/")


@pytest.mark.parametrize("format", ["WAV", "FLAC", "OGG", "AIFF", "AU", "MP3"])
def test_sound_of_every_format(tmp_path: Path, format: str) -> None:
    path = tmp_path / "sound"
    soundfile.write(path, np.zeros((8_000, 2)), 8_000, format=format)
    assert kind_of_bytes(path.read_bytes()) == "audio"
    shape = inspect(path, path.name)
    assert (shape.details["sampling_rate"], shape.details["channels"]) == (8_000, 2)
    assert shape.details["seconds"] == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "video"),
        (b"\x1aE\xdf\xa3\x01\0\0\0", "video"),
        (b"RIFF\x24\0\0\0AVI LIST", "video"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", "audio"),
        (b"PAR1\x15\x04", "table"),
        (b"PK\x03\x04\x14\0", "archive"),
        (b"\x7fELF\x02\x01", "unknown"),
        (b"\x80\x04\x95pickle", "unknown"),
        (b"\x89PNG", "unknown"),
        (b"plain words", "text"),
        (b"BMW,320\nAudi,A4\n", "text"),
        (b"ID3,P5,GIF8,FORM", "text"),
        ("é".encode() * 2047 + b"xx" + "é".encode(), "text"),  # the head of a file ends inside a letter
        (b"P5 2 2 255 abcd", "image"),
        (b"%PDF-1.4\n1 0 obj\n", "document"),
        (b"{\\rtf1\\ansi Dear all\\par}", "document"),
        (b"<?xml version='1.0'?>\n<svg width='9'/>", "drawing"),
        (b"<!-- drawn --><svg/>", "drawing"),
        (b"<p>an <svg/> inside of words</p>", "text"),
    ],
)
def test_first_bytes(head: bytes, kind: str) -> None:
    assert kind_of_bytes(head[:4096]) == kind


@pytest.mark.parametrize(
    ("name", "mime"), [("clip.mp4", "video/mp4"), ("clip.webm", "video/webm"), ("clip", "video/mp4")]
)
def test_a_video_is_told_by_its_first_bytes(file, name: str, mime: str) -> None:
    shape = inspect(file(name, b"\0\0\0\x18ftypmp42\0\0\0\0"), name)
    assert (shape.kind, shape.mime) == ("video", mime)


@pytest.mark.parametrize(
    ("name", "data", "mime"),
    [
        ("t.csv", b"a,b\n1,2\n", "text/csv"),
        ("t.csv", "name\ncafé\n".encode("cp1252"), "text/csv"),
        ("t.csv", "name\ncafé\n".encode("utf-16"), "text/csv"),
        ("t.csv", b"BMW,5\n", "text/csv"),
        ("t.tsv", b"a\tb\n1\t2\n", "text/tab-separated-values"),
        ("t.json", b'[{"a": 1}]', "application/json"),
        ("t.json", b'\xef\xbb\xbf[{"a": 1}]', "application/json"),
        ("t.jsonl", b'{"a": 1}\n{"a": 2}\n', "application/jsonl"),
    ],
)
def test_tables(file, name: str, data: bytes, mime: str) -> None:
    shape = inspect(file(name, data), name)
    assert (shape.kind, shape.mime) == ("table", mime)


def test_text_becomes_a_table_only_where_one_is_asked_for(file) -> None:
    path = file("cells", b"a,b\n1,2\n")
    assert inspect(path, "cells", "table").kind == "table"
    assert inspect(path, "cells").kind == "text"
    assert refusal(path, "cells.txt", "table") == (
        "cells.txt is a text file, but a table file is needed here; pass a table file"
    )
    assert refusal(path, "cells.csv", "text") == (
        "cells.csv is a table file, but a text file is needed here; pass a text file"
    )


@pytest.mark.parametrize(
    ("name", "data", "mime"),
    [
        ("notes.txt", b"Call Anna.\n", "text/plain"),
        ("notes.txt", "Büro".encode("cp1252"), "text/plain"),
        ("notes.txt", "Büro".encode("utf-16"), "text/plain"),
        ("notes", "Büro".encode("utf-16"), "text/plain"),
        ("notes", b"Call Anna.", "text/plain"),
        ("notes.v2", b"Call Anna.", "text/plain"),
        ("README.MD", b"# Finder", "text/markdown"),
        ("server.log", b"\x1b[31mfailed\x1b[0m", "text/plain"),
        ("page.html", b"<p>Hello</p>", "text/html"),
        ("page", b"<!DOCTYPE html><p>Hello", "text/html"),
        ("page.txt", b"<html>is a tag", "text/plain"),  # its name says that it is to be read as it is
    ],
)
def test_texts(file, name: str, data: bytes, mime: str) -> None:
    shape = inspect(file(name, data), name)
    assert (shape.kind, shape.mime) == ("text", mime)
    encodings = {b"\xff\xfe": "UTF-16", b"B\xfc": "cp1252"}
    assert shape.details == ({"read_as": f"Read as {encodings[data[:2]]}."} if data[:2] in encodings else {})


@pytest.mark.parametrize("name", ["notes", "notes.doc"])
def test_an_encoding_is_guessed_only_where_the_name_says_that_it_is_a_text(file, name: str) -> None:
    assert refusal(file(name, "Büro".encode("cp1252"))) == f"{name} is an unknown file; {ALLOWED}"


@pytest.mark.parametrize(
    ("name", "data", "kind", "instead"),
    [("letter.rtf", b"{\\rtf1 words}", "a document", "save it as DOCX or PDF"),
     ("plan.svg", b"<svg/>", "a drawing", "save it as PNG"),
     ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a locked or old Office",
      "save it as XLSX or DOCX, without a password")],
)  # fmt: skip
def test_what_is_none_of_these_says_what_to_do(file, name: str, data: bytes, kind: str, instead: str) -> None:
    assert refusal(file(name, data)) == f"{name} is {kind} file; {ALLOWED}; {instead}"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", pdf(["words"]), "a.txt is a PDF file, not a TXT file as its name says; name it .pdf"),
        ("a.csv", workbook(A=[["n"], [1]]), "a.csv is an XLSX file, not a CSV file as its name says; name it .xlsx"),
        ("a.pdf", docx(paragraphs("x")), "a.pdf is a DOCX file, not a PDF file as its name says; name it .docx"),
    ],
)
def test_a_document_under_another_name(file, name: str, data: bytes, said: str) -> None:
    assert refusal(file(name, data)) == said


@pytest.mark.parametrize(
    ("name", "data", "kind", "mime"),
    [
        ("letter", pdf(["words"], []), "text", "application/pdf"),
        ("book.xlsm", workbook(A=[["n"], [1]]), "table",
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("letter.docx", docx(paragraphs("x")), "text",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("bmw.csv", "BM;Zoë\nA;1\n".encode("cp1252"), "table", "text/csv"),
        ("t.json", '[{"n": "ü"}]'.encode("utf-16"), "table", "application/json"),
        ("t.csv", "a;b\nü;1\n".encode("utf-16-le"), "table", "text/csv"),
    ],
)  # fmt: skip
def test_files_by_what_is_in_them(file, name: str, data: bytes, kind: str, mime: str) -> None:
    shape = inspect(file(name, data), name)
    assert (shape.kind, shape.mime) == (kind, mime)


@pytest.mark.parametrize("name", ["a.xlsx", "a.docx"])
def test_half_an_archive_is_damaged(file, name: str) -> None:
    assert refusal(file(name, workbook(A=[["n"], [1]])[:-30])).startswith(f"{name} is damaged (")


@pytest.mark.parametrize(("name", "data"), [("a.txt", b" \n\t\n"), ("a.html", b"<p><br></p><script>x()</script>")])
def test_a_text_without_words(file, name: str, data: bytes) -> None:
    assert refusal(file(name, data)) == f"{name} holds no text; pass a file with something in it"


def test_a_text_with_bytes_of_something_else_behind_its_first_page(file) -> None:
    assert refusal(file("core.log", b"started\n" * 1_000 + b"\0\0")) == (
        "core.log cannot be read as text (it holds zero bytes, which no text has); allowed are UTF-8, UTF-16, "
        "Windows-1252 and what is common elsewhere; save it again as UTF-8"
    )


def test_a_text_too_large(file) -> None:
    assert refusal(file("book.txt", b"word " * 400_001)) == (
        "book.txt has 2.0 MB; allowed for a text are 2.0 MB; take a part of it"
    )


def test_a_text_named_png_names_both_types(file) -> None:
    assert refusal(file("photo.png", b"not a picture")) == (
        f"photo.png is a text file, not an image file as its name says; {ALLOWED}"
    )


def test_sound_named_png_names_both_types(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    soundfile.write(path, np.zeros(800), 8_000, format="WAV")
    assert refusal(path) == f"photo.png is an audio file, not an image file as its name says; {ALLOWED}"


@pytest.mark.parametrize("name", ["photo.png", "photo", "table.csv"])
def test_an_archive_is_none_of_these(file, name: str) -> None:
    assert refusal(file(name, b"PK\x03\x04\x14\0\0\0")).startswith(f"{name} is an archive file")


def test_another_kind_than_wanted(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    Image.new("L", (2, 2)).save(path)
    assert refusal(path, wanted="audio") == (
        "photo.png is an image file, but an audio file is needed here; pass an audio file"
    )


def test_an_empty_file(file) -> None:
    assert refusal(file("photo.png", b"")) == (
        "photo.png is empty (0 bytes); pass a file with an image, a recording, a video, a table or a text in it"
    )


def test_an_empty_recording(tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(0), 8_000)
    assert refusal(path) == "silence.wav holds no sound (0 seconds); pass a recording with something in it"


def png_of(width: int, height: int) -> bytes:
    """A grey PNG of 1 bit a pixel, all black: the pixels are packed 1,000 to 1, and never held here."""
    pack, row, rows = zlib.compressobj(9), bytes(1 + (width + 7) // 8), b""
    for _ in range(height):
        rows += pack.compress(row)
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x01\0\0\0\0"

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows + pack.flush()) + chunk(b"IEND", b"")


def test_a_picture_bomb_is_refused_undecoded(file, monkeypatch: pytest.MonkeyPatch) -> None:
    data = png_of(13_000, 13_000)
    assert len(data) < 50_000
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("the bomb was decoded"))
    assert refusal(file("bomb.png", data)) == (
        "bomb.png has 13000 x 13000 = 169 million pixels; allowed are 64 million; scale it down"
    )


def test_a_larger_bomb_is_refused_by_pillow_itself(file) -> None:
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x01\0\0\0\0"
    data = (
        header + zlib.crc32(header[12:]).to_bytes(4, "big") + b"\0\0\0\0IDAT" + zlib.crc32(b"IDAT").to_bytes(4, "big")
    )
    assert "60000 x 60000" in refusal(file("bomb.png", data)) or "cannot be read as an image" in refusal(
        file("bomb.png", data)
    )


def test_an_hour_of_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "talk.wav"
    soundfile.write(path, np.zeros(3_600_000, np.float32), 1_000, subtype="PCM_U8")
    assert refusal(path) == ("talk.wav lasts 60 minutes; allowed are 30 minutes and 512 MB decoded; cut it into pieces")


def test_sound_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "choir.flac"
    soundfile.write(path, np.zeros((100, 8), np.int16), 192_000)
    data = bytearray(path.read_bytes())
    stream = int.from_bytes(data[18:26], "big")  # the last 36 bits count the frames
    data[18:26] = (stream >> 36 << 36 | 20_000_000).to_bytes(8, "big")
    path.write_bytes(data)
    assert refusal(path) == (
        "choir.flac lasts 2 minutes; allowed are 30 minutes and 512 MB decoded; cut it into pieces"
    )


@pytest.mark.parametrize("name", ["a.png", "a.flac"])
def test_truncated_headers(file, name: str) -> None:
    heads = {"a.png": b"\x89PNG\r\n\x1a\n\0\0", "a.flac": b"fLaC\0\0\0"}
    kind = "an image" if name == "a.png" else "audio"
    again = "PNG or JPEG" if name == "a.png" else "WAV or FLAC"
    message = refusal(file(name, heads[name]))
    assert message.startswith(f"{name} cannot be read as {kind} (")
    assert message.endswith(f"); save it again as {again}")


def test_a_wav_file_says_how_long_it_should_be(file) -> None:
    message = refusal(file("a.wav", b"RIFF\x24\0\0\0WAVEfm"))
    assert message.startswith("a.wav is cut off (44 B by its header, 14 B here)")


@pytest.mark.parametrize("data", [b"{", b"[" * 100_000, b"a,b\n1,2\n"])
def test_json_that_is_none(file, data: bytes) -> None:
    message = refusal(file("t.json", data))
    assert message.startswith("t.json is no valid JSON (")
    assert message.endswith("); correct it or pass a CSV file")


def test_a_table_too_large_for_memory(file) -> None:
    path = file("t.csv", b"a,b\n")
    os.truncate(path, MAX_TABLE_BYTES + 1)  # sparse: it takes no disk
    head = path.open("r+b")
    with head:
        head.write(b"a" * 5_000)
    assert refusal(path) == "t.csv has 100 MB; allowed for a table are 100 MB; take a part of it"


@pytest.mark.parametrize("made", [0, 1794708892, 1794716811, 1795753000])  # the time is a part of its bytes
def test_a_gzip_is_an_archive(file, made: int) -> None:
    assert refusal(file("t.csv", gzip.compress(b"a,b", mtime=made))) == (
        f"t.csv is an archive file, not a table file as its name says; {ALLOWED}; unpack it and pass what is in it"
    )


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_a_photo_taken_sideways_has_the_measures_it_is_seen_with(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"sideways.{suffix}"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(path, exif=exif)
    assert inspect(path, path.name).details == {"width": 20, "height": 40}
