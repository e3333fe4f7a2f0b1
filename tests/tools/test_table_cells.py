"""Cells as a file has them: a column is of numbers only where all of its cells are."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from prefrontal.tools.table_cells import is_blank, is_figure, typed


def column(*cells: Any, usual: str = ".") -> list[Any]:
    return typed(pd.DataFrame({"x": list(cells)}), ["CSV"], usual)["x"].tolist()


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["12", "3"], [12, 3]),
        (["1.234,50 €", "2,00 €"], [1234.5, 2.0]),
        (["1,234.50", "2.00"], [1234.5, 2.0]),
        (["(3)", "4"], [-3, 4]),
        (["12 kg", "3 kg"], [12, 3]),
        (["0117", "0118"], ["0117", "0118"]),
        (["5A", "6"], ["5A", "6"]),
        (["1 kg", "2 g"], ["1 kg", "2 g"]),
        (["true", "False"], [True, False]),
        ([" a ", "b"], ["a", "b"]),
    ],
)
def test_columns(cells: list[str], values: list[Any]) -> None:
    assert column(*cells) == values


def test_the_decimal_mark_is_told_by_all_columns_together() -> None:
    frame = pd.DataFrame({"a": ["1.250", "2.500"], "b": ["3,5", "4,25"]})
    read = typed(frame, ["CSV"], ".")
    assert read["a"].tolist() == [1250, 2500]
    assert read.attrs["read_as"] == "Read as CSV, decimal comma."


@pytest.mark.parametrize(("usual", "values", "said"), [(".", [1.25, 2.5], "point"), (",", [1250, 2500], "comma")])
def test_what_reads_both_ways_is_not_certain(usual: str, values: list[float], said: str) -> None:
    read = typed(pd.DataFrame({"a": ["1.250", "2.500"]}), ["CSV"], usual)
    assert read["a"].tolist() == values
    assert read.attrs["read_as"] == f"Read as CSV, decimal {said} (not certain)."


def test_units_and_gaps() -> None:
    read = typed(pd.DataFrame({"price": ["5 €", "7 €"], "left": ["n/a", "5"]}), ["CSV"], ".")
    assert read.attrs["units"] == {"price": "€"}
    assert read["left"].isna().tolist() == [True, False]


def test_blanks_and_figures() -> None:
    assert [is_blank(cell) for cell in (None, float("nan"), " ", "x", 0)] == [True, True, True, False, False]
    assert [is_figure(cell) for cell in ("12", "-3,5", "12 kg", "2024", "a", "")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
