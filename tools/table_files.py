"""The bytes of a table's file as a pandas table: whatever the separator, the letters and the way of writing numbers.

What a spreadsheet shows as a number becomes one only where its whole column is written so: "0117" and "5A" stay texts.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from ..errors import MediaError
from .encodings import decoded
from .table_cells import is_blank, is_figure, typed
from .table_records import records_of
from .table_sheets import sheet_of_book

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 6  # names of other sheets
_SAMPLE = 200  # lines that tell the separator
_SEPARATORS = {";": "semicolon", "\t": "tab", "|": "bar", ",": "comma"}  # of two that fit, the rarer one in a text
_MOST_NOTES = 20  # lines below a table
_NOTE = re.compile(
    r"(?:sources?|notes?|remarks?|exported|generated|created|printed|downloaded|end of|as of|data (?:as )?of|quelle|"
    r"stand|hinweis|anmerkung|erstellt|fußnote)\b|[*†‡¹²©]|\(\d\)",
    re.IGNORECASE,
)


def read_table(data: bytes, suffix: str, about: str = "") -> pd.DataFrame:
    """The table of a file; `frame.attrs["read_as"]` says in a sentence what was assumed, `attrs["units"]` the unit or
    currency of each column that had one, and `attrs["title"]` what stood above the header. `attrs["sheet"]` is the
    sheet of a workbook that was asked for.

    Args:
        suffix: of the file's name, such as ".csv"; anything unknown is read as CSV.
        about: words that may name a sheet.

    Raises:
        MediaError: pandas, or what reads such a file, is missing, or there is no table in the file. Damaged files raise
            whatever their library raises.
        ToolInputError: the words name several sheets.
    """
    try:
        import pandas as pd  # noqa: F401
    except ImportError as error:
        raise MediaError("tables need pandas: pip install 'prefrontal[tables]'") from error
    if suffix == ".xlsx":
        return _from_sheet(data, about)
    reader = {".parquet": _from_parquet, ".json": _from_json, ".jsonl": _from_json}.get(suffix, _from_text)
    return reader(data, suffix)


def _from_parquet(data: bytes, suffix: str) -> pd.DataFrame:
    import pandas as pd

    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise MediaError(
            "a Parquet file needs pyarrow, which is missing here; allowed without it are CSV, JSON and Excel: "
            "pip install 'prefrontal[parquet]', or save the table as CSV"
        ) from error
    frame = pd.read_parquet(io.BytesIO(data))
    if not len(frame.columns):
        raise MediaError("the file holds no column; pass a table with a column and rows")
    if any(frame.index.names):  # what was the index of a table is a column as any other
        frame = frame.reset_index()
    frame.columns = _distinct([str(name) for name in frame.columns])
    frame.attrs = {"read_as": "Read as Parquet."}
    return frame


def _from_json(data: bytes, suffix: str) -> pd.DataFrame:
    text, letters = _letters(data)
    frame = records_of(text, lines=suffix == ".jsonl")
    return typed(frame, [f"{'lines of ' if suffix == '.jsonl' else ''}JSON", letters], ".")


def _from_sheet(data: bytes, about: str) -> pd.DataFrame:
    found = sheet_of_book(data, about)
    sheet = f"sheet “{found.sheet}”"
    if len(found.filled) > 1:
        others = [name for name in found.filled if name != found.sheet]
        which = "which was asked for" if found.asked else f"the first of {len(found.filled)} with cells"
        sheet += f", {which} (there {'is' if len(others) == 1 else 'are'} also {_some(others)})"
    frame = _headed(found.cells, ["Excel", sheet], ".")
    frame.attrs["sheet"] = found.sheet if found.asked else ""
    return frame


def _some(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names[:_SHOWN]]
    return ", ".join([*quoted, *(["…"] if len(names) > _SHOWN else [])])


def _from_text(data: bytes, suffix: str) -> pd.DataFrame:
    import pandas as pd

    text, letters = _letters(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    if told := re.fullmatch(r"\s*sep=(.)\s*", first):
        text = rest
    separator = told[1] if told else separator_of(text, suffix)
    title, text = _above_a_gap(text, separator)
    widths = [len(row) for row in csv.reader(io.StringIO(text), delimiter=separator) if any(map(str.strip, row))]
    widest = max(widths, default=0)
    if not widest:
        raise MediaError(
            "this file holds no table, but blank lines only; pass one with a header line and rows below it"
        )
    raw = pd.read_csv(
        io.StringIO(text),
        sep=separator,
        header=None,
        names=list(range(widest)),
        dtype=str,
        keep_default_na=False,
        skip_blank_lines=True,
        index_col=False,
    )
    said = f"{_SEPARATORS.get(separator, separator)}-separated"
    return _headed(raw, [said, letters], "," if separator == ";" else ".", title, widths)


def _above_a_gap(text: str, separator: str) -> tuple[list[str], str]:
    """The lines above the first blank one, if what follows it is a header with figures below, and the rest."""
    lines = text.splitlines(keepends=True)[:_SAMPLE]
    gap = next((at for at, line in enumerate(lines) if not line.strip(f' {separator}\t\r\n"')), 0)
    above = [line for line in lines[:gap] if line.strip()]
    rows = list(csv.reader((line for line in lines[gap:] if line.strip(f" {separator}\t\r\n")), delimiter=separator))
    if not above or len(rows) < 2 or any(is_figure(cell) for cell in rows[0]) or '"' in "".join(above):
        return [], text
    if len(rows[0]) < 2 or not any(is_figure(cell) for row in rows[1:] for cell in row):
        return [], text
    return [line.strip(f" {separator}\t\r\n") for line in above], text[sum(map(len, lines[:gap])) :]


def _letters(data: bytes) -> tuple[str, str]:
    """The text of a table, and what its encoding is called: one that nobody knows is read letter by letter."""
    try:
        return decoded(data)
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


def separator_of(text: str, suffix: str = ".csv") -> str:
    """The sign that cuts the most of the first lines into the same number of cells."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:_SAMPLE]

    def fit(separator: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator))
        width, rows = max(widths.items(), key=lambda item: (item[0] > 1) * item[1], default=(0, 0))
        return (rows, width) if width > 1 else (0, 0)

    usual = "\t" if suffix == ".tsv" else ","
    scores = {sign: fit(sign)[0] for sign in _SEPARATORS}
    best = max(scores.values(), default=0)
    return next((sign for sign, score in scores.items() if score == best), usual) if best else usual


def _headed(
    raw: pd.DataFrame, said: list[str], usual: str, above: list[str] | None = None, widths: list[int] | None = None
) -> pd.DataFrame:
    """Cells below their header: what stands above it, and lines and columns in which nothing stands, are left out.

    Args:
        widths: how many cells each line that is not blank has, where lines differ in this.
    """
    filled = ~raw.map(is_blank)
    kept_rows = filled.any(axis=1)
    gaps = {int(at) for at in (kept_rows.cumsum())[~kept_rows]}  # how many lines stand above each blank one
    raw, filled = raw.loc[kept_rows], filled.loc[kept_rows]
    if raw.empty:
        raise MediaError(
            "this file holds no table, but empty cells only; pass one with a header line and rows below it"
        )
    widths = widths or [raw.shape[1]] * len(raw)
    rows = raw.head(_SAMPLE).values.tolist()
    top = _header_at(rows, widths[:_SAMPLE])
    end = len(raw) - _notes_below(raw.iloc[top:].values.tolist(), widths[top:], gaps)
    below = [" ".join(str(cell).split()) for cell in raw.iloc[end:, 0]]
    headless = _is_headless([row for row in rows[top:end] if not all(map(is_blank, row))])
    names, start = raw.iloc[top], top + (not headless)
    body, inside = raw.iloc[start:end], filled.iloc[start:end]
    beyond = inside.iloc[:, widths[top] :].any(axis=1).to_numpy()
    if beyond.any():
        shown = " | ".join(str(cell) for cell in body[beyond].iloc[0] if not is_blank(cell))[:80]
        raise MediaError(
            f"the header has {widths[top]} cells, but a line below it has more ({shown}); allowed is one cell for each "
            "column; put a cell in which the separator stands in quotes"
        )
    kept = [at for at in range(raw.shape[1]) if not is_blank(names.iloc[at]) or inside.iloc[:, at].any()]
    frame = body.iloc[:, kept].reset_index(drop=True)
    frame.columns = _distinct([f"column {at + 1}" if headless else _name(names.iloc[at], at) for at in kept])
    lines = [[str(cell).strip() for cell in row if not is_blank(cell)] for row in raw.iloc[:top].values.tolist()]
    title = [*(above or []), *(" ".join(line) for line in lines)]
    if title:
        said = [*said, f"{len(title)} line{'s' * (len(title) > 1)} above the header left out"]
        frame.attrs["title"] = " ".join(title)
    if headless:
        said = [*said, "no header line, so columns go by their number"]
    if below:
        said = [*said, f"{len(below)} line{'s' * (len(below) > 1)} below the table left out (“{below[0][:60]}”)"]
    return typed(frame, said, usual)


def _name(cell: Any, at: int) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return f"Unnamed: {at}" if is_blank(cell) else " ".join(str(cell).split())


def _header_at(rows: list[list[Any]], widths: list[int]) -> int:
    """The first line of the usual width with (nearly) all cells filled, unless figures stand in it."""
    usual = max(Counter(widths).items(), key=lambda item: (item[1], item[0]))[0]
    counts = [sum(not is_blank(cell) for cell in row) for row in rows]
    most = max(count for count, width in zip(counts, widths, strict=True) if width == usual)
    for at, (row, count) in enumerate(zip(rows, counts, strict=True)):
        unnamed = count == most - 1 and (most > 4 or (most > 1 and is_blank(row[0])))
        if widths[at] >= usual and (count >= most or unnamed):
            return 0 if at and any(is_figure(cell) for cell in row) else at
    return 0


def _notes_below(rows: list[list[Any]], widths: list[int], gaps: set[int]) -> int:
    """How many lines at the end are remarks: one cell alone, below a gap, cut short, or with the words of a remark."""
    if widths[0] < 2 or sum(not is_blank(cell) for cell in rows[0]) < 2:
        return 0
    count = 0
    for at in range(len(rows) - 1, 0, -1):
        cells = [cell for cell in rows[at] if not is_blank(cell)]
        alone = len(cells) == 1 and not is_blank(rows[at][0]) and not is_figure(cells[0])
        if not alone or count == _MOST_NOTES:
            break
        count += 1
    ragged = 1 in widths[1 : len(rows) - count]
    for first in range(len(rows) - count, len(rows)):
        text = str(rows[first][0]).strip()
        if _NOTE.match(text) or first in gaps or (widths[first] == 1 and not ragged):
            return len(rows) - first
    return 0


def _is_headless(rows: list[list[Any]]) -> bool:
    """Whether the first line has figures where all lines have them, other than 1, 2, 3 in a row."""
    at = [column for column, cell in enumerate(rows[0]) if is_figure(cell)]
    if not at or len(rows) < 3 or not all(is_figure(row[c]) or is_blank(row[c]) for row in rows for c in at):
        return False
    heads = [str(rows[0][column]).strip() for column in at]
    numbered = len(heads) > 1 and heads == [
        str(int(heads[0]) + n) if heads[0].isdigit() else "" for n in range(len(heads))
    ]
    return not numbered


def _distinct(names: list[str]) -> list[str]:
    """The second "a" becomes "a.1", as pandas has it."""
    seen: Counter[str] = Counter()
    distinct = []
    for name in names:
        distinct.append(f"{name}.{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return distinct
