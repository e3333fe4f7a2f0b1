"""The reader of goals: its script runs, its weights are small, and it reads writers whom it did not learn from."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

from prefrontal.agent.planner.parse.reader import FILE, GoalReader
from prefrontal.agent.planner.parse.wishes import wishes_of

ROOT = Path(__file__).parents[2]
GOALS = ROOT / "zoo" / "training" / "goals"


def test_the_weights_are_small() -> None:
    assert FILE.stat().st_size < 5_000_000


def test_the_training_script_runs(tmp_path: Path) -> None:
    out = tmp_path / "reader.safetensors"
    script = [sys.executable, "-m", "zoo.training.goal_reader", "--smoke", "--out", str(out)]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert GoalReader(out).read("Count the coins", ["image"]).tags["op"].shape[0] == 3


def test_it_reads_writers_whom_it_did_not_learn_from() -> None:
    lines = [line for name in "ef" for line in (GOALS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    goals = [json.loads(line) for line in random.Random(3).sample(lines, 120)]
    reader, read = GoalReader(), 0
    for goal in goals:
        understood = wishes_of(goal["goal"], reader.read(goal["goal"], goal["files"]))
        read += {wish.op for wish in understood.wishes} == {wish["op"] for wish in goal["wishes"]}
    assert read / len(goals) > 0.65  # 0.77 of all 480


def test_words_keep_their_parts_when_goals_are_varied() -> None:
    from zoo.training.goal_reader_data import fillers_of, goals_of, marked, varied

    goals = [marked(goal) for goal in goals_of()[:200]]
    chance, fillers = random.Random(1), fillers_of(goals)
    for goal in goals:
        made = varied(goal, goals, chance, fillers)
        assert len(made.text) == len(made.wish) == len(made.argument) == len(made.limit)
        assert len(made.ops) == len(made.sources)
        assert {mark[0] for mark in made.wish if mark} <= set(range(len(made.ops)))
