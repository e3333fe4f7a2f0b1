"""The packaged reader gives plain goals their wishes; a file that was trained on other ops is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from prefrontal.agent.planner.parse.parts import OPS
from prefrontal.agent.planner.parse.reader import FILE, GoalReader, goal_reader
from prefrontal.agent.planner.parse.wishes import wishes_of


@pytest.mark.parametrize(
    ("goal", "files", "ops", "source", "argument"),
    [
        ("How many coins are in this photo?", ["image"], "count_things", "file", ("thing", "coins")),
        ("Which digit is this?", ["image"], "read_digit", "file", None),
        ("Read this page", ["image"], "read_text", "file", None),
        ("Describe this picture", ["image"], "describe_picture", "file", None),
        ("Transcribe this recording", ["audio"], "transcribe", "file", None),
        ("How many words are in this text?", ["text"], "count_words", "file", None),
        ("Sort the lines alphabetically", ["text"], "sort_lines", "file", None),
        ("What is the total amount per region?", ["table"], "table_sum table_group", "file", ("column", "amount")),
        ("Translate “good morning” into French", [], "translate", "words", ("language", "French")),
        ("Which weekday is 14 February 2027?", [], "weekday", "words", ("date", "14 February 2027")),
        ("Convert 5 miles to km", [], "convert_unit", "words", ("number", "5")),
        ("half of that", [], "calculate", "before", None),
        ("And in French?", [], "translate number_in_words", "before", ("language", "French")),
    ],
)
def test_plain_goals(goal: str, files: list[str], ops: str, source: str, argument: tuple[str, str] | None) -> None:
    said = wishes_of(goal, goal_reader().read(goal, files))
    (wish,) = said.wishes
    assert wish.op in ops.split()
    assert wish.source == source
    assert argument is None or argument in [(piece.kind, piece.text) for piece in wish.arguments]
    assert said.sure > 0.2


def test_each_token_has_its_chances() -> None:
    goal = "Count the coins"
    said = goal_reader().read(goal, ["image"])
    assert [goal[start:end] for start, end in said.spans] == ["Count", "the", "coins"]
    assert set(said.tags) == {"wish", "op", "new", "source", "argument", "limit"}
    assert all(np.allclose(rows.sum(axis=1), 1, atol=1e-5) for rows in said.tags.values())
    assert said.ops.shape == (len(OPS),)


def test_one_reader_for_the_process() -> None:
    assert goal_reader() is goal_reader()


def test_a_file_of_other_ops_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.safetensors"
    with safe_open(FILE, framework="numpy") as opened:
        scale = opened.metadata()["scale"]
    save_file({"x": np.zeros(1)}, other, {"scale": scale, "ops": json.dumps(["bake_a_cake"])})
    with pytest.raises(ValueError) as caught:
        GoalReader(other)
    assert str(caught.value) == "other.safetensors was trained on other ops than parts.py names; train it again"
