"""Where prefrontal keeps its files: `$PREFRONTAL_HOME`, else `~/.prefrontal`."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The folder for the default index and the workspaces (not created here)."""
    return Path(os.environ.get("PREFRONTAL_HOME") or "~/.prefrontal").expanduser()


def write_atomically(path: Path, data: bytes, sync: bool = True) -> None:
    """Write beside, sync, then switch: a reader, or a crash, meets the old file or the new one, never a half.

    Args:
        sync: False where only a killed process matters, not a power cut: waiting for the disk takes 1 to 100 ms.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    with fresh.open("wb") as file:
        file.write(data)
        if sync:
            file.flush()
            os.fsync(file.fileno())
    os.replace(fresh, path)
