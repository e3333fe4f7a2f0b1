"""What the coin detector is trained on: drawn scenes are seeded, their boxes lie inside, and coins lie apart."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from zoo.training import coin_photos  # noqa: E402
from zoo.training.coin_changes import augment, cut, random_crop, screenshot, snug_crop, turned  # noqa: E402
from zoo.training.coin_detector_model import SIZE  # noqa: E402
from zoo.training.coin_drawings import DrawingMaker  # noqa: E402
from zoo.training.coin_photos import SPARED, Album, bundled, pictures  # noqa: E402
from zoo.training.coin_round_things import THINGS, round_thing  # noqa: E402
from zoo.training.coin_scenes import SceneMaker  # noqa: E402


def grey_ground(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    return Image.new("RGB", (width, height), (90, 90, 90))


MAKERS = {
    "reliefs": lambda: SceneMaker(seed=3, bank=4),
    "reliefs on a ground": lambda: SceneMaker(3, 4, grey_ground),
    "drawings": lambda: DrawingMaker(seed=3),
    "drawings on a ground": lambda: DrawingMaker(3, grey_ground),
}


@pytest.mark.parametrize("name", MAKERS)
def test_scenes_are_reproducible_and_their_boxes_lie_inside(name: str) -> None:
    first, second = MAKERS[name](), MAKERS[name]()
    for _ in range(5):
        picture, boxes = first.scene()
        again, same = second.scene()
        assert picture.dtype == np.uint8
        assert (picture == again).all()
        assert (boxes == same).all()
        height, width = picture.shape[:2]
        assert (boxes >= 0).all()
        assert (boxes <= [width, height, width, height]).all()


def test_drawn_coins_lie_apart_and_there_are_as_many_as_asked_where_they_fit() -> None:
    maker = DrawingMaker(seed=11)
    for coins in (1, 7, 20):
        _, boxes = maker.scene(coins=coins, things=2)
        assert 0.7 * coins <= len(boxes) <= coins
        middle, size = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2] - boxes[:, 0]
        away = np.hypot(*(middle[:, None] - middle[None]).transpose(2, 0, 1)) + np.eye(len(boxes)) * 1e4
        assert (away >= (size[:, None] + size[None]) / 2).all()


def test_a_drawing_may_show_no_coin() -> None:
    _, boxes = DrawingMaker(seed=5).scene(coins=0, things=4)
    assert boxes.shape == (0, 4)


def test_every_round_thing_can_be_drawn_at_any_size() -> None:
    rng = np.random.default_rng(1)
    sizes = [round_thing(rng, size).size for size in (8, 33, 120) for _ in range(2 * len(THINGS))]
    assert set(sizes) == {(8, 8), (33, 33), (120, 120)}


def test_a_crop_keeps_coins_that_it_shows_enough_of() -> None:
    picture, boxes = np.zeros((100, 100, 3), np.uint8), np.array([[0, 0, 40, 40], [50, 50, 90, 90.0]])
    part, kept = cut(picture, boxes, (30, 30, 100, 100))  # a sixteenth of the first, all of the second
    assert part.shape == (70, 70, 3)
    assert kept.tolist() == [[20, 20, 60, 60]]


@pytest.mark.parametrize("change", [random_crop, snug_crop, screenshot, turned])
def test_changes_keep_coins_where_their_boxes_are(change) -> None:
    """Each coin is one bright square on black; after the change its box must still hold nothing else."""
    rng = np.random.default_rng(2)
    for _ in range(20):
        picture, boxes = np.zeros((90, 120, 3), np.uint8), np.array([[10, 10, 30, 30], [60, 40, 90, 70.0]])
        picture[10:30, 10:30] = picture[40:70, 60:90] = (255, 0, 255)
        changed, moved = change(picture, boxes, rng)
        assert len(moved) <= 2
        for x0, y0, x1, y1 in moved.astype(int):
            assert (changed[y0:y1, x0:x1] == (255, 0, 255)).all()


def test_what_the_detector_sees_has_its_size_and_shares() -> None:
    rng, maker = np.random.default_rng(4), DrawingMaker(seed=4)
    for _ in range(6):
        pixels, boxes = augment(*maker.scene(), rng)
        assert pixels.shape == (3, SIZE, SIZE)
        assert 0 <= pixels.min() <= pixels.max() <= 1
        assert ((boxes >= 0) & (boxes <= 1)).all()


def test_pictures_of_money_are_left_out_of_the_album(tmp_path, monkeypatch) -> None:
    for name in ("cat.png", "gold coin.png", "money/note.png", "hills.jpg", "notes.txt"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        if file.suffix == ".txt":
            file.write_text("no picture")
        else:
            Image.new("RGB", (900, 300), "green").save(file)
    assert [file.name for file in pictures(tmp_path)] == ["cat.png", "hills.jpg"]

    monkeypatch.setattr(coin_photos, "PHOTOS", (str(tmp_path),))
    monkeypatch.setattr(coin_photos, "CUT_OUTS", (str(tmp_path),))
    monkeypatch.setattr(coin_photos, "LIBRARIES", ())
    monkeypatch.setattr(coin_photos, "BUNDLED", ())
    album, rng = Album(), np.random.default_rng(0)
    assert [photo.size for photo in album.photos] == [(640, 213)] * 2
    for _ in range(5):
        picture, boxes = album.scene(rng)
        assert picture.ndim == 3
        assert len(boxes) == 0


def test_without_installed_photos_there_are_none(monkeypatch) -> None:
    for name in ("PHOTOS", "CUT_OUTS", "LIBRARIES", "BUNDLED"):
        monkeypatch.setattr(coin_photos, name, ())
    album, rng = Album(), np.random.default_rng(0)
    assert album.ground(rng, 40, 30) is None
    assert album.cut_out(rng, 40) is None
    picture, boxes = album.scene(rng)
    assert picture.shape[2] == 3
    assert boxes.shape == (0, 4)


def album_of(folder: Path, monkeypatch) -> Album:
    """An album of one folder's photos."""
    monkeypatch.setattr(coin_photos, "PHOTOS", (str(folder),))
    for name in ("CUT_OUTS", "LIBRARIES", "BUNDLED"):
        monkeypatch.setattr(coin_photos, name, ())
    return Album()


def test_every_eighth_photo_is_spared(tmp_path, monkeypatch) -> None:
    for shade in range(20):
        Image.new("RGB", (60, 40), (10 * shade, 0, 0)).save(tmp_path / f"{shade:02}.png")
    album = album_of(tmp_path, monkeypatch)

    assert [photo.getpixel((0, 0))[0] // 10 for photo in album.spared] == [SPARED - 1, 2 * SPARED - 1]
    assert len(album.photos) == 18


def test_the_judge_chooses_among_parts_of_photos(tmp_path, monkeypatch) -> None:
    for shade in (20, 220):
        Image.new("RGB", (60, 40), (shade, shade, shade)).save(tmp_path / f"{shade}.png")
    album, rng = album_of(tmp_path, monkeypatch), np.random.default_rng(3)

    unjudged = [np.asarray(album._hardest(rng, 32, 24)).mean() > 128 for _ in range(40)]
    album.judge = lambda picture: float(picture.mean())
    judged = [np.asarray(album._hardest(rng, 32, 24)).mean() > 128 for _ in range(40)]
    assert sum(judged) > sum(unjudged)


def test_pictures_are_found_in_a_bundle(tmp_path) -> None:
    packed = b"qres\x00\x00"
    for kind, size in (("JPEG", (200, 120)), ("PNG", (150, 150)), ("WEBP", (120, 300)), ("PNG", (32, 32))):
        file = io.BytesIO()
        Image.new("RGB", size, "green").save(file, kind)
        packed += file.getvalue() + b"\x00" * 7
    (tmp_path / "photos.rcc").write_bytes(packed + b"\xff\xd8\xff and no picture")

    assert [photo.size for photo in bundled(tmp_path / "photos.rcc")] == [(200, 120), (150, 150), (120, 300)]
