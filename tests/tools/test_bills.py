"""Amounts on receipts and bills: the right line or none, and the total after tax."""

from __future__ import annotations

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.bills import amount_on

SHOP = """ALDI SUED
2 x Brot 2,50 5,00
Milch 1,29 A
Kaffee 4,99
Zwischensumme 11,28
MwSt 7% 0,74
Summe EUR 12,02
Total items 3
BAR 20,00
Rückgeld 7,98
12.05.2024 12:30"""
CAFE = "Coffee 3.50\nCoffee cake 4.50\nSubtotal: $8.00\nTax (8%): $0.64\nTotal: $8.64\nTotal items: 2"


def refusal(text: str, about: str) -> str:
    with pytest.raises(ToolInputError) as caught:
        amount_on(text, about)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "about", "line", "amount"),
    [
        (SHOP, "the total of the receipt", "Summe EUR 12,02", 12.02),
        (SHOP, "subtotal", "Zwischensumme 11,28", 11.28),
        (SHOP, "VAT", "MwSt 7% 0,74", 0.74),
        (SHOP, "Brot", "2 x Brot 2,50 5,00", 5.0),
        (SHOP, "milch", "Milch 1,29 A", 1.29),
        (SHOP, "ruckgeld", "Rückgeld 7,98", 7.98),
        (SHOP, "Rückgelb", "Rückgeld 7,98", 7.98),
        (CAFE, "total", "Total: $8.64", 8.64),
        (CAFE, "how much did I pay in total", "Total: $8.64", 8.64),
        (CAFE, "sales tax", "Tax (8%): $0.64", 0.64),
        (CAFE, "total items", "Total items: 2", 2),
        (CAFE, "coffee cake", "Coffee cake 4.50", 4.5),
        ("Service 100.00\nTotal 100.00\nVAT 20% 20.00\nTotal 120.00", "total", "Total 120.00", 120),
        ("Total 50.00\nTax 5.00\nAmount due 55.00", "total", "Amount due 55.00", 55),
        ("Total 50.00\nDeposit 30.00\nBalance due 20.00", "total", "Total 50.00", 50),
        ("Total 50.00\nDeposit 30.00\nBalance due 20.00", "amount due", "Balance due 20.00", 20),
        ("Sub total 3.00\nTotal 4.00", "total", "Total 4.00", 4),
        ("Total 10.00 1.90 11.90", "total", "Total 10.00 1.90 11.90", 11.9),
        ("Total (5 items) 24.50", "total", "Total (5 items) 24.50", 24.5),
        ("Total\n€ 45,90\nIVA 21% 7,97", "total", "Total\n€ 45,90", 45.9),
        ("Summe 12,00\nGesamtbetrag 14,28", "total", "Gesamtbetrag 14,28", 14.28),
        ("Total HT 10,00\nTVA 20% 2,00\nTotal TTC 12,00", "total", "Total TTC 12,00", 12),
        ("Base imponible 10,00\nTotal a pagar 12,10", "total", "Total a pagar 12,10", 12.1),
        ("Totale parziale 1.000,00\nTOTALE 1.220,00", "total", "TOTALE 1.220,00", 1220),
        ("Suma częściowa 40,00\nRazem: 45,50 zł", "total", "Razem: 45,50 zł", 45.5),
        ("Discount 5.00-", "discount", "Discount 5.00-", -5),
        ("Rent May 850", "rent", "Rent May 850", 850),
    ],
)
def test_an_amount(text: str, about: str, line: str, amount: float) -> None:
    assert amount_on(text, about) == {"line": line, "amount": amount}


def test_no_line_fits() -> None:
    assert refusal("Subtotal 3.00\nTax 1.00\nTotal items: 2", "total") == (
        "no line gives an amount for 'total'; there are: 'Subtotal 3.00', 'Tax 1.00', 'Total items: 2'; "
        "name one by the words of its line"
    )
    assert refusal("Invoice no. 17\nTel 030 1234567", "tel") == (
        "no line gives an amount for 'tel'; there are: no lines with amounts; name one by the words of its line"
    )


def test_more_than_one_line_fits() -> None:
    assert refusal("Rent May 850\nRent June 870\nPower 60", "rent") == (
        "2 lines give different amounts for 'rent'; there are: 'Rent May 850', 'Rent June 870'; "
        "name one by the words of its line"
    )
    assert refusal("Total 11.00\nTotal 12.00", "total").startswith("2 lines give different amounts for 'total'; ")
    assert amount_on("Total 12.00\nTOTAL 12.00", "total")["amount"] == 12


def test_more_than_one_amount_on_the_line() -> None:
    assert refusal("Total EUR 44.20 USD 48.00", "total") == (
        "which amount of 'Total EUR 44.20 USD 48.00' is meant cannot be told; ask for the line, and read it"
    )


def test_a_tag_says_one_price() -> None:
    assert amount_on("OAK STOOL\n£24", "price")["amount"] == 24.0
    assert "different amounts" in refusal("OAK STOOL\n£24\nwas £30", "price")


TILL = """HARDWARE WERNER
Hinges 4 x 3.00 12.00
Drill bit set 46.50
Wood glue 8.50
Screws 30.00
TOTAL CHF 97.00
CASH 100.00
CHANGE 3.00"""


@pytest.mark.parametrize(
    ("about", "line", "amount"),
    [
        ("dearest article", "Drill bit set 46.50", 46.5),
        ("the most expensive item", "Drill bit set 46.50", 46.5),
        ("cheapest article", "Wood glue 8.50", 8.5),
    ],
)
def test_the_dearest_and_the_cheapest_article_stand_above_the_total(about: str, line: str, amount: float) -> None:
    assert amount_on(TILL, about) == {"line": line, "amount": amount}


def test_articles_of_one_price_are_not_told_apart() -> None:
    assert "several articles have that price" in refusal("Tea 3.00\nCake 3.00\nTOTAL 6.00", "dearest article")
    assert "no two articles" in refusal("Tea 3.00\nTOTAL 3.00\nCASH 5.00", "cheapest article")


def test_an_article_whose_price_cannot_be_told_may_be_the_dearest() -> None:
    with pytest.raises(ToolInputError, match=r"the price of 'Milk 21\.2\.35' cannot be told"):
        amount_on("Milk 21.2.35\nBread 3.10\nButter 4.25\nTOTAL 9.70", "dearest article")
