"""The task table covers what the Hub and transformers know, and each row is well-formed."""

from __future__ import annotations

import re

import huggingface_hub
import pytest

from prefrontal.tools.runners import RUNNERS
from prefrontal.tools.task import KINDS, Task
from prefrontal.tools.task_table import ROWS
from prefrontal.tools.tasks import find_task, get_task, tasks

HUB_TYPES = sorted(  # such as ImageToTextInput: image_to_text
    re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.removesuffix("Input")).lower()
    for name in huggingface_hub.__all__
    if name.endswith("Input")
)
REMOVED = ["summarization", "translation", "text2text-generation", "question-answering", "visual-question-answering",
           "image-to-image", "image-to-text", "conversational"]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_well_formed(row: Task) -> None:
    slots = [*row.inputs, *row.outputs]
    assert row.id == row.id.lower().strip()
    assert row.inputs
    assert row.outputs
    assert {slot.kind for slot in slots} <= set(KINDS)
    assert all(slot.name.isidentifier() and slot.about for slot in slots)
    assert len({slot.name for slot in row.inputs}) == len(row.inputs)
    assert len({slot.name for slot in row.outputs}) == len(row.outputs)
    assert row.does.endswith(".")
    assert row.does.count(". ") == 0
    assert row.asks
    assert row.runner in ("", *RUNNERS)
    assert [slot.required for slot in row.inputs] == sorted((slot.required for slot in row.inputs), reverse=True)


def test_ids_are_unique_and_no_alias_hides_a_row() -> None:
    names = [row.id for row in ROWS]
    aliases = [alias for row in ROWS for alias in row.aliases]
    assert len(set(names)) == len(names) == len(tasks())
    assert [alias for alias in aliases if alias in names] == []
    assert len(set(aliases)) == len(aliases)


def test_rows_name_other_rows_by_their_ids() -> None:
    for row in ROWS:
        assert {*row.stands_in, *row.falls_back} <= set(tasks()) - {row.id}


def test_the_hub_has_inference_types() -> None:
    assert len(HUB_TYPES) >= 34


@pytest.mark.parametrize("name", HUB_TYPES)
def test_each_inference_type_of_the_hub_has_a_row(name: str) -> None:
    assert find_task(name) is not None


def test_each_pipeline_of_transformers_has_a_row() -> None:
    from transformers.pipelines import SUPPORTED_TASKS, TASK_ALIASES

    names = {*SUPPORTED_TASKS, *TASK_ALIASES}
    assert len(names) >= 25
    assert [name for name in names if find_task(name) is None] == []
    # A pipeline is run by its own adapter, but for those with an adapter that does more.
    assert [n for n in SUPPORTED_TASKS if get_task(n).runner not in ("pipeline", "embedding")] == []


@pytest.mark.parametrize("name", REMOVED)
def test_what_transformers_no_longer_pipelines_still_runs(name: str) -> None:
    row = get_task(name)
    assert row.runner
    assert row.runner != "pipeline" or row.id == "text-generation"
