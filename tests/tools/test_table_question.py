"""A question about a table, word by word: what is nothing that is known is left over."""

from __future__ import annotations

import pytest
from order_table import ORDERS, sheet

from prefrontal.tools.table_naming import mark_names
from prefrontal.tools.table_question import (
    Question,
    columns_of_kind,
    function_words,
    mark_numbers,
    mark_parts,
    mark_phrases,
)


def marked(text: str) -> Question:
    question = Question(text, ORDERS)
    for mark in (mark_names, mark_phrases, mark_numbers, mark_parts):
        mark(question)
    return question


@pytest.mark.parametrize(
    ("text", "kinds", "left"),
    [
        ("total amount of Meier", ["op sum", "column", "value"], ["of"]),
        ("highest amount per region", ["superlative ('max', '')", "column", "group per", "column"], []),
        ("how many rows over 100", ["op howmany", "compare >", "number ('figure', 100, '')"], ["rows"]),
        ("the 2nd largest amount", ["number ('nth', 2, '')", "superlative ('max', '')", "column"], ["the"]),
        ("total hats", ["op sum"], ["hats"]),
    ],
)
def test_words(text: str, kinds: list[str], left: list[str]) -> None:
    question = marked(text)
    marks = sorted(question.marks, key=lambda mark: mark.start)
    assert [f"{m.kind} {m.what}" if m.kind not in ("column", "value") else m.kind for m in marks] == kinds
    assert question.left_over() == left


def test_marks_take_their_words() -> None:
    question = marked("total amount of Meier")
    (value,) = question.of("value")
    assert ([column.name for column in value.columns], question.is_free(2, 3), question.is_free(2, 4)) == (
        ["customer"],
        True,
        False,
    )
    assert question.ops() == {"sum"}
    assert [question.before(at) for at in (0, 1)] == ["", "total"]


@pytest.mark.parametrize(
    ("kind", "names"), [("date", ["date"]), ("who", ["customer"]), ("price", ["amount"]), ("place", ["region"])]
)
def test_columns_of_a_kind(kind: str, names: list[str]) -> None:
    assert [column.name for column in columns_of_kind(ORDERS, kind)] == names


def test_an_amount_of_several_pieces_is_no_price() -> None:
    goods = sheet("item,amount,qty\nLamp,30,3\nChair,50,1\n")
    assert columns_of_kind(goods, "price") == []
    assert [column.name for column in columns_of_kind(goods, "quantity")] == ["qty"]


def test_words_that_are_no_names() -> None:
    assert {"the", "total", "last", "three", "before"} <= function_words()
    assert not {"amount", "region"} & function_words()


def test_a_part_of_a_cell_that_describes_something_else_is_no_cell() -> None:
    stock = sheet("item,left\nBond paper,4\nSticker paper,3\nBlue ink,9\n")

    def values(text: str) -> list[str]:
        question = Question(text, stock)
        for mark in (mark_names, mark_phrases, mark_numbers, mark_parts):
            mark(question)
        return [question.words[mark.start] for mark in question.of("value")]

    assert values("how many left of the sticker") == ["sticker"]
    assert values("the sticker drawer is full, how many left") == []
    assert values("sticker, blue ink") == ["sticker", "blue"]
