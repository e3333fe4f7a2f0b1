"""Text files as plain text: their encodings, web pages without their tags, and the words of documents."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from ..errors import MediaError
from .documents import DOCUMENTS, Document, read_document
from .encodings import decoded, wide_name
from .units import human_bytes

MAX_TEXT_BYTES = 2_000_000
_PAGES = ("html", "htm")
_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(rb"<meta\b[^>]*\bcharset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_MIMES = {
    "md": "text/markdown",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
} | dict.fromkeys(_PAGES, "text/html")
_HIDDEN = frozenset({"script", "style", "template", "title"})
# What a tag leaves behind, as blanks of different strength: where several meet, the first of _GAPS counts.
_MARKS = (
    {"table": "\x1d", "tr": "\x1e", "td": "\t", "th": "\t", "br": "\n"}
    | dict.fromkeys(
        "p h1 h2 h3 h4 h5 h6 ul ol dl blockquote section article header footer nav main pre hr figure form".split(),
        "\f",
    )
    | dict.fromkeys("div li dt dd caption option".split(), "\v")
)
_GAPS = {"\x1d": "\n\n", "\x1e": "\n", "\t": "\t", "\f": "\n\n", "\n\n": "\n\n", "\v": "\n", "\n": "\n"}


def text_mime(data: bytes, suffix: str, named: bool) -> str:
    """Of a text file; a web page is known by its first bytes when the name does not say what the file is."""
    return _MIMES.get(suffix, "text/html" if not named and _PAGE.match(data) else "text/plain")


def plain_text(data: bytes, suffix: str, name: str = "the text") -> str:
    """The words of a text file, lines ended by "\\n"; of a web page, what a reader sees of it; of a document, its text.

    Args:
        suffix: of the file's name, without the dot: that it is a page cannot be told by the bytes alone.

    Raises:
        MediaError: it is too large, damaged, in an unknown encoding, or holds bytes that no text has.
    """
    return read_text(data, suffix, name).text


def read_text(data: bytes, suffix: str, name: str = "the text") -> Document:
    """As `plain_text`, with what was assumed and left out; plain UTF-8 says nothing of itself."""
    suffix = suffix.lower()
    if suffix in DOCUMENTS:
        return read_document(data, suffix, name)
    if len(data) > MAX_TEXT_BYTES:
        raise MediaError(
            f"{name} has {human_bytes(len(data))}; allowed for a text are {human_bytes(MAX_TEXT_BYTES)}; "
            "take a part of it"
        )
    is_page = suffix in _PAGES
    try:
        text, letters = _decoded(data, is_page)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if "\0" in text:
            raise ValueError("it holds zero bytes, which no text has")
    except (ValueError, LookupError) as error:
        raise MediaError(
            f"{name} cannot be read as text ({error}); allowed are UTF-8, UTF-16, Windows-1252 and what is common "
            "elsewhere; save it again as UTF-8"
        ) from error
    return Document(without_tags(text) if is_page else text, "" if letters == "UTF-8" else f"Read as {letters}.")


def _decoded(data: bytes, is_page: bool) -> tuple[str, str]:
    """The letters of a text, and what their encoding is called; a page may declare it."""
    declared = _CHARSET.search(data[:4096]) if is_page else None
    if declared is None or wide_name(data[:4096]):
        return decoded(data)
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        named = declared[1].decode().lower()
        if named in ("utf-8", "iso-8859-1", "latin-1", "latin1"):  # as browsers take them
            named = "cp1252"
        return data.decode(named), named


def without_tags(page: str) -> str:
    """What a reader sees of a page: lines, an empty one between paragraphs, and a tab between the cells of a row."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return re.sub(r"\s+", _gap, "".join(reader.parts)).strip()


def _gap(blanks: re.Match[str]) -> str:
    return next((gap for mark, gap in _GAPS.items() if mark in blanks[0]), " ")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden: list[str] = []
        self._kept = 0  # how many <pre> are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden.append(tag)
        self._kept += tag == "pre"
        self.parts.append(_MARKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        self._kept = max(0, self._kept - (tag == "pre"))
        self.parts.append("" if tag == "br" else _MARKS.get(tag, ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(_MARKS.get(tag, ""))  # "<title/>" hides nothing

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data if self._kept else re.sub(r"\s+", " ", data))
