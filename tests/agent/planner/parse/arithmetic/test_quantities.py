"""The numbers of a text: what each is worth, where it stands, and what is none."""

from __future__ import annotations

from itertools import pairwise

import pytest

from prefrontal.agent.planner.parse.arithmetic.quantities import numbers_of


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("3 crates of 2.50", ["3", "2.50"]),
        ("-5 and 8-3", ["-5", "8", "3"]),
        # both ways to write them, and thousands apart
        ("1,250 and 2,5", ["1250", "2.5"]),
        ("1.250,50 and 1,250.50", ["1250.50", "1250.50"]),
        ("12'500 francs and 3 400 m", ["12500", "3400"]),
        # words
        ("twenty-one plus a hundred and five", ["21", "105"]),
        ("twice a fiver and three tens", ["2", "5", "3", "10"]),
        ("3 dozen eggs", ["3", "12"]),
        # parts
        ("3/8 of 2 1/2 cups", ["(3/8)", "(5/2)"]),
        ("two thirds of a dozen", ["(2/3)", "12"]),
        ("half an hour, a half", ["(1/2)", "(1/2)"]),
        ("a quarter of 8", ["(1/4)", "8"]),
        # scales
        ("5k, 2 million and £1.5k", ["5000", "2000000", "1500"]),
        ("3 grand", ["3000"]),
    ],
)
def test_what_they_are_worth(text: str, values: list[str]) -> None:
    assert [number.value for number in numbers_of(text)] == values


@pytest.mark.parametrize(
    "text",
    [
        "the 3rd of the 14th",  # ordinals
        "route A7, B12 and 5m2x",  # parts of names
        "1.2.3",
        "1/0",
        "which one, that one, no one and one day",
        "one of them",
        "a hand",
        "",
    ],
)
def test_what_is_none(text: str) -> None:
    assert numbers_of(text) == []


def test_one_may_count() -> None:
    assert [number.value for number in numbers_of("one plum and 3 pears")] == ["1", "3"]


def test_per_cents() -> None:
    found = numbers_of("20 % off, 5 per cent, ten percent, 4pct and 7 pieces")
    assert [(number.value, number.percent) for number in found] == [
        ("20", True), ("5", True), ("10", True), ("4", True), ("7", False),
    ]  # fmt: skip


def test_words_may_count_nothing_and_figures_do() -> None:
    found = numbers_of("half of the seven boats, 9 oars, 1/2 a sail, a dozen ropes and ten per cent")
    assert [(number.value, number.loose) for number in found] == [
        ("(1/2)", True), ("7", True), ("9", False), ("(1/2)", False), ("12", True), ("10", False),
    ]  # fmt: skip


def test_where_they_stand() -> None:
    text = "Ola has 12 hanks, 2 1/2 yards and twenty-one pins at 15%"
    found = numbers_of(text)
    assert [text[number.start : number.end].strip() for number in found] == ["12", "2 1/2", "twenty-one", "15%"]
    assert all(one.end <= two.start for one, two in pairwise(found))
