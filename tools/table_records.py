"""Records in JSON as the cells of a table: a list of them, an object around one list, columns by name, or a line for
each record. What stands in a record's own objects becomes columns of its own, such as "pay.amount".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..errors import MediaError

if TYPE_CHECKING:
    import pandas as pd

_DEEP = 8  # objects within objects that become columns


def records_of(text: str, lines: bool) -> pd.DataFrame:
    """The table of a JSON text; numbers, texts and blanks as they are written.

    Raises:
        MediaError: it is no JSON, or holds no records.
    """
    import pandas as pd

    found = _lines(text) if lines else _whole(text)
    if not found:
        raise MediaError('the file holds no record; pass a list of objects, such as [{"name": "Anna", "hours": 3}]')
    names = dict.fromkeys(name for record in found for name in record)
    return pd.DataFrame({name: pd.Series([one.get(name) for one in found], dtype=object) for name in names})


def _lines(text: str) -> list[dict[str, Any]]:
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            value = _parsed(line, f"line {number} of the file")
            if not isinstance(value, dict):
                raise MediaError(
                    f"line {number} of the file is {_kind(value)}; allowed is one object a line, such as "
                    '{"name": "Anna", "hours": 3}'
                )
            found.append(_flat(value))
    return found


def _whole(text: str) -> list[dict[str, Any]]:
    if text.lstrip().startswith("{") and _is_one_a_line(text):
        return _lines(text)
    value = _parsed(text, "the file")
    if isinstance(value, dict):
        listed = [inner for inner in value.values() if _are_records(inner)]
        columns = [inner for inner in value.values() if isinstance(inner, list) and inner]
        if len(listed) == 1:
            value = listed[0]
        elif value and len(columns) == len(value) and len({len(column) for column in columns}) == 1 and not listed:
            value = [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]
        elif len(value) > 1 and all(isinstance(inner, dict) for inner in value.values()):
            value = _by_key(value)
    if isinstance(value, list) and len(value) > 1 and all(isinstance(row, list) for row in value):
        head, *rows = value
        if all(isinstance(name, str) for name in head) and all(len(row) == len(head) for row in rows):
            value = [dict(zip(head, row, strict=True)) for row in rows]
    if not _are_records(value) and value != []:
        raise MediaError(
            f"the file is {_kind(value)} and no table; allowed is a list of objects, such as "
            '[{"name": "Anna", "hours": 3}], an object around one such list, or columns by name'
        )
    return [_flat(record) for record in value]


def _is_one_a_line(text: str) -> bool:
    """Lines of JSON under the name of one JSON."""
    first, _, rest = text.strip().partition("\n")
    return rest.lstrip().startswith("{") and first.rstrip().endswith("}")


def _by_key(value: dict[str, Any]) -> list[dict[str, Any]]:
    """{"name": {"0": "Anna"}, "hours": {"0": 3}}, as pandas writes it, or records by their key."""
    keys = [tuple(inner) for inner in value.values()]
    if len(set(keys)) == 1 and all(key.isdigit() for key in keys[0]):
        return [{name: inner[key] for name, inner in value.items()} for key in keys[0]]
    return [{"key": key, **inner} for key, inner in value.items()]


def _parsed(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MediaError(f"{what} is no valid JSON ({error}); correct it or pass a CSV file") from error


def _are_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(record, dict) for record in value)


def _flat(record: dict[str, Any], before: str = "", deep: int = 0) -> dict[str, Any]:
    """Objects inside as columns, and lists as texts."""
    cells: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict) and deep < _DEEP and value:
            cells |= _flat(value, f"{before}{name}.", deep + 1)
        else:
            cells[f"{before}{name}"] = (
                json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
            )
    return cells


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "a yes or no", type(None): "nothing (null)"}
    return names.get(type(value), "a number")
