"""Images, audio, video, tables and text files pass by reference.

A `Workspace` is a folder that holds files under handles such as `image-1`. A language model sees handles, never
bytes and never paths; tools open handles; results go back in as new handles with a note of what made them.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import MediaError, ToolInputError
from .conversation import Conversation, conversation_in, entered, key_of
from .home import home, write_atomically
from .media_codec import decode, encode, is_decodable, is_several
from .media_sources import source_of
from .media_types import KIND_OF_SUFFIX, Shape, inspect
from .picture_files import PARTS, is_blank, pages_of
from .regular_files import copied, open_regular
from .text import error_line, in_file
from .units import human_bytes

MANIFEST = "media.json"

_EXTENSIONS = {"image": "png", "audio": "wav", "video": "mp4", "table": "csv", "text": "txt", "model3d": "glb"}
_EXTENSION_OF_MIME = {
    "text/html": "html",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}  # told by the bytes of a file whose name does not say it


@dataclass(frozen=True, slots=True)
class Media:
    """One file of a workspace.

    `file` is its name in the workspace's folder, `name` what the user called it, `details` its measures (width
    and height in pixels, seconds, sampling rate in Hz), and `made_by` the tool and the inputs it came from.
    `seen_with` is the key that shows it beside its own: a conversation's file has one, "" is for everybody.
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
    seen_with: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        """What a conversation holds to see it; of the name too, for what one user calls a file is not another's."""
        return key_of(self.handle, f"{self.sha256} {self.name}".encode())

    @property
    def path(self) -> Path:
        return Path(self.folder) / self.file

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__ if name not in ("folder", "seen_with")}

    def __str__(self) -> str:
        size = {"image": "{width} x {height} pixels", "audio": "{seconds} s at {sampling_rate} Hz"}.get(self.kind, "")
        first = f", {self.first_of}" if self.first_of else ""
        left_out = f"; {self.details['left_out']}" if self.details.get("left_out") else ""
        said = size.format(**self.details) or human_bytes(self.bytes)
        return f"{self.handle} ({self.name}, {said}{first}{left_out})"

    @property
    def first_of(self) -> str:
        """ "page 1 of 3", of a file of several pages or frames: as a picture it is the first of them; else ""."""
        found = ((part, self.details.get(f"{part}s", 0)) for part in PARTS)
        return next((f"{part} 1 of {count}" for part, count in found if count), "")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from .show import media_html

        return {"text/plain": str(self), "text/html": media_html(self)}


class Workspace:
    """A folder of media files under handles.

    One workspace may serve many conversations: what is added while one of them is entered (`conversation`) is its
    own, and no other sees it. What is added outside of any is for all of them.

    Args:
        folder: where the files lie; a fresh folder under `$PREFRONTAL_HOME/workspaces` when None. An existing
            workspace is taken up again with its handles.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        fresh = home() / "workspaces" / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
        self.folder = Path(folder).expanduser().resolve() if folder else fresh
        self._media: dict[str, Media] = {}
        self._lock = threading.RLock()
        manifest = self.folder / MANIFEST
        if manifest.is_file():
            self._media = _read_manifest(manifest)

    def conversation(self, keys: Iterable[str] = ()) -> AbstractContextManager[Conversation]:
        """`with workspace.conversation(keys) as own:` shows only what that conversation may see: what it holds a key
        of, and what belongs to none. What comes in meanwhile is its own; `own.made` holds the keys."""
        return entered(self.folder, keys)

    def add(
        self,
        value: Any,
        *,
        kind: str | None = None,
        name: str | None = None,
        made_by: dict[str, Any] | None = None,
        seen_with: str = "",
        allow_urls: bool = False,
    ) -> Media:
        """Take in a path, bytes, an open file, a data: address, a PIL image, a numpy array or torch tensor,
        `(samples, sampling_rate)`, or a pandas table.

        The same content of the same kind keeps its first handle; a file that comes to a conversation with a name keeps
        that name, and shares a handle only with its namesake. Arrays of 2 or 3 dimensions are images; samples are
        arrays of shape (n,) or (n, channels), floats from -1 to 1 or whole numbers as files hold them.

        Args:
            seen_with: in a conversation, the key of a result that the file goes with: who holds it sees the file.
            allow_urls: fetch http and https addresses, for what the user passes and never for what a model says.

        Raises:
            MediaError: the file is missing, no regular file, not what its name says, damaged or too large.
        """
        if isinstance(value, Media):
            if self._media.get(value.handle) == value:
                return value
            with open_regular(value.path) as file:
                return self._store(file, value.kind, value.name, value.made_by, "", value.details)
        with source_of(value, kind, name, allow_urls) as (file, kind, name):
            return self._store(file, kind, name, made_by or {}, seen_with)

    def add_all(self, value: Any, *, name: str | None = None, allow_urls: bool = False) -> list[Media]:
        """As `add`, but all that there is to see: of a file of several pages or frames each as a picture of its own, in
        order, and of a list what it lists. Each page's `details` say which it is: {"page": "page 2 of 3"}.

        Raises:
            MediaError: as `add`, or a page is damaged.
        """
        if is_several(value):
            return [media for one in value for media in self.add_all(one, allow_urls=allow_urls)]
        media = self.add(value, name=name, allow_urls=allow_urls)
        if not media.first_of:
            return [media]
        data, pages = self._read(media), []
        with _damage_told(media):
            for place, page in pages_of(data):
                png, _ = encode(page, "image")
                told = {"page": place} | ({"blank": True} if is_blank(page) else {})
                pages.append(self._store(io.BytesIO(png), "image", f"{media.name}, {place}", {}, "", told))
        return pages

    def _store(
        self,
        source: BinaryIO,
        kind: str | None,
        name: str | None,
        made_by: dict[str, Any],
        seen_with: str,
        told: dict[str, Any] | None = None,
    ) -> Media:
        """Copy in pieces beside the other files, look at the copy, and give it its place only if it is sound."""
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / f".{secrets.token_hex(8)}.new"
        try:
            digest, size = copied(source, fresh)
            with self._lock:
                own, same = conversation_in(self.folder), (m for m in self._media.values() if m.sha256 == digest)
                known = next((m for m in same if kind in (None, m.kind) and self._is_same(m, name, made_by)), None)
                if known is None:
                    shape = inspect(fresh, name or "the content", kind)
                    shape = replace(shape, details={**shape.details, **(told or {})})
                    known = self._named(shape, digest, size, name, made_by)
                    known = replace(known, seen_with=(seen_with or known.key) if own else "")
                elif own is None and known.seen_with:
                    known = replace(known, seen_with="")  # what the user adds by hand is for everybody from now on
                os.replace(fresh, known.path)  # also when it was known: its file may have been taken away since
                if self._media.get(known.handle) is not known:
                    self._media[known.handle] = known
                    rows = json.dumps([_row(m) for m in self._media.values()], indent=1, ensure_ascii=False)
                    write_atomically(self.folder / MANIFEST, rows.encode(), sync=False)
            if own and known.seen_with:
                own.note(known.key)
            return known
        finally:
            fresh.unlink(missing_ok=True)

    def _is_same(self, media: Media, name: str | None, made_by: dict[str, Any]) -> bool:
        """Whether a file of the same content may stand for what comes in. What nobody can tell apart may, whoever
        it is of; else it has to be seen here, and nobody may read the name that somebody else gave it."""
        if media.name == (name or media.handle) and media.made_by == made_by:
            return True
        by_hand = conversation_in(self.folder) is None
        return not media.seen_with if by_hand else name is None and self._sees(media)

    def _sees(self, media: Media) -> bool:
        own = conversation_in(self.folder)
        if own is None or not media.seen_with or own.holds(media.seen_with):
            return True
        return media.handle in own.handles and own.holds(media.key)

    def _named(self, shape: Shape, digest: str, size: int, name: str | None, made_by: dict[str, Any]) -> Media:
        given = Path(name or "").suffix.lower()
        fits = KIND_OF_SUFFIX.get(given[1:]) == shape.kind
        usual = _EXTENSION_OF_MIME.get(shape.mime, _EXTENSIONS[shape.kind])
        return Media(
            handle=(handle := f"{shape.kind}-{1 + sum(m.kind == shape.kind for m in self._media.values())}"),
            kind=shape.kind,
            file=f"{digest[:16]}{given if fits else f'.{usual}'}",
            mime=shape.mime,
            sha256=digest,
            bytes=size,
            name=name or handle,
            details=shape.details,
            made_by=made_by,
            folder=str(self.folder),
        )

    def get(self, handle: str, kind: str | None = None) -> Media:
        """The media behind a handle, of the given kind when one is named.

        Raises:
            ToolInputError: there is no such handle, or it is of another kind; the message lists what there is.
        """
        media = self._media.get(handle)
        if media is None or not self._sees(media):
            there = ", ".join(map(str, self)) or "none"
            raise ToolInputError(f"{str(handle)[:80]!r} is not a handle of this workspace; there are: {there}")
        if kind and media.kind != kind and (media.kind, kind) != ("video", "audio"):  # a video is heard as well
            fits = ", ".join(m.handle for m in self if m.kind == kind) or f"none (pass a file of kind {kind})"
            raise ToolInputError(f"{handle} is of kind {media.kind}, but kind {kind} is needed here; there are: {fits}")
        return media

    def open(self, handle: str, kind: str | None = None, about: str = "") -> Any:
        """The content: a PIL image, `{"array": float32 (n,), "sampling_rate": Hz}`, a pandas table, the words of a text
        file, or a path (video). A video that is asked for as audio gives its sound.

        Args:
            about: words that may name a part of the file, such as the sheet of a workbook.

        Raises:
            ToolInputError: as `get`, or `about` names several parts.
            MediaError: the file is damaged, or was replaced since it was added.
        """
        media = self.get(handle, kind)
        data = self._read(media)
        if not is_decodable(kind or media.kind):
            return media.path
        with _damage_told(media):
            value = decode(kind or media.kind, data, media.path.suffix, about)
        if media.kind == "table" and hasattr(value, "attrs"):
            value.attrs["name"] = Path(media.name).stem  # what its rows are: "singers" in singers.csv
        return value

    def _read(self, media: Media) -> bytes:
        try:
            with open_regular(media.path, follow=False) as file:
                data = file.read()
        except MediaError:
            data = b""
        if hashlib.sha256(data).hexdigest() != media.sha256:
            raise MediaError(f"the file of {media.handle} is gone from {self.folder}, or was replaced; add it again")
        return data

    def __iter__(self) -> Iterator[Media]:
        return iter([media for media in list(self._media.values()) if self._sees(media)])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, handle: object) -> bool:
        media = self._media.get(handle) if isinstance(handle, str) else None
        return media is not None and self._sees(media)

    def __repr__(self) -> str:
        return f"Workspace({str(self.folder)!r}: {', '.join(media.handle for media in self) or 'empty'})"


@contextmanager
def _damage_told(media: Media) -> Iterator[None]:
    try:
        yield
    except MediaError as error:
        raise MediaError(in_file(str(error), media.name)) from error
    except ToolInputError:
        raise
    except Exception as error:  # each library has its own for a damaged file, and some raise plain ones
        reason = error_line(error, 120)
        again = {"image": "PNG or JPEG", "audio": "WAV or FLAC", "text": "UTF-8"}.get(media.kind, "CSV")
        raise MediaError(
            f"{media.name} is damaged and cannot be decoded ({reason}); save it again as {again}"
        ) from error


def _row(media: Media) -> dict[str, Any]:
    """A line of the manifest; for everybody is what older manifests say by saying nothing."""
    return media.to_dict() | ({"seen_with": media.seen_with} if media.seen_with else {})


def _read_manifest(path: Path) -> dict[str, Media]:
    try:
        media = [Media(**row, folder=str(path.parent)) for row in json.loads(path.read_bytes())]
        if any(Path(one.file).name != one.file for one in media):
            raise ValueError("a file outside of the workspace")
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise MediaError(
            f"{path}, the list of the workspace's files, is damaged ({error}); "
            "use another folder, and add the files again"
        ) from error
    return {one.handle: one for one in media}
