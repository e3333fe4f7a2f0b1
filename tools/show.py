"""HTML for notebooks: everything that comes from a file or a card is escaped."""

from __future__ import annotations

import base64
import io
from html import escape
from pathlib import Path
from typing import Any, Protocol

_THUMBNAIL = 480  # pixels
_MAX_AUDIO = 2_000_000  # bytes put into a page


class File(Protocol):
    """A file under a handle, as `Media` is one."""

    @property
    def handle(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def mime(self) -> str: ...
    @property
    def bytes(self) -> int: ...
    @property
    def path(self) -> Path: ...


def table_html(rows: list[tuple[str, Any]]) -> str:
    """A two-column table; empty values are left out."""
    cells = "".join(
        f"<tr><th style='text-align:left;padding-right:1em'>{escape(name)}</th>"
        f"<td style='text-align:left'>{escape(str(value))}</td></tr>"
        for name, value in rows
        if value
    )
    return f"<table>{cells}</table>"


def facts_html(title: str, facts: list[tuple[str, str]]) -> str:
    return f"<div><b>{escape(title)}</b>{table_html(facts)}</div>"


def media_html(media: File) -> str:
    """The picture (scaled down) or the sound inside the page, with its handle and measures."""
    caption = f"<div><small>{escape(str(media))}</small></div>"
    if not media.path.is_file():
        return caption
    if media.kind == "image":
        return f"<div>{image_html(media)}{caption}</div>"
    if media.kind == "audio" and media.bytes <= _MAX_AUDIO:
        data = base64.b64encode(media.path.read_bytes()).decode()
        return f'<div><audio controls src="data:{escape(media.mime)};base64,{data}"></audio>{caption}</div>'
    return caption


def image_html(media: File) -> str:
    from .media_codec import decode
    from .picture_files import opaque

    small = opaque(decode("image", media.path.read_bytes(), media.path.suffix))
    small.thumbnail((_THUMBNAIL, _THUMBNAIL))
    target = io.BytesIO()
    small.save(target, "PNG")
    data = base64.b64encode(target.getvalue()).decode()
    return f'<img alt="{escape(media.handle)}" src="data:image/png;base64,{data}"/>'
