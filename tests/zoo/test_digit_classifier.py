"""The zoo's digit classifier reads pictures that it never saw, however they are handed in."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "zoo" / "models" / "digit-classifier"
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

pytest.importorskip("sklearn", reason="the digit pictures are scikit-learn's")


@pytest.fixture(scope="module")
def classify():
    """The checkpoint as a user loads it."""
    from transformers import pipeline

    return pipeline("image-classification", model=str(MODEL), device="cpu")


@pytest.fixture(scope="module")
def unseen() -> list[tuple[Image.Image, str]]:
    """A hundred unseen pictures of 8x8 pixels, each with its label."""
    from zoo.training.digit_classifier import split_digits, to_picture

    _, images, _, labels = split_digits()
    return [(to_picture(image), str(label)) for image, label in zip(images[:100], labels[:100], strict=True)]


def share_right(classify, pictures: list[Image.Image], labels: list[str]) -> float:
    """The share of pictures whose best label is right."""
    answers = classify(pictures, top_k=1, batch_size=50)
    return float(np.mean([answer[0]["label"] == label for answer, label in zip(answers, labels, strict=True)]))


@pytest.mark.parametrize("inverted", [False, True], ids=["white-on-black", "black-on-white"])
@pytest.mark.parametrize(("size", "mode"), [(8, "L"), (64, "RGB")])
def test_reads_unseen_pictures(classify, unseen, size: int, mode: str, inverted: bool) -> None:
    """At least 97 of 100 unseen pictures are read right, small and enlarged, in both polarities."""
    pictures = [picture.resize((size, size), Image.Resampling.NEAREST) for picture, _ in unseen]
    if inverted:
        pictures = [ImageOps.invert(picture) for picture in pictures]
    assert (
        share_right(classify, [picture.convert(mode) for picture in pictures], [label for _, label in unseen]) >= 0.97
    )


def test_reads_a_png_file(classify, unseen, tmp_path: Path) -> None:
    """A PNG file named by its path is read, and the scores of the ten labels are a distribution."""
    picture, label = unseen[0]
    path = tmp_path / "digit.png"
    picture.resize((64, 64), Image.Resampling.BILINEAR).save(path)
    answers = classify(str(path), top_k=10)
    assert answers[0]["label"] == label
    assert {answer["label"] for answer in answers} == set("0123456789")
    assert sum(answer["score"] for answer in answers) == pytest.approx(1, abs=1e-4)


def test_checkpoint_is_small() -> None:
    """The weights stay under one megabyte."""
    assert (MODEL / "model.safetensors").stat().st_size <= 1_000_000


def test_training_script_runs(tmp_path: Path) -> None:
    """The smoke run writes a checkpoint that loads and answers with the same labels."""
    from transformers import pipeline

    from zoo.training.digit_classifier import main

    main(["--out", str(tmp_path), "--smoke"])
    answer = pipeline("image-classification", model=str(tmp_path), device="cpu")(Image.new("L", (8, 8)))
    assert answer[0]["label"] in set("0123456789")
