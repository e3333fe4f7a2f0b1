"""Tiny real models, loaded once for all tests of this folder, and something to show them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
import tiny_models
import torch
from PIL import Image
from tiny_media import picture, tone

from prefrontal.tools.card import ModelCard
from prefrontal.tools.runners import get_runner
from prefrontal.tools.runners.base import Runner


class Loaded(NamedTuple):
    card: ModelCard
    runner: Runner
    model: Any
    folder: Path

    def run(self, **inputs: Any) -> dict[str, Any]:
        return self.runner.run(self.model, self.card, inputs)


@pytest.fixture(scope="session", autouse=True)
def _one_core() -> None:
    torch.set_num_threads(1)  # tiny models lose time on threads


@pytest.fixture(scope="session")
def load(tiny: Callable[[str], Path]) -> Callable[[str], Loaded]:
    """A tiny model, loaded by its own runner; skips the test of one that needs a newer transformers."""

    @cache
    def loaded(name: str) -> Loaded:
        if why := tiny_models.too_old(name):
            pytest.skip(why)
        folder = tiny(name)
        card = ModelCard.from_dir(folder)
        runner = get_runner(card)
        return Loaded(card, runner, runner.load(card, folder), folder)

    return loaded


@pytest.fixture
def inputs_for(values: dict[str, Any]) -> Callable[[ModelCard], dict[str, Any]]:
    """The required inputs of a card's task, and the settings that keep a random model short and visible."""
    settings = {"threshold": 0.0, "max_new_tokens": 5, "target_language": "fr"}

    def inputs(card: ModelCard) -> dict[str, Any]:
        assert card.row
        given = {slot.name: values[slot.name] for slot in card.row.inputs if slot.required}
        given |= {name: value for name, value in settings.items() if card.row.slot(name)}
        return given | ({"text": "the [MASK] is small"} if card.task == "fill-mask" else {})

    return inputs


@pytest.fixture
def values() -> dict[str, Any]:
    """A value for each input that the rows of the task table name."""
    return {
        "image": picture(),
        "other": picture().transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "audio": tone(),
        "table": pd.DataFrame({"name": ["anna", "bird"], "stars": [1, 2]}),
        "text": "the cat is small",
        "prompt": "what is in the photo ?",
        "question": "where is the cat ?",
        "context": "anna works in paris . the cat sits on the tree .",
        "query": "the cat",
        "texts": ["the dog is big", "hello world"],
        "sentences": ["the dog is big", "hello world"],
        "candidate_labels": ["cat", "dog"],
        "state": "the cat is red",
        "questions": {"red": {"type": "noul", "instructions": "is it red ?"}},
    }
