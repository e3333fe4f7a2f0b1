"""Each built-in row has its function and its card, and runs once as any tool does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import ToolMessage
from PIL import Image, ImageDraw

from prefrontal.tools.builtin import FUNCTIONS, builtin_cards
from prefrontal.tools.builtin_rows import BUILTINS
from prefrontal.tools.media import Workspace
from prefrontal.tools.model_tool import ModelTool
from prefrontal.tools.tasks import get_task

CARDS = {card.task: card for card in builtin_cards()}
BOXES = [
    {"label": "coin", "score": 0.9, "box": {"xmin": 1, "ymin": 2, "xmax": 11, "ymax": 12}},
    {"label": "coin", "score": 0.5, "box": {"xmin": 20, "ymin": 30, "xmax": 30, "ymax": 40}},
]
# What each is given, and what it gives first; the page is image-1.
RUNS: dict[str, tuple[dict[str, Any], Any]] = {
    "calculate": ({"expression": "17 * 23 + 4"}, 395),
    "count": ({"items": BOXES, "label": "coins"}, 2),
    "pick": ({"items": BOXES, "by": "worst"}, BOXES[1]),
    "crop": ({"image": "image-1", "region": "left half"}, "image-2"),
    "split-lines": ({"image": "image-1"}, ["image-2", "image-3"]),
    "draw-boxes": ({"image": "image-1", "boxes": BOXES}, "image-2"),
    "join": ({"texts": ["one", "two"], "separator": ", "}, "one, two"),
    "filter-boxes": ({"boxes": BOXES, "keep": "top row"}, BOXES[:1]),
    "compare-numbers": ({"numbers": [24, 9], "how": "more"}, "The first has more: 24 against 9, 15 more."),
    "compare-texts": ({"texts": ["no dogs", "No dogs"]}, "Yes, they say the same: “no dogs”."),
    "table-query": ({"table": "table-1", "question": "total amount"}, "The total amount is 30."),
    "dates": ({"question": "which weekday is 14 Feb 2027?"}, "14 February 2027 is a Sunday."),
    "convert-units": ({"question": "2 km in m"}, "2 km = 2,000 m."),
    "count-in-text": ({"text": "to be or not"}, 4),
    "select-lines": ({"text": "one\ntwo", "which": "last line"}, "two"),
    "find-lines": ({"text": "Milk 2\nRent 900", "about": "the rent"}, "Rent 900"),
    "find-amount": ({"text": "Eggs 2.50\nTotal 3.70", "about": "total"}, "Total 3.70"),
    "sort-lines": ({"text": "b\na"}, "a\nb"),
}


@pytest.fixture
def filled(workspace: Workspace, tmp_path: Path) -> Workspace:
    """With a page of two lines, which is the first picture, and a table."""
    page = Image.new("L", (200, 100), 255)
    for y, text in ((15, "two words"), (65, "and some more")):
        ImageDraw.Draw(page).text((10, y), text, fill=0, font_size=18)
    workspace.add(page)
    (tmp_path / "sales.csv").write_text("region,amount\nNorth,10\nSouth,20\n")
    workspace.add(tmp_path / "sales.csv")
    return workspace


def test_rows_functions_cards_and_the_runs_below_are_the_same() -> None:
    ids = [row.id for row in BUILTINS]
    assert len(set(ids)) == len(ids)
    assert set(ids) == set(FUNCTIONS) == set(CARDS) == set(RUNS)


@pytest.mark.parametrize("row", BUILTINS, ids=lambda row: row.id)
def test_a_row_is_found_and_says_how_people_ask(row: Any) -> None:
    assert get_task(row.id) is row
    assert row.builtin
    assert row.runner == "builtin"
    assert row.does.endswith(".")
    assert row.asks
    assert CARDS[row.id].summary == f"{row.does} Built in: no model is loaded."


@pytest.mark.parametrize("task", RUNS)
def test_a_row_runs_as_a_tool(task: str, filled: Workspace) -> None:
    arguments, expected = RUNS[task]
    tool = ModelTool(CARDS[task], filled)
    message = tool.invoke({"type": "tool_call", "id": "1", "name": tool.name, "args": arguments})
    assert isinstance(message, ToolMessage)
    assert message.status != "error", message.text
    outputs = message.artifact["outputs"]
    assert set(outputs) == {slot.name for slot in get_task(task).outputs}
    assert outputs[get_task(task).output.name] == expected
