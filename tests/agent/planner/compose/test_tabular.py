"""Tables are looked into while the plan is made: a question about a column that is not there is refused at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from benches import TABLE, Asked, asked, bench, calls, planned

from prefrontal.agent.planner.compose.bench import Before, Bench
from prefrontal.agent.planner.compose.composer import plan_of
from prefrontal.agent.planner.compose.draft import File
from prefrontal.agent.planner.compose.tabular import follow_up
from prefrontal.agent.planner.parse.wishes import Understanding
from prefrontal.agent.planner.plan import Plan

FRAME = pd.DataFrame({"region": ["North", "South", "North"], "amount": [10, 20, 30]})
OTHER = File("table-2", "table", "costs.csv")


def look(handle: str) -> pd.DataFrame:
    return FRAME


@pytest.mark.parametrize(
    ("op", "goal", "how"),
    [
        ("table_group", "What is the total amount per region?", "group"),
        ("table_max", "What is the highest amount?", "max"),
        ("table_count", "How many rows are there?", "count"),
        ("table_sum", "What is the average amount?", None),  # the words win over what was read
    ],
)
def test_a_table_answers(op: str, goal: str, how: str | None) -> None:
    (step,) = planned(goal, asked(op, goal.split()[0]), files=[TABLE], look=look).steps
    wanted = {"table": "table-1", "question": goal.strip("?")}
    assert (step.task, step.arguments) == ("table-query", {**wanted, "how": how} if how else wanted)
    assert step.covers == goal


def test_the_smallest_part_is_asked() -> None:
    goal = "I keep hens. What is the total amount? Halve it."
    wishes = asked("table_sum", "What is", column="amount"), asked("calculate", "Halve it", source="wish")
    assert calls(planned(goal, *wishes, files=[TABLE], look=look)) == [
        ("table-query", {"table": "table-1", "question": "What is the total amount", "how": "sum"}),
        ("calculate", {"expression": "1 / 2 * (<node-0>)"}),
    ]


def test_each_of_several_tables_is_asked() -> None:
    plan = planned("What is the total amount?", asked("table_sum", "What is"), files=[TABLE, OTHER], look=look)
    assert [step.arguments["table"] for step in plan.steps] == ["table-1", "table-2"]


def test_what_is_not_there_is_refused() -> None:
    weight = asked("table_sum", "What is", column="weight")
    assert planned("What is the total weight?", weight, files=[TABLE], look=look).problem == (
        "“weight” could not be placed: no column, no cell and no operation is called so. "
        "The columns are: region, amount. Ask with the words of the table"
    )
    assert planned("What is the total weight?", weight).problem == (
        "“What is” needs a table: pass it along with --file, or as an argument behind the goal."
    )


def test_films_are_watched() -> None:
    film = File("video-1", "video", "film.mp4")
    plan = planned("What happens here?", asked("watch_video", "What happens"), files=[film])
    assert calls(plan) == [("video-classification", {"video": "video-1"})]


# Stalls of a market: what of a goal is story, and what is asked beside or after a question

STALLS = pd.DataFrame(
    {
        "stall": ["A1", "A2", "B1", "B2"],
        "keeper": ["Mira", "Jonas", "Mira", "Petra"],
        "goods": ["honey", "cheese", "candles", "cheese"],
        "takings": [120, 80, 45, 200],
        "paid": ["yes", "no", "yes", "no"],
    }
)
AUTUMN = pd.DataFrame({"stall": ["A1", "A2"], "takings": [10, 20]})
UNPLACED = (
    " could not be placed: no column, no cell and no operation is called so. "
    "The columns are: stall, keeper, goods, takings, paid. Ask with the words of the table"
)
TOTAL = asked("table_sum", "What is the total")


def of_stalls(goal: str, *wishes: Asked, idle: str = "", **more: Any) -> Plan:
    """A plan over the stalls, where the reader is sure that some words have no part."""
    more = {"files": [TABLE], "look": {"table-1": STALLS, "table-2": AUTUMN}.get} | more
    made = bench(goal, *wishes, **more)
    made.understanding = replace(made.understanding, idle=frozenset(idle.split()))
    return plan_of(made)


def questions(plan: Plan) -> list[str]:
    return [arguments["question"] for _, arguments in calls(plan)]


@pytest.mark.parametrize(
    ("goal", "idle", "question"),
    [
        ("What is the total takings of the lovely honey?", "lovely", "What is the total takings of the honey"),
        ("My feet hurt, what is the total takings of honey?", "", "what is the total takings of honey"),
        ("What is the total takings, not that anybody will read it?", "", "What is the total takings"),
        ("What is the total takings in sales.csv, leaving out blank cells?", "", "What is the total takings in"),
        (
            "What is the total takings of honey in my stall list?",
            "",
            "What is the total takings of honey in my stall list",
        ),
    ],
)
def test_words_that_are_story_are_passed_over(goal: str, idle: str, question: str) -> None:
    wish = asked("table_sum", "what is the total" if "what is" in goal else "What is the total")
    assert questions(of_stalls(goal, wish, idle=idle)) == [question]


@pytest.mark.parametrize(
    ("goal", "idle", "said"),
    [
        ("What is the total takings of the lovely honey?", "", "“lovely”"),  # the reader is not sure
        ("What is the total takings of honey not sold?", "not sold", "“not”, “sold”"),  # a negation
        ("What is the total takings, because I danced 14 times?", "", "“danced”, “times”, “14”"),  # a number
        ("What is the total takings, because honey melts nowadays?", "", "“melts”, “nowadays”"),  # a cell
    ],
)
def test_words_that_may_matter_are_not(goal: str, idle: str, said: str) -> None:
    assert of_stalls(goal, TOTAL, idle=idle).problem == said + UNPLACED


def test_what_the_reader_saw_as_a_restriction_is_no_story() -> None:
    goal = "What is the total takings, but only the cracked jars?"
    narrowed = asked("table_sum", "What is the total", limits={"where": "only the cracked jars"})
    assert of_stalls(goal, narrowed).problem == "“cracked”, “jars”" + UNPLACED
    barred = of_stalls("What is the total takings, but no cracked jars?", TOTAL, negated="no cracked jars")
    assert barred.problem == "“no”, “cracked”, “jars”" + UNPLACED


def test_two_questions_in_one_breath() -> None:
    plan = of_stalls("how many stalls has Mira and how many Petra?", asked("table_count", "how many stalls"))
    assert questions(plan) == ["how many stalls has Mira", "how many Petra"]


def test_totals_of_two_tables_are_compared() -> None:
    asks = asked("table_sum", "Which list")
    for goal in ("Which list has the higher total takings?", "Which list has the higher total?"):
        plan = of_stalls(goal, asks, files=[TABLE, OTHER])
        arguments = {"numbers": ["<node-0>", "<node-1>"], "how": "more", "names": ["sales.csv", "costs.csv"]}
        assert calls(plan) == [
            ("table-query", {"table": "table-1", "question": "total takings"}),
            ("table-query", {"table": "table-2", "question": "total takings"}),
            ("compare-numbers", arguments),
        ]
        assert [step.asked for step in plan.steps] == [False, False, True]
    average = of_stalls("Which list has the higher average takings?", asks, files=[TABLE, OTHER])
    assert str(average.problem).startswith("What shall be compared of sales.csv and costs.csv? Name a column of both, ")


def test_which_row_it_is_tells_the_value_too() -> None:
    wishes = asked("table_max", "Who has the highest", column="takings"), asked("table_lookup", "what is it")
    plan = of_stalls("Who has the highest takings, and what is it?", *wishes)
    assert questions(plan) == ["Who has the highest takings"]


MIRA = Before(files=(TABLE,), asked="total takings of Mira")


def test_rows_of_a_question_that_was_asked_before() -> None:
    counted = asked("table_count", "how many")
    plan = of_stalls("how many of them are paid?", counted, files=(), before=MIRA)
    assert questions(plan) == ["how many are paid keeper “Mira”"]
    alone = of_stalls("how many of them are paid?", counted, files=(), before=Before(files=(TABLE,)))
    assert alone.problem == (
        "What “how many of them are paid?” means of what was asked before could not be told; say it in full."
    )


@pytest.mark.parametrize(
    ("goal", "before", "files", "question"),
    [
        ("and Petra?", MIRA, (), "total takings of Petra"),
        ("and what about the honey?", MIRA, (), "total takings of Mira the honey"),
        ("and Petra?", Before(files=(TABLE,)), (), None),  # nothing was asked
        ("and Petra?", Before(asked="total takings of Mira"), (), None),  # of no table
        ("and Petra?", MIRA, (TABLE,), None),  # a file of its own
        ("sing us a shanty", MIRA, (), None),
    ],
)
def test_what_was_not_understood_may_follow_up(
    goal: str, before: Before, files: tuple[File, ...], question: str | None
) -> None:
    plan = follow_up(Bench(Understanding(goal, ()), files, before, look=lambda handle: STALLS))
    assert (questions(plan) if plan else None) == ([question] if question else None)


SHOP = pd.DataFrame({"Kind": ["Bread", "Drinks", "Bread"], "Amount": [12, 40, 20], "Seller": ["Ann", "Bob", "Cas"]})
BEFORE = Before(files=(TABLE,), goal="which?", asked="which seller has the lowest amount")


def shop(handle: str) -> pd.DataFrame:
    return SHOP


def test_by_how_much_of_two_cells() -> None:
    goal = "Which took in more money, bread or drinks, and by how much?"
    plan = planned(goal, asked("compare", "Which took in more"), files=[TABLE], look=shop)
    assert calls(plan)[-1] == (
        "compare-numbers",
        {"numbers": ["<node-0>", "<node-1>"], "how": "more", "names": ["bread", "drinks"]},
    )
    assert [step.asked for step in plan.steps] == [False, False, True]


def test_by_how_much_behind_the_question_before() -> None:
    asked_before = replace(BEFORE, asked="which Kind has the highest total Amount of bread or drinks")
    plan = follow_up(bench("and by how much?", before=asked_before, look=shop))
    assert plan is not None
    assert plan.steps[-1].task == "compare-numbers"
    assert follow_up(bench("and by how much?", before=BEFORE, look=shop)) is None


def test_the_one_that_was_told() -> None:
    plan = planned("and what kind does she have", asked("table_lookup", "what kind"), before=BEFORE, look=shop)
    assert calls(plan) == [("table-query", {"table": "table-1", "question": "and what kind does Ann have"})]


def test_what_it_comes_to_is_a_total() -> None:
    plan = planned("What does the bread amount come to?", asked("table_lookup", "What"), files=[TABLE], look=shop)
    assert calls(plan)[0][1]["question"].startswith("total ")


def test_rows_are_what_the_file_is_called() -> None:
    sales = replace(TABLE, name="sales.csv")
    plan = planned("How many sales are of bread?", asked("table_count", "How many"), files=[sales], look=shop)
    assert calls(plan)[0][1]["question"] == "How many rows are of bread"
