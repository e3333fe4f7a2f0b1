"""Opening what a user names: regular files alone, and never a surprise behind a name."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from ..errors import MediaError
from .media_types import MAX_FILE_BYTES
from .units import human_bytes


def open_regular(path: Path, follow: bool = True) -> BinaryIO:
    """Open a file for reading, and nothing else: a pipe would wait forever, a device could do anything.

    Raises:
        MediaError: it does not exist, is no regular file, is too large, or may not be read.
    """
    nothing = 0  # flags that Windows does not have
    flags = getattr(os, "O_NONBLOCK", nothing) | (nothing if follow else getattr(os, "O_NOFOLLOW", nothing))
    try:
        _check_regular(path, path.stat() if follow else path.lstat())
        file = os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", nothing) | flags), "rb")
    except PermissionError as error:
        raise MediaError(f"{path} may not be read by this user; change its rights or pass a copy") from error
    except (OSError, ValueError) as error:
        near = f"; in {path.parent} there are: {_neighbours(path)}" if path.parent.is_dir() else ""
        raise MediaError(f"{path} does not exist{near}; check the path") from error
    try:
        _check_regular(path, os.fstat(file.fileno()))  # it may have been swapped since the first look
    except MediaError:
        file.close()
        raise
    return file


def _check_regular(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        found = "folder" if stat.S_ISDIR(status.st_mode) else "special file"
        raise MediaError(f"{path} is a {found}, not a regular file; pass a file")
    if status.st_size > MAX_FILE_BYTES:
        raise MediaError(
            f"{path.name} has {human_bytes(status.st_size)}; allowed are {human_bytes(MAX_FILE_BYTES)}; "
            "pass a smaller file"
        )


def copied(source: BinaryIO, target: Path) -> tuple[str, int]:
    """SHA-256 and size of what was copied; in pieces, for a video does not fit into memory."""
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as file:
        while piece := source.read(1 << 20):
            digest.update(piece)
            size += file.write(piece)
    return digest.hexdigest(), size


def _neighbours(path: Path) -> str:
    try:
        names = sorted(p.name for p in path.parent.iterdir() if p.is_file())
    except OSError:
        return "files that may not be listed"
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "") if names else "no files"
