"""The zoo's coin detector finds the coins of a photo it never saw, and of drawn scenes, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont, ImageOps

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "zoo" / "models" / "coin-detector"
TRUTH = ROOT / "benchmarks" / "zoo_coin_detector_truth.json"
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

data = pytest.importorskip("skimage.data", reason="the photo of the coins is scikit-image's")


@pytest.fixture(scope="module")
def find(tmp_path_factory):
    """The checkpoint as an agent calls it: boxes within the bounds that it names."""
    from prefrontal.tools.card import ModelCard
    from prefrontal.tools.media import Workspace
    from prefrontal.tools.model_tool import ModelTool

    workspace = Workspace(tmp_path_factory.mktemp("coins"))
    tool = ModelTool(ModelCard.from_dir(MODEL), workspace)

    def boxes(picture: Image.Image) -> np.ndarray:
        image = workspace.add(picture.convert("RGB")).handle
        call = {"type": "tool_call", "id": "1", "name": tool.name, "args": {"image": image}}
        answers = tool.invoke(call).artifact["outputs"]["boxes"]
        assert {answer["label"] for answer in answers} <= {"coin"}
        return np.array([list(answer["box"].values()) for answer in answers], float).reshape(-1, 4)

    return boxes


@pytest.fixture(scope="module")
def truth() -> np.ndarray:
    """The boxes of the photo's 24 coins."""
    return np.array(json.loads(TRUTH.read_text())["boxes"], float)


def right(found: np.ndarray, truth: np.ndarray) -> int:
    """How many coins have a box of their own with IoU 0.5 or more."""
    from zoo.training.coin_detector import match

    return len(match(found, truth))


def test_all_coins_of_the_photo_and_nothing_else(find, truth) -> None:
    found = find(Image.fromarray(data.coins()))
    assert len(found) == len(truth) == 24
    assert right(found, truth) == 24


def test_the_mirrored_and_the_halved_photo(find, truth) -> None:
    photo = Image.fromarray(data.coins())
    width, height = photo.size
    mirrored = np.stack([width - truth[:, 2], truth[:, 1], width - truth[:, 0], truth[:, 3]], 1)
    for picture, boxes in (
        (ImageOps.mirror(photo), mirrored),
        (photo.resize((width // 2, height // 2)), truth / 2),
    ):
        found = find(picture)
        assert right(found, boxes) >= 23
        assert len(found) <= 25


def test_pictures_without_coins(find) -> None:
    plain = Image.new("RGB", (320, 240), (90, 110, 100))
    shapes = plain.copy()
    draw = ImageDraw.Draw(shapes)
    for x in range(20, 300, 70):
        draw.rectangle([x, 40, x + 40, 90], fill=(200, 60, 60))
        draw.polygon([(x, 200), (x + 40, 200), (x + 20, 150)], fill=(240, 240, 200))
    for picture in (plain, shapes):
        assert len(find(picture)) == 0


@pytest.mark.parametrize("name", ["astronaut", "camera", "cat", "clock", "coffee", "moon", "page", "rocket"])
def test_photos_without_coins(find, name) -> None:
    assert len(find(Image.fromarray(getattr(data, name)()))) == 0


def test_unseen_drawn_scenes(find) -> None:
    from zoo.training.coin_scenes import SceneMaker

    maker = SceneMaker(seed=5150, bank=40)
    coins = hits = boxes = 0
    for _ in range(12):
        picture, expected = maker.scene()
        found = find(Image.fromarray(picture))
        coins, hits, boxes = coins + len(expected), hits + right(found, expected), boxes + len(found)
    assert coins > 50
    assert hits >= 0.7 * coins
    assert boxes - hits <= 0.15 * boxes


def test_the_training_script_runs(tmp_path) -> None:
    script = ROOT / "zoo" / "training" / "coin_detector.py"
    command = [sys.executable, str(script), "--out", str(tmp_path), "--smoke"]
    subprocess.run(command, check=True, timeout=240, env={**os.environ, "OMP_NUM_THREADS": "1"})
    assert (tmp_path / "model.safetensors").stat().st_size < 9_000_000
    assert json.loads((tmp_path / "config.json").read_text())["id2label"] == {"0": "coin"}


@pytest.mark.parametrize("scale", [0.4, 0.5, 0.8, 1.5, 2, 3])
def test_the_scaled_photo_has_the_same_number(find, scale) -> None:
    photo = Image.fromarray(data.coins())
    size = round(photo.width * scale), round(photo.height * scale)
    assert len(find(photo.resize(size, Image.Resampling.LANCZOS))) == 24


@pytest.mark.parametrize("number", [1, 3, 6, 12])
def test_drawn_discs_are_counted(find, number) -> None:
    picture = Image.new("RGB", (480, 360), "white")
    draw = ImageDraw.Draw(picture)
    for i in range(number):
        x, y = 30 + 110 * (i % 4), 30 + 110 * (i // 4)
        draw.ellipse([x, y, x + 80, y + 80], fill="gold", outline="darkgoldenrod", width=3)
        draw.text((x + 40, y + 40), str(i + 1), fill="black", font=ImageFont.load_default(size=30), anchor="mm")
    assert len(find(picture)) == number
