"""Cards and media show themselves in a notebook; whatever a stranger wrote is escaped."""

from __future__ import annotations

import base64
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from prefrontal.tools.card import ModelCard
from prefrontal.tools.media import Workspace
from prefrontal.tools.show import table_html

EVIL = "<script>alert(1)</script><img src=x onerror='x'>\"'&"
PLAIN_TAGS = {"div", "b", "table", "tr", "th", "td", "small", "img", "audio"}


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.sources: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href") or name.startswith("on")]


def test_a_card_shows_what_is_known() -> None:
    card = ModelCard("lab/m", task="translation", languages=("en", "fr"), bytes=1_234_567, parameters=1_000)
    bundle = card._repr_mimebundle_()
    assert bundle["text/plain"] == "lab/m (translation, no licence named, 1.2 MB)"
    cells = re.findall(r"<t[hd][^>]*>([^<]*)<", bundle["text/html"])
    assert cells == ["task", "translation", "languages", "en, fr", "size", "1.2 MB", "parameters", "1,000"]


def test_a_stranger_s_words_are_escaped() -> None:
    card = ModelCard(EVIL, task=EVIL, summary=EVIL, license=EVIL, languages=(EVIL,), labels=(EVIL,), library=EVIL)
    tags = Tags(card._repr_mimebundle_()["text/html"])
    assert tags.found <= PLAIN_TAGS
    assert tags.sources == []
    assert "<script" not in table_html([(EVIL, EVIL)])


def test_a_picture_is_shown_small_and_inside_the_page(workspace: Workspace) -> None:
    media = workspace.add(Image.new("RGB", (2_000, 1_000), "red"), name=EVIL)
    page = media._repr_mimebundle_()["text/html"]
    tags = Tags(page)
    assert tags.found == {"div", "img", "small"}
    (source,) = tags.sources
    with Image.open(io.BytesIO(base64.b64decode(source.removeprefix("data:image/png;base64,")))) as image:
        assert (image.size, image.getpixel((0, 0))) == ((480, 240), (255, 0, 0))
    assert media._repr_mimebundle_()["text/plain"] == str(media)


def test_sound_is_shown_inside_the_page_unless_it_is_long(workspace: Workspace) -> None:
    short = Tags(workspace.add((np.zeros(800), 8_000))._repr_mimebundle_()["text/html"])
    assert [source.partition(",")[0] for source in short.sources] == ["data:audio/wav;base64"]
    long = Tags(workspace.add((np.zeros(1_100_000), 48_000))._repr_mimebundle_()["text/html"])
    assert long.sources == []


@pytest.mark.parametrize("kind", ["table", "text", "gone"])
def test_what_cannot_be_shown_says_what_it_is(workspace: Workspace, tmp_path: Path, kind: str) -> None:
    media = workspace.add(b"a,b\n1,2\n", kind=kind) if kind != "gone" else workspace.add(Image.new("L", (3, 2)))
    if kind == "gone":
        media.path.unlink()
    tags = Tags(media._repr_mimebundle_()["text/html"])
    assert (tags.found, tags.sources) == ({"div", "small"}, [])


def test_sixteen_bits_are_shown_grey_and_not_white(workspace: Workspace) -> None:
    media = workspace.add(np.full((4, 4), 32_896, np.uint16))
    (source,) = Tags(media._repr_mimebundle_()["text/html"]).sources
    with Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))) as image:
        assert image.getpixel((0, 0)) == (128, 128, 128)
