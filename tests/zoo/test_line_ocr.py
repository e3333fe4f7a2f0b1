"""The zoo's line-ocr: loads like any captioner, reads lines, and its training script runs."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from PIL import Image, ImageDraw, ImageFont
from transformers import AutoImageProcessor, AutoModelForImageTextToText, AutoTokenizer, VisionEncoderDecoderModel

from prefrontal.tools.page_lines import split_lines, trimmed_line

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "zoo" / "training"))

from line_ocr_data import COMMON, HELD_OUT, training_families  # noqa: E402
from line_ocr_everyday import everyday  # noqa: E402
from line_ocr_text import CHARACTERS  # noqa: E402

FOLDER = ROOT / "zoo" / "models" / "line-ocr"


@pytest.fixture(scope="module")
def read():
    """Reads one picture: image processor, greedy `generate`, tokenizer."""
    processor = AutoImageProcessor.from_pretrained(FOLDER)
    tokenizer = AutoTokenizer.from_pretrained(FOLDER)
    model = AutoModelForImageTextToText.from_pretrained(FOLDER).eval()
    assert isinstance(model, VisionEncoderDecoderModel)

    def reader(image: Image.Image) -> str:
        with torch.no_grad():
            ids = model.generate(processor(image, return_tensors="pt").pixel_values)
        return tokenizer.batch_decode(ids, skip_special_tokens=True)[0]

    return reader


def printed(text: str, ink: str = "black", paper: str = "white") -> Image.Image:
    """The text in Pillow's own font (Aileron, never trained on), so that no font has to be installed."""
    font = ImageFont.load_default(size=26)
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("RGB", (int(right - left) + 16, int(bottom - top) + 12), paper)
    ImageDraw.Draw(image).text((8 - left, 6 - top), text, fill=ink, font=font)
    return image


def errors(truth: str, text: str) -> int:
    """Edit distance."""
    row = list(range(len(text) + 1))
    for i, wanted in enumerate(truth, 1):
        previous, row[0] = row[0], i
        for j, got in enumerate(text, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (wanted != got))
    return row[-1]


@pytest.mark.parametrize(
    "text", ["The ferry leaves at 7:45 from the old harbour.", "Total due: $318.60", "Winter", "print(total)"]
)
def test_reads_a_line_in_an_unknown_font(read, text: str) -> None:
    assert errors(text, read(printed(text))) <= max(1, len(text) // 8)


def test_reads_light_text_on_dark_and_grey_pictures(read) -> None:
    text = "Gate closes in ten minutes"
    assert errors(text, read(printed(text, "white", "navy"))) <= len(text) // 5
    assert read(printed(text).convert("L")) == read(printed(text))


def test_two_lines_give_two_texts(read) -> None:
    assert read(printed("upper deck")) != read(printed("lower deck"))


def test_the_checkpoint_is_small_and_complete() -> None:
    assert (FOLDER / "model.safetensors").stat().st_size <= 8_000_000
    generation = json.loads((FOLDER / "generation_config.json").read_text())
    assert {"max_length", "eos_token_id", "pad_token_id", "decoder_start_token_id"} <= set(generation)
    assert not list(FOLDER.rglob("*.py"))


def test_every_character_survives_the_tokenizer() -> None:
    tokenizer = AutoTokenizer.from_pretrained(FOLDER)
    text = "".join(map(chr, range(33, 127))) + " a  b"
    assert tokenizer.decode(tokenizer(text).input_ids, skip_special_tokens=True) == text


def test_reads_a_framed_sign_and_the_prices_of_a_receipt(read) -> None:
    """From the picture to the text: cut into lines, trimmed, read."""
    for lines, ground in (
        (["NO PARKING", "AFTER 6 PM"], (250, 210, 40)),
        (["Bread 2.45", "TOTAL 19.95"], "white"),
    ):
        sign = Image.new("RGB", (420, 160), ground)
        pen = ImageDraw.Draw(sign)
        pen.rectangle((8, 8, 411, 151), outline="black", width=4)
        for number, line in enumerate(lines):
            pen.text((40, 35 + 50 * number), line, fill="black", font=ImageFont.load_default(size=32))
        texts = [read(trimmed_line(cut)) for cut in split_lines(sign)]
        assert len(texts) == len(lines)
        texts = [text.removesuffix(" [?]") for text in texts]
        assert sum(map(errors, lines, texts)) <= 2


def test_everyday_texts_hold_to_the_characters() -> None:
    rng = random.Random(1)
    texts = [everyday(rng, ["grobund", "tick"]) for _ in range(2000)]
    assert all(len(text) > 0 and set(text) <= set(CHARACTERS) for text in texts)
    assert sum(any(mark.isdigit() for mark in text) for text in texts) > 600
    assert sum(text.isupper() for text in texts) > 350


def test_the_fonts_for_measuring_are_not_those_of_training() -> None:
    assert not set(HELD_OUT).intersection(COMMON)
    families = training_families(("/usr/share/fonts",))
    names = {ImageFont.truetype(files[0], 12).getname()[0] for files in families}
    assert not names & set(HELD_OUT)


@pytest.mark.parametrize("start", [(), ("--start", FOLDER, "--signs", "0.5")])
def test_training_script_runs(tmp_path: Path, start: tuple[str, ...]) -> None:
    if not any(Path("/usr/share/fonts").rglob("*.ttf")):
        pytest.skip("training draws its lines with the machine's TrueType fonts; none is installed")
    script = ROOT / "zoo" / "training" / "line_ocr.py"
    subprocess.run(
        [sys.executable, script, "--out", tmp_path, "--smoke", *start], check=True, timeout=120, capture_output=True
    )
    model = VisionEncoderDecoderModel.from_pretrained(tmp_path)
    assert model.config.encoder.num_channels == 3
