"""Files as people and programs write them, made here: sheets, documents, tables in letters of many countries."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def workbook(**sheets: Sequence[Sequence[Any]]) -> bytes:
    """An .xlsx of sheets by name, "_" for a blank in it."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)  # pyright: ignore[reportArgumentType]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def parquet(columns: dict[str, list[Any]], index: str | None = None) -> bytes:
    import pandas as pd

    frame = pd.DataFrame(columns)
    target = io.BytesIO()
    (frame.set_index(index) if index else frame).to_parquet(target)
    return target.getvalue()


def zipped(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def changed(data: bytes, **parts: Any) -> bytes:
    """An archive in which the parts whose names end so are what a function makes of them; "_" stands for the dot."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    for end, change in parts.items():
        held |= {name: change(content) for name, content in held.items() if name.endswith(end.replace("_", "."))}
    return zipped(held)


def docx(body: str, before: str = "") -> bytes:
    """A Word document with a body of XML, and what stands before its first element."""
    inside = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": f'<?xml version="1.0"?>{before}{inside}'})


def paragraphs(*lines: str) -> str:
    return "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)


def pdf(*pages: Sequence[str], password: str = "") -> bytes:
    """A PDF; a page without lines is blank, as a scanned one is to who reads its words."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        if lines:
            names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
            font = DictionaryObject({NameObject(key): NameObject(value) for key, value in names.items()})
            fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
            page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
            drawn = DecodedStreamObject()
            shown = "".join(f"({line}) Tj T* " for line in lines)
            drawn.set_data(f"BT /F1 12 Tf 14 TL 50 800 Td {shown}ET".encode())
            page[NameObject("/Contents")] = writer._add_object(drawn)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def grown(size: int) -> bytes:
    """A small .xlsx with a part of so many blanks."""
    return zipped({"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": b" " * size})


def records(*rows: dict[str, Any]) -> str:
    return json.dumps(rows, ensure_ascii=False)
