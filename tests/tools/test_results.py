"""A result is stored once, and a later call passes its name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.media import Workspace
from prefrontal.tools.results import is_result, load_result, resolve, store_result
from prefrontal.tools.task import Slot

LABELS = [{"label": "seven", "score": 0.9}, {"label": "one", "score": 0.1}]
TEXT, TEXTS, IMAGE, JSON = (
    Slot("t", "text", ""),
    Slot("t", "text", "", many=True),
    Slot("i", "image", ""),
    Slot("j", "json", ""),
)


def test_there_and_back(tmp_path: Path) -> None:
    for number, value in enumerate([LABELS, "café", 3, None, True, [], {"a": [1.5]}], start=1):
        assert store_result(tmp_path / "ws", value) == f"result-{number}"
        assert load_result(tmp_path / "ws", f"result-{number}") == value


@pytest.mark.parametrize(
    "value", ["result-", "result-1 ", "Result-1", "../result-1", "result-1/..", 1, None, ["result-1"]]
)
def test_what_is_no_name_of_a_result(value: Any) -> None:
    assert not is_result(value)


def test_an_unknown_result_lists_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(ToolInputError) as caught:
        load_result(tmp_path, "result-1")
    assert str(caught.value) == "'result-1' is not a result of this run; there are: none yet"
    for _ in range(11):
        store_result(tmp_path, 0)
    (tmp_path / "result-notes.json").write_text("{}")  # somebody's own file
    with pytest.raises(ToolInputError) as caught:
        load_result(tmp_path, "../../etc/passwd")
    assert str(caught.value) == (
        "'../../etc/passwd' is not a result of this run; there are: " + ", ".join(f"result-{n}" for n in range(1, 12))
    )
    assert store_result(tmp_path, 0) == "result-12"


def test_threads_get_names_of_their_own(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        names = list(pool.map(lambda n: store_result(tmp_path, n), range(64)))
    assert len(set(names)) == 64
    assert sorted(load_result(tmp_path, name) for name in names) == list(range(64))


@pytest.mark.parametrize(
    ("slot", "stored", "passed", "resolved"),
    [
        (TEXT, "words", "result-1", "words"),
        (TEXT, LABELS, "result-1", "seven"),  # the best label is what a text slot takes of labels
        (TEXT, 42, "result-1", "42"),
        (TEXT, {"a": 1}, "result-1", '{"a": 1}'),
        (TEXT, "words", "plain", "plain"),
        (JSON, LABELS, "result-1", LABELS),
        (IMAGE, ["image-3"], "result-1", "image-3"),
        (IMAGE, "image-3", "result-1", "image-3"),
        (IMAGE, "image-3", "image-9", "image-9"),
        (TEXTS, ["a", "b"], "result-1", ["a", "b"]),
        (TEXTS, "a", "result-1", ["a"]),
        (TEXTS, ["a", "b"], ["x", "result-1", "y"], ["x", "a", "b", "y"]),
        (TEXTS, "a", ["result-1"], ["a"]),
    ],
)
def test_a_name_is_replaced_by_what_it_stands_for(
    tmp_path: Path, slot: Slot, stored: Any, passed: Any, resolved: Any
) -> None:
    store_result(tmp_path, stored)
    assert resolve(Workspace(tmp_path), slot, passed) == resolved


@pytest.mark.parametrize(
    ("slot", "passed", "resolved"),
    [
        (TEXT, "text-1", "one\ntwo"),
        (TEXT, "text-2", "text-2"),  # there is no such file: these are words
        (TEXT, "image-1", "image-1"),
        (TEXT, "the text-1", "the text-1"),
        (TEXTS, ["x", "text-1"], ["x", "one\ntwo"]),
        (TEXTS, "text-1", ["one\ntwo"]),
        (JSON, "text-1", "text-1"),
        (IMAGE, "text-1", "text-1"),
        (TEXT, 1, 1),
    ],
)
def test_a_text_file_stands_for_its_words(workspace: Workspace, slot: Slot, passed: Any, resolved: Any) -> None:
    workspace.add(b"one\ntwo")
    assert resolve(workspace, slot, passed) == resolved


def test_a_text_file_of_another_conversation_is_not_read(workspace: Workspace) -> None:
    with workspace.conversation() as own:
        workspace.add(b"a secret")
    with workspace.conversation():
        assert resolve(workspace, TEXT, "text-1") == "text-1"
    with workspace.conversation(own.made):
        assert resolve(workspace, TEXT, "text-1") == "a secret"
