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
from .table_cells import is_blank, is_figure, typed

if TYPE_CHECKING:
    import pandas as pd

_SAMPLE = 200  # lines that tell the separator
_SEPARATORS = {";": "semicolon", "\t": "tab", "|": "bar", ",": "comma"}  # of two that fit, the rarer one in a text


def read_table(data: bytes, suffix: str) -> pd.DataFrame:
    """The table of a file; `frame.attrs["read_as"]` says in a sentence what was assumed, `attrs["units"]` the unit or
    currency of each column that had one, and `attrs["title"]` what stood above the header.

    Args:
        suffix: of the file's name, such as ".csv"; anything unknown is read as CSV.

    Raises:
        MediaError: pandas, or openpyxl for an .xlsx, is missing, or there is no table in the file. Damaged files raise
            whatever their library raises.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise MediaError("tables need pandas: pip install 'prefrontal[tables]'") from error
    if suffix == ".parquet":
        frame = pd.read_parquet(io.BytesIO(data))
        frame.attrs["read_as"] = "Read as Parquet."
        return frame
    reader = {".xlsx": _from_sheet, ".json": _from_json, ".jsonl": _from_json}.get(suffix, _from_text)
    return reader(data, suffix)


def _from_json(data: bytes, suffix: str) -> pd.DataFrame:
    import pandas as pd

    text, letters = decoded(data)
    frame = pd.read_json(io.StringIO(text), lines=suffix == ".jsonl", dtype=False)  # pyright: ignore[reportArgumentType]
    return typed(frame, [f"{'lines of ' if suffix == '.jsonl' else ''}JSON", letters], ".")


def _from_sheet(data: bytes, suffix: str) -> pd.DataFrame:
    import pandas as pd

    try:
        sheets: dict[Any, pd.DataFrame] = pd.read_excel(
            io.BytesIO(data), sheet_name=None, header=None, dtype=object, keep_default_na=False
        )
    except ImportError as error:
        raise MediaError(
            "an .xlsx file needs openpyxl, which is missing here; allowed without it are CSV, JSON and Parquet: "
            "pip install 'prefrontal[tables]', or save the sheet as CSV"
        ) from error
    filled = {name: sheet for name, sheet in sheets.items() if sheet.size}
    if not filled:
        raise MediaError("no sheet of this .xlsx file holds a cell; pass one with a header line and rows below it")
    name, raw = next(iter(filled.items()))
    sheet = f"sheet “{name}”" + (f", the first of {len(filled)} with cells" if len(filled) > 1 else "")
    return _headed(raw, ["Excel", sheet], ".")


def _from_text(data: bytes, suffix: str) -> pd.DataFrame:
    import pandas as pd

    text, letters = decoded(data)
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


def decoded(data: bytes) -> tuple[str, str]:
    """The text of bytes, and the name of the encoding that they were taken for."""
    if data.startswith(b"\xef\xbb\xbf"):
        return data.decode("utf-8-sig"), "UTF-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16"), "UTF-16"
    head = data[:1000]
    if head and head.count(0) * 3 > len(head):  # Western text in UTF-16 without a mark: every other byte is 0
        name = "utf-16-be" if head[0] == 0 else "utf-16-le"
        return data.decode(name), name.upper()
    for name in ("utf-8", "cp1252"):  # cp1252 is what spreadsheets write when not told otherwise
        try:
            return data.decode(name), {"utf-8": "UTF-8"}.get(name, name)
        except UnicodeDecodeError:
            continue
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
    raw, filled = raw.loc[filled.any(axis=1)], filled.loc[filled.any(axis=1)]
    if raw.empty:
        raise MediaError(
            "this file holds no table, but empty cells only; pass one with a header line and rows below it"
        )
    widths = widths or [raw.shape[1]] * len(raw)
    top = _header_at(raw.head(_SAMPLE).values.tolist(), widths[:_SAMPLE])
    names, body, inside = raw.iloc[top], raw.iloc[top + 1 :], filled.iloc[top + 1 :]
    beyond = inside.iloc[:, widths[top] :].any(axis=1).to_numpy()
    if beyond.any():
        shown = " | ".join(str(cell) for cell in body[beyond].iloc[0] if not is_blank(cell))[:80]
        raise MediaError(
            f"the header has {widths[top]} cells, but a line below it has more ({shown}); allowed is one cell for each "
            "column; put a cell in which the separator stands in quotes"
        )
    kept = [at for at in range(raw.shape[1]) if not is_blank(names.iloc[at]) or inside.iloc[:, at].any()]
    frame = body.iloc[:, kept].reset_index(drop=True)
    frame.columns = _distinct([_name(names.iloc[at], at) for at in kept])
    lines = [[str(cell).strip() for cell in row if not is_blank(cell)] for row in raw.iloc[:top].values.tolist()]
    title = [*(above or []), *(" ".join(line) for line in lines)]
    if title:
        said = [*said, f"{len(title)} line{'s' * (len(title) > 1)} above the header left out"]
        frame.attrs["title"] = " ".join(title)
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


def _distinct(names: list[str]) -> list[str]:
    """The second "a" becomes "a.1", as pandas has it."""
    seen: Counter[str] = Counter()
    distinct = []
    for name in names:
        distinct.append(f"{name}.{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return distinct
