"""Stories as typed quantities."""

from __future__ import annotations

from prefrontal.agent.planner.parse.arithmetic.story_parts import parts_of


def test_what_each_number_counts_and_what_happens_to_it() -> None:
    parts = parts_of("I had 5 crates with 24 records in each. Sold 37. How many are left?")
    assert parts
    assert [(q.value, q.unit, q.per, q.role) for q in parts.quantities] == [
        ("5", "crate", (), "have"),
        ("24", "record", ("crate",), "have"),
        ("37", "", (), "loss"),
    ]
    assert parts.question == "how many are left?"


def test_prices_are_for_one_of_what_stands_before_them() -> None:
    parts = parts_of("3 LPs at 8.50 each, he gives me two twenties, what is his change?")
    assert parts
    assert [(q.unit, q.per) for q in parts.quantities] == [("lp", ()), ("money", ("lp",)), ("", ())]
    assert parts.quantities[-1].role == "given"


def test_what_is_no_story() -> None:
    assert parts_of("5 apples and 3 pears") is None
    assert parts_of("I have 5 apples. How many?") is None
    assert parts_of("I have 20 euros and 5 dollars. How much is left?") is None
