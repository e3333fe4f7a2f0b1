"""The reader of stories: its script runs, its stories are found, and what is varied of them stays the same story."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prefrontal.agent.planner.parse.arithmetic.quantities import numbers_of
from prefrontal.agent.planner.parse.arithmetic.story_reader import StoryReader, reading_of
from prefrontal.agent.planner.parse.arithmetic.story_trees import AFTER, LABELS

ROOT = Path(__file__).parents[2]
PEGS = "There are 7 bags with 9 pegs in each and 4 are lost, how many are left?"


def test_the_weights_that_the_training_script_writes_are_read(tmp_path: Path) -> None:
    out = tmp_path / "reader.safetensors"
    script = [sys.executable, "-m", "zoo.training.story_reader", "--smoke", "--out", str(out)]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    reader = StoryReader(out)
    scored = reader.scores(PEGS, numbers_of(PEGS))
    assert scored is not None
    assert (scored[0].shape, scored[1].shape) == ((3, 3, len(LABELS)), (len(AFTER),))
    assert np.isfinite(scored[0]).all()
    assert reading_of(reader, PEGS) is not None


@pytest.fixture(scope="module")
def stories() -> tuple[list[Any], int]:
    from zoo.training.story_reader import stories_of

    return stories_of()


def test_most_stories_are_found_as_they_were_annotated(stories: tuple[list[Any], int]) -> None:
    found, lost = stories
    assert len(found) > 2000
    assert lost < 0.05 * len(found)
    for story in found:
        pairs = len(story.numbers) * (len(story.numbers) - 1) // 2
        assert len(story.labels) == pairs, story.text
        assert set(story.labels.values()) <= set(LABELS), story.text
        assert (story.after in AFTER, story.after == "none") == (True, story.answer is None), story.text


def test_a_story_that_was_annotated_otherwise_is_lost(tmp_path: Path) -> None:
    from zoo.training.story_reader import stories_of

    row = (
        '{{"text": "7 bags with 9 pegs in each", "numbers": ["7", "9"], "values": [7, {value}], '
        '"expr": "n0 * n1", "answer": 63, "writer": "z"}}\n'
    )
    (tmp_path / "z.jsonl").write_text(row.format(value=9) + row.format(value=90), encoding="utf-8")
    (story,), lost = stories_of(tmp_path)
    assert (story.labels, story.after, story.answer, lost) == ({(0, 1): "*"}, "plain", 63, 1)


def test_goals_in_which_nothing_is_reckoned_have_no_sum() -> None:
    from zoo.training.story_reader import asides_of

    asides = asides_of()
    assert len(asides) > 50
    assert {(story.after, story.answer) for story in asides} == {("none", None)}
    assert {label for story in asides for label in story.labels.values()} == {"none"}


def test_numbers_stand_where_they_stood_when_stories_are_varied(stories: tuple[list[Any], int]) -> None:
    from zoo.training.story_reader import varied

    chance, changed = random.Random(1), 0
    for story in stories[0][:800]:
        made = varied(story, chance)
        assert (made.labels, made.after, len(made.numbers)) == (story.labels, story.after, len(story.numbers))
        for new, old in zip(made.numbers, story.numbers, strict=True):
            said, before = made.text[new.start : new.end].lower(), story.text[old.start : old.end].lower()
            assert re.sub(r"\d", "#", said) == re.sub(r"\d", "#", before)
            assert said == before or not old.loose
            changed += said != before
    assert changed > 400
