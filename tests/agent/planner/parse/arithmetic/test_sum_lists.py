"""What is asked of a list."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.arithmetic.sum_lists import asked


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("mean of #0, #1 and #2", ["mean"]),
        ("biggest and smallest: #0 #1 #2", ["largest", "smallest"]),
        ("#0 ; #1 ; #2 ; range", ["range"]),
        ("#0, #1 and #2", []),
        ("mean of #0, #1 times #2", []),
        ("mean of #0 #1, #2", []),
    ],
)
def test_asks(text: str, names: list[str]) -> None:
    assert [name for name, _ in asked(text, ["3", "4", "8"], ["3", "4", "8"])[0]] == names


def test_two_modes_are_not_one() -> None:
    assert asked("mode of #0, #1", ["3", "4"], ["3", "4"])[0] == []
    assert asked("mode of #0, #1, #2", ["3", "4", "4"], ["3", "4", "4"])[0] == [("mode", "mode(3, 4, 4)")]


def test_one_decimal_comma_among_whole_numbers_is_doubtful() -> None:
    assert asked("mean of #0 and #1", ["4.5", "6"], ["4,5", "6"])[0] == []
