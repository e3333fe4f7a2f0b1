"""One clause becomes one expression."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.arithmetic.sum_reading import Atoms, bare, inside, reduced, single, spare


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("#0 plus #1 times #2", "#0 + #1 * #2"),
        ("the sum of #0 and #1", "sum(#0, #1)"),
        ("#0 thirds of #1", "#0 / 3 * #1"),
        ("take #0 from #1", "#1 - #0"),
        ("%0 off #1", "#1 * (1 - #0 / 100)"),
    ],
)
def test_single(text: str, expression: str) -> None:
    atoms = Atoms(["2", "7", "9"])
    atom = single(text, atoms)
    for place, value in enumerate(("2", "7", "9")):
        expression = expression.replace(f"#{place}", value)
    assert bare(atoms[int(atom[1:])]) == expression


@pytest.mark.parametrize("text", ["the mean of #0 and #1 times #2", "divide #0 by #1 plus #2", "#0 plus #1! and cake"])
def test_what_reads_two_ways_is_not_read(text: str) -> None:
    assert single(text, Atoms(["2", "7", "9"])) == ""


def test_lists_before_a_sign_are_undecided() -> None:
    assert reduced("the mean of #0 and #1 times #2", Atoms(["2", "7", "9"])) is None


def test_stories_without_quantities_do_not_matter() -> None:
    assert spare("for my yearly report i need the")
    assert not spare("for my friends, each")
    assert not spare("write a poem")


def test_brackets() -> None:
    assert (inside("1 + 2"), inside("(1 + 2)"), inside("12.5"), bare("(1) + (2)")) == (
        "(1 + 2)",
        "(1 + 2)",
        "12.5",
        "(1) + (2)",
    )
