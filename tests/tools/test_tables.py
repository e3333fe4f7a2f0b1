"""Questions about small tables: answered from the table's own words, or refused with what could not be placed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.table_files import read_table
from prefrontal.tools.tables import ask_table


def table(text: str) -> pd.DataFrame:
    return read_table(text.encode(), ".csv")


ORDERS = table(
    "order_id,date,customer,region,item,amount (EUR)\n"
    "101,2026-03-01,Meier,North,Blue lamp,120\n"
    "102,2026-03-05,Schulz,South,Chair,80.5\n"
    "103,2026-03-08,Meier,North,Red lamp,99.5\n"
    "104,2026-03-12,Weber,North East,Table,300\n"
    "Total,,,,,600\n"
)
CHOIR = table(
    "name,voice,age,joined,paid\n"
    "Anna Meier,alto,34,2015-04-01,yes\n"
    "Berta Klein,alto,61,2001-09-15,no\n"
    "Carl Otto,tenor,45,2019-01-10,yes\n"
    "Dora Lang,soprano,29,2020-02-02,yes\n"
    "Emil Fuchs,bass,71,1999-05-05,no\n"
)
SINGERS = table("singer;age\nAnn;34\nBob;61\nCy;45\n")
TREES = table("tree;2025;2026\nBoskop;120;95\nElstar;80;140\nQuitte;30,5;22\n")
KILOS = table("tree,kilos_2025,kilos_2026\nold oak,12,13\nyoung oak,5,7\nelm,9,9\n")
RECORDS = table("artist,title,grade,price\nA,One,VG,5 €\nB,Two,VG+,12 €\nC,Three,VG+,8.50 €\nD,Four,NM,20 €\n")
HOURS = table(
    "member,date,hours\nAnna,2026-07-05,3\nBen,2026-07-12,2.5\nAnna,2026-08-02,4\nCleo,2026-08-05,1\nBen,2026-09-06,2\n"
)
MICE = table("id,sex,tail_length_mm,weight\n001,m,80,20\n002,f,75,NA\n003,m,NA,22\n004,f,71,19\n")
NETS = table("net,state,size\nN1,torn,10\nN2,good,12\nN3,good,8\nN4,torn,5\n")
GOODS = table("item,price,cost,qty\nLamp,10,6,3\nChair,50,35,1\nDesk,120,80,2\n")
CLUB = table(
    "First name,Last name,Birth date,City,Fee (EUR),Fee paid,E-Mail\n"
    "Anna,Meier,12.03.1980,Bonn,50,yes,a@x.de\n"
    "Otto,Meier,01.04.1975,Köln,50,no,\n"
    "Ida,Wolf,23.12.1999,Bonn,25,yes,i@x.de\n"
    "Jan,May,30.06.1990,Ulm,50,,j@x.de\n"
)
SPENT = table(
    "Date,Category,Description,Amount\n"
    "2025-12-30,Food,Lunch,10\n"
    "2026-01-02,Food,Bakery,12.5\n"
    "2026-01-03,Travel,Train to Bonn,45\n"
    "2026-02-03,Home,paint,30\n"
    "2026-02-04,Home,wall paint,55\n"
    "Sum,,,152.5\n"
)
SALES = table(
    "Date,Product,Qty,Unit price,Salesperson,Region\n"
    "03/04/2026,Pen,10,1.20,Will,West\n"
    "05/04/2026,Pencil,5,0.80,Ann,East\n"
    "07/04/2026,Pen,3,1.20,Ann,West\n"
    "25/04/2026,Ruler,1,2.50,Will,East\n"
)
GAMES = table("home,away,home goals,away goals\nLions,Bears,2,1\nBears,Wolves,0,0\nWolves,Lions,1,3\n")
LOANS = table(
    "Title;Author;Borrower;Due date;Days late;Fine\nEmma;Austen;Park;01.02.2026;3;0,60 €\n"
    "Dune;Herbert;Cole;15.02.2026;0;0,00 €\nPersuasion;Austen;Park;20.02.2026;10;2,00 €\nGesamt;;;;;2,60 €\n"
)
FURNITURE = table("item,price\nTable,120\nCoffee table,80\n")
LOG = table("When;Who;What;Hours\n05.01.2026;Kim;Roof;3,5\n06.01.2026;Lee;Painting;2\n12.01.2026;Kim;Painting;4,25\n")
SELLERS = table("seller,qty,date\nWill,5,2026-05-01\nAnn,3,2026-05-02\nMay,4,2026-06-02\n")
CARS = table("Model,Year,Price,Fuel\nGolf,2015,8900,diesel\nPolo,2018,10500,petrol\nZoe,2020,15900,electric\n")
SOLD = table("day,buyer,item,price\n2027-05-01,Noor,Rope,12\n2027-05-02,Ilse,Sail,310\n2027-06-09,Noor,Oar,45\n")
ROOMS = table("room,lit\n1,yes\n1,no\n2,yes\n")
DEBTS = table("member,owed\nMeier,35 €\nKlein,12.50 €\n")


@pytest.mark.parametrize(
    ("frame", "question", "value"),
    [
        (LOG, "total hours of Kim and Lee", 9.75),
        (LOG, "how many hours before 10 January", 5.5),
        (SELLERS, "how many did Will sell", 5),
        (FURNITURE, "price of the coffee table", 80),
        (FURNITURE, "how many rows in this table", 2),
        (CARS, "fuel of the most expensive model", "electric"),
        (CARS, "models from 2018", ["Polo", "Zoe"]),
        (CARS, "newest model", "Zoe"),
        (CARS, "how many models cost more than 9000", 2),
        (GOODS, "list the prices from high to low", [120, 50, 10]),
        (HOURS, "average number of hours", 2.5),
        # sums, means, medians, ends
        (ORDERS, "total amount per region", [["North", 219.5], ["South", 80.5], ["North East", 300]]),
        (HOURS, "how many hours in all", 12.5),
        (SINGERS, "average age of the singers, rounded to a whole year", 47),
        (CHOIR, "average age of the altos", 47.5),
        (ORDERS, "median amount", 109.75),
        (ORDERS, "median", 109.75),
        (MICE, "mean tail length of males only, NA excluded", 80),
        (MICE, "average weight", 20.3333333333),
        (MICE, "average weight, to one decimal", 20.3),
        (MICE, "average weight rounded to two decimals", 20.33),
        (HOURS, "total hours per month", [["July 2026", 5.5], ["August 2026", 5], ["September 2026", 2]]),
        (TREES, "how many kilos in 2025 and 2026", 487.5),
        # the highest and the lowest
        (TREES, "which tree gave the most kilos in 2026", "Elstar"),
        (KILOS, "which tree gave the most kilos in 2026", "old oak"),
        (RECORDS, "the cheapest record title", "One"),
        (ORDERS, "the cheapest item", "Chair"),
        (ORDERS, "the three largest orders", [104, 101, 103]),
        (ORDERS, "top 2 items by amount", ["Table", "Blue lamp"]),
        (GOODS, "second cheapest item", "Chair"),
        (GOODS, "cost of the cheapest item", 6),
        (GOODS, "what is the highest price", 120),
        (CHOIR, "who is the oldest", "Emil Fuchs"),
        (CHOIR, "youngest alto", "Anna Meier"),
        (CHOIR, "who joined first", "Emil Fuchs"),
        (CLUB, "who is the youngest from Bonn", "Ida Wolf"),
        (ORDERS, "which customer has the most orders", "Meier"),
        (HOURS, "who did the most hours", "Anna"),
        (SPENT, "which category cost the most", "Home"),
        (ORDERS, "which region has the highest total amount", "North East"),
        (ORDERS, "most common region", "North"),
        # counts
        (ORDERS, "how many rows", 4),
        (RECORDS, "how many of them are graded VG+", 2),
        (RECORDS, "how many VG", 1),
        (CHOIR, "how many altos", 2),
        (CHOIR, "how many have paid", 3),
        (CHOIR, "how many people are over 40", 3),
        (ORDERS, "how many different customers", 3),
        (MICE, "how many females", 2),
        (NETS, "how many nets without the torn nets", 2),
        (CHOIR, "how many per voice", [["alto", 2], ["tenor", 1], ["soprano", 1], ["bass", 1]]),
        (SOLD, "count how many items", 3),  # which asks once
        (SOLD, "count how many there are in May", 2),
        # of sales, each with its day, prices are added up
        (SOLD, "how much did Noor spend", 57),
        (SOLD, "how much in May", 322),
        (SOLD, "how much is the rope", 12),
        # what rows say
        (DEBTS, "what does Meier owe", 35),
        (ORDERS, "price of the blue lamp", 120),
        (ORDERS, "how much did Meier spend", 219.5),
        (GOODS, "how much is the desk", 120),
        (CHOIR, "how old is Anna", 34),
        (CHOIR, "when did Anna Meier join", "2015-04-01"),
        (CHOIR, "who has not paid", ["Berta Klein", "Emil Fuchs"]),
        (CHOIR, "who joined before 2010", ["Berta Klein", "Emil Fuchs"]),
        (CHOIR, "who is over 100", []),
        (CLUB, "email of Ida", "i@x.de"),
        (CLUB, "who has no email", "Otto Meier"),
        (CLUB, "fee of Otto Meier", 50),
        (CLUB, "who lives in Bonn", ["Anna Meier", "Ida Wolf"]),
        (CLUB, "how many live in Köln or Ulm", 2),
        (CLUB, "who was born before 1985", ["Anna Meier", "Otto Meier"]),
        (RECORDS, "list the titles sorted by price descending", ["Four", "Two", "Three", "One"]),
        (ORDERS, "list the items sorted by amount", ["Chair", "Red lamp", "Blue lamp", "Table"]),
        (ORDERS, "which columns are there", ["order_id", "date", "customer", "region", "item", "amount (EUR)"]),
        (GOODS, "how many columns", 4),
        # conditions
        (HOURS, "sum of hours in July and August", 10.5),
        (HOURS, "how much on Sundays", 11.5),
        (ORDERS, "which items where the amount is over 100", ["Blue lamp", "Table"]),
        (ORDERS, "sum of amount between 5 and 10 March", 180),
        (ORDERS, "how much from 5 March to 8 March", 180),
        (ORDERS, "total amount between 90 and 130", 219.5),
        (ORDERS, "total amount without North", 380.5),
        (NETS, "total size without the torn nets", 20),
        (SPENT, "how much except Food", 130),
        (SPENT, "how much did we spend in February 2026", 85),
        (SPENT, "spent in 2026", 142.5),
        (HOURS, "how many hours did Anna and Ben do", 11.5),
        (RECORDS, 'what is the average price of "VG+" records', 10.25),
        # shares and sums of columns
        (ORDERS, "what share of the total is North (percent)", 36.5833333333),
        (CHOIR, "what percentage of people are altos", 40),
        (GOODS, "profit = price minus cost of each", [4, 15, 40]),
        (GOODS, "total profit (price minus cost)", 59),
        (GOODS, "price times qty in all", 320),
        (SALES, "qty times unit price per region", [["West", 15.6], ["East", 6.5]]),
        (SALES, "how many pens were sold", 13),
        (KILOS, "how many kilos did the oaks give in 2026", 20),
    ],
)
def test_answers(frame: pd.DataFrame, question: str, value: Any) -> None:
    assert ask_table(frame, question)["value"] == value


@pytest.mark.parametrize(
    ("frame", "question", "sentence"),
    [
        (ORDERS, "total amount", "The total amount is 600 €, without the row “Total”."),
        (ORDERS, "the cheapest item", "Chair has the lowest amount, 80.50 €, without the row “Total”."),
        (MICE, "average weight", "The average weight is 20.33, leaving out 1 with an empty weight."),
        (MICE, "mean tail length of females", "The average tail length with sex “f” is 73 mm."),
        (RECORDS, "how many are graded VG+", "There are 2 rows with grade “VG+”."),
        (CHOIR, "when did Carl Otto join", "The joined with name “Carl Otto” is 10 January 2019."),
        (HOURS, "how many hours in all", "The total hours are 12.5."),
        (GOODS, "total cost of the desk and the chair", None),
    ],
)
def test_sentences(frame: pd.DataFrame, question: str, sentence: str | None) -> None:
    if sentence is None:
        with pytest.raises(ToolInputError):
            ask_table(frame, question)
    else:
        assert ask_table(frame, question)["answer"] == sentence


@pytest.mark.parametrize(
    ("frame", "question", "said"),
    [
        (SOLD, "which items", "which of them is meant could not be told"),
        (SOLD, "how many rows and how many buyers", "two things are asked at once; ask one after the other"),
        (ROOMS, "which are lit", "what the rows are called is told by no column"),
        (FURNITURE, "how much", "a sum of “price” says nothing; name a row, or ask for the average"),
    ],
)
def test_why_it_is_refused(frame: pd.DataFrame, question: str, said: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        ask_table(frame, question)
    assert str(caught.value) == f"{said}. The columns are: {', '.join(frame.columns)}. Ask with the words of the table"


def test_column_and_rows_are_told() -> None:
    assert ask_table(MICE, "mean tail length of males") == {
        "answer": "The average tail length with sex “m” is 80 mm, leaving out 1 with an empty tail length.",
        "value": 80,
        "column": "tail_length_mm",
        "rows": 1,
    }


REFUSED = [
    (CHOIR, "how many cats do we have"),
    (CHOIR, "who is the longest member"),
    (CHOIR, "average weight"),
    (CHOIR, "average age of the teachers"),
    (CHOIR, "how many altos and how many tenors"),
    (CHOIR, "how much is the fish"),
    (CHOIR, "who will be the oldest next year"),
    (CHOIR, "why is Anna an alto"),
    (CHOIR, "how many joined last year"),
    (CHOIR, "who is the best singer"),
    (CHOIR, "oldest and youngest"),
    (CHOIR, "Anna"),
    (CHOIR, "average voice"),
    (ORDERS, "what does Meier owe"),
    (ORDERS, "total amount in Berlin"),
    (ORDERS, "total profit"),
    (ORDERS, "total and average amount"),
    (ORDERS, "how much more did Meier spend than Weber"),
    (ORDERS, "amount of North"),
    (ORDERS, "total amount if prices doubled"),
    (ORDERS, "how much this month"),
    (ORDERS, "total amount over $100"),
    (ORDERS, "customers from North or with amount over 100"),
    (ORDERS, "sum of amount between Monday"),
    (CLUB, "fee of Meier"),
    (CLUB, "what does Meier owe"),
    (GAMES, "how many goals did Lions score"),
    (GAMES, "most goals"),
    (GAMES, "who won"),
    (SPENT, "how much for paint"),
    (SPENT, "how much in March of last year"),
    (SPENT, "what percentage went to Food"),
    (SALES, "revenue"),
    (SALES, "total price"),
    (SALES, "who sold the most"),
    (SALES, "how many pens"),
    (LOANS, "who has the highest fine"),
    (LOANS, "what does Park owe"),
    (HOURS, "how many hours in June"),
    (HOURS, "average hours per member"),
    (HOURS, "how many minutes did Anna do"),
    (RECORDS, "how many VG++"),
    (RECORDS, "list titles by price"),
    (KILOS, "total kilos"),
    (KILOS, "kilos in 2024"),
    (GOODS, "items under 60"),
    (NETS, "without"),
    (ORDERS, "average number of rows per region"),
    (GOODS, "sum of the different prices"),
    (GOODS, "ascending"),
    (GOODS, "how many are missing"),
    (FURNITURE, "how much is the table"),
    (LOG, "who did what"),
    (LOG, "average hours a day"),
    (LOG, "how many hours each"),
    (LOG, "the last 2 rows"),
    (SELLERS, "how many did will sell"),
    (SELLERS, "how many in May"),
    (NETS, "what is the smell of N3"),
    (NETS, "predict the size of N5"),
    # two counts, "which" of all that there is, and rows that are called by nothing
    (SOLD, "how many rows and how many buyers"),
    (SOLD, "which items"),
    (SOLD, "which price"),
    (SOLD, "who"),
    (ROOMS, "which are lit"),
]


@pytest.mark.parametrize(("frame", "question"), REFUSED)
def test_refusals(frame: pd.DataFrame, question: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        ask_table(frame, question)
    assert f"The columns are: {', '.join(frame.columns)}." in str(caught.value)


def test_the_words_that_could_not_be_placed_are_told() -> None:
    with pytest.raises(ToolInputError) as caught:
        ask_table(CHOIR, "how many cats do we have")
    assert str(caught.value) == (
        "“cats” could not be placed: no column, no cell and no operation is called so. "
        "The columns are: name, voice, age, joined, paid. Ask with the words of the table"
    )


@pytest.mark.parametrize(
    ("question", "how", "value"),
    [
        ("amount of North", "sum", 219.5),
        ("amount of North", "mean", 109.75),
        ("amount of North", "max", 120),
        ("amount of North", "lookup", [120, 99.5]),
        ("North", "count", 2),
        ("what is there", "columns", ["order_id", "date", "customer", "region", "item", "amount (EUR)"]),
        ("Weber", "row", [{"order_id": 104, "date": "2026-03-12", "customer": "Weber", "region": "North East",
                           "item": "Table", "amount (EUR)": 300}]),
    ],
)  # fmt: skip
def test_a_hint_says_what_the_words_do_not(question: str, how: str, value: Any) -> None:
    assert ask_table(ORDERS, question, how)["value"] == value


@pytest.mark.parametrize(
    ("question", "how"),
    [
        ("total amount", "mean"),
        ("how many customers", "sum"),
        ("which columns are there", "count"),
        ("average amount", "max"),
    ],
)
def test_a_hint_must_not_contradict_the_words(question: str, how: str) -> None:
    with pytest.raises(ToolInputError, match="was given; leave one of them out"):
        ask_table(ORDERS, question, how)


def test_calls_that_are_no_questions() -> None:
    with pytest.raises(ToolInputError, match=r"^'guess' is no way to ask a table; allowed are sum, mean, max, "):
        ask_table(ORDERS, "total amount", "guess")
    with pytest.raises(ToolInputError, match="the question is empty"):
        ask_table(ORDERS, " ")
    with pytest.raises(ToolInputError, match="the table has no rows to look at"):
        ask_table(ORDERS.head(0), "how many rows")


# Rows that are sums


@pytest.mark.parametrize("label", ["Total", "Sum", "Gesamt", "Summe", "Somme", "Razem", "TOTAL:", "Subtotal"])
def test_rows_of_sums_are_left_out(label: str) -> None:
    frame = table(f"region,amount\nNorth,1\nSouth,2\n{label},3\n")
    answer = ask_table(frame, "total amount")
    assert (answer["value"], answer["rows"]) == (3, 2)
    assert answer["answer"] == f"The total amount is 3, without the row “{label}”."


def test_subtotals_are_left_out() -> None:
    frame = table("region,amount\nNorth,1\nSouth,2\nSubtotal,3\nEast,4\nWest,5\nSubtotal,9\nTotal,12\n")
    assert ask_table(frame, "sum of amount")["value"] == 12


def test_a_total_among_years_or_days() -> None:
    assert ask_table(table("year,amount\n2024,5\n2025,6\nTotal,11\n"), "amount in 2025")["value"] == 6
    assert ask_table(table("date,amount\n2026-03-01,5\n2026-04-01,6\nTotal,11\n"), "how much in April")["value"] == 6


def test_a_row_that_says_it_is_a_sum_but_is_none_makes_sums_doubtful() -> None:
    frame = table("region,amount\nNorth,1\nSouth,2\nTotal,99\n")
    with pytest.raises(ToolInputError, match=r"^the row “Total” says that it is a sum, but is not the sum"):
        ask_table(frame, "total amount")
    assert ask_table(frame, "how much for North")["value"] == 1
    brand = table("brand,station,price\nTotal,A,1.5\nShell,B,1.6\n")
    assert ask_table(brand, "how many rows")["value"] == 2


# Words that could be more than one thing


def test_the_same_name_in_two_columns_needs_the_column() -> None:
    frame = table("from,to,km\nBonn,Ulm,3\nUlm,Bonn,4\n")
    assert ask_table(frame, "how many km from Bonn")["value"] == 3
    assert ask_table(frame, "how many km to Bonn")["value"] == 4
    with pytest.raises(ToolInputError, match=r"^“Bonn” stands in more than one column, “from” and “to”"):
        ask_table(frame, "how many km in Bonn")


def test_months_of_several_years_need_the_year() -> None:
    frame = table("date,hours\n2025-07-01,1\n2026-07-01,2\n")
    with pytest.raises(ToolInputError, match=r"are of several years \(2025, 2026\); say which year is meant"):
        ask_table(frame, "hours in July")
    assert ask_table(frame, "how many hours in July 2026")["value"] == 2


def test_days_and_months_that_cannot_be_told_apart_are_not_used() -> None:
    frame = table("date,hours\n03/04/2026,1\n05/06/2026,2\n")
    with pytest.raises(ToolInputError, match="it cannot be told whether the day or the month stands first"):
        ask_table(frame, "how many hours in April")
    assert ask_table(frame, "total hours")["value"] == 3


def test_a_name_that_stands_for_several_is_listed_and_not_added_up() -> None:
    frame = table("name,owed\nHans Meier,10\nAnna Meier,15\n")
    assert ask_table(frame, "how much does Meier owe")["value"] == [10, 15]


def test_what_ties_is_told_together() -> None:
    frame = table("name,points\nA,5\nB,7\nC,7\n")
    assert ask_table(frame, "who has the most points")["value"] == ["B", "C"]
    with pytest.raises(ToolInputError, match="several have the same points at that place"):
        ask_table(frame, "who has the second most points")


def test_the_name_of_the_table_says_what_a_row_is() -> None:
    frame = CHOIR.copy()
    frame.attrs["name"] = "singers"
    assert ask_table(frame, "average age of the singers")["value"] == 48
