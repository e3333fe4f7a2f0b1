"""The annotated goals say only what stands in the goals, and in the words of their README."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "zoo/training/goals"
FILES = sorted(FOLDER.glob("*.jsonl"))
README = (FOLDER / "README.md").read_text(encoding="utf-8")
OPS = set(re.findall(r"\b[a-z]+(?:_[a-z0-9]+)*\b", README.split("OP and its args:")[1].split("compare, difference")[0]))
SOURCE = re.compile(r"file-\d|wish-\d|all-files|each-file|before|words")


def goals_in(*paths: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def test_there_are_many_of_many_writers() -> None:
    found = goals_in(*FILES)
    assert len({goal["id"] for goal in found}) == len(found) == 3_750
    assert len({goal["writer"] for goal in found}) == 48


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_annotated_stands_in_the_goal(path: Path) -> None:
    for goal in goals_in(path):
        for piece in _pieces(goal):
            assert piece in goal["goal"], (goal["id"], piece)
        for wish in goal["wishes"]:
            assert wish["op"] in OPS, (goal["id"], wish["op"])
            assert wish["words"], goal["id"]
            assert all(SOURCE.fullmatch(source) for source in wish["takes"]), goal["id"]


def _pieces(goal: dict[str, Any]) -> Iterator[str]:
    yield from goal["negated"]
    for wish in goal["wishes"]:
        yield from wish["words"]
        for value in wish["args"].values():
            yield from value if isinstance(value, list) else [value]
        for part in (*wish["qualifiers"], *wish["constraints"]):
            yield part["words"]
