"""Sound as files hold it: measures told by the header, samples as they are heard; the sound of videos too."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

from ..errors import MediaError
from .units import human_bytes

MAX_DECODED_BYTES = 512_000_000
MAX_SECONDS = 1_800
_WHOLE = 0.95  # of the length that the header tells: below, the rest of the file is missing
_CANCELS = 0.3  # of what the loudest channel alone has: two channels mixed to less than this cancel each other
# What soundfile does not read and PyAV does, by first bytes: FFmpeg's name of the form. It is always named, for FFmpeg,
# left to guess, may take a file for a list of other files and open those.
_FORMS: tuple[tuple[bytes, int, str], ...] = (
    (b"ftyp", 4, "mov"),
    (b"\x1aE\xdf\xa3", 0, "matroska"),
    (b"AVI ", 8, "avi"),
    (b"FLV", 0, "flv"),
    (b"\xff\xf1", 0, "aac"),
    (b"\xff\xf9", 0, "aac"),
    (b"\x30\x26\xb2\x75", 0, "asf"),
    (b"#!AMR", 0, "amr"),
)
# Where a file says how long it is: first bytes, how its length is written, and what comes on top of that.
_LENGTHS = ((b"RIFF", "<I", 8), (b"FORM", ">I", 8))
_UNTOLD = (0, 0x7FFF_0000)  # a length of 0, or from here on, was not known to a program that wrote into a pipe


def sound_details(path: Path, name: str) -> tuple[str, dict[str, Any]]:
    """The type of a recording, and its seconds, sampling rate in Hz and channels.

    Raises:
        MediaError: it is damaged, cut off, empty or too long, or a package is missing that reads it.
    """
    with path.open("rb") as file:
        head = file.read(64)
    if form := _form(head):
        seconds, rate, channels = _measured_by_av(path, form, name)
        mime = {"mov": "audio/mp4", "matroska": "audio/webm"}.get(form, f"audio/{form}")
    else:
        _check_whole(head, path.stat().st_size, name)
        seconds, rate, channels, mime = _measured(path, name)
    if seconds > MAX_SECONDS or seconds * rate * channels * 4 > MAX_DECODED_BYTES:
        raise MediaError(
            f"{name} lasts {seconds / 60:.0f} minutes; allowed are {MAX_SECONDS // 60} minutes and "
            f"{human_bytes(MAX_DECODED_BYTES)} decoded; cut it into pieces"
        )
    return mime, {"seconds": round(seconds, 3), "sampling_rate": rate, "channels": channels}


def _measured(path: Path, name: str) -> tuple[float, int, int, str]:
    import soundfile

    try:
        info = soundfile.info(str(path))
    except (RuntimeError, OSError) as error:
        raise MediaError(f"{name} cannot be read as audio ({error}); save it again as WAV or FLAC") from error
    if not info.frames:
        raise MediaError(f"{name} holds no sound (0 seconds); pass a recording with something in it")
    return info.frames / info.samplerate, info.samplerate, info.channels, f"audio/{info.format.lower()}"


def _check_whole(head: bytes, size: int, name: str) -> None:
    for magic, form, more in _LENGTHS:
        if head.startswith(magic):
            told = struct.unpack(form, head[4:8])[0]
            if _UNTOLD[0] < told < _UNTOLD[1] and told + more > size + 1:
                raise _cut_off(name, f"{human_bytes(told + more)} by its header, {human_bytes(size)} here")


def _cut_off(name: str, why: str) -> MediaError:
    return MediaError(f"{name} is cut off ({why}); copy or download it again, or save what there is as WAV")


def _form(head: bytes) -> str:
    return next((form for magic, at, form in _FORMS if head[at : at + len(magic)] == magic), "")


def _av(name: str) -> Any:
    try:
        import av  # pyright: ignore[reportMissingImports]  # an extra
    except ImportError as error:
        raise MediaError(
            f"the sound of {name} (AAC, M4A or a video) is read by PyAV, which is not installed; "
            "pip install 'prefrontal[media]', or save the sound as WAV, FLAC or MP3"
        ) from error
    return av


def _opened(av: Any, source: Any, form: str, name: str) -> Any:
    try:
        container = av.open(source, format=form)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise MediaError(f"{name} cannot be read as audio ({error}); save it again as WAV or FLAC") from error
    if not container.streams.audio:
        container.close()
        raise MediaError(f"{name} holds no sound, only pictures; pass a recording, or a video with sound")
    return container


def _measured_by_av(path: Path, form: str, name: str) -> tuple[float, int, int]:
    av = _av(name)
    with _opened(av, str(path), form, name) as container:
        stream = container.streams.audio[0]
        length = (stream.duration or 0) * (stream.time_base or 0) or (container.duration or 0) / 1_000_000
        return float(length), int(stream.rate), int(stream.codec_context.layout.nb_channels)


def open_sound(data: bytes, name: str = "the recording") -> dict[str, Any]:
    """{"array": float32 (n,), "sampling_rate": Hz} of a recording, or of the sound of a video.

    Raises:
        MediaError: it is cut off, too long, has no sound, or a package is missing that reads it. What is damaged
            otherwise raises whatever its library raises.
    """
    form = _form(data[:64])
    samples, rate = _read_by_av(data, form, name) if form else _read(data, name)
    return {"array": mixed(samples), "sampling_rate": rate}


def _read(data: bytes, name: str) -> tuple[Any, int]:
    import soundfile

    with soundfile.SoundFile(io.BytesIO(data)) as file:
        told, rate = file.frames, file.samplerate
        samples = file.read(-1 if file.seekable() else told, dtype="float32", always_2d=True)
    # An MP3 without such a mark tells no length: what libsndfile says then is a guess.
    is_told = file.format != "MP3" or b"Xing" in data[:8192] or b"Info" in data[:8192]
    if is_told and len(samples) < _WHOLE * told:
        raise _cut_off(name, f"{told / rate:.1f} seconds by its header, {len(samples) / rate:.1f} here")
    return samples, rate


def _read_by_av(data: bytes, form: str, name: str) -> tuple[Any, int]:
    """Samples (n, channels) of the first sound of a file."""
    import numpy as np

    av = _av(name)
    pieces: list[Any] = []
    size = 0
    with _opened(av, io.BytesIO(data), form, name) as container:
        stream = container.streams.audio[0]
        rate = int(stream.rate)
        resampler = av.AudioResampler(format="fltp")
        for frame in [*container.decode(stream), None]:
            for piece in resampler.resample(frame):
                pieces.append(piece.to_ndarray())
                size += pieces[-1].nbytes
        if size > MAX_DECODED_BYTES:
            raise MediaError(f"the sound of {name} is too long; allowed are {MAX_SECONDS // 60} minutes; cut it")
    if not pieces:
        raise MediaError(f"{name} holds no sound (0 seconds); pass a recording with something in it")
    return np.concatenate(pieces, axis=1).T.astype(np.float32), rate


def mixed(samples: Any) -> Any:
    """One channel (n,) of samples (n, channels): their mean, or the louder alone where two cancel each other."""
    import numpy as np

    mean = samples.mean(axis=1)
    if samples.shape[1] == 1 or not len(samples):
        return mean
    loudness = np.sqrt(np.square(samples, dtype=np.float64).mean(axis=0))
    heard = float(np.sqrt(np.square(mean, dtype=np.float64).mean()))
    loudest = int(loudness.argmax())
    if heard < _CANCELS * loudness[loudest] and samples.shape[1] == 2:
        return np.ascontiguousarray(samples[:, loudest])
    return mean
