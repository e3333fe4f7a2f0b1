"""Where media come from: a path, an open file, a data: address, a value; an address on the web where it is allowed."""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote_to_bytes

from ..errors import MediaError
from .media_codec import encode
from .media_types import MAX_FILE_BYTES
from .regular_files import open_regular
from .units import human_bytes

Source = tuple[BinaryIO, str | None, str | None]  # what to read, its kind where it is told, and its name
_ADDRESS = re.compile(r"\s*(?P<scheme>data(?=:)|[a-z][a-z0-9+.-]+(?=://))", re.IGNORECASE)
_DATA = re.compile(r"\s*data:(?P<mime>[\w.+-]*/?[\w.+-]*)(?P<more>(?:;[^,;]*)*?)(?P<coded>;base64)?,", re.IGNORECASE)
# Tables and texts are told by a name alone.
_NAME_OF_MIME = {
    "text/csv": "table.csv",
    "text/tab-separated-values": "table.tsv",
    "application/json": "table.json",
    "text/html": "page.html",
    "text/plain": "text.txt",
    "text/markdown": "text.md",
}


@contextmanager
def source_of(value: Any, kind: str | None, name: str | None, allow_urls: bool = False) -> Iterator[Source]:
    """What is read of a value, open for as long as it is used.

    Args:
        allow_urls: fetch http and https addresses; others are never followed.

    Raises:
        MediaError: it cannot be read, is no value that can become media, or is an address that may not be followed.
    """
    if isinstance(value, str) and (address := _ADDRESS.match(value)):
        read = _READERS.get(address["scheme"].lower(), _unknown)
        data, told = read(value.strip(), allow_urls)
        yield io.BytesIO(data), kind, name or told
    elif isinstance(value, str | Path):
        path = Path(value).expanduser()
        with open_regular(path) as file:
            yield file, kind, name or path.name
    elif callable(getattr(value, "read", None)):
        yield io.BytesIO(_all_of(value)), kind, name or _name_of(value)
    else:
        data, kind = encode(value, kind)
        yield io.BytesIO(data), kind, name


def _all_of(file: Any) -> bytes:
    """What an open file holds: from where it stands, and all of it where somebody wrote it and did not go back."""
    data = file.getvalue() if isinstance(file, io.BytesIO) else file.read(MAX_FILE_BYTES + 1)
    if not data and callable(getattr(file, "seek", None)):
        file.seek(0)
        data = file.read(MAX_FILE_BYTES + 1)
    data = data.encode() if isinstance(data, str) else bytes(data)
    if len(data) > MAX_FILE_BYTES:
        raise MediaError(f"the open file has more than {human_bytes(MAX_FILE_BYTES)}; pass a smaller one")
    return data


def _name_of(file: Any) -> str | None:
    named = getattr(file, "name", None)
    return Path(named).name if isinstance(named, str) else None


def _data(address: str, allow_urls: bool) -> tuple[bytes, str | None]:
    found = _DATA.match(address)
    if found is None:
        raise MediaError(
            f"{address[:40]!r} is no data: address; one looks like data:image/png;base64,iVBOR…; pass a path otherwise"
        )
    try:
        body = unquote_to_bytes(address[found.end() :])
        data = base64.b64decode(b"".join(body.split()), validate=True) if found["coded"] else body
    except (binascii.Error, ValueError) as error:
        raise MediaError(f"the data: address is no sound base64 ({error}); encode the file again") from error
    return data, _NAME_OF_MIME.get(found["mime"].lower())


def _web(address: str, allow_urls: bool) -> tuple[bytes, str | None]:
    if not allow_urls:
        raise MediaError(
            f"{address[:80]!r} is an address on the web, and none is fetched unless you allow it; "
            "pass Agent(allow_urls=True), --allow-urls on the command line, or download the file and pass its path"
        )
    from .fetching import fetch

    return fetch(address)


def _unknown(address: str, allow_urls: bool) -> tuple[bytes, str | None]:
    scheme = address.partition(":")[0]
    raise MediaError(
        f"{address[:80]!r} is an address of kind {scheme}; allowed are paths, data: addresses, and http(s) with "
        "Agent(allow_urls=True); pass the path of a file"
    )


_READERS: dict[str, Callable[[str, bool], tuple[bytes, str | None]]] = {"data": _data, "http": _web, "https": _web}
