"""Images, audio, video and tables pass by reference.

A `Workspace` is a folder that holds files under handles such as `image-1`. A language model sees handles, never
bytes and never paths; tools open handles; results go back in as new handles with a note of what made them.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import MediaError, ToolInputError
from .card import human_bytes
from .home import home, write_atomically
from .media_types import MAX_FILE_BYTES, inspect

_EXTENSIONS = {"image": "png", "audio": "wav", "video": "mp4", "table": "csv", "model3d": "glb"}


@dataclass(frozen=True, slots=True)
class Media:
    """One file of a workspace.

    `file` is its name in the workspace's folder, `name` what the user called it, `details` its measures (width
    and height in pixels, seconds, sampling rate in Hz), and `made_by` the tool and the inputs it came from.
    """

    handle: str
    kind: str
    file: str
    mime: str
    sha256: str
    bytes: int
    name: str
    details: dict[str, Any] = field(default_factory=dict)
    made_by: dict[str, Any] = field(default_factory=dict)
    folder: str = ""

    @property
    def path(self) -> Path:
        return Path(self.folder) / self.file

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__ if name != "folder"}

    def __str__(self) -> str:
        size = {"image": "{width} x {height} pixels", "audio": "{seconds} s at {sampling_rate} Hz"}.get(self.kind, "")
        return f"{self.handle} ({self.name}, {size.format(**self.details) or human_bytes(self.bytes)})"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from .show import media_html

        return {"text/plain": str(self), "text/html": media_html(self)}


class Workspace:
    """A folder of media files under handles.

    Args:
        folder: where the files lie; a fresh folder under `$PREFRONTAL_HOME/workspaces` when None. An existing
            workspace is taken up again with its handles.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        fresh = home() / "workspaces" / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
        self.folder = Path(folder).expanduser().resolve() if folder else fresh
        self._media: dict[str, Media] = {}
        self._lock = threading.RLock()
        manifest = self.folder / "media.json"
        if manifest.is_file():
            for row in json.loads(manifest.read_text(encoding="utf-8")):
                self._media[row["handle"]] = Media(**row, folder=str(self.folder))

    def add(
        self,
        value: Any,
        *,
        kind: str | None = None,
        name: str | None = None,
        made_by: dict[str, Any] | None = None,
    ) -> Media:
        """Take in a path, bytes, a PIL image, a numpy array, `(samples, sampling_rate)`, or a pandas table.

        The same content of the same kind keeps its first handle. Arrays of 2 or 3 dimensions are images; samples
        are float arrays of shape (n,) or (n, channels).

        Raises:
            MediaError: the file is missing, no regular file, not what its name says, damaged or too large.
        """
        if isinstance(value, Media):
            return self._media.get(value.handle) or self.add(value.path, name=value.name, made_by=value.made_by)
        if isinstance(value, str | Path):
            data, name = _read_file(Path(value).expanduser()), name or Path(value).name
        else:
            data, kind = _encode(value, kind)
        return self._store(data, kind, name, made_by or {})

    def _store(self, data: bytes, kind: str | None, name: str | None, made_by: dict[str, Any]) -> Media:
        digest = hashlib.sha256(data).hexdigest()
        with self._lock:
            for media in self._media.values():
                if media.sha256 == digest and kind in (None, media.kind):
                    return media
            self.folder.mkdir(parents=True, exist_ok=True)
            suffix = Path(name).suffix.lower() if name else f".{_EXTENSIONS.get(kind or '', 'bin')}"
            path = self.folder / f"{digest[:16]}{suffix}"
            write_atomically(path, data)
            try:
                shape = inspect(path, name or path.name, kind)
            except MediaError:
                path.unlink()
                raise
            handle = f"{shape.kind}-{1 + sum(m.kind == shape.kind for m in self._media.values())}"
            media = Media(
                handle, shape.kind, path.name, shape.mime, digest, len(data), name or handle, shape.details, made_by,
                str(self.folder),
            )  # fmt: skip
            self._media[handle] = media
            rows = json.dumps([m.to_dict() for m in self._media.values()], indent=1, ensure_ascii=False)
            write_atomically(self.folder / "media.json", rows.encode())
            return media

    def get(self, handle: str, kind: str | None = None) -> Media:
        """The media behind a handle, of the given kind when one is named.

        Raises:
            ToolInputError: there is no such handle, or it is of another kind; the message lists what there is.
        """
        media = self._media.get(handle)
        if media is None:
            there = ", ".join(str(m) for m in self._media.values()) or "none"
            raise ToolInputError(f"{str(handle)[:80]!r} is not a handle of this workspace; there are: {there}")
        if kind and media.kind != kind:
            fits = (
                ", ".join(m.handle for m in self._media.values() if m.kind == kind)
                or f"none (pass a file of kind {kind})"
            )
            raise ToolInputError(f"{handle} is of kind {media.kind}, but kind {kind} is needed here; there are: {fits}")
        return media

    def open(self, handle: str, kind: str | None = None) -> Any:
        """The content: a PIL image, `{"array": float32 (n,), "sampling_rate": Hz}`, a pandas table, or a path (video).

        Raises:
            ToolInputError: as `get`.
            MediaError: the file is damaged, or was swapped for a link.
        """
        media = self.get(handle, kind)
        path = media.path
        if path.is_symlink() or not path.is_file():
            raise MediaError(
                f"the file of {handle} is gone from {self.folder}, or was replaced by a link; add it again"
            )
        return _OPENERS.get(media.kind, lambda p: p)(path)

    def __iter__(self) -> Iterator[Media]:
        return iter(list(self._media.values()))

    def __len__(self) -> int:
        return len(self._media)

    def __contains__(self, handle: object) -> bool:
        return handle in self._media

    def __repr__(self) -> str:
        return f"Workspace({str(self.folder)!r}: {', '.join(self._media) or 'empty'})"


def _read_file(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        near = f"; in {path.parent} there are: {_neighbours(path)}" if path.parent.is_dir() else ""
        raise MediaError(f"{path} does not exist{near}; check the path") from error
    if not stat.S_ISREG(mode):
        raise MediaError(
            f"{path} is a {'folder' if stat.S_ISDIR(mode) else 'special file'}, not a regular file; pass a file"
        )
    if path.stat().st_size > MAX_FILE_BYTES:
        raise MediaError(f"{path.name} is larger than {human_bytes(MAX_FILE_BYTES)}; pass a smaller file")
    if not os.access(path, os.R_OK):
        raise MediaError(f"{path} may not be read by this user; change its rights or pass a copy")
    return path.read_bytes()


def _neighbours(path: Path) -> str:
    names = sorted(p.name for p in path.parent.iterdir() if p.is_file())
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "") if names else "no files"


def _encode(value: Any, kind: str | None) -> tuple[bytes, str | None]:
    """Bytes and kind of a value in memory; types are told by their module's name so that nothing is imported for it."""
    module = type(value).__module__.partition(".")[0]
    if isinstance(value, bytes | bytearray):
        return bytes(value), kind
    if module == "PIL":
        return _png(value), "image"
    if module == "pandas":
        return value.to_csv(index=False).encode(), "table"
    if isinstance(value, dict) and "sampling_rate" in value:
        value = (value["array"] if "array" in value else value["raw"], value["sampling_rate"])
    if isinstance(value, tuple) and len(value) == 2:
        return _wav(*value), "audio"
    if module == "numpy":
        from PIL import Image

        return _png(Image.fromarray(value)), "image"
    raise MediaError(
        f"a {type(value).__name__} cannot become media; allowed are a path, bytes, a PIL image, a numpy array, "
        "(samples, sampling_rate), and a pandas table"
    )


def _png(image: Any) -> bytes:
    target = io.BytesIO()
    (image if image.mode in ("L", "RGB", "RGBA", "1", "P", "I;16") else image.convert("RGB")).save(target, "PNG")
    return target.getvalue()


def _wav(samples: Any, rate: int) -> bytes:
    import numpy as np
    import soundfile

    target = io.BytesIO()
    array = np.asarray(samples, dtype=np.float32)
    soundfile.write(
        target,
        np.clip(array.T if array.ndim == 2 and array.shape[0] < array.shape[1] else array, -1, 1),
        rate,
        format="WAV",
    )
    return target.getvalue()


def _open_image(path: Path) -> Any:
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as image:
            return ImageOps.exif_transpose(image).copy()
    except (OSError, ValueError, SyntaxError) as error:
        raise MediaError(
            f"{path.name} is damaged and cannot be decoded ({error}); save it again as PNG or JPEG"
        ) from error


def _open_audio(path: Path) -> dict[str, Any]:
    import soundfile

    samples, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    return {"array": samples.mean(axis=1), "sampling_rate": rate}


def _open_table(path: Path) -> Any:
    try:
        import pandas as pd
    except ImportError as error:
        raise MediaError("tables need pandas: pip install 'prefrontal[tables]'") from error
    suffix = path.suffix.lower()
    if suffix in (".json", ".jsonl"):
        return pd.read_json(path, lines=suffix == ".jsonl")
    return {".parquet": pd.read_parquet, ".xlsx": pd.read_excel}.get(suffix, pd.read_csv)(
        path, **({"sep": "\t"} if suffix == ".tsv" else {})
    )


_OPENERS = {"image": _open_image, "audio": _open_audio, "table": _open_table}
