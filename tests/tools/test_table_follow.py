"""A question that leans on the one before it is asked in full: what is the same comes from there."""

from __future__ import annotations

from contextlib import suppress

import pandas as pd
import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.table_columns import sheet_of
from prefrontal.tools.table_files import read_table
from prefrontal.tools.table_follow import cells_named, columns_named, followed, leans_back, speaks_of, stays_within
from prefrontal.tools.tables import ask_table


def table(text: str) -> pd.DataFrame:
    return read_table(text.encode(), ".csv")


BOATS = table(
    "boat,owner,berth,length_m,fee,paid,day\n"
    "Gull,Frey,North,7,120,yes,2027-05-02\n"
    "Heron,Brandt,South,9,150,no,2027-05-20\n"
    "Tern,Frey,South,6,90,yes,2027-06-11\n"
    "Osprey,Lindqvist,North,12,240,no,2027-07-01\n"
)


@pytest.mark.parametrize(
    ("before", "text", "question"),
    [
        # a cell, a period or a column stands in place of its like
        ("total fee of Frey", "and Brandt?", "total fee of Brandt"),
        ("total fee of Frey in the North", "same for the South", "total fee of Frey in the South"),
        ("total fee in May", "and in June?", "total fee in June"),
        ("average fee of Frey", "what about the length?", "average length of Frey"),
        # what has no like is said beside
        ("total fee in the North", "and of boats longer than 8?", "total fee in the North of boats longer than 8"),
        # the rows of before
        ("how many boats in the North", "what is the average fee of those", "what is the average fee berth “North”"),
        (
            "total fee of Frey in the South",
            "which of them is the longest",
            "which is the longest owner “Frey” and berth “South”",
        ),
    ],
)
def test_what_is_different_is_said(before: str, text: str, question: str) -> None:
    assert question in followed(BOATS, before, text)


@pytest.mark.parametrize(
    ("before", "text", "value"),
    [
        ("total fee of Frey", "and Brandt?", 150),
        ("total fee in May", "n in June", 90),
        ("average fee in the South", "and the length?", 7.5),
        ("how many boats of Frey", "how many of them are in the South?", 1),
        ("highest fee in the North", "and which of those is longest?", "Osprey"),
        ("total fee of Frey", "and what is the average fee of the boats in the North?", 180),
    ],
)
def test_the_first_that_the_table_answers(before: str, text: str, value: object) -> None:
    answers = []
    for question in followed(BOATS, before, text):
        with suppress(ToolInputError):
            answers.append(ask_table(BOATS, question)["value"])
    assert answers[0] == value


@pytest.mark.parametrize("text", ["and?", "the same again", "", "ok, and then?"])
def test_where_nothing_is_different_nothing_is_asked(text: str) -> None:
    assert followed(BOATS, "total fee of Frey", text) == []


def test_a_whole_question_is_asked_as_it_stands() -> None:
    text = "what is the total length of the boats of Lindqvist"
    assert followed(BOATS, "total fee of Frey", text)[0] == text


def test_a_question_without_its_number_gets_that_of_before() -> None:
    assert followed(BOATS, "total fee in the South", "and the average per berth?") == [
        "and the average per berth",
        "the average per berth fee",
    ]


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("how many of them are paid", True),
        ("of those, which is the longest", True),
        ("are they in the South", True),
        ("how many boats are paid", False),
        ("the theme of the regatta", False),
    ],
)
def test_what_is_about_the_rows_of_before(text: str, leans: bool) -> None:
    assert leans_back(text) is leans


def test_columns_that_are_named() -> None:
    sheet = sheet_of(BOATS)
    assert [column.name for column in columns_named(sheet, "by owner, the fee of each")] == ["owner", "fee"]
    assert columns_named(sheet, "what did my aunt knit") == []


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("the Gull leaks", True),  # a cell
        ("the berth is muddy", True),  # a column
        ("it was the 14 of us", True),  # a number
        ("in March it rains", True),  # a period
        ("the biggest one", True),  # a superlative
        ("my sister sails as well", False),
        ("sorry for my typing", False),
    ],
)
def test_what_speaks_of_a_table(text: str, speaks: bool) -> None:
    assert speaks_of(sheet_of(BOATS), text) is speaks


@pytest.mark.parametrize(
    ("before", "text", "asked"),
    [
        ("how many boats have a fee over 100", "how many of them are paid?", "how many are paid fee over 100"),
        ("how many boats are paid", "how many of them are in the North?", "how many are in the North paid"),
        (
            "how many boats are not in the North",
            "how many of them are paid?",
            "how many are paid without berth “North”",
        ),
    ],
)
def test_of_them_keeps_all_that_narrowed(before: str, text: str, asked: str) -> None:
    assert followed(BOATS, before, text) == [asked]
    assert stays_within(BOATS, before, asked)


def test_what_is_about_other_rows_does_not_stay_within() -> None:
    assert not stays_within(BOATS, "how many boats are in the North", "how many boats are paid")


@pytest.mark.parametrize("text", ["thanks", "yes", "and?"])
def test_what_asks_nothing_follows_nothing(text: str) -> None:
    assert followed(BOATS, "total fee of Frey", text) == []


def test_a_negation_is_never_exchanged() -> None:
    assert followed(BOATS, "total fee of Frey", "and not Lindqvist?") == ["total fee of Frey not Lindqvist"]


def test_whether_all_rows_are_meant_is_not_guessed() -> None:
    assert followed(BOATS, "average fee of Frey", "and the average fee of all of them?") == []


def test_cells_that_are_named() -> None:
    assert cells_named(sheet_of(BOATS), "did Frey pay more in the North?") == ["Frey", "North"]
