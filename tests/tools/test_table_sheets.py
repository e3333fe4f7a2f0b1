"""Workbooks: the sheet that is read is told, and the one that is asked for is read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openpyxl")
sys.path.insert(0, str(Path(__file__).parents[1]))

from made_files import changed, workbook

from prefrontal.errors import MediaError, ToolInputError
from prefrontal.tools.table_files import read_table
from prefrontal.tools.table_sheets import sheets_named, without_sheet
from prefrontal.tools.tables import ask_table

INCOME: list[list[Any]] = [["name", "amount"], ["Anna", 5], ["Ben", 7]]
COSTS: list[list[Any]] = [["item", "amount"], ["rent", 100], ["food", 30]]
BOOK = workbook(Income=INCOME, Costs=COSTS, North_West=[["item", "amount"], ["rent", 1]])


@pytest.mark.parametrize(
    ("about", "sheet"),
    [
        ("what is the total amount?", "Income"),
        ("what is the total amount on the Costs sheet?", "Costs"),
        ("in the sheet “costs”, what is the total amount?", "Costs"),
        ("what is the total amount in Costs?", "Costs"),
        ("the tab called North West: total amount", "North West"),
        ("what is the total amount on the second sheet?", "Costs"),
        ("what is the total amount on the last tab?", "North West"),
        ("the costly ones", "Income"),
    ],
)
def test_the_sheet_that_is_asked_for(about: str, sheet: str) -> None:
    frame = read_table(BOOK, ".xlsx", about)
    assert f"sheet “{sheet}”" in frame.attrs["read_as"]
    assert frame.attrs["sheet"] == ("" if "which was asked for" not in frame.attrs["read_as"] else sheet)


def test_which_one_it_was_and_which_others_there_are() -> None:
    assert read_table(BOOK, ".xlsx").attrs["read_as"] == (
        "Read as Excel, sheet “Income”, the first of 3 with cells (there are also “Costs”, “North West”)."
    )
    assert read_table(BOOK, ".xlsx", "sheet Costs").attrs["read_as"] == (
        "Read as Excel, sheet “Costs”, which was asked for (there are also “Income”, “North West”)."
    )
    alone = workbook(Cover=[], Data=INCOME)
    assert read_table(alone, ".xlsx").attrs["read_as"] == "Read as Excel, sheet “Data”."


def test_two_sheets_at_once_are_refused() -> None:
    with pytest.raises(
        ToolInputError, match=r"the words name 2 sheets \(Income, Costs\); ask about one sheet at a time"
    ):
        read_table(BOOK, ".xlsx", "compare the sheet Income and the sheet Costs")


def test_a_name_that_the_first_sheet_knows_is_its_own_word() -> None:
    assert sheets_named(["A", "Income"], ["A", "Income"], "total income", lambda: {"income"}) == []
    assert sheets_named(["A", "Income"], ["A", "Income"], "total of sheet Income", lambda: {"income"}) == ["Income"]
    assert sheets_named(["Q1", "Total"], ["Q1", "Total"], "the total amount") == []
    assert sheets_named(["North", "North West"], ["North", "North West"], "in North West") == ["North West"]


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("total amount on the Costs sheet", "total amount"),
        ("In the sheet “Costs”, what is the total amount?", "what is the total amount?"),
        ("total amount in Costs", "total amount"),
        ("total amount on the second tab", "total amount"),
        ("Costs", "Costs"),
    ],
)
def test_the_question_without_its_sheet(question: str, rest: str) -> None:
    assert without_sheet(question, "Costs") == rest
    assert without_sheet(question, "") == question


def test_questions_about_a_sheet() -> None:
    frame = read_table(BOOK, ".xlsx", "sheet Costs")
    assert ask_table(frame, "total amount on the Costs sheet", sheet="costs")["value"] == 130
    with pytest.raises(ToolInputError, match=r"there is no sheet “Cost”\. Read as Excel, sheet “Costs”"):
        ask_table(frame, "total amount", sheet="Cost")


def refusal(data: bytes, about: str = "") -> str:
    with pytest.raises(MediaError) as caught:
        read_table(data, ".xlsx", about)
    return str(caught.value)


def test_formulas_are_never_worked_out() -> None:
    said = (
        "{} of sheet “A” {} a formula whose value was never worked out; open the file in a spreadsheet program and "
        "save it, or write the values themselves"
    )
    assert refusal(workbook(A=[["n"], [1], ["=1+1"]])) == said.format("1 cell", "holds")
    assert refusal(workbook(A=[["n"], ["=A1"], ['=HYPERLINK("http://localhost")']])) == said.format("2 cells", "hold")


def test_what_a_spreadsheet_program_stored_is_read() -> None:
    book = workbook(A=[["n"], [1], ["=1+1"]])
    saved = changed(book, sheet1_xml=lambda xml: xml.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>"))
    assert read_table(saved, ".xlsx")["n"].tolist() == [1, 2]


def test_hidden_and_empty_sheets() -> None:
    hidden = changed(
        workbook(Secret=COSTS, Data=INCOME),
        workbook_xml=lambda xml: xml.replace(b'sheetId="1" state="visible"', b'sheetId="1" state="hidden"'),
    )
    assert read_table(hidden, ".xlsx").attrs["read_as"] == "Read as Excel, sheet “Data”."
    assert "“Secret”" in read_table(hidden, ".xlsx", "the sheet Secret").attrs["read_as"]
    assert refusal(workbook(Cover=[], Data=INCOME), "the sheet Cover") == (
        "sheet “Cover” holds no cell; sheets that do are Data; name one of them"
    )


def test_a_damaged_part_is_told_in_a_sentence() -> None:
    said = refusal(changed(BOOK, workbook_xml=lambda xml: xml[: len(xml) // 2]))
    assert said.startswith("the file is damaged (")
    assert said.endswith("); save it again as an .xlsx file, or as CSV")
