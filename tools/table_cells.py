"""Cells as a file has them as numbers, dates and texts: a column is of numbers only where all of its cells are.

"0117" and "5A" stay texts; "1.234,50 €" is a number where the whole column is written so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

_MISSING = frozenset("na n/a nan null none #n/a - – — . ? k.a.".split())  # so in a column of numbers only
CURRENCIES = "€ $ £ ¥ ₹ ₽ ₺ zł kr Kč Fr. Fr CHF EUR USD GBP JPY PLN CZK SEK NOK DKK US$ A$ C$ R$".split()
UNITS = (
    "% ‰ °C °F ° kg g mg t lb lbs oz km m cm mm µm mi ft in l L ml cl dl h hrs hr hours hour min mins minutes s sec ms "
    "d days day years year yrs yr kWh Wh MWh kW kcal kJ Pa hPa bar km/h mph m² m2 m³ m3 ha GB MB kB TB pcs pc "
    "Stk Stück units Std Std. Tage Jahre Euro euro euros dollars"
).split()
_SIGNS = re.compile(rf"(?:{'|'.join(re.escape(c) for c in sorted(CURRENCIES, key=len, reverse=True))})")
_WRITTEN = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+−]?)\s*(?P<before>{_SIGNS.pattern})?\s*(?P<sign2>[-+−]?)"
    r"(?P<figure>\d[\d.,'’ \u00a0\u202f]*(?<=\d)(?:[eE][-+]\d+)?|[.,]\d+)"
    r"\s*(?P<after>[^\d\s(),.][^\d\s(),]*)?(?P<close>\))?"
)
_GROUPS = r"[1-9]\d{{0,2}}(?:[{0}'’ \u00a0\u202f]\d{{3}})+"
_FIGURES = {
    mark: re.compile(rf"(?:{_GROUPS.format(other)}|\d+)?(?:{re.escape(mark)}\d+)?(?:[eE][-+]\d+)?")
    for mark, other in ((".", ","), (",", "."))
}


class _Column(NamedTuple):
    """Figures of a column that is numbers throughout, before it is known which mark is the decimal one."""

    figures: list[str | float | None]  # None where nothing stands; a float where the file has a real number
    signs: list[int]
    unit: str
    marks: str  # those of "." and "," that fit all figures
    marked: bool  # whether any figure has such a mark at all


def is_blank(value: Any) -> bool:
    return value is None or value != value or (isinstance(value, str) and not value.strip())


def is_figure(cell: Any) -> bool:
    """Whether a cell is a number other than a year, which may head a column."""
    text = "" if is_blank(cell) else str(cell).strip()
    return bool(_WRITTEN.fullmatch(text)) and not re.fullmatch(r"(?:19|20)\d\d(?:\.0)?", text)


def typed(frame: pd.DataFrame, said: list[str], usual: str) -> pd.DataFrame:
    """Columns that are numbers throughout as numbers; the decimal mark is told by all of them together."""
    texts = {name: frame[name].tolist() for name in frame.columns if frame[name].dtype.kind not in "iufbM"}
    figures = {name: found for name, values in texts.items() if (found := _figures(values))}
    sure = {column.marks for column in figures.values() if column.marked and len(column.marks) == 1}
    mark = next(iter(sure)) if len(sure) == 1 else usual
    for name, values in texts.items():
        column = figures.get(name)
        frame[name] = _numbers(column, column.marks if len(column.marks) == 1 else mark) if column else _plain(values)
    if any(column.marked for column in figures.values()):
        guessed = any(column.marked and len(column.marks) == 2 for column in figures.values()) and len(sure) != 1
        said = [*said, f"decimal {'comma' if mark == ',' else 'point'}{' (not certain)' if guessed else ''}"]
    frame.attrs["read_as"] = f"Read as {', '.join(said)}."
    frame.attrs["units"] = {name: column.unit for name, column in figures.items() if column.unit}
    return frame


def _figures(values: list[Any]) -> _Column | None:
    """The figures of a column, or None where one cell is no number, or where two have different units."""
    figures: list[str | float | None] = []
    signs: list[int] = []
    units: set[str] = set()
    fitting, marked = {".", ","}, False
    for value in values:
        figure, sign = None, 1
        if isinstance(value, int | float) and not isinstance(value, bool) and value == value:
            figure = value
            units.add("")
        elif isinstance(value, str) and value.strip() and value.strip().casefold() not in _MISSING:
            found = _WRITTEN.fullmatch(value.strip())
            if not found or not _is_number(found):
                return None
            figure = found["figure"]
            sign = -1 if found["open"] or {found["sign"], found["sign2"]} & {"-", "−"} else 1
            units.add(found["before"] or found["after"] or "")
            fitting &= {mark for mark, pattern in _FIGURES.items() if pattern.fullmatch(figure)}
            marked = marked or "." in figure or "," in figure
        elif not isinstance(value, str) and not is_blank(value):
            return None
        figures.append(figure)
        signs.append(sign)
    if not units or len(units) > 1 or not fitting:
        return None
    return _Column(figures, signs, units.pop(), "".join(sorted(fitting)), marked)


def _is_number(found: re.Match[str]) -> bool:
    """Zeros in front and sixteen digits are an id's; letters behind a figure are a unit only if it is a known one."""
    figure, after = found["figure"], found["after"]
    known = after is None or (found["before"] is None and (after in UNITS or after in CURRENCIES))
    whole = bool(found["open"]) == bool(found["close"])
    return known and whole and not re.match(r"0\d", figure) and sum(c.isdigit() for c in figure) < 16


def _numbers(column: _Column, mark: str) -> list[Any]:
    """Whole numbers where all are whole and none is missing, else floats."""
    drop = str.maketrans("", "", f"{',' if mark == '.' else '.'}'’ \u00a0\u202f")
    plain = [f.translate(drop).replace(mark, ".") if isinstance(f, str) else f for f in column.figures]
    if all(isinstance(f, int) or (isinstance(f, str) and f.isdigit()) for f in plain):
        return [sign * int(f) for f, sign in zip(plain, column.signs, strict=True) if f is not None]
    return [float("nan") if f is None else sign * float(f) for f, sign in zip(plain, column.signs, strict=True)]


def _plain(values: list[Any]) -> Any:
    """Texts without the blanks around them; True and False, and dates, where all are so."""
    import pandas as pd

    cells = [value.strip() if isinstance(value, str) else value for value in values]
    there = [cell for cell in cells if not is_blank(cell)]
    if there and all(hasattr(cell, "isoformat") and hasattr(cell, "year") for cell in there):
        return pd.to_datetime(pd.Series([None if is_blank(cell) else cell for cell in cells]))
    if there and len(there) == len(cells) and {str(cell).casefold() for cell in there} <= {"true", "false"}:
        return [str(cell).casefold() == "true" for cell in cells]
    kept = [None if is_blank(cell) else cell for cell in cells]
    if not there or not all(isinstance(cell, str) for cell in there):
        return pd.Series(kept, dtype=object if there else float)
    return pd.Series(kept, dtype=str if pd.__version__ >= "3" else object)
