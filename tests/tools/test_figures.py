"""Numbers as people write amounts, and digits that are none."""

from __future__ import annotations

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.figures import decimal_mark, figures_in


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Total 1,234.56", 1234.56),
        ("Summe 1.234,56 €", 1234.56),
        ("Total 1 234,56", 1234.56),
        ("CHF 1'234.50", 1234.5),
        ("5,- EUR", 5),
        ("Total: $1,200", 1200),
        ("7.00EUR", 7),
        ("EUR7.00", 7),
        ("-€3.20", -3.2),
        ("Discount 5.00-", -5),
        ("Total - 5.00", 5),
        ("VAT 19% 8.40", 8.4),
        ("12.05.2024 12:30 €5", 5),
        ("A4 paper 3,20 A", 3.2),
        ("9.99*", 9.99),
    ],
)
def test_money(line: str, value: float) -> None:
    assert [(figure.value, figure.is_money) for figure in figures_in(line)] == [(value, True)]


@pytest.mark.parametrize(
    "line", ["No #1234", "2024-05-12", "12:30", "19 %", "IBAN DE12345", "0.5kg", "Total12.50", "B-17x"]
)
def test_what_is_no_amount(line: str) -> None:
    assert figures_in(line) == []


def test_how_many_and_how_much() -> None:
    assert [(f.value, f.is_money, f.is_times) for f in figures_in("2 x Brot 2,50 5,00")] == [
        (2, False, True), (2.5, True, False), (5, True, False)
    ]  # fmt: skip


def test_the_sign_before_the_cents() -> None:
    assert [decimal_mark(text) for text in ("a 1.50\n12.05.2024", "1.000,50", "1,200", "1.50 and 1,50")] == [
        ".", ",", "", ""
    ]  # fmt: skip
    assert figures_in("X 1.100", ",")[0].value == 1100
    with pytest.raises(ToolInputError) as caught:
        figures_in("X 1.100", ".")
    assert str(caught.value) == (
        "1.100 may be read in two ways, for other numbers here have '.' before their decimals; "
        "write it without separators"
    )
