"""Our own goals with their graphs: the planner stays as good as it was, on both halves."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from prefrontal.benchmarks import planning
from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.tasks import rows as task_rows
from prefrontal.tools.tasks import tasks

GOALS = [json.loads(line) for line in (Path(__file__).parent / "goals.jsonl").read_text().splitlines()]


def test_the_set_covers_the_task_table_in_two_halves() -> None:
    assert Counter(goal["half"] for goal in GOALS) == {"dev": 90, "held": 90}
    used = {step["task"] for goal in GOALS for step in goal["task_nodes"]}
    assert used <= set(tasks())
    assert len({row.id for row in task_rows() if not row.builtin} - used) <= 3, "tasks without a goal"


@pytest.mark.parametrize(("half", "n_f1", "e_f1", "exact"), [("dev", 79, 66, 60), ("held", 72, 58, 48)])
def test_the_planner_is_as_good_as_the_readme_says(half: str, n_f1: float, e_f1: float, exact: float) -> None:
    figures, _ = planning.measure(planning.load(planning.OWN, half), planning.own_planner(ModelIndex()))
    assert figures["n_f1"] >= n_f1, figures
    assert figures["e_f1"] >= e_f1, figures
    assert figures["exact"] >= exact, figures


def test_every_part_can_be_switched_off() -> None:
    rows = planning.load(planning.OWN, "dev")[:12]
    plan = planning.own_planner(ModelIndex())
    whole, _ = planning.measure(rows, plan)
    for part in planning.PARTS:
        with planning.without(part):
            less, _ = planning.measure(rows, plan)
        assert less["n_f1"] <= whole["n_f1"] + 10, part
    with planning.without("cues"):
        assert planning.measure(rows, plan)[0]["n_f1"] < whole["n_f1"]
