"""Photos and clip art without coins that training learns "no coin" from, where they are installed.

They come with Debian's packages and with scikit-learn and matplotlib; nothing is fetched here::

    apt-get install --no-install-recommends gnome-backgrounds mate-backgrounds openclipart-png tuxpaint-stamps-default \
        endless-sky-data gcompris-qt-data opencv-doc palapeli-data

Landscapes and cities, animals, tools, planets, balls and plates: about 700 photos.  Without them training goes on with
drawn pictures alone.  Pictures that show money are left out by their names.  Every eighth photo is kept from training,
to be judged by; what `benchmarks/zoo_coin_detector.py` measures on comes from other packages.
"""

from __future__ import annotations

import importlib.util
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

Rng = np.random.Generator
PHOTOS = (
    "/usr/share/backgrounds/gnome",
    "/usr/share/backgrounds/mate",
    "/usr/share/games/endless-sky/images/land",
    "/usr/share/games/endless-sky/images/scene",
    "/usr/share/doc/opencv-doc/examples/data",
    "/usr/share/palapeli/collection",
)
BUNDLES = "/usr/share/gcompris-qt/rcc"  # Qt resources: pictures lie in them as they are
BUNDLED = (
    "categorization", "details", "erase", "explore_farm_animals", "explore_monuments", "explore_world_animals",
    "explore_world_music", "solar_system",
)  # fmt: skip
CUT_OUTS = ("/usr/share/tuxpaint/stamps", "/usr/share/openclipart/png")
LIBRARIES = (("sklearn", "datasets/images"), ("matplotlib", "mpl-data/sample_data"))
MONEY = re.compile(
    r"money|coin|cash|euro|dollar|cent\b|penn|bank|medal|token|treasure|wallet|purse|gold|buttons|shapes|stuff"
)
KINDS = {".jpg", ".jpeg", ".png", ".webp"}
LONGEST = 640  # pixels kept of a photo's longer side
SHORTEST = 100  # smaller pictures in bundles are icons
SPARED = 8  # one photo of so many is not trained on
TRIES = 6  # of so many parts of photos, the one that looks most like coins is taken
Judge = Callable[[np.ndarray], float]


def pictures(folder: Path) -> list[Path]:
    """The picture files below a folder, sorted, but for those that may show money."""
    files = (file for file in folder.rglob("*") if file.suffix.lower() in KINDS)
    return sorted(file for file in files if not MONEY.search(str(file.relative_to(folder)).lower()))


def _folders() -> Iterator[Path]:
    yield from map(Path, PHOTOS)
    for library, inside in LIBRARIES:
        spec = importlib.util.find_spec(library)
        if spec and spec.origin:
            yield Path(spec.origin).parent / inside


def bundled(file: Path) -> Iterator[Image.Image]:
    """The pictures in a Qt resource file: found by how JPEG, PNG and WebP begin."""
    packed, at = file.read_bytes(), 0
    starts = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n|RIFF....WEBP", re.DOTALL)
    while begin := starts.search(packed, at):
        at = begin.end()
        photo = _small(io.BytesIO(packed[begin.start() :]))
        if photo is not None and min(photo.size) >= SHORTEST:
            yield photo


class Album:
    """The photos, kept small in memory, and the cut-outs, opened when they are wanted.

    Attributes:
        photos: those to train on.
        spared: every eighth, to judge by.
        judge: how much a picture (RGB uint8) looks like coins to the network of now; None takes the first that comes.
    """

    def __init__(self, few: int | None = None) -> None:
        """`few` keeps that many photos only, for short trials."""
        files = [file for folder in _folders() if folder.is_dir() for file in pictures(folder)][:few]
        shown = [photo for file in files if (photo := _small(file)) is not None]
        for name in BUNDLED if few is None else ():
            file = Path(BUNDLES) / f"{name}.rcc"
            shown += bundled(file) if file.is_file() else ()
        self.spared = shown[SPARED - 1 :: SPARED]
        self.photos = [photo for place, photo in enumerate(shown, start=1) if place % SPARED]
        self.cut_outs = [file for folder in CUT_OUTS if Path(folder).is_dir() for file in pictures(Path(folder))]
        self.judge: Judge | None = None

    def ground(self, rng: Rng, width: int, height: int) -> Image.Image | None:
        """A random part of a random photo, of this size; None when there are no photos."""
        if not self.photos:
            return None
        photo = self.photos[int(rng.integers(len(self.photos)))]
        share = rng.uniform(0.3, 1.0) if rng.random() < 0.65 else 1.0
        w, h = max(8, int(photo.width * share)), max(8, int(photo.height * share))
        x, y = int(rng.integers(photo.width - w + 1)), int(rng.integers(photo.height - h + 1))
        part = photo.crop((x, y, x + w, y + h)).resize((width, height), Image.Resampling.BICUBIC)
        return part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if rng.random() < 0.5 else part

    def cut_out(self, rng: Rng, size: int) -> Image.Image | None:
        """A thing on a clear ground (RGBA), its longer side `size`; None when there is none."""
        if not self.cut_outs:
            return None
        try:
            with Image.open(self.cut_outs[int(rng.integers(len(self.cut_outs)))]) as file:
                if file.width * file.height > 4_000_000:
                    return None
                thing = file.convert("RGBA")
        except (OSError, Image.DecompressionBombError):
            return None
        scale = size / max(thing.size)
        return thing.resize((max(1, int(thing.width * scale)), max(1, int(thing.height * scale))))

    def scene(self, rng: Rng) -> tuple[np.ndarray, np.ndarray]:
        """A picture without coins: a photo, or things on a photo, on white or on a colour."""
        width, height = (int(v) for v in rng.integers(240, 480, 2))
        picture = self._hardest(rng, width, height) if rng.random() < 0.8 else None
        if picture is None:
            plain = (255, 255, 255) if rng.random() < 0.5 else tuple(int(v) for v in rng.integers(0, 256, 3))
            picture = Image.new("RGB", (width, height), plain)
            self.scatter(rng, picture, int(rng.integers(1, 9)))
        elif rng.random() < 0.15:
            self.scatter(rng, picture, int(rng.integers(1, 5)))
        return np.asarray(picture.convert("RGB")).copy(), np.zeros((0, 4), np.float32)

    def _hardest(self, rng: Rng, width: int, height: int) -> Image.Image | None:
        """The part of a photo, of a few tried, that the judge takes most for coins."""
        tried = [self.ground(rng, width, height) for _ in range(TRIES if self.judge and rng.random() < 0.7 else 1)]
        parts = [part for part in tried if part is not None]
        if self.judge is None or len(parts) < 2:
            return parts[0] if parts else None
        marks = [self.judge(np.asarray(part)) for part in parts]
        return parts[int(np.argmax(marks))]

    def scatter(self, rng: Rng, picture: Image.Image, count: int) -> None:
        """Lay cut-outs anywhere on the picture."""
        for _ in range(count):
            thing = self.cut_out(rng, int(min(picture.size) * rng.uniform(0.15, 0.8)))
            if thing is not None:
                at = [int(rng.uniform(-0.2, 0.9) * side) for side in picture.size]
                picture.paste(thing, (at[0], at[1]), thing)


def _small(file: Path | io.BytesIO) -> Image.Image | None:
    """The photo with its longer side `LONGEST`; None when Pillow cannot read it."""
    try:
        with Image.open(file) as photo:
            photo.draft("RGB", (LONGEST, LONGEST))
            photo.thumbnail((LONGEST, LONGEST))
            return photo.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
