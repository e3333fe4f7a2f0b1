"""The words of documents: .docx, read with the standard library alone, and .pdf, read with pypdf."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from ..errors import MediaError
from .archives import elements, opened, part_of
from .text import in_file
from .units import human_bytes

MAX_DOCUMENT_BYTES = 50_000_000
MAX_WORDS_BYTES = 2_000_000  # of the text in it
_MAX_PAGES = 1_000
_MAX_SECONDS = 60.0
_SHOWN = 6  # numbers of pages in a sentence
_ASIDE = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback"})  # of Word: what is not shown
_BLANKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
INSTALL_PDF = "pip install 'prefrontal[pdf]'"


class Document(NamedTuple):
    """The words of a document, and in a sentence each what was read and what was left out; "" for nothing to say."""

    text: str
    read_as: str
    left_out: str = ""


def read_document(data: bytes, suffix: str, name: str = "the document") -> Document:
    """The words of a document.

    Args:
        suffix: pdf or docx.

    Raises:
        MediaError: it is too large, damaged, has a password or no text at all, or pypdf is missing.
    """
    if len(data) > MAX_DOCUMENT_BYTES:
        raise MediaError(
            f"{name} has {human_bytes(len(data))}; allowed for a document are {human_bytes(MAX_DOCUMENT_BYTES)}; "
            "take a part of it"
        )
    try:
        return _READERS[suffix](data, name)
    except MediaError as error:
        raise MediaError(in_file(str(error), name)) from error


# Word


def _docx(data: bytes, name: str) -> Document:
    with opened(data, "a .docx file") as archive:
        if "word/document.xml" not in archive.namelist():
            raise MediaError(f"{name} is no Word document: it has no part word/document.xml; save it again as .docx")
        part = part_of(archive, "word/document.xml", "a .docx file")
    words = _Words(name)
    elements(part, words.start, words.text, words.end)
    text = words.all()
    if not text:
        raise MediaError(f"{name} holds no text; pass its pictures as pictures, or a file with words in it")
    return Document(text, "Read as a Word document, without headers, footers and notes.")


class _Words:
    """Paragraphs as lines, and the cells of a table's row with tabs between them; what was struck out is left out."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parts: list[str] = []
        self._size = 0
        self._aside = 0
        self._in_text = 0
        self._cells = 0

    def start(self, tag: str) -> None:
        self._aside += tag in _ASIDE
        self._in_text += tag == "t"
        self._cells += tag == "tc"
        if tag in _BLANKS and not self._aside:
            self._add(_BLANKS[tag])

    def end(self, tag: str) -> None:
        self._aside -= tag in _ASIDE
        self._in_text -= tag == "t"
        self._cells -= tag == "tc"
        if tag == "p":
            self._add(" " if self._cells else "\n")
        elif tag == "tc":
            self._add("\t")
        elif tag == "tr":
            self._add("\n")

    def text(self, text: str) -> None:
        if self._in_text and not self._aside:
            self._add(text)

    def _add(self, text: str) -> None:
        self._size += len(text)
        if self._size > MAX_WORDS_BYTES:
            raise _too_long(self._name)
        self._parts.append(text)

    def all(self) -> str:
        lines = "".join(self._parts).replace(" \t", "\t").split("\n")
        return "\n".join(line.rstrip() for line in lines).strip()


# PDF


def _pdf(data: bytes, name: str) -> Document:
    try:
        import pypdf
        from pypdf.errors import DependencyError, PyPdfError
    except ImportError as error:
        raise MediaError(
            f"{name} is a PDF, which needs pypdf, missing here: {INSTALL_PDF}, or pass its pages as pictures"
        ) from error
    until = time.monotonic() + _MAX_SECONDS
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise MediaError(f"{name} has a password; save it without one")
        count = len(reader.pages)
        if count > _MAX_PAGES:
            raise MediaError(f"{name} has {count} pages; allowed are {_MAX_PAGES}; take a part of it")
        pages = _pages(reader, name, until)
    except (MediaError, MemoryError):
        raise
    except DependencyError as error:
        raise MediaError(f"{name} is locked in a way that pypdf cannot open; save it without a password") from error
    except (
        PyPdfError,
        ArithmeticError,
        AttributeError,
        LookupError,
        OSError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        reason = " ".join(str(error).split())[:100] or type(error).__name__
        raise MediaError(f"{name} is damaged and cannot be read as a PDF ({reason}); save it again") from error
    empty = [number for number, text in enumerate(pages, start=1) if not text]
    if len(empty) == len(pages):
        raise MediaError(
            f"none of the {len(pages)} pages of {name} has text; they are pictures: pass them as pictures (PNG, JPEG)"
            if len(pages) > 1
            else f"page 1 of {name}, its only one, has no text; pass it as a picture (PNG, JPEG)"
        )
    left_out = _without_text(empty)
    read_as = f"Read as PDF, {len(pages)} page{'s' * (len(pages) > 1)}{f'; {left_out}' if left_out else ''}."
    return Document("\n\n".join(text for text in pages if text), read_as, left_out)


def _pages(reader: Any, name: str, until: float) -> list[str]:
    """The words of each page, blanks at the ends of lines left out."""
    pages: list[str] = []
    size = 0
    for page in reader.pages:
        lines = (page.extract_text() or "").replace("\0", "").splitlines()
        pages.append("\n".join(line.rstrip() for line in lines).strip())
        size += len(pages[-1])
        if size > MAX_WORDS_BYTES:
            raise _too_long(name)
        if time.monotonic() > until:
            raise MediaError(f"{name} takes longer than {_MAX_SECONDS:.0f} s to read; take a part of it")
    return pages


def _without_text(empty: list[int]) -> str:
    """ "page 2 has no text; pass it as a picture"."""
    if not empty:
        return ""
    if len(empty) == 1:
        return f"page {empty[0]} has no text; pass it as a picture"
    shown = [str(number) for number in empty[:_SHOWN]]
    listed = f"{', '.join(shown[:-1])} and {shown[-1]}" if len(empty) <= _SHOWN else f"{', '.join(shown)}, …"
    return f"pages {listed} have no text; pass them as pictures"


def _too_long(name: str) -> MediaError:
    return MediaError(f"{name} holds more than {human_bytes(MAX_WORDS_BYTES)} of text; take a part of it")


_READERS: dict[str, Callable[[bytes, str], Document]] = {"docx": _docx, "pdf": _pdf}
DOCUMENTS = tuple(_READERS)
