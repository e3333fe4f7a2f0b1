"""Tables out of real bytes: separators, letters, marks, units, preambles; and what is no table."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from prefrontal.errors import MediaError
from prefrontal.tools.media import Workspace
from prefrontal.tools.table_files import read_table


def rows(data: bytes | str, suffix: str = ".csv") -> list[dict[str, Any]]:
    frame = read_table(data.encode() if isinstance(data, str) else data, suffix)
    return frame.to_dict("records")


def sheet(cells: list[list[Any]], **more: list[list[Any]]) -> bytes:
    target = io.BytesIO()
    with pd.ExcelWriter(target) as writer:
        for name, lines in {"Data": cells, **more}.items():
            pd.DataFrame(lines).to_excel(writer, sheet_name=name, header=False, index=False)
    return target.getvalue()


def refusal(data: bytes | str, suffix: str = ".csv") -> str:
    with pytest.raises(MediaError) as caught:
        rows(data, suffix)
    return str(caught.value)


# Separators and letters


@pytest.mark.parametrize(
    ("separator", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")]
)  # fmt: skip
def test_any_separator(separator: str, name: str) -> None:
    text = f"tree{separator}kilos\nelm{separator}3\noak{separator}4\n"
    assert rows(text) == [{"tree": "elm", "kilos": 3}, {"tree": "oak", "kilos": 4}]
    assert read_table(text.encode(), ".csv").attrs["read_as"] == f"Read as {name}-separated, UTF-8."


def test_the_separator_that_the_file_names_itself() -> None:
    assert rows("sep=|\na|b\n1;2|3\n") == [{"a": "1;2", "b": 3}]


def test_commas_in_texts_and_in_quotes_are_none() -> None:
    assert rows("name;note\nA;one, two\nB;three, four\n") == [
        {"name": "A", "note": "one, two"},
        {"name": "B", "note": "three, four"},
    ]
    assert rows('name,note\nA,"one, two"\n') == [{"name": "A", "note": "one, two"}]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16-LE"),
     ("utf-16-be", "UTF-16-BE"), ("cp1252", "cp1252"), ("latin-1", "cp1252")],
)  # fmt: skip
def test_letters(encoding: str, name: str) -> None:
    data = "name,n\nZoë,1\nMüller,2\n".encode(encoding)
    assert rows(data) == [{"name": "Zoë", "n": 1}, {"name": "Müller", "n": 2}]
    assert read_table(data, ".csv").attrs["read_as"] == f"Read as comma-separated, {name}."


def test_bytes_that_windows_does_not_have_are_latin_1() -> None:
    data = b"name,n\n" + bytes(range(128, 256)) + b",1\n"
    assert rows(data) == [{"name": bytes(range(128, 256)).decode("latin-1").strip(), "n": 1}]
    assert "latin-1" in read_table(data, ".csv").attrs["read_as"]


# Numbers


@pytest.mark.parametrize(
    ("cells", "numbers", "unit"),
    [
        (["1.234,50 €", "3,00 €"], [1234.5, 3.0], "€"),
        (["€1,234.50", "€3.00"], [1234.5, 3.0], "€"),
        (["$ 5", "-$7"], [5, -7], "$"),
        (["12 %", "3 %"], [12, 3], "%"),
        (["12.5%", "3%"], [12.5, 3.0], "%"),
        (["5 kg", "70 kg"], [5, 70], "kg"),
        (["(1,234.50)", "2.00"], [-1234.5, 2.0], None),
        (["1 234,5", "2,5"], [1234.5, 2.5], None),
        (["1'234.5", "2.5"], [1234.5, 2.5], None),
        (["−3", "4"], [-3, 4], None),
        (["1.5e-3", "2"], [0.0015, 2.0], None),
        (["1,234,567", "8"], [1234567, 8], None),
        (["0,123", "1,5"], [0.123, 1.5], None),
    ],
)
def test_numbers_as_they_are_written(cells: list[str], numbers: list[float], unit: str | None) -> None:
    frame = read_table(("v|w\n" + "".join(f"{cell}|x\n" for cell in cells)).encode(), ".csv")
    assert frame["v"].tolist() == numbers
    assert frame.attrs["units"] == ({"v": unit} if unit else {})


@pytest.mark.parametrize(
    "cells",
    [
        ["0117", "12"],  # ids keep their zeros
        ["5A", "7B"],  # product codes
        ["5A", "7A"],
        ["5 kg", "300 g"],  # two units
        ["5 €", "7"],  # one without
        ["4111111111111111", "1"],  # a card's number
        ["1.5", "1,55"],  # both marks
        ["05.03.2026", "06.03.2026"],
        ["09:30", "10:15"],
        ["+49 228 1234", "030 12345"],
        ["(5", "6)"],
    ],
)
def test_what_is_no_number_stays_a_text(cells: list[str]) -> None:
    frame = read_table(("v|w\n" + "".join(f"{cell}|x\n" for cell in cells)).encode(), ".csv")
    assert frame["v"].tolist() == cells


def test_thousands_or_decimals_are_told_by_the_other_columns() -> None:
    frame = read_table(b"a;b\n1.234;2,5\n5.678;3,5\n", ".csv")
    assert frame["a"].tolist() == [1234, 5678]
    assert frame.attrs["read_as"] == "Read as semicolon-separated, UTF-8, decimal comma."
    unsure = read_table(b"a|b\n1.234|x\n5.678|y\n", ".csv")
    assert unsure["a"].tolist() == [1.234, 5.678]
    assert unsure.attrs["read_as"] == "Read as bar-separated, UTF-8, decimal point (not certain)."


def test_na_is_missing_among_numbers_and_a_text_among_texts() -> None:
    frame = read_table(b"country,n\nNA,1\nDE,NA\nFR,n/a\nIT,4\n", ".csv")
    assert frame["country"].tolist() == ["NA", "DE", "FR", "IT"]
    assert frame["n"].isna().tolist() == [False, True, True, False]


def test_true_and_false_and_blanks() -> None:
    frame = read_table(b"a,b,c\nTrue,x, y \nFalse,,z\n", ".csv")
    assert frame["a"].tolist() == [True, False]
    assert frame["b"].isna().tolist() == [False, True]
    assert frame["c"].tolist() == ["y", "z"]


# Headers


@pytest.mark.parametrize(
    "text",
    [
        "Report 2026\n\nname,hours\nMeier,3\n",
        "Report 2026,\n,\nname,hours\nMeier,3\n",
        "Report 2026\nname,hours\nMeier,3\n",
        "Report, 2026\n\nname,hours\nMeier,3\n",
    ],
)
def test_lines_above_the_header(text: str) -> None:
    frame = read_table(text.encode(), ".csv")
    assert frame.to_dict("records") == [{"name": "Meier", "hours": 3}]
    assert frame.attrs["read_as"] == "Read as comma-separated, UTF-8, 1 line above the header left out."
    assert frame.attrs["title"].startswith("Report")


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        (",a\nx,1\n", ["Unnamed: 0", "a"]),
        ("a,a,b\n1,2,3\n", ["a", "a.1", "b"]),
        ("a,b,\n1,2,\n", ["a", "b"]),
        ("tree,2025,2026\nelm,1,2\n", ["tree", "2025", "2026"]),
        ("name,hours\n\nMeier,3\n", ["name", "hours"]),
    ],
)
def test_headers(text: str, columns: list[str]) -> None:
    assert list(read_table(text.encode(), ".csv").columns) == columns


@pytest.mark.parametrize(
    ("below", "told"),
    [
        ("\nSource: our own books\n", "1 line below the table left out (“Source: our own books”)"),
        ("Exported on 2026-01-03\n", "1 line below the table left out (“Exported on 2026-01-03”)"),
        ("Total,12\n\n* provisional\nPrinted by Anna\n", "2 lines below the table left out (“* provisional”)"),
    ],
)
def test_remarks_below_a_table(below: str, told: str) -> None:
    frame = read_table(f"name,hours\nMeier,5\nLi,7\n{below}".encode(), ".csv")
    assert frame["name"].tolist()[:2] == ["Meier", "Li"]
    assert frame["hours"].sum() == (24 if "Total" in below else 12)
    assert frame.attrs["read_as"] == f"Read as comma-separated, UTF-8, {told}."


def test_lines_cut_short_are_rows() -> None:
    assert len(rows("name,city,hours\nAnna,Graz,5\nBen\nCarl,Wien,7\nDan\n")) == 4
    assert len(rows("item\nlamp\nchair\n")) == 2


def test_a_table_without_a_header() -> None:
    frame = read_table(b"Anna,5\nBen,7\nCarl,8\n", ".csv")
    assert frame.to_dict("list") == {"column 1": ["Anna", "Ben", "Carl"], "column 2": [5, 7, 8]}
    assert frame.attrs["read_as"] == "Read as comma-separated, UTF-8, no header line, so columns go by their number."
    assert list(read_table(b"name,1,2,3\nAnna,5,6,7\nBen,7,8,9\n", ".csv").columns) == ["name", "1", "2", "3"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(end: str) -> None:
    assert rows(end.join(["a,b", "x,1", '"y', 'z",2', ""])) == [{"a": "x", "b": 1}, {"a": "y\nz", "b": 2}]


def test_a_line_with_more_cells_than_the_header_is_not_guessed_at() -> None:
    assert refusal("item,price\nlamp,12,50\nchair,20,00\n") == (
        "the header has 2 cells, but a line below it has more (lamp | 12 | 50); allowed is one cell for each column; "
        "put a cell in which the separator stands in quotes"
    )


@pytest.mark.parametrize("data", [b"\n\n", b"  \n", b",,\n,,\n"])
def test_no_table(data: bytes) -> None:
    assert "pass one with a header line and rows below it" in refusal(data)


# Other files


def test_sheets_keep_ids_and_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [["Orders", None, None], ["id", "amount", "day"], ["0117", "5 €", pd.Timestamp("2026-03-05")],
             ["0118", "7 €", pd.Timestamp("2026-03-06")]]  # fmt: skip
    frame = read_table(sheet(cells, Other=[["x"], [1]]), ".xlsx")
    assert frame["id"].tolist() == ["0117", "0118"]
    assert frame["amount"].tolist() == [5, 7]
    assert frame["day"].dt.day.tolist() == [5, 6]
    assert frame.attrs["read_as"] == (
        "Read as Excel, sheet “Data”, the first of 2 with cells (there is also “Other”), "
        "1 line above the header left out."
    )


def test_sheets_without_openpyxl_or_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sheet([["a"], [1]])
    empty = sheet([])
    assert refusal(empty, ".xlsx") == (
        "no sheet of this .xlsx file holds a cell; pass one with a header line and rows below it"
    )
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert refusal(data, ".xlsx") == (
        "an .xlsx file needs openpyxl, which is missing here; allowed without it are CSV, JSON and Parquet: "
        "pip install 'prefrontal[tables]', or save the sheet as CSV"
    )


def test_json_and_lines_of_it() -> None:
    assert rows('[{"id": "0117", "n": "12"}, {"id": "0118", "n": "13"}]', ".json") == [
        {"id": "0117", "n": 12},
        {"id": "0118", "n": 13},
    ]
    assert rows('{"a": 1.5}\n{"a": 2}\n', ".jsonl") == [{"a": 1.5}, {"a": 2.0}]


def test_parquet() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    target = io.BytesIO()
    frame.to_parquet(target)
    assert read_table(target.getvalue(), ".parquet").to_dict("records") == frame.to_dict("records")


def test_the_index_of_a_parquet_table_is_a_column() -> None:
    target = io.BytesIO()
    pd.DataFrame({"n": [1, 2]}, index=pd.Index(["x", "y"], name="id")).to_parquet(target)
    assert rows(target.getvalue(), ".parquet") == [{"id": "x", "n": 1}, {"id": "y", "n": 2}]


def test_parquet_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert refusal(b"PAR1", ".parquet") == (
        "a Parquet file needs pyarrow, which is missing here; allowed without it are CSV, JSON and Excel: "
        "pip install 'prefrontal[parquet]', or save the table as CSV"
    )


def test_without_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert refusal("a\n1\n") == "tables need pandas: pip install 'prefrontal[tables]'"


def test_through_a_workspace(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("Betrag;Stadt\n1.234,50 €;Köln\n".encode("cp1252"))
    frame = workspace.open(workspace.add(tmp_path / "t.csv").handle)
    assert frame.to_dict("records") == [{"Betrag": 1234.5, "Stadt": "Köln"}]
