"""The tables: every row names a task that there is, and a pattern that can be tried."""

from __future__ import annotations

import pytest

from prefrontal.tools.connectors.tables import classes, libraries, signs, starts, word_starts
from prefrontal.tools.tasks import find_task

PLACES = ("words", "any", "name", "data", "metric", "tag", "library")


@pytest.mark.parametrize("place", PLACES)
def test_signs_name_tasks_of_models(place: str) -> None:
    rows = signs(place)
    assert rows
    for row in rows:
        task = find_task(row.task)
        assert task is not None
        assert (task.id, task.builtin) == (row.task, False)
        assert 0 < row.points <= 8


def test_classes_and_libraries_name_tasks_of_models() -> None:
    told = [row.task for row in classes()] + [task for _, task, _ in libraries().values()]
    assert {task for task in told if task and (row := find_task(task)) and row.id == task} == set(filter(None, told))


@pytest.mark.parametrize(
    ("pattern", "begins"),
    [
        (r"depth estimation|\bmidas\b", {"dept", "mida"}),
        (r"(image|photo) classif\w+", {"imag", "phot"}),
        (r"asr|qa", {"asr", "qa"}),
        (r"colou?rs", {"colo"}),
        (r"x-?vectors?", None),
        (r"(automatic )?speech", None),
        (r"\w+ detection", None),
    ],
)
def test_with_which_letters_a_pattern_begins(pattern: str, begins: set[str] | None) -> None:
    assert starts(pattern) == begins


def test_no_place_of_a_sign_is_lost_by_looking_at_first_letters() -> None:
    text = (
        "an asr model: speech recognition and depth estimation; (image) classification with x-vectors, text to speech"
    )
    begun = word_starts(text)
    for row in signs("words"):
        assert set(row.places(text, begun)) >= {found.start() for found in row.pattern.finditer(text)}
