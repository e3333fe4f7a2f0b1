"""Where media come from: open files, data: addresses, tensors, lists, and addresses that are not followed."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from prefrontal.errors import MediaError
from prefrontal.tools.media import Workspace

ARRAY = np.random.default_rng(0).integers(0, 255, (12, 20, 3), dtype=np.uint8)


def png() -> bytes:
    target = io.BytesIO()
    Image.fromarray(ARRAY).save(target, "PNG")
    return target.getvalue()


def written() -> io.BytesIO:
    """As people leave one behind: at its end."""
    target = io.BytesIO()
    target.write(png())
    return target


@pytest.mark.parametrize(
    "value",
    [
        png(),
        memoryview(png()),
        io.BytesIO(png()),
        written(),
        f"data:image/png;base64,{base64.b64encode(png()).decode()}",
        torch.tensor(ARRAY),
        torch.tensor(ARRAY).permute(2, 0, 1),
        torch.tensor(ARRAY).permute(2, 0, 1)[None].float().div(255).requires_grad_(),
        ARRAY.transpose(2, 0, 1),
    ],
    ids="bytes memoryview BytesIO written data: tensor channels-first batch-of-one numpy".split(),
)
def test_a_picture_in_any_wrapping(workspace: Workspace, value: Any) -> None:
    assert np.asarray(workspace.open(workspace.add(value).handle)).tolist() == ARRAY.tolist()


def test_an_open_file_keeps_its_name(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"a,b\n1,2\n")
    for mode in ("rb", "r"):
        with (tmp_path / "t.csv").open(mode) as file:
            media = workspace.add(file)
        assert (media.kind, media.name) == ("table", "t.csv")


def test_a_data_address_says_what_a_table_is(workspace: Workspace) -> None:
    assert workspace.add("data:text/csv,a%2Cb%0A1%2C2%0A").kind == "table"


def test_a_list_is_what_it_lists(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    added = workspace.add_all([tmp_path / "a.png", Image.new("L", (4, 4)), str(tmp_path / "a.png")])
    assert [media.handle for media in added] == ["image-1", "image-2", "image-1"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("data:image/png;base64,%%%", "the data: address is no sound base64 ("),
        (
            "https://example.com/a.png",
            "'https://example.com/a.png' is an address on the web, and none is fetched",
        ),
        ("file:///etc/passwd", "'file:///etc/passwd' is an address of kind file; allowed are paths, data: addresses"),
        ("s3://bucket/a.png", "'s3://bucket/a.png' is an address of kind s3; allowed are"),
        (torch.zeros(800), "an array of shape (800,) and type float32 is no picture;"),
        ([1, 2, 3], "a list cannot become media; allowed are a path, bytes, an open file,"),
        (None, "a NoneType cannot become media;"),
    ],
)
def test_what_is_not_taken_in(workspace: Workspace, value: Any, message: str) -> None:
    with pytest.raises(MediaError) as caught:
        workspace.add_all(value)
    assert str(caught.value).startswith(message)
    assert len(workspace) == 0
