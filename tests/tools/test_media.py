"""A workspace holds files under handles; content decides what is the same, and nothing else is ever opened."""

from __future__ import annotations

import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image

from prefrontal.errors import MediaError, ToolInputError
from prefrontal.tools.media import Media, Workspace


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.linear_gradient("L").resize((12, 8)).convert("RGB").save(path)
    return path


def said(error: type[Exception], call, *args: Any, **options: Any) -> str:
    with pytest.raises(error) as caught:
        call(*args, **options)
    return str(caught.value)


# Ways in


def test_a_path(workspace: Workspace, photo: Path) -> None:
    media = workspace.add(photo)
    assert media == Media(
        "image-1", "image", f"{media.sha256[:16]}.png", "image/png", media.sha256, photo.stat().st_size, "photo.png",
        {"width": 12, "height": 8}, {}, str(workspace.folder),
    )  # fmt: skip
    assert str(media) == "image-1 (photo.png, 12 x 8 pixels)"
    assert workspace.add(str(photo)) is media
    assert workspace.open("image-1").size == (12, 8)


def test_bytes(workspace: Workspace, photo: Path) -> None:
    media = workspace.add(photo.read_bytes())
    assert (media.handle, media.name, media.file[-4:]) == ("image-1", "image-1", ".png")
    assert workspace.add(b"a,b\n1,2\n", kind="table").kind == "table"
    assert said(MediaError, workspace.add, b"\x7fELF\x02").startswith("the content is an unknown file; allowed are im")


def test_a_text_file(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes("Zwölf Büros\r\n".encode("cp1252"))
    media = workspace.add(tmp_path / "notes.txt")
    assert (media.handle, media.kind, media.mime, media.file[-4:]) == ("text-1", "text", "text/plain", ".txt")
    assert str(media) == "text-1 (notes.txt, 13 B)"
    assert workspace.open("text-1") == "Zwölf Büros\n"
    assert workspace.add(b"words").handle == "text-2"
    assert Workspace(workspace.folder).open("text-2", "text") == "words"
    assert said(ToolInputError, workspace.get, "text-1", "table") == (
        "text-1 is of kind text, but kind table is needed here; there are: none (pass a file of kind table)"
    )


def test_a_page_without_a_name_is_still_a_page(workspace: Workspace) -> None:
    media = workspace.add(b"<!doctype html><p>One &amp; two</p>")
    assert (media.handle, media.mime, media.file[-5:]) == ("text-1", "text/html", ".html")
    assert workspace.open("text-1") == "One & two"


def test_a_video_opens_as_its_path(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "clip.webm").write_bytes(b"\x1aE\xdf\xa3" + bytes(100))
    media = workspace.add(tmp_path / "clip.webm")
    assert str(media) == "video-1 (clip.webm, 104 B)"
    assert workspace.open("video-1") == workspace.folder / media.file


# What is the same


def test_the_same_content_keeps_its_first_handle(workspace: Workspace, photo: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.png"
    copy.write_bytes(photo.read_bytes())
    first = workspace.add(photo, made_by={"tool": "crop"})
    assert workspace.add(copy, made_by={"tool": "other"}) is first
    assert (len(workspace), first.name, first.made_by) == (1, "photo.png", {"tool": "crop"})
    assert workspace.add(Image.new("L", (3, 3))).handle == "image-2"


def test_the_same_content_as_another_kind_gets_its_own(workspace: Workspace, photo: Path) -> None:
    image = workspace.add(photo)
    assert said(MediaError, workspace.add, photo, kind="audio") == (
        "photo.png is an image file, but an audio file is needed here; pass an audio file"
    )
    assert workspace.open(image.handle).size == (12, 8)  # the refusal took nothing away


def test_media_of_another_workspace_is_taken_in(workspace: Workspace, photo: Path, tmp_path: Path) -> None:
    mine = workspace.add(photo)
    assert workspace.add(mine) is mine
    other = Workspace(tmp_path / "other").add(Image.new("L", (3, 3)), made_by={"tool": "crop"})
    assert other.handle == mine.handle == "image-1"
    taken = workspace.add(other)
    assert (taken.handle, taken.sha256, taken.made_by) == ("image-2", other.sha256, {"tool": "crop"})


def test_a_workspace_is_taken_up_again(workspace: Workspace, photo: Path) -> None:
    media = workspace.add(photo, made_by={"tool": "crop", "inputs": {"region": "left half"}})
    again = Workspace(workspace.folder)
    assert list(again) == [media]
    assert again.open("image-1").size == (12, 8)
    assert again.add(Image.new("L", (3, 3))).handle == "image-2"
    assert repr(again) == f"Workspace({str(workspace.folder)!r}: image-1, image-2)"


def test_a_fresh_workspace_lies_in_the_home_and_is_made_at_first_use(prefrontal_home: Path) -> None:
    workspace = Workspace()
    assert workspace.folder.parent == prefrontal_home / "workspaces"
    assert not workspace.folder.exists()
    assert repr(workspace) == f"Workspace({str(workspace.folder)!r}: empty)"


@pytest.mark.parametrize("rows", ["{", "[1]", '[{"handle": "image-1"}]', "[" * 100_000])
def test_a_damaged_list_is_said(tmp_path: Path, rows: str) -> None:
    (tmp_path / "media.json").write_text(rows)
    message = said(MediaError, Workspace, tmp_path)
    assert message.startswith(f"{tmp_path / 'media.json'}, the list of the workspace's files, is damaged (")
    assert message.endswith("); use another folder, and add the files again")


def test_a_list_that_points_outside_is_refused(workspace: Workspace, photo: Path) -> None:
    row = workspace.add(photo).to_dict() | {"file": "../photo.png"}
    (workspace.folder / "media.json").write_text(json.dumps([row]))
    assert "a file outside of the workspace" in said(MediaError, Workspace, workspace.folder)


def test_sixteen_threads_add_at_once(workspace: Workspace) -> None:
    pictures = [Image.new("L", (n + 1, 2)) for n in range(8)]
    start = threading.Barrier(16)

    def add(worker: int) -> list[Media]:
        start.wait()
        return [workspace.add(pictures[(worker + n) % 8]) for n in range(8)]

    with ThreadPoolExecutor(16) as pool:
        found = [media for row in pool.map(add, range(16)) for media in row]
    assert {media.handle for media in found} == {f"image-{n}" for n in range(1, 9)}
    assert len(workspace) == 8
    assert list(Workspace(workspace.folder)) == list(workspace)
    assert {path.name for path in workspace.folder.iterdir()} == {m.file for m in workspace} | {"media.json"}


# What is refused


def test_a_missing_file_names_its_neighbours(workspace: Workspace, photo: Path, tmp_path: Path) -> None:
    assert said(MediaError, workspace.add, tmp_path / "foto.png") == (
        f"{tmp_path / 'foto.png'} does not exist; in {tmp_path} there are: photo.png; check the path"
    )
    assert said(MediaError, workspace.add, tmp_path / "no" / "x.png") == (
        f"{tmp_path / 'no' / 'x.png'} does not exist; check the path"
    )
    assert "does not exist" in said(MediaError, workspace.add, "nul\0.png")


def test_pipes_folders_and_devices_are_refused_at_once(workspace: Workspace, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    started = time.perf_counter()
    for path, what in (
        (tmp_path / "pipe.png", "special file"),
        (tmp_path, "folder"),
        (Path("/dev/zero"), "special file"),
    ):
        assert said(MediaError, workspace.add, path) == f"{path} is a {what}, not a regular file; pass a file"
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("photo.png", b"words", "photo.png is a text file, not an image file as its name says; "),
        ("photo.png", b"", "photo.png is empty (0 bytes); "),
        ("photo.png", b"\x89PNG\r\n\x1a\n\0\0", "photo.png cannot be read as an image ("),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    workspace: Workspace, tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)
    assert said(MediaError, workspace.add, tmp_path / name).startswith(message)
    assert len(workspace) == 0
    assert list(workspace.folder.iterdir()) == []


@pytest.mark.parametrize("swap", ["link", "pipe", "folder", "gone", "other content"])
def test_a_file_replaced_after_it_was_added_is_not_opened(
    workspace: Workspace, photo: Path, tmp_path: Path, swap: str
) -> None:
    media = workspace.add(photo)
    secret = tmp_path / "secret.png"
    Image.new("L", (99, 99)).save(secret)
    media.path.unlink()
    swaps = {
        "link": lambda: media.path.symlink_to(secret),
        "pipe": lambda: os.mkfifo(media.path),
        "folder": media.path.mkdir,
        "gone": lambda: None,
        "other content": lambda: media.path.write_bytes(secret.read_bytes()),
    }
    swaps[swap]()
    assert said(MediaError, workspace.open, "image-1") == (
        f"the file of image-1 is gone from {workspace.folder}, or was replaced; add it again"
    )
    if swap != "folder":
        assert workspace.add(photo) == media
        assert workspace.open("image-1").size == (12, 8)


@pytest.mark.parametrize("kind", ["image", "audio", "table"])
def test_damage_behind_a_sound_header_is_said_when_opened(workspace: Workspace, tmp_path: Path, kind: str) -> None:
    path = tmp_path / {"image": "a.png", "audio": "a.flac", "table": "a.csv"}[kind]
    if kind == "image":
        Image.effect_noise((256, 256), 90).save(path)
        path.write_bytes(path.read_bytes()[:30_000])
    elif kind == "audio":
        soundfile.write(path, np.random.default_rng(1).normal(size=8_000) / 4, 8_000)
        path.write_bytes(path.read_bytes()[:200] + bytes(5_000))
    else:
        path.write_text('a,b\n1,2,3,4\n"')
    media = workspace.add(path)
    again = {"image": "PNG or JPEG", "audio": "WAV or FLAC", "table": "CSV"}[kind]
    message = said(MediaError, workspace.open, media.handle)
    assert message.startswith(f"{path.name} is damaged and cannot be decoded (")
    assert message.endswith(f"); save it again as {again}")


def test_unknown_handles_and_wrong_kinds_list_what_there_is(workspace: Workspace, photo: Path) -> None:
    assert said(ToolInputError, workspace.get, "image-1") == (
        "'image-1' is not a handle of this workspace; there are: none"
    )
    workspace.add(photo)
    assert said(ToolInputError, workspace.get, "../secret.png") == (
        "'../secret.png' is not a handle of this workspace; there are: image-1 (photo.png, 12 x 8 pixels)"
    )
    assert said(ToolInputError, workspace.open, "image-1", "audio") == (
        "image-1 is of kind image, but kind audio is needed here; there are: none (pass a file of kind audio)"
    )
    assert "image-1" in workspace
    assert "x" * 80 in said(ToolInputError, workspace.get, "x" * 10_000)
    assert len(said(ToolInputError, workspace.get, "x" * 10_000)) < 300


@pytest.mark.parametrize("name", ["../../etc/x.png", "x" * 300 + ".png", "a.p/ng", "a\0b.png", "x.sh", "ohne", ""])
def test_a_hostile_name_does_not_name_the_file(workspace: Workspace, photo: Path, name: str) -> None:
    media = workspace.add(photo.read_bytes(), name=name)
    assert media.path.parent == workspace.folder
    assert media.file == f"{media.sha256[:16]}.png"
