"""The records of the task table: what a row says of its inputs and outputs."""

from __future__ import annotations

import dataclasses

import pytest

from prefrontal.tools.task import KINDS, MEDIA_KINDS, STRUCTURED_KINDS, Slot, Task

PHOTO, WORDS, SOUND = Slot("photo", "image", "A photo"), Slot("words", "text", "Words"), Slot("sound", "audio", "Noise")
ROW = Task("look-and-listen", (PHOTO, WORDS, SOUND), (WORDS, PHOTO), "Looks and listens.", runner="pipeline")


def test_a_kind_is_of_one_sort() -> None:
    assert len(set(KINDS)) == len(KINDS)
    assert set(KINDS) - set(MEDIA_KINDS) - set(STRUCTURED_KINDS) == {"text", "number", "json"}
    assert not set(MEDIA_KINDS) & set(STRUCTURED_KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_files_pass_by_handle_and_nothing_else(kind: str) -> None:
    assert Slot("x", kind, "").is_media is (kind in ("image", "audio", "video", "table", "model3d"))


def test_a_row_tells_its_files_and_its_primary_output() -> None:
    assert ROW.media == (PHOTO, SOUND)
    assert ROW.output == WORDS


def test_an_input_is_found_by_its_name() -> None:
    assert ROW.slot("words") == WORDS
    assert ROW.slot("speech") is None


def test_what_no_model_should_be_asked_is_built_in() -> None:
    assert dataclasses.replace(ROW, runner="builtin").builtin
    assert not ROW.builtin
    assert not dataclasses.replace(ROW, runner="").builtin


def test_a_row_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ROW.runner = "builtin"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        PHOTO.kind = "text"  # type: ignore[misc]
