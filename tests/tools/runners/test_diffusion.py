"""Pictures and videos out of words, as far as they can be tested without the library that makes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_media import picture

from prefrontal.errors import ModelUnavailableError, ToolInputError
from prefrontal.tools.card import ModelCard
from prefrontal.tools.runners import get_runner
from prefrontal.tools.runners.diffusion import _TASKS, arguments
from prefrontal.tools.tasks import get_task, rows


def test_every_diffusers_task_of_the_table_is_known():
    assert {row.id for row in rows() if row.runner == "diffusers"} == set(_TASKS)
    assert {task: get_task(task).output.name for task in _TASKS} == {task: out for task, (_, out) in _TASKS.items()}


def test_without_the_library_the_install_command_is_said(tmp_path: Path, lacking: Callable[..., None]):
    lacking("diffusers")
    card = ModelCard(id="owner/painter", task="text-to-image", library="diffusers")

    with pytest.raises(ModelUnavailableError) as caught:
        get_runner(card).load(card, tmp_path)
    assert str(caught.value) == (
        "owner/painter needs diffusers, not installed here: pip install 'prefrontal[diffusers]'"
    )


def test_a_rows_inputs_become_a_call():
    image = picture()

    given = arguments({"image": image, "prompt": "a cat", "num_inference_steps": 4.0, "seed": 7.0})

    assert given == {"prompt": "a cat", "image": image, "num_inference_steps": 4}
    assert isinstance(given["num_inference_steps"], int)


def test_no_steps_are_refused():
    with pytest.raises(ToolInputError, match="num_inference_steps is 0; allowed is 1 or more"):
        arguments({"prompt": "a cat", "num_inference_steps": 0})
