"""Pictures and sounds of every form, from the file to the answer, with the packaged models."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image, ImageDraw, ImageFont

from prefrontal import Agent, ModelIndex, Workspace
from prefrontal.errors import MediaError

SPOKEN = Path(__file__).parent / "data" / "spoken" / "forty_two_thousand.flac"
SAID = "forty two thousand one hundred and seven"
TEXT = "Two ships arrived at noon"


@pytest.fixture(scope="module")
def index():
    return ModelIndex()


@pytest.fixture
def reach(index, tmp_path):
    return lambda goal, *files: Agent(index=index, workspace=Workspace(tmp_path / "ws")).run(goal, *files)


def drawn(lines: list[str], size: tuple[int, int]) -> Image.Image:
    image = Image.new("L", size, 245)
    for place, line in enumerate(lines):
        ImageDraw.Draw(image).text((24, 12 + 44 * place), line, font=ImageFont.load_default(26), fill=25)
    return image


def page(name: str, boats: str) -> Image.Image:
    image = Image.new("L", (520, 192), 245)
    for place, line in enumerate([f"Chapter {name}", "The harbour was quiet", f"and {boats} boats lay there"]):
        ImageDraw.Draw(image).text((30, 30 + 44 * place), line, font=ImageFont.load_default(24), fill=25)
    return image


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    pages = [page("one", "seven"), Image.new("L", (520, 192), 245), page("three", "nine")]
    pages[0].save(tmp_path / "scan.tiff", save_all=True, append_images=pages[1:])
    return tmp_path / "scan.tiff"


@pytest.mark.parametrize("goal", ["ocr all pages please", "read this"])
def test_all_pages_are_read_in_order(reach, scan: Path, goal: str) -> None:
    run = reach(goal, scan)
    assert run.reached
    read = run.answer.replace(" [?]", "").partition("\nThe words before")[0]  # a right word may be doubted
    assert read == (
        "Page 2 of 3 is blank. Page 1 of 3: The text reads:\nChapter one\nThe harbour was quiet\n"
        "and seven boats lay there\n"
        "Page 3 of 3: The text reads:\nChapter three\nThe harbour was quiet\nand nine boats lay there"
    )


def test_one_page_of_several(reach, scan: Path) -> None:
    run = reach("read page 3", scan)
    assert run.reached
    assert "and nine boats lay there" in run.answer
    assert "seven" not in run.answer
    assert "Page 3 of 3" in run.answer


def test_every_frame_is_read_and_frames_that_show_the_same_once(reach, tmp_path: Path) -> None:
    one, two = (drawn([text], (360, 50)) for text in ("The gate opens at nine", "Bring your own lunch"))
    one.save(tmp_path / "sign.webp", save_all=True, append_images=[one, two], duration=[200, 300, 200], lossless=True)
    run = reach("read this", tmp_path / "sign.webp")
    assert run.reached
    assert "“The gate opens at nine”. Frame" in run.answer
    assert run.answer.endswith("“Bring your own lunch”.")


def test_things_are_counted_on_every_page(reach, tmp_path: Path) -> None:
    coins = Image.fromarray(pytest.importorskip("skimage.data").coins())
    coins.save(tmp_path / "two.tiff", save_all=True, append_images=[coins.transpose(Image.Transpose.ROTATE_180)])
    run = reach("How many coins are there?", tmp_path / "two.tiff")
    assert run.reached
    assert run.answer.startswith("Page 1 of 2: There are 24 coins. Page 2 of 2: There are 2")


def test_black_ink_on_nothing(reach, tmp_path: Path) -> None:
    image = Image.new("RGBA", (380, 52), (0, 0, 0, 0))
    ImageDraw.Draw(image).text((20, 10), TEXT, font=ImageFont.load_default(28), fill=(0, 0, 0, 255))
    image.save(tmp_path / "logo.png")
    assert reach("read this", tmp_path / "logo.png").answer == f"The text reads: “{TEXT}”."


@pytest.mark.parametrize("form", ["low 16 bits", "floats", "CMYK", "JPEG2000", "AVIF", "BytesIO"])
def test_a_line_in_any_form(reach, tmp_path: Path, form: str) -> None:
    line = drawn([TEXT], (400, 50))
    dots = np.asarray(line)
    target = io.BytesIO()
    pictures = {
        "low 16 bits": lambda: Image.fromarray((dots * 2.0 + 300).astype(np.uint16)).save(target, "TIFF"),
        "floats": lambda: Image.fromarray(np.float32(dots) * 40 - 3000).save(target, "TIFF"),
        "CMYK": lambda: line.convert("CMYK").save(target, "TIFF"),
        "BytesIO": lambda: line.save(target, "PNG"),
    }
    pictures.get(form, lambda: line.convert("RGB").save(target, form, quality=95))()
    run = reach("read this", target)
    assert run.reached
    assert run.answer == f"The text reads: “{TEXT}”."


@pytest.mark.parametrize("form", ["cancelling", "quiet", "44100 Hz", "24 bits", "mp3", "caf"])
def test_a_recording_in_any_form(reach, tmp_path: Path, form: str) -> None:
    wave, rate = soundfile.read(SPOKEN)
    path = tmp_path / f"a.{form if form in ('mp3', 'caf') else 'wav'}"
    if form == "44100 Hz":
        from scipy.signal import resample

        wave, rate = resample(wave, len(wave) * 44_100 // rate), 44_100
    wave = {"cancelling": lambda: np.stack([wave, -wave], axis=1), "quiet": lambda: wave / 2_000}.get(
        form, lambda: wave
    )()
    soundfile.write(path, wave, rate, subtype="PCM_24" if form in ("24 bits", "quiet") else None)
    run = reach("What does the recording say?", path)
    assert run.reached
    assert SAID in run.answer


def test_silence_and_addresses_are_told(reach, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "none.wav", np.zeros(8_000), 16_000)
    run = reach("What does the recording say?", tmp_path / "none.wav")
    assert not run.reached
    assert "the recording is silent" in run.answer
    with pytest.raises(MediaError, match=r"--allow-urls on the command line, or download the file and pass its path$"):
        reach("read this", "https://example.com/page.png")


def test_a_video_is_heard(reach, tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    wave, rate = soundfile.read(SPOKEN, dtype="float32")
    with av.open(str(tmp_path / "talk.mp4"), "w") as file:
        sound = file.add_stream("aac", rate=rate, layout="mono")
        for at in range(0, len(wave) - 1023, 1024):
            frame = av.AudioFrame.from_ndarray(wave[None, at : at + 1024], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = rate, at
            file.mux(sound.encode(frame))
        file.mux(sound.encode())
    for goal in ("What does the recording say?", "Transcribe this video"):
        run = reach(goal, tmp_path / "talk.mp4")
        assert run.reached, run.answer
        assert "forty two thousand" in run.answer
