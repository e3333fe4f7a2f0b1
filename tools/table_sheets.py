"""Workbooks: which sheet is read, by its name in the words that ask, and its cells as they are stored.

Formulas are never worked out here: what a spreadsheet program stored as their value is read, and a sheet in which
none is stored is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import MediaError, ToolInputError
from .archives import opened

if TYPE_CHECKING:
    import pandas as pd

_SHEET = r"(?:work)?(?:sheet|tab)\b"
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")
# Names that are words of many questions: they name a sheet only beside the word "sheet".
_PLAIN = frozenset("data sheet sheet1 table total totals sum all list summary overview year month name names".split())
# A formula's cell without a value: "<f>A1+1</f></c>", "<f>…</f><v/></c>", "<f>…</f><v></v></c>".
_UNWORKED = re.compile(rb"<c\b[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_TEXT = re.compile(rb'<c\b[^>]*\bt="str"')  # of ="" nothing is a value
_FILLED = re.compile(rb"<(?:\w+:)?(?:v|is)>")


class Found(NamedTuple):
    """The cells of the sheet that was read, the names of those that have cells, and whether it was asked for."""

    cells: pd.DataFrame
    sheet: str
    filled: tuple[str, ...]
    asked: bool


def sheet_of_book(data: bytes, about: str = "") -> Found:
    """The sheet of a workbook that the words name, else the first one that has cells.

    Raises:
        MediaError: openpyxl is missing, the file is damaged or unpacks to too much, no sheet has cells, or formulas
            have no stored value.
        ToolInputError: the words name several sheets.
    """
    import pandas as pd

    with opened(data, "an .xlsx file") as archive:
        try:
            book = pd.ExcelFile(io.BytesIO(data), engine="openpyxl")
            sheets = {sheet.title: _part(archive, sheet) for sheet in book.book.worksheets}
            hidden = {sheet.title for sheet in book.book.worksheets if sheet.sheet_state != "visible"}
            filled = [name for name, part in sheets.items() if part is None or _FILLED.search(part)]
            filled = [name for name in filled if name not in hidden or set(filled) <= hidden]
            if not filled:
                raise MediaError(
                    "no sheet of this .xlsx file holds a cell; pass one with a header line and rows below it"
                )
            sheet, cells = filled[0], _cells(book, filled[0])
            named = sheets_named([*sheets], filled, about, lambda: _words_in(cells))
            if len(named) > 1:
                raise ToolInputError(
                    f"the words name {len(named)} sheets ({', '.join(named)}); ask about one sheet at a time"
                )
            if named and named[0] != sheet:
                sheet, cells = named[0], _cells(book, named[0])
        except ImportError as error:
            raise MediaError(
                "an .xlsx file needs openpyxl, which is missing here; allowed without it are CSV, JSON and Parquet: "
                "pip install 'prefrontal[tables]', or save the sheet as CSV"
            ) from error
        except (MediaError, ToolInputError):
            raise
        except Exception as error:  # a broken part makes openpyxl stumble over anything
            reason = " ".join(str(error).split())[:100]
            raise MediaError(f"the file is damaged ({reason}); save it again as an .xlsx file, or as CSV") from error
    if not cells.size:
        raise MediaError(f"sheet “{sheet}” holds no cell; sheets that do are {', '.join(filled)}; name one of them")
    _check_worked_out(sheets[sheet] or b"", sheet)
    return Found(cells, sheet, tuple(filled), bool(named))


def _part(archive: zipfile.ZipFile, sheet: Any) -> bytes | None:
    """The XML of a sheet, or None where openpyxl does not tell which one it is."""
    path = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    return archive.read(path) if path in archive.namelist() else None


def _cells(book: pd.ExcelFile, name: str) -> pd.DataFrame:
    import pandas as pd

    return pd.read_excel(book, sheet_name=name, header=None, dtype=object, keep_default_na=False)


def _words_in(cells: pd.DataFrame) -> set[str]:
    return {str(cell).strip().casefold() for row in cells.values.tolist() for cell in row if isinstance(cell, str)}


def _check_worked_out(part: bytes, sheet: str) -> None:
    count = sum(not _TEXT.match(found[0]) for found in _UNWORKED.finditer(part))
    if count:
        cells = "1 cell" if count == 1 else f"{count} cells"
        raise MediaError(
            f"{cells} of sheet “{sheet}” hold{'s' * (count == 1)} a formula whose value was never worked out; open the "
            "file in a spreadsheet program and save it, or write the values themselves"
        )


def sheets_named(names: Sequence[str], filled: Sequence[str], about: str, words: Any = frozenset) -> list[str]:
    """The sheets that words name: beside the word "sheet" or "tab" (or "second sheet"), else by a name that is no word
    of the first sheet.

    Args:
        names: of all sheets; filled: of those that have cells, which are counted and named alone.
        words: gives what stands in the first sheet, in small letters; called only where it matters.
    """
    said = [name for name in names if _beside(name).search(about)]
    if not said and re.search(_SHEET, about, re.IGNORECASE):
        for at, place in enumerate((*_PLACES[: len(filled)], "last")):
            if re.search(rf"\b{place}\s+{_SHEET}", about, re.IGNORECASE):
                return [filled[-1] if place == "last" else filled[at]]
    if not said and len(filled) > 1:
        alone = [
            name for name in filled if name.casefold() not in _PLAIN and len(name) > 1 and _bare(name).search(about)
        ]
        said = [name for name in alone if name.casefold() not in words()] if alone else []
    return [name for name in said if not any(name != other and name.casefold() in other.casefold() for other in said)]


def without_sheet(question: str, sheet: str) -> str:
    """A question without the name of the sheet that it is asked of; as it is where nothing else would be left."""
    if not sheet:
        return question
    lead = r"(?:,\s*)?(?:\b(?:in|on|from|of|at|within|for|under)\s+)?(?:\b(?:the|my|our|this)\s+)?"
    ways = (
        lead + _beside(sheet).pattern,
        lead + rf"\b(?:{'|'.join(_PLACES)}|last)\s+{_SHEET}",
        lead + _bare(sheet).pattern,
    )
    for way in ways:
        shorter, times = re.subn(way, " ", question, count=1, flags=re.IGNORECASE)
        if times:
            return " ".join(shorter.split()).strip(" ,;:") or question
    return question


def _beside(name: str) -> re.Pattern[str]:
    quoted = rf"[\"“'‘]?(?<!\w){re.escape(name)}(?!\w)[\"”'’]?"
    return re.compile(rf"(?:\b{_SHEET}\s+(?:called\s+|named\s+)?{quoted}|{quoted}\s+{_SHEET})", re.IGNORECASE)


def _bare(name: str) -> re.Pattern[str]:
    return re.compile(rf"[\"“'‘]?(?<!\w){re.escape(name)}(?!\w)[\"”'’]?", re.IGNORECASE)
