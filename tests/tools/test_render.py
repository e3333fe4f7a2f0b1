"""Results in a few words, short whatever their size."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

from prefrontal.tools.media import Workspace
from prefrontal.tools.render import render
from prefrontal.tools.task import KINDS, MEDIA_KINDS, Slot

BOX = {"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1}


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("text", "plain words", "plain words"),
        ("number", 24, "24"),
        ("number", True, "True"),
        ("json", {"a": [1]}, "{'a': [1]}"),
        ("labels", [], "no label"),
        ("labels", [{"label": "six", "score": 0.987}, {"label": "one", "score": None}], "six (0.99), one (no score)"),
        ("labels", [{"label": n, "score": 0.5} for n in range(6)],
         "0 (0.50), 1 (0.50), 2 (0.50), 3 (0.50), 4 (0.50), … (6 in all)"),
        ("boxes", [], "nothing was found (0 boxes)"),
        ("boxes", [{"label": "coin", "score": 1, "box": BOX}] * 24, "24 found: 24 x coin"),
        ("masks", [{"label": "sky", "score": None, "mask": "image-2"}], "1 found: 1 x sky"),
        ("spans", [{"text": "Anna", "label": "PER"}], "Anna (PER)"),
        ("spans", [], "nothing was found"),
        ("points", [{"x": 1, "y": 2}], "1 points"),
        ("vector", [0.5, None, 1], "a vector of 3 numbers: 0.500, none, 1.000"),
        ("vector", [0.25] * 384, "a vector of 384 numbers: 0.250, 0.250, 0.250, 0.250, …"),
        ("image", "image-9", "image-9"),
    ],
)  # fmt: skip
def test_words(kind: str, value: Any, words: str) -> None:
    assert render(Slot("x", kind, ""), value) == words


def test_media_show_their_measures(workspace: Workspace) -> None:
    workspace.add(Image.new("L", (3, 2)))
    slot = Slot("x", "image", "", many=True)
    assert render(slot, ["image-1", "image-7"], workspace) == "image-1 (image-1, 3 x 2 pixels), image-7"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in MEDIA_KINDS])
def test_huge_values_stay_short(kind: str) -> None:
    long = "x" * 100_000
    thing = {"label": long, "text": long, "score": 0.5, "box": BOX, "x": 1, "y": 1}
    value = {"text": long, "number": 10**1000, "json": [thing], "vector": [0.1] * 100_000}.get(kind, [thing] * 5_000)
    assert len(render(Slot("x", kind, ""), value)) < 4_100


def test_a_text_that_is_cut_says_its_length() -> None:
    assert render(Slot("x", "text", ""), "x" * 5_000) == "x" * 4_000 + "… (5,000 characters in all)"
