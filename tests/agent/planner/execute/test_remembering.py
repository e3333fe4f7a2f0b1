"""What a conversation remembers is told from its messages: files, results, and how its last goal was read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage
from PIL import Image

from prefrontal import Workspace
from prefrontal.agent.messages import MEDIA_KEY
from prefrontal.agent.planner.compose.bench import NOTHING_BEFORE, Before, Result
from prefrontal.agent.planner.compose.draft import File
from prefrontal.agent.planner.execute import remembering
from prefrontal.agent.planner.execute.remembering import before_of, file_of, understand
from prefrontal.agent.planner.parse.wishes import Piece, Understanding, Wish
from prefrontal.tools.builtin import builtin_cards
from prefrontal.tools.model_tool import ModelTool

CARDS = {card.task: card for card in builtin_cards()}


def call(workspace: Workspace, task: str, **arguments: Any) -> ToolMessage:
    tool = ModelTool(CARDS[task], workspace)
    message = tool.invoke({"type": "tool_call", "id": "1", "name": tool.name, "args": arguments})
    assert isinstance(message, ToolMessage)
    return message


def results(workspace: Workspace, *messages: AnyMessage) -> tuple[Result, ...]:
    return before_of([HumanMessage("How many are there?"), *messages], workspace).results


@pytest.fixture
def desk(tmp_path: Path, workspace: Workspace) -> str:
    Image.new("RGB", (80, 40), "white").save(tmp_path / "desk.png")
    return workspace.add(tmp_path / "desk.png").handle


def test_a_file_as_the_planner_knows_it(workspace: Workspace, desk: str) -> None:
    assert file_of(workspace, desk) == File(desk, "image", "desk.png", 2.0)


def test_the_files_and_the_last_goal(workspace: Workspace, desk: str) -> None:
    goal = HumanMessage("How many coins are in this photo?", additional_kwargs={MEDIA_KEY: [desk, "image-9"]})
    before = before_of([goal], workspace)
    assert before.files == (File(desk, "image", "desk.png", 2.0),)
    assert before.goal == "How many coins are in this photo?"
    assert [wish.op for wish in before.wishes] == ["count_things"]
    assert before_of([], workspace) == NOTHING_BEFORE


@pytest.mark.parametrize(
    ("task", "arguments", "result"),
    [
        ("count", {"items": ["a", "b"]}, Result("number", value=2)),
        ("join", {"texts": ["a", "b"]}, Result("text", value="a\nb")),
        (
            "dates",
            {"question": "days from 1 March 2027 to 5 March 2027"},
            Result("number", value=4, thing="days"),
        ),
        ("convert-units", {"question": "2 km in m"}, Result("number", value=2000)),
        ("find-amount", {"text": "Eggs 2.50\nTotal 3.70", "about": "total"}, Result("number", value=3.7)),
    ],
)
def test_results(workspace: Workspace, task: str, arguments: dict[str, Any], result: Result) -> None:
    assert results(workspace, call(workspace, task, **arguments)) == (result,)


@pytest.mark.parametrize(
    ("question", "day"),
    [("which weekday is 14 Feb 2027?", "2027-02-14"), ("what date is 3 weeks after 1 March 2027?", "2027-03-22")],
)
def test_the_day_that_was_spoken_of_is_known(workspace: Workspace, question: str, day: str) -> None:
    first, told = results(workspace, call(workspace, "dates", question=question))
    assert (first, told.kind) == (Result("date", value=day), "text")


def test_results_know_their_files_and_failures_are_none(workspace: Workspace, desk: str) -> None:
    cropped = call(workspace, "crop", image=desk, region="left half")
    (result,) = results(workspace, cropped, call(workspace, "crop", image=desk, region="nowhere"))
    assert (result.kind, result.names) == ("image", ("desk.png",))


@pytest.mark.parametrize(
    ("expression", "thing"),
    [("1 / 2 * 42.16", "km"), ("42.16 * 3", "km"), ("42.16 + 3", ""), ("7 * 3", "")],
)
def test_a_number_that_is_scaled_keeps_its_unit(workspace: Workspace, expression: str, thing: str) -> None:
    miles = call(workspace, "convert-units", question="26.2 miles in km, two decimals")
    *_, made = results(workspace, miles, call(workspace, "calculate", expression=expression))
    assert made.thing == thing


COUNT = Wish("count_things", "file", 0.9, (Piece("How many", 0, 8),), limits=(Piece("left half", 30, 39, "region"),))


@pytest.mark.parametrize(
    "goal", ["And this one?", "Do the same for this one", "now the other photo", "Same again, please"]
)
def test_again_with_another_file_is_the_wish_before(goal: str) -> None:
    said = understand(goal, [File("image-2", "image")], Before(wishes=(COUNT,)))
    assert [(wish.op, wish.limits) for wish in said.wishes] == [("count_things", ())]


def test_what_says_more_than_again_is_read_anew() -> None:
    photo = [File("image-2", "image")]
    assert understand("Which digit is this?", photo, Before(wishes=(COUNT,))).wishes[0].op == "read_digit"
    assert understand("half of that", (), Before(wishes=(COUNT,))).wishes[0].op == "calculate"


# A short goal with a new file, and the question that a table was asked

READ = Understanding("", (Wish("read_digit", "file", 0.9, (Piece("tray", 0, 4),)),))
PHOTOS = Before(files=(File("image-1", "image"),), wishes=(COUNT,))


@pytest.mark.parametrize(
    ("goal", "sure", "kind", "before", "op"),
    [
        ("and this jumble of a tray?", 0.1, "image", PHOTOS, "count_things"),
        ("now Gran's tray", 0.1, "image", PHOTOS, "count_things"),
        ("and this jumble of a tray?", 0.9, "image", PHOTOS, "read_digit"),  # read for sure
        ("my tray is a jumble", 0.1, "image", PHOTOS, "read_digit"),  # nothing says that it is another one
        ("and this jumble of a tray?", 0.1, "audio", PHOTOS, "read_digit"),  # a file of another kind
        ("and this jumble of a tray?", 0.1, "image", Before(files=PHOTOS.files), "read_digit"),  # nothing was wished
        ("and this is a tray that my gran got from an aunt of hers", 0.1, "image", PHOTOS, "read_digit"),  # long
    ],
)
def test_a_short_goal_with_a_new_file_may_be_the_wish_before(
    monkeypatch: pytest.MonkeyPatch, goal: str, sure: float, kind: str, before: Before, op: str
) -> None:
    monkeypatch.setattr(remembering, "_read", lambda goal, kinds: replace(READ, goal=goal, sure=sure))
    said = understand(goal, [File("new", kind)], before)
    assert ([wish.op for wish in said.wishes], said.goal) == ([op], goal)
    assert op != "count_things" or said.wishes[0].limits == ()


def test_the_question_that_a_table_was_asked(tmp_path: Path, workspace: Workspace) -> None:
    (tmp_path / "jars.csv").write_text("jar,price\nplum,4\nfig,6\n", encoding="utf-8")
    jars = workspace.add(tmp_path / "jars.csv").handle
    goal = HumanMessage("What do they come to?", additional_kwargs={MEDIA_KEY: [jars]})
    asked = call(workspace, "table-query", table=jars, question="total price")
    assert before_of([goal], workspace).asked == ""
    assert before_of([goal, asked], workspace).asked == "total price"
    later = [
        asked,
        call(workspace, "table-query", table=jars, question="how many jars"),
        call(workspace, "count", items=["a"]),
    ]
    assert before_of([goal, *later], workspace).asked == "how many jars"
    failed = call(workspace, "table-query", table=jars, question="total weight")
    assert before_of([goal, asked, failed], workspace).asked == "total price"


@pytest.mark.parametrize("goal", ["so how many was that", "how many are there?", "ok, how many did you find in all"])
def test_how_many_were_framed(goal: str) -> None:
    framed = Wish("find_things", "file", 0.9, (Piece("box the coins", 0, 13),), (Piece("coins", 8, 13, "thing"),))
    (wish,) = understand(goal, (), Before(wishes=(framed,), goal="box the coins")).wishes
    assert (wish.op, wish.argument("thing")) == ("count_things", "coins")
