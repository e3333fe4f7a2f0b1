"""Clauses that go on with what came before."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.arithmetic.sum_chains import SPLIT, carried


@pytest.mark.parametrize(
    ("clause", "whole"),
    [
        (", then halve it", "halve #9"),
        (" and add #3", "#9 plus #3"),
        (" and take #3 off", "#9 minus #3"),
        (", divide the result by #3", "divide #9 by #3"),
        (", double", "double #9"),
        (", the weather", ""),
    ],
)
def test_carried(clause: str, whole: str) -> None:
    assert " ".join(carried(clause, "#9").split()) == whole


def test_where_a_sum_goes_on() -> None:
    assert len(SPLIT.findall("take #0 off #1, then halve it and add #2")) == 2
    assert SPLIT.findall("#0 and #1") == []
