"""Every task that the transformers adapters run is run here, with a tiny real model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tiny_models
from PIL import Image
from tiny_compare import assert_same
from transformers.utils import import_utils

from prefrontal.errors import ModelUnavailableError
from prefrontal.tools.card import ModelCard
from prefrontal.tools.requirements import missing
from prefrontal.tools.runners import get_runner
from prefrontal.tools.tasks import rows

# What needs more than the default install, and the library: these models are here to be refused without it.
LACKING = {
    "mask-generation": "torchvision",
    "video-classification": "av",
    "document-question-answering/layoutlm": "tesseract",
    "any-to-any/pictures": "torchvision",
}
RUNNING = [name for name in tiny_models.ROWS if name not in LACKING]
ADAPTERS = ("pipeline", "seq2seq", "extractive-qa", "vqa", "captioning", "embedding")


def _number(value: Any) -> bool:
    return isinstance(value, int | float | np.number)


def _labels(value: Any) -> bool:
    return all(isinstance(v["label"], str) and (v["score"] is None or _number(v["score"])) for v in value)


CHECKS: dict[str, Callable[[Any], bool]] = {
    "text": lambda v: isinstance(v, str),
    "labels": lambda v: isinstance(v, list) and _labels(v),
    "boxes": lambda v: len(v) > 0 and _labels(v) and all(set(b["box"]) == {"xmin", "ymin", "xmax", "ymax"} for b in v),
    "masks": lambda v: _labels(v) and all(isinstance(m["mask"], Image.Image) for m in v),
    "spans": lambda v: (
        len(v) > 0 and _labels(v) and all(isinstance(s["text"], str) and s["start"] < s["end"] for s in v)
    ),
    "image": lambda v: isinstance(v, Image.Image),
    "audio": lambda v: v["array"].ndim == 1 and v["array"].dtype == np.float32 and v["sampling_rate"] == 16_000,
    "vector": lambda v: len(v) == 32 and all(isinstance(x, float) for x in v),
    "json": lambda v: bool(v),
}


def test_every_task_of_these_adapters_has_a_tiny_model():
    tasks = {row.id for row in rows() if row.runner in ADAPTERS}

    assert tasks - {name.partition("/")[0] for name in tiny_models.ROWS} == set()


@pytest.mark.parametrize("name", RUNNING)
def test_a_task_gives_what_its_row_says(name: str, load: Any, inputs_for: Any):
    loaded = load(name)
    row = loaded.card.row

    outputs = loaded.run(**inputs_for(loaded.card))

    assert set(outputs) >= {slot.name for slot in row.outputs}
    assert CHECKS[row.output.kind](outputs[row.output.name]), outputs


@pytest.mark.parametrize("name", RUNNING)
def test_the_same_call_gives_the_same_result(name: str, load: Any, inputs_for: Any):
    loaded = load(name)
    inputs = inputs_for(loaded.card)

    assert_same(loaded.run(**inputs), loaded.run(**inputs))


@pytest.mark.parametrize(("name", "library"), [(n, lib) for n, lib in LACKING.items() if n != "any-to-any/pictures"])
def test_what_is_missing_is_said_before_loading(name: str, library: str, tiny: Any, lacking: Callable[..., None]):
    lacking(library)
    folder = tiny(name)
    card = ModelCard.from_dir(folder)

    assert missing(card).startswith(f"{card.id} needs {library}, not installed here: ")
    with pytest.raises(ModelUnavailableError) as caught:
        get_runner(card).load(card, folder)
    assert str(caught.value) == missing(card)


def test_a_library_that_only_loading_misses_is_named(
    tiny: Any, lacking: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    lacking("torchvision")
    _, advice = import_utils.BACKENDS_MAPPING["torchvision"]
    monkeypatch.setitem(import_utils.BACKENDS_MAPPING, "torchvision", (lambda: False, advice))  # for transformers, too
    folder = tiny("any-to-any/pictures")
    card = ModelCard.from_dir(folder)

    with pytest.raises(ModelUnavailableError) as caught:
        get_runner(card).load(card, folder)
    assert str(caught.value) == (
        "any-to-any-pictures cannot be loaded: it needs torchvision, not installed here: "
        "pip install torchvision of the version that fits your torch"
    )
