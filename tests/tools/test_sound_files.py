"""Sound of every form, synthesised here: widths, channels, videos, and what is cut off or silent."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from prefrontal.errors import MediaError, ToolInputError
from prefrontal.tools.media import Workspace
from prefrontal.tools.runners.inputs import waveform

RATE = 16_000
WAVE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE // 2) / RATE)


@pytest.mark.parametrize(
    "subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW", "IMA_ADPCM", "GSM610"]
)
def test_wav_of_every_width(workspace: Workspace, tmp_path: Path, subtype: str) -> None:
    soundfile.write(tmp_path / "a.wav", WAVE, RATE, subtype=subtype)
    heard = workspace.open(workspace.add(tmp_path / "a.wav").handle)["array"]
    assert np.corrcoef(heard[: len(WAVE)], WAVE[: len(heard)])[0, 1] > 0.98


@pytest.mark.parametrize("suffix", ["flac", "ogg", "mp3", "aiff", "au", "caf", "w64"])
def test_other_forms(workspace: Workspace, tmp_path: Path, suffix: str) -> None:
    soundfile.write(tmp_path / f"a.{suffix}", WAVE, RATE)
    media = workspace.add(tmp_path / f"a.{suffix}")
    assert (media.kind, round(media.details["seconds"], 1)) == ("audio", 0.5)
    assert np.abs(workspace.open(media.handle)["array"]).max() > 0.4


def test_channels_that_cancel_are_heard_one_by_one(workspace: Workspace) -> None:
    heard = workspace.open(workspace.add((np.stack([WAVE, -WAVE * 0.9], axis=1), RATE)).handle)["array"]
    assert heard == pytest.approx(WAVE, abs=1e-4)


@pytest.mark.parametrize("suffix", ["wav", "aiff", "mp3"])
def test_a_recording_that_is_cut_off_is_said(workspace: Workspace, tmp_path: Path, suffix: str) -> None:
    soundfile.write(tmp_path / "whole", np.tile(WAVE, 6), RATE, format=suffix.upper())
    data = (tmp_path / "whole").read_bytes()
    (tmp_path / f"cut.{suffix}").write_bytes(data[: len(data) // 2])
    with pytest.raises(MediaError, match=r"is cut off \(.*\); copy or download it again, or save what"):
        workspace.open(workspace.add(tmp_path / f"cut.{suffix}").handle)


def test_a_length_that_a_pipe_did_not_know_is_no_cut(workspace: Workspace, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", WAVE, RATE)
    data = bytearray((tmp_path / "a.wav").read_bytes())
    data[4:8] = b"\xff\xff\xff\xff"
    (tmp_path / "a.wav").write_bytes(data)
    assert len(workspace.open(workspace.add(tmp_path / "a.wav").handle)["array"]) == len(WAVE)


def test_silence_is_told_and_whispers_are_raised() -> None:
    with pytest.raises(ToolInputError, match=r"^the recording is silent: nothing in it can be heard; pass one with"):
        waveform({"array": np.full(800, 0.2, np.float32), "sampling_rate": RATE}, RATE)
    quiet = waveform({"array": (WAVE / 1000).astype(np.float32), "sampling_rate": RATE}, RATE)
    assert np.abs(quiet).max() == pytest.approx(0.3, abs=0.01)
    assert np.abs(waveform({"array": WAVE, "sampling_rate": RATE}, RATE)).max() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    "samples",
    [
        (WAVE * 127 + 128).astype(np.uint8),
        (WAVE * 32_767).astype(np.int16).tolist(),
        (WAVE * 32_767).astype(np.float32),
        WAVE.tolist(),
    ],
    ids=["uint8", "a list of whole numbers", "floats as loud as 16 bits", "a list"],
)
def test_samples_of_any_kind(workspace: Workspace, samples: Any) -> None:
    for sound in ((samples, RATE), (RATE, samples)):  # scipy and gradio tell the rate first
        heard = workspace.open(workspace.add(sound).handle)["array"]
        assert np.corrcoef(heard, WAVE)[0, 1] > 0.999


# What PyAV reads


def film(path: Path, form: str, picture: bool, sound: bool) -> Path:
    """A second of grey and of a tone, as a phone would save it."""
    av = pytest.importorskip("av")
    with av.open(str(path), "w", format=form) as file:
        video = file.add_stream("mpeg4", rate=10) if picture else None
        audio = file.add_stream("aac", rate=RATE, layout="mono") if sound else None
        if video:
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
            for _ in range(5):
                file.mux(video.encode(av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), format="rgb24")))
            file.mux(video.encode())
        if audio:
            tone = np.tile(WAVE, 2).astype(np.float32)
            for at in range(0, len(tone) - 1023, 1024):
                frame = av.AudioFrame.from_ndarray(tone[None, at : at + 1024], format="fltp", layout="mono")
                frame.sample_rate, frame.pts = RATE, at
                file.mux(audio.encode(frame))
            file.mux(audio.encode())
    return path


@pytest.mark.parametrize(("name", "form"), [("a.m4a", "ipod"), ("a.aac", "adts"), ("memo.m4a", "mp4")])
def test_aac(workspace: Workspace, tmp_path: Path, name: str, form: str) -> None:
    media = workspace.add(film(tmp_path / name, form, picture=False, sound=True))
    assert (media.kind, media.details["sampling_rate"], media.details["channels"]) == ("audio", RATE, 1)
    assert 0.4 < np.abs(workspace.open(media.handle)["array"]).max() < 0.6


def test_the_sound_of_a_video(workspace: Workspace, tmp_path: Path) -> None:
    media = workspace.add(film(tmp_path / "a.mp4", "mp4", picture=True, sound=True))
    assert media.kind == "video"
    assert workspace.open(media.handle) == media.path
    assert len(workspace.open(media.handle, "audio")["array"]) > 0.9 * RATE


def test_a_video_without_sound(workspace: Workspace, tmp_path: Path) -> None:
    media = workspace.add(film(tmp_path / "a.mp4", "mp4", picture=True, sound=False))
    with pytest.raises(MediaError, match=r"holds no sound, only pictures; pass a recording, or a video with sound$"):
        workspace.open(media.handle, "audio")


def test_what_reads_aac_is_named(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.m4a").write_bytes(b"\0\0\0\x18ftypM4A \0\0\0\0" + bytes(40))
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MediaError) as caught:
        workspace.add(tmp_path / "a.m4a")
    assert str(caught.value) == (
        "the sound of a.m4a (AAC, M4A or a video) is read by PyAV, which is not installed; "
        "pip install 'prefrontal[media]', or save the sound as WAV, FLAC or MP3"
    )
