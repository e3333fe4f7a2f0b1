"""The columns of a table as a person would speak of them: their words, their kind, their unit, and the rows of sums."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import fsum, isclose
from typing import TYPE_CHECKING, Any

from ..errors import ToolInputError
from .table_cells import CURRENCIES, UNITS, is_blank
from .table_words import MONTHS, RATES, TOTALS, UNIT_WORDS, folded, stem, words_of

if TYPE_CHECKING:
    import pandas as pd

_ID_WORDS = frozenset("id code sku ref barcode isbn zip postcode plz phone tel telephone mobile".split())
_NUMBERING = frozenset("nr no # row pos".split())  # ids where all rows have another one
_CAMEL = re.compile(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])|[_\-/.,:;?!()\[\]\s]+")
_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_DAYS = (
    (r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T ].*)?", None),
    (r"(?P<y>\d{4})[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})", None),
    (r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4}|\d\d)", None),
    (r"(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>\d{4}|\d\d)", "day first"),
    (r"(?P<m>\d{1,2})[/-](?P<d>\d{1,2})[/-](?P<y>\d{4}|\d\d)", "month first"),
    (r"(?:[A-Za-z]{3,9},? )?(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?[ -](?P<name>[A-Za-z]{3,9})\.?,?[ -](?P<y>\d{4})", None),
    (r"(?:[A-Za-z]{3,9},? )?(?P<name>[A-Za-z]{3,9})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})", None),
)
_QUANTITIES = frozenset("quantity qty piece pc pcs unit count sold stock inventory".split())
_PARTS = frozenset(
    "year day hour minute second degree piece unit d m t in".split()
)  # "start year" and "cash in" are in no unit
_FIRST = (("first", "name"), ("firstname",), ("forename",), ("given", "name"), ("vorname",), ("first",))
_LAST = (("last", "name"), ("lastname",), ("surname",), ("family", "name"), ("nachname",), ("last",), ("name",))
_YES = frozenset("yes y true x ja j oui si 1 1.0 ✓ ✔".split())
_NO = frozenset("no n false nein non 0 0.0 - ✗".split())


@dataclass(eq=False)
class Column:
    """One column: `kind` is number, id, date, flag or text; `cells` hold numbers, dates, True and False, or texts."""

    name: str
    words: tuple[str, ...]  # stems, without the unit
    extras: tuple[str, ...]  # stems of what stands in brackets and is no unit
    unit: str
    kind: str
    cells: list[Any]  # None where nothing stands
    unsure: str = ""  # why its cells cannot be relied upon
    called: str = ""  # how it is spoken of, where the header is no help

    @property
    def is_quantity(self) -> bool:
        """Whether it counts pieces: "qty" does, "unit price" does not."""
        return self.numeric and bool(_QUANTITIES & set(self.words[-1:]))

    @property
    def numeric(self) -> bool:
        return self.kind == "number"

    @property
    def is_rate(self) -> bool:
        """Whether its sum means nothing: prices, ages, degrees."""
        return bool(RATES & {*self.words, *self.extras}) or self.unit in ("%", "°C", "°", "km/h") or self.is_year

    @property
    def is_year(self) -> bool:
        return "year" in self.words and self.unit == ""

    @cached_property
    def spoken(self) -> str:
        """The header as one says it: `tail_length_mm` is the tail length."""
        if self.called:
            return self.called
        bare = _BRACKETS.sub("", self.name)
        parts = [part for part in _CAMEL.split(bare) if part]
        kept = parts[:-1] if len(parts) > 1 and unit_of(parts[-1]) and unit_of(parts[-1]) == self.unit else parts
        extras = [text for text in _BRACKETS.findall(self.name) if not unit_of(text)]
        shown = [part if part.isupper() or part[:1].isdigit() else part.lower() for part in kept]
        return " ".join([*shown, *(f"({text})" for text in extras)]) or self.name


class UnplacedWords(ToolInputError):
    """Words of a question that are no column, no cell and no operation.

    Attributes:
        words: as they stand in the question.
    """

    def __init__(self, said: str, words: frozenset[str]) -> None:
        super().__init__(said)
        self.words = words


@dataclass(eq=False)
class Sheet:
    """A table whose rows of sums are set aside."""

    columns: list[Column]
    rows: list[int]
    left_out: list[str] = field(default_factory=list)  # the labels of rows that are sums of others
    doubtful: str = ""  # the label of a row that says that it is a sum, but is not
    about: frozenset[str] = frozenset()  # stems of the table's own name or title: what a row is
    full_name: Column | None = None  # first and last names in one

    def measures(self) -> list[Column]:
        return [column for column in self.columns if column.numeric and not column.is_year]

    def dates(self) -> list[Column]:
        return [column for column in self.columns if column.kind == "date"]

    def label(self, kept: Sequence[int] = ()) -> Column | None:
        """What a row is called by: the name, or the first text that differs in all rows."""
        if self.full_name:
            return self.full_name
        texts = [c for c in self.columns if c.kind in ("text", "id") and not c.name.startswith("Unnamed")]
        texts = texts or [c for c in self.columns if c.kind == "text"]
        named = [c for c in texts if "name" in c.words]
        whole = [c for c in texts if len({c.cells[row] for row in self.rows}) == len(self.rows)]
        plain = [c for c in whole if c.kind == "text"]
        here = [c for c in texts if len(kept) > 1 and len({c.cells[row] for row in kept}) == len(kept)]
        choice = named if len(named) == 1 else plain or whole or here
        return choice[0] if choice else None

    def refusal(self, said: str) -> ToolInputError:
        return ToolInputError(self._sentence(said))

    def unplaced(self, left: Sequence[str]) -> UnplacedWords:
        said = ", ".join(f"“{word}”" for word in dict.fromkeys(left))
        said = f"{said} could not be placed: no column, no cell and no operation is called so"
        return UnplacedWords(self._sentence(said), frozenset(left))

    def _sentence(self, said: str) -> str:
        names = ", ".join(column.name for column in self.columns)
        return f"{said}. The columns are: {names}. Ask with the words of the table"


def unit_of(text: str) -> str:
    """The unit that a word stands for, in the writing that answers have: "EUR" is €."""
    bare = text.strip(" .:")
    for unit, names in UNIT_WORDS.items():
        if bare == unit or folded(bare) in names.split():
            return unit
    return bare if bare in UNITS or bare in CURRENCIES else ""


def sheet_of(table: pd.DataFrame) -> Sheet:
    """The table's columns, and which rows are of data.

    Raises:
        ToolInputError: it has no columns or no rows.
    """
    units = table.attrs.get("units", {})
    values = {at: table.iloc[:, at].tolist() for at in range(table.shape[1])}
    columns = [_column(str(name), values[at], units) for at, name in enumerate(table.columns)]
    if not columns or not len(table):
        raise ToolInputError("the table has no rows to look at; pass one with a header and at least one row")
    about = f"{table.attrs.get('name', '')} {table.attrs.get('title', '')}".replace("_", " ").replace("-", " ")
    sheet = Sheet(columns, list(range(len(table))), about=frozenset(stem(word) for word in words_of(about)))
    for row in list(sheet.rows):
        _set_aside(sheet, row)
    if sheet.left_out:  # a column of days or numbers is none as long as "Total" stands in it
        data = set(sheet.rows)
        for at, name in enumerate(table.columns):
            kept = [value if row in data else None for row, value in enumerate(values[at])]
            sheet.columns[at] = _column(str(name), _figures(kept), units)
    sheet.full_name = _full_name(sheet.columns)
    return sheet


def _full_name(columns: list[Column]) -> Column | None:
    first = [c for c in columns if c.words in _FIRST]
    last = [c for c in columns if c.words in _LAST]
    if len(first) != 1 or len(last) != 1:
        return None
    pairs = zip(first[0].cells, last[0].cells, strict=True)
    cells = [" ".join(str(part) for part in pair if part is not None) or None for pair in pairs]
    return Column(f"{first[0].name}, {last[0].name}", ("name",), (), "", "text", cells, called="name")


def _figures(values: list[Any]) -> list[Any]:
    """Texts that are all whole numbers as such."""
    plain = all(_nothing(value) or re.fullmatch(r"[1-9]\d{0,14}|0", str(value)) for value in values)
    return [None if _nothing(value) else int(value) for value in values] if plain else values


def _column(name: str, values: list[Any], units: dict[str, str]) -> Column:
    bare = _BRACKETS.sub(" ", name)
    inside = [part for text in _BRACKETS.findall(name) for part in _CAMEL.split(text) if part]
    words = [part for part in _CAMEL.split(bare) if part]
    unit = units.get(name, "") or next((unit_of(part) for part in inside if unit_of(part)), "")
    rate = re.search(r"/\s*\w+$", bare) and len(words) > 1  # "rate/hr" is in no hours
    if len(words) > 1 and unit_of(words[-1]) and folded(words[-1]) not in _PARTS and not rate:
        unit = unit or unit_of(words[-1])
        words = words[:-1] if unit == unit_of(words[-1]) else words
    extras = tuple(stem(part) for part in inside if not unit_of(part))
    stems = tuple(stem(part) for part in words)
    kind, cells, unsure = _read(stems, values)
    return Column(name, stems, extras, unit_of(unit) or unit, kind, cells, unsure)


def _read(words: tuple[str, ...], values: list[Any]) -> tuple[str, list[Any], str]:
    """Kind, cells and doubt of a column's values."""
    cells = [None if _nothing(value) else value.strip() if isinstance(value, str) else value for value in values]
    there = [cell for cell in cells if cell is not None]
    if there and all(isinstance(cell, bool) or str(cell) in ("True", "False") for cell in there):
        return "flag", [None if cell is None else str(cell) == "True" for cell in cells], ""
    if there and all(isinstance(cell, int | float) or hasattr(cell, "dtype") for cell in there):
        numbers = [None if cell is None else _number(cell) for cell in cells]
        distinct = len(set(there)) == len(cells) and all(isinstance(n, int) for n in numbers)
        named = _ID_WORDS & set(words) or (_NUMBERING & set(words) and distinct and "of" not in words)
        return ("id" if named else "number"), numbers, ""
    if there and all(hasattr(cell, "year") and hasattr(cell, "day") for cell in there):
        moments: list[Any] = cells
        return "date", [None if cell is None else date(cell.year, cell.month, cell.day) for cell in moments], ""
    texts = [None if cell is None else str(cell) for cell in cells]
    days, unsure = _days(texts)
    if days:
        return "date", days, unsure
    lowered = {folded(text) for text in texts if text is not None}
    if lowered and lowered <= _YES | _NO and (lowered & _YES) and (lowered & _NO or None in texts):
        return "flag", [None if text is None else folded(text) in _YES for text in texts], ""
    return ("id" if (_ID_WORDS | _NUMBERING) & set(words) and "of" not in words else "text"), texts, ""


def _nothing(value: Any) -> bool:
    return is_blank(value) or str(value) in ("NaT", "<NA>")


def _number(cell: Any) -> int | float:
    number = float(cell)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _days(texts: list[str | None]) -> tuple[list[date | None], str]:
    """The days that all texts name, or nothing; 03/04/2026 is doubtful if no other day of the column settles it."""
    there = [text for text in texts if text is not None]
    if not there:
        return [], ""
    read = [(order, days) for pattern, order in _DAYS if (days := _days_as(pattern, texts))]
    if not read:
        return [], ""
    orders = {order for order, _ in read}
    same = all(days == read[0][1] for _, days in read)
    unsure = "whether the day or the month stands first" if {"day first", "month first"} <= orders and not same else ""
    return read[0][1], unsure


def _days_as(pattern: str, texts: list[str | None]) -> list[date | None]:
    days: list[date | None] = []
    for text in texts:
        found = re.fullmatch(pattern, text) if text is not None else None
        day = _day(found.groupdict()) if found else None
        if text is not None and day is None:
            return []
        days.append(day)
    return days


def _day(parts: dict[str, str | None]) -> date | None:
    name = (parts.get("name") or "").lower()
    months = [at for at, month in enumerate(MONTHS, 1) if len(name) > 2 and month.startswith(name[:4])]
    month = int(parts.get("m") or (months[0] if months else 0))
    year = int(parts["y"] or 0)
    try:
        return date(year + (2000 if year < 70 else 1900) if year < 100 else year, month, int(parts["d"] or 0))
    except ValueError:
        return None


def _set_aside(sheet: Sheet, row: int) -> None:
    """Leave out a row that says it is a sum and is one; one that says so and is none makes sums doubtful."""
    label = next((str(c.cells[row]) for c in sheet.columns if isinstance(c.cells[row], str)), "")
    if not label or not {folded(word) for word in words_of(label)[:2]} & TOTALS or len(words_of(label)) > 3:
        return
    if folded(label) not in TOTALS and not _others_blank(sheet, row):
        return
    above = [other for other in sheet.rows if other < row]
    others = [other for other in sheet.rows if other != row]
    checks = [c for c in sheet.columns if c.numeric and c.cells[row] is not None]
    fits = [any(_adds_up(c, row, rows) for rows in (above, others, _block(sheet, row))) for c in checks]
    if any(fits) or not checks:
        sheet.rows.remove(row)
        sheet.left_out.append(label)
    elif _others_blank(sheet, row):
        sheet.doubtful = label


def _others_blank(sheet: Sheet, row: int) -> bool:
    """Whether the row has one text only, as rows of sums do."""
    return sum(c.cells[row] is not None for c in sheet.columns if c.kind not in ("number",)) == 1


def _block(sheet: Sheet, row: int) -> list[int]:
    """The rows since the last one that was set aside."""
    block: list[int] = []
    for other in range(row - 1, -1, -1):
        if other not in sheet.rows:
            break
        block.append(other)
    return block


def _adds_up(column: Column, row: int, rows: list[int]) -> bool:
    values = [column.cells[other] for other in rows if column.cells[other] is not None]
    return bool(values) and isclose(fsum(values), column.cells[row], rel_tol=1e-6, abs_tol=0.011)
