"""A parquet dump of cards, such as the public dump of the whole Hub: one row a model, in the names that
`ModelCard.from_row` knows.

A row group is read in small batches, of the known columns only: memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from ...errors import UsageError
from ...tools.card_parser import ROW_FIELDS, ROW_IDS
from ...tools.text import error_line
from .base import Read, read_row

_BATCH = 256  # rows: a README may have a megabyte
_BUFFER = 1 << 20  # bytes read ahead of each column; without a buffer pyarrow takes in a row group's whole column
_OLDEST = 15  # before 14.0.1 opening a file could run code that lay in it (CVE-2023-47248); page checksums came with 15


def matches(value: Any) -> bool:
    return isinstance(value, Path) and value.is_file() and value.suffix.lower() == ".parquet"


def read(path: Path, skip: int = 0) -> Iterator[Read]:
    """The rows of the file; a row group that is broken is set aside, and those after it are read.

    Args:
        skip: rows at the beginning that are left out.

    Raises:
        UsageError: pyarrow is missing or too old.
    """
    return _read(path, _pyarrow(path), skip)


def count(path: Path) -> int:
    """The rows, as the end of the file says; 0 when it cannot be read."""
    pyarrow = _pyarrow(path)
    try:
        return import_module("pyarrow.parquet").read_metadata(path).num_rows
    except (pyarrow.ArrowException, OSError, ValueError):
        return 0


def _read(path: Path, pyarrow: Any, skip: int) -> Iterator[Read]:
    unreadable = (pyarrow.ArrowException, OSError, ValueError)
    try:
        file = import_module("pyarrow.parquet").ParquetFile(
            path, pre_buffer=False, buffer_size=_BUFFER, page_checksum_verification=True
        )
    except unreadable as error:
        # What a parquet file holds stands at its end: of one that was cut off nothing can be told.
        yield Read(path.name, reason=f"it is no whole parquet file ({error_line(error)}); fetch it again")
        return
    with file:
        if not set(ROW_IDS) & set(names := file.schema_arrow.names):
            shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
            yield Read(path.name, reason=f"it has the columns {shown}; expected one of {', '.join(ROW_IDS)}")
            return
        row = 0
        for group in range(file.num_row_groups):
            begin, rows = row, file.metadata.row_group(group).num_rows
            if begin + rows <= skip:
                row += rows
                continue
            try:
                for batch in _batches(file, group):
                    if row + batch.num_rows > skip:
                        yield from _rows(batch.slice(max(0, skip - row)), path, max(row, skip), pyarrow)
                    row += batch.num_rows
            except unreadable as error:
                broken = f"{path.name} rows {row + 1} to {begin + rows}"
                yield Read(
                    broken, reason=f"row group {group + 1} is broken ({error_line(error)}); fetch the file again"
                )
            row = begin + rows


def _batches(file: Any, group: int) -> Iterator[Any]:
    columns = [name for name in file.schema_arrow.names if name in ROW_FIELDS]
    return file.iter_batches(_BATCH, row_groups=[group], columns=columns, use_threads=False)


def _rows(batch: Any, path: Path, before: int, pyarrow: Any) -> Iterator[Read]:
    names, columns = batch.schema.names, [_readable(column, pyarrow) for column in batch.columns]
    for number in range(batch.num_rows):
        row = {name: _cell(column[number]) for name, column in zip(names, columns, strict=True)}
        yield read_row(row, f"{path.name} row {before + number + 1}", "parquet")


def _readable(column: Any, pyarrow: Any) -> Any:
    """Text as bytes: pyarrow does not check that text is UTF-8 when it reads, and fails when it gives out a value
    that is not. Moments in microseconds, for nanoseconds are given out by pandas only."""
    kind, types = column.type, pyarrow.types
    if types.is_string(kind) or types.is_large_string(kind):
        return column.cast(pyarrow.large_binary())
    if types.is_list(kind) and types.is_string(kind.value_type):
        return column.cast(pyarrow.list_(pyarrow.binary()))
    if types.is_timestamp(kind) and kind.unit == "ns":
        return column.cast(pyarrow.timestamp("us", kind.tz), safe=False)
    return column


def _cell(scalar: Any) -> Any:
    try:
        return _json_value(scalar.as_py())
    except (ValueError, OverflowError):  # such as a moment of the year 300,000: the rest of the row is of use
        return None


def _json_value(value: Any) -> Any:
    """A cell as a line of JSONL would hold it."""
    if isinstance(value, bytes):
        return value.decode("utf-8-sig", "replace")
    if isinstance(value, list):
        return [_json_value(item) for item in value]
    return str(value) if isinstance(value, date) else value  # a datetime is a date, too


def _pyarrow(path: Path) -> Any:
    try:
        pyarrow = import_module("pyarrow")
    except ImportError as error:
        raise UsageError(f"{path.name} is a parquet file, and pyarrow is not installed; pip install pyarrow") from error
    if int(pyarrow.__version__.partition(".")[0]) < _OLDEST:
        raise UsageError(
            f"{path.name} is a parquet file, and pyarrow {pyarrow.__version__} is too old to read a stranger's file "
            f"safely; pip install 'pyarrow>={_OLDEST}'"
        )
    return pyarrow
