"""Whatever a model returns becomes plain JSON and handles, of exactly the types that a checkpointer stores."""

from __future__ import annotations

import json
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
import torch
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from PIL import Image

from prefrontal.tools.media import Workspace
from prefrontal.tools.normalise import normalise


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


class Pair(NamedTuple):
    a: int
    b: str


PLAIN = (bool, int, float, str, list, dict, type(None))


def is_plain(value: Any) -> bool:
    if type(value) is list:
        return all(is_plain(item) for item in value)
    if type(value) is dict:
        return all(type(key) is str and is_plain(item) for key, item in value.items())
    return type(value) in PLAIN


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (10**30, 10**30),
        ("é", "é"),
        (0.123456789, 0.123457),
        (float("nan"), None),
        (float("inf"), None),
        (np.float32(0.5), 0.5),
        (np.float64(0.123456789), 0.123457),
        (np.float64("nan"), None),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.str_("word"), "word"),
        (np.arange(6).reshape(2, 3), [[0, 1, 2], [3, 4, 5]]),
        (np.array([1.0, np.nan, -np.inf]), [1.0, None, None]),
        (torch.tensor(2.5), 2.5),
        (torch.tensor([[1, 2]]), [[1, 2]]),
        (torch.tensor([0.5], dtype=torch.bfloat16), [0.5]),
        (torch.tensor([1.0], requires_grad=True), [1.0]),
        ((1, "a"), [1, "a"]),
        ({7}, [7]),
        (Pair(1, "x"), [1, "x"]),
        (Colour.RED, "red"),
        (Level.HIGH, 3),
        ({1: {np.float32(2): [np.int8(1)]}}, {"1": {"2.0": [1]}}),
        ([{"label": np.str_("a"), "score": np.float32(0.25)}], [{"label": "a", "score": 0.25}]),
    ],
)
def test_plain_values(workspace: Workspace, value: Any, plain: Any) -> None:
    result = normalise(value, workspace, {})
    assert result == plain
    assert is_plain(result)
    assert len(workspace) == 0


def test_media_become_handles_with_their_origin(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "clip.webm").write_bytes(b"\x1aE\xdf\xa3" + bytes(50))
    value = {
        "masks": [{"label": "sky", "score": None, "mask": Image.new("1", (4, 4))}],
        "sound": {"array": np.zeros(80, np.float32), "sampling_rate": 8_000},
        "speech": {"audio": np.ones((1, 80), np.float32), "sampling_rate": 8_000},
        "table": pd.DataFrame({"a": [1]}),
        "file": tmp_path / "clip.webm",
    }
    result = normalise(value, workspace, {"tool": "x"})
    assert result == {
        "masks": [{"label": "sky", "score": None, "mask": "image-1"}],
        "sound": "audio-1",
        "speech": "audio-2",
        "table": "table-1",
        "file": "video-1",
    }
    assert all(media.made_by == {"tool": "x"} for media in workspace)
    assert is_plain(result)


def test_what_is_left_over_becomes_text(workspace: Workspace) -> None:
    assert normalise([b"x", 1j, Ellipsis], workspace, {}) == ["b'x'", "1j", "Ellipsis"]


def test_a_checkpointer_stores_it(workspace: Workspace) -> None:
    raw = [{"label": np.str_("a"), "score": np.float64(0.25), "box": np.arange(4), "ok": np.bool_(True)}]
    plain = normalise(raw, workspace, {})
    serde = JsonPlusSerializer()
    assert serde.loads_typed(serde.dumps_typed(plain)) == plain
    assert json.loads(json.dumps(plain)) == plain
