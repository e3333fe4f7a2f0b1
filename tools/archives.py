"""Zip files that office programs write, read in memory only: nothing is unpacked to disk, no part is larger than
allowed, and no XML in them declares anything, so that none can refer to another file or grow while it is read.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from ..errors import MediaError
from .units import human_bytes

MAX_UNPACKED_BYTES = 200_000_000
_MAX_PARTS = 10_000
_PIECE = 1 << 16
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class _Declared(Exception):
    """An XML part has a DOCTYPE."""

    def __str__(self) -> str:
        return "it declares entities"


_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError)


def opened(data: bytes, again: str) -> zipfile.ZipFile:
    """The archive, its size and its XML looked at; sizes that it lies about end its reading, as zipfile checks them.

    Args:
        again: what to save the file as instead, such as "an .xlsx file".

    Raises:
        MediaError: it is damaged, has a password, unpacks to more than 200 MB, or holds XML with declarations.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
        unpacked = sum(info.file_size for info in infos)
        if unpacked > MAX_UNPACKED_BYTES or len(infos) > _MAX_PARTS:
            raise MediaError(
                f"the file unpacks to {human_bytes(unpacked)} in {len(infos)} parts; allowed are "
                f"{human_bytes(MAX_UNPACKED_BYTES)} in {_MAX_PARTS} parts; take a part of it"
            )
        if any(info.flag_bits & 1 for info in infos):
            raise MediaError(f"the file has a password; save it without one as {again}")
        if any(info.compress_type not in _METHODS for info in infos):
            raise MediaError(f"the file is packed in a way that no office program uses; save it again as {again}")
        for info in infos:
            if info.filename.endswith((".xml", ".rels", ".vml")):
                _check_undeclared(archive, info)
    except _BROKEN as error:
        raise MediaError(f"the file is damaged ({str(error)[:100]}); save it again as {again}") from error
    except _Declared as error:
        raise MediaError(
            "the file declares entities of its own, which no office program writes and which may read other files; "
            f"save it again as {again}"
        ) from error
    return archive


def _check_undeclared(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """A DOCTYPE stands before the first element, so that is as far as it is read. Bad XML is for the reader to find."""
    seen: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: seen.append(name)
    with archive.open(info) as part:
        while not seen and (piece := part.read(_PIECE)):
            try:
                parser.Parse(piece)
            except expat.ExpatError:
                return


def _refuse(*told: Any) -> None:
    raise _Declared


def elements(
    data: bytes, start: Callable[[str], None], text: Callable[[str], None], end: Callable[[str], None]
) -> None:
    """Walk through the XML of a part: names of elements without their namespaces, and the text between them.

    Raises:
        MediaError: it is no XML, or declares anything.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(" ")[2])
    parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    parser.CharacterDataHandler = text
    try:
        for at in range(0, len(data), _PIECE):
            parser.Parse(data[at : at + _PIECE])
        parser.Parse(b"", True)
    except (expat.ExpatError, _Declared) as error:
        raise MediaError(f"the file is damaged ({error}); save it again") from error


def part_of(archive: zipfile.ZipFile, name: str, again: str) -> bytes:
    """The bytes of a part.

    Raises:
        MediaError: it is damaged.
    """
    try:
        return archive.read(name)
    except _BROKEN as error:
        raise MediaError(f"the file is damaged ({str(error)[:100]}); save it again as {again}") from error
