"""Tables are looked into while the plan is made: a question about a column that is not there is refused at once."""

from __future__ import annotations

import pandas as pd
import pytest
from benches import TABLE, asked, calls, planned

from prefrontal.agent.planner.compose.draft import File

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
