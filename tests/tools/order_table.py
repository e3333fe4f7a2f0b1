"""A small table of orders, as the tests of what reads a question about it share it."""

from __future__ import annotations

from prefrontal.tools.table_columns import Sheet, sheet_of
from prefrontal.tools.table_files import read_table


def sheet(text: str) -> Sheet:
    return sheet_of(read_table(text.encode(), ".csv"))


ORDERS = sheet(
    "date,customer,region,amount,paid\n"
    "2026-03-01,Meier,North,120,yes\n"
    "2026-03-05,Schulz,South,80.5,no\n"
    "2026-04-08,Meier,North,99.5,yes\n"
    "2026-04-12,Weber,East,300,no\n"
)
COLUMNS = ". The columns are: date, customer, region, amount, paid. Ask with the words of the table"
