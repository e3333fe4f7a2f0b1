"""The tolerant border: READMEs, rows and folders in any of their shapes become the fields of a card."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from readmes import COIN_FINDER

from prefrontal.errors import CardError
from prefrontal.tools.card import ModelCard
from prefrontal.tools.card_parser import MAX_LIST, MAX_TEXT, ROW_FIELDS, clean
from prefrontal.tools.reported import Reported

FIELDS = {field.name: field.type for field in dataclasses.fields(ModelCard)}


def has_declared_types(card: ModelCard) -> bool:
    """Whether each field holds what its annotation says."""
    checks = {
        "str": lambda v: type(v) is str,
        "int": lambda v: type(v) is int and v >= 0,
        "bool": lambda v: type(v) is bool,
        "bool | None": lambda v: v is None or type(v) is bool,
        "tuple[str, ...]": lambda v: type(v) is tuple and all(type(item) is str for item in v),
        "tuple[Reported, ...]": lambda v: type(v) is tuple and all(type(item) is Reported for item in v),
    }
    return all(checks[kind](getattr(card, name)) for name, kind in FIELDS.items())


def safetensors(shape: list[int]) -> bytes:
    header = json.dumps({"__metadata__": {}, "w": {"dtype": "F32", "shape": shape, "data_offsets": [0, 4]}}).encode()
    return len(header).to_bytes(8, "little") + header + b"\0\0\0\0"


# A README


def test_a_readme_becomes_a_card() -> None:
    card = ModelCard.from_readme(COIN_FINDER, id="lab/coin-finder")
    assert card.to_dict() == {
        **ModelCard("lab/coin-finder").to_dict(),
        "task": "object-detection",
        "summary": "Finds coins in photos and draws a box around each of them. It was trained on drawn scenes.",
        "library": "transformers",
        "license": "mit",
        "languages": ["en", "fr"],
        "tags": ["coins", "tiny"],
        "datasets": ["lab/coins"],
        "text": COIN_FINDER.split("---\n")[2],
    }
    assert (card.owner, card.name, card.row and card.row.id) == ("lab", "coin-finder", "object-detection")
    assert str(card) == "lab/coin-finder (object-detection, mit, size unknown)"


def test_a_readme_by_path_bytes_or_text(tmp_path: Path) -> None:
    path = tmp_path / "finder" / "README.md"
    path.parent.mkdir()
    path.write_text(COIN_FINDER)
    by_path = ModelCard.from_readme(path)
    assert (by_path.id, by_path.source) == ("finder", "readme")
    assert ModelCard.from_readme(COIN_FINDER.encode(), id="finder", source="readme") == by_path


def test_an_id_in_the_header_is_a_title_made_plain() -> None:
    assert ModelCard.from_readme("---\nmodel_name: My Coin Finder\n---\nx").id == "My-Coin-Finder"


@pytest.mark.parametrize(
    ("text", "task", "license"),
    [
        ("", "", ""),
        ("# Just prose", "", ""),
        ("---\n[broken\n---\nprose", "", ""),
        ("---\nlicense: no\n---\n", "", ""),
        ("---\nlicense: [mit, apache-2.0]\n---\n", "", "mit, apache-2.0"),
        ("---\npipeline_tag: Object Detection\n---\n", "object-detection", ""),
        ("---\npipeline_tag: image-to-smell\n---\n", "", ""),
        ("---\ntags: [vision, asr]\n---\n", "automatic-speech-recognition", ""),
        ("---\npipeline_tag: calculate\n---\n", "calculate", ""),
    ],
)
def test_odd_headers_give_a_usable_card(text: str, task: str, license: str) -> None:
    card = ModelCard.from_readme(text, id="a/b")
    assert (card.task, card.license) == (task, license)
    assert has_declared_types(card)


def test_an_unknown_task_stays_as_a_tag() -> None:
    assert ModelCard.from_readme("---\npipeline_tag: image-to-smell\n---\n", id="a/b").tags == ("image-to-smell",)


def test_a_header_cannot_claim_what_its_author_does_not_know() -> None:
    """A stranger's header does not say where weights lie, nor how large or well liked they are."""
    claims = (
        "path: /etc\nsource: builtin\nbytes: 1\ndownloads: 9\nlikes: 9\nsafetensors: true\nrevision: x\nlabels: [x]"
    )
    assert ModelCard.from_readme(f"---\n{claims}\n---\n", id="a/b") == ModelCard("a/b")
    assert ModelCard.from_row({"id": "a/b", "card": f"---\n{claims}\n---\n"}) == ModelCard("a/b")
    assert ModelCard.from_row({"id": "a/b", "meta": {"path": "/etc", "bytes": 1}}) == ModelCard("a/b")
    assert ModelCard.from_row({"id": "a/b", "path": "/etc"}).path == ""


def test_the_fields_of_a_row_are_named() -> None:
    class Asked(dict[str, Any]):
        """Notes what it is asked for."""

        def __init__(self, **values: Any) -> None:
            super().__init__(values)
            self.names: set[str] = set()

        def get(self, key: str, default: Any = None) -> Any:
            self.names.add(key)
            return super().get(key, default)

    row = Asked(id="a/b", card="Plain words.")
    ModelCard.from_row(row)
    assert row.names | {"safetensors"} == set(ROW_FIELDS)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a\0b\x07c\x1b[31m", "abc[31m"),
        ("\u202egnp.exe\u202c \u2066x\u2069", "gnp.exe x"),
        ("ze\u200bro\u200d wi\ufeffdth\u00ad", "zero width"),
        ("e\u0301", "é"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("\ud800 \ue000 \U000f0000", "  "),
        (None, ""),
        (b"bytes", ""),
    ],
)
def test_text_is_cleaned(raw: Any, text: str) -> None:
    assert clean(raw, 100) == text


def test_hidden_characters_reach_no_field() -> None:
    hidden = "x\u200b\u202e\0\ufeffy"
    row = {"task": hidden, "library": hidden, "license": hidden, "tags": [hidden], "summary": hidden, "text": hidden}
    card = ModelCard.from_row({"id": "a/b", **row})
    assert (card.library, card.license, card.tags, card.summary, card.text) == (
        "xy",
        "xy",
        ("xy",),
        "xy",
        "xy",
    )


def test_huge_cards_are_capped_in_time() -> None:
    started = time.process_time()
    card = ModelCard.from_row(
        {"id": "a/b", "tags": [f"tag-{n}" for n in range(200_000)], "text": "é" * 50_000_000, "summary": "s" * 10**6}
    )
    assert time.process_time() - started < 2
    assert (len(card.tags), len(card.text), len(card.summary)) == (MAX_LIST, MAX_TEXT, 500)


def test_a_readme_file_of_50_mb_is_read_up_to_its_cap(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_bytes(COIN_FINDER.encode() + b"x" * 50_000_000)
    started = time.process_time()
    assert len(ModelCard.from_readme(path, id="a/b").text) == MAX_TEXT
    assert time.process_time() - started < 2


def test_a_readme_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CardError) as caught:
        ModelCard.from_readme(tmp_path / "README.md")
    assert str(caught.value) == (
        f"{tmp_path / 'README.md'} is not a file; pass a README.md, a model's folder, a JSONL file or a Hub id"
    )


# Ids


BAD_IDS = [
    "", ".", "..", "a/..", "../b", "a/../b", "/etc/passwd", "C:\\models", "a/b/c", "a//b", "a/", "/b", "a b", "a/b\n",
    "~/x", "a\0b", "аpple/model", "apple/mоdel", "a/b'; DROP TABLE cards;--", "https://x.y/z", "a/-b-",
    "a/b.", "x" * 97,
]  # fmt: skip


@pytest.mark.parametrize("id", BAD_IDS)
def test_ids_that_are_none_are_refused(id: str) -> None:
    with pytest.raises(CardError) as caught:
        ModelCard.from_row({"id": id})
    shown = "" if not id.strip() else id if len(id) <= 60 else f"{id[:60]}… ({len(id)} characters)"
    assert str(caught.value) == (
        f"{shown!r} is not a model id; allowed is owner/name or name, of letters, digits, '-', '_' and '.', "
        "at most 96 characters each"
    )


def test_an_id_of_10_000_characters_is_not_repeated() -> None:
    with pytest.raises(CardError) as caught:
        ModelCard.from_row({"id": "x" * 10_000})
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("id", ["gpt2", "a/b", "google-bert/bert_base.v1.5", "0x/7", "a/.b", "x" * 96])
def test_ids_of_the_hub_pass(id: str) -> None:
    assert ModelCard.from_row({"id": id}).id == id


# A row of a dump


@pytest.mark.parametrize(
    ("row", "id", "task"),
    [
        ({"modelId": "a/b", "pipeline_tag": "translation", "card": "x"}, "a/b", "translation"),
        ({"api_name": "a/b", "domain": "Computer Vision Object Detection"}, "a/b", "object-detection"),
        ({"api_name": "a/b", "domain": "NLP Token Classification"}, "a/b", "token-classification"),
        ({"id": None, "modelId": 7, "model_id": "a/b", "task": "NER"}, "a/b", "token-classification"),
        ({"id": "a/b", "card": "---\npipeline_tag: asr\n---\n# x"}, "a/b", "automatic-speech-recognition"),
        ({"id": "a/b", "pipeline_tag": "translation", "card": "---\npipeline_tag: asr\n---\n"}, "a/b", "translation"),
    ],
)  # fmt: skip
def test_rows_in_several_shapes(row: dict[str, Any], id: str, task: str) -> None:
    card = ModelCard.from_row(row)
    assert (card.id, card.task) == (id, task)


def test_a_whole_readme_inside_a_row() -> None:
    card = ModelCard.from_row({"modelId": "a/b", "card": COIN_FINDER, "license": None, "tags": [], "downloads": 5})
    assert (card.task, card.license, card.tags, card.downloads) == ("object-detection", "mit", ("coins", "tiny"), 5)
    assert card.text.startswith("# Coin finder")


def test_a_trap_inside_a_row_costs_its_text_only() -> None:
    card = ModelCard.from_row({"modelId": "a/b", "pipeline_tag": "asr", "card": "---\na: &x [1]\n---\nprose"})
    assert (card.task, card.text) == ("automatic-speech-recognition", "")


def test_counts_of_numpy_and_limits() -> None:
    card = ModelCard.from_row({"id": "a/b", "bytes": np.int64(7), "likes": 10**400, "downloads": -3, "parameters": 1e9})
    assert (card.bytes, card.likes, card.downloads, card.parameters) == (7, 10**15, 0, 10**9)


@pytest.mark.parametrize(
    ("said", "gated"), [("auto", True), ("manual", True), (True, True), (False, False), ("", False)]
)
def test_gated(said: Any, gated: bool) -> None:
    assert ModelCard.from_row({"id": "a/b", "gated": said}).gated is gated


WRONG = [
    None, True, False, 0, -1, 3.5, float("nan"), float("inf"), float("-inf"), 10**400, "", "text", "x" * 10_000,
    b"\xff", [], [None], [["a"], {"b": 1}, 3, "c"], {}, {"a": {"b": []}}, (1, "2"), {1, 2}, object(), np.int64(7),
    np.float32(2),
]  # fmt: skip


NAMES = [
    *FIELDS,
    "pipeline_tag",
    "domain",
    "card",
    "meta",
    "library_name",
    "language",
    "framework",
    "trained_on",
    "sha",
]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "id"])
def test_wrong_types_in_any_field_give_a_well_typed_card(name: str) -> None:
    for value in WRONG:
        card = ModelCard.from_row({"id": "a/b", name: value})
        assert has_declared_types(card), (name, value, card)
        assert ModelCard.from_dict(json.loads(json.dumps(card.to_dict()))) == card
        assert card.search_text is not None
        assert len(card.digest) == 64


def test_there_and_back() -> None:
    """Random rows: the card's dictionary is plain JSON and gives the same card, with the same digest, back."""
    random_ = random.Random(7)
    for _ in range(200):
        row = {name: random_.choice(WRONG) for name in random_.sample(NAMES, 8)}
        card = ModelCard.from_row({**row, "id": f"a/m{random_.randrange(10**6)}"})
        again = ModelCard.from_dict(json.loads(json.dumps(card.to_dict())))
        assert (again, again.digest) == (card, card.digest)


# A folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "finder"
    folder.mkdir()
    (folder / "README.md").write_text(COIN_FINDER)
    config = {
        "model_type": "yolos",
        "id2label": {"0": "coin", "1": "note"},
        "architectures": ["YolosForObjectDetection"],
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "model.safetensors").write_bytes(safetensors([3, 4]))
    return folder


def test_a_folder_tells_size_labels_and_revision(folder: Path) -> None:
    card = ModelCard.from_dir(folder)
    assert (card.id, card.source, card.path, card.model_type) == ("finder", "folder", str(folder), "yolos")
    assert (card.labels, card.parameters, card.safetensors) == (("coin", "note"), 12, True)
    assert card.bytes == (folder / "model.safetensors").stat().st_size
    assert card.revision.startswith("local-")
    (folder / "model.safetensors").write_bytes(safetensors([3, 5]))
    assert ModelCard.from_dir(folder).revision != card.revision


def test_a_folder_without_a_card_is_told_by_its_configuration(folder: Path) -> None:
    (folder / "README.md").unlink()
    assert ModelCard.from_dir(folder, id="me/finder").task == "object-detection"


@pytest.mark.parametrize(
    "weights",
    [b"", b"\0" * 7, b"\xff" * 100, (5).to_bytes(8, "little") + b"[1,2]",
     (200_000).to_bytes(8, "little") + b"[" * 200_000,
     safetensors("ab")[:-4], safetensors([10**400])],  # type: ignore[arg-type]  # a shape that is none
    ids=["empty", "short", "too long", "a list", "nested", "a word", "beyond any model"],
)  # fmt: skip
def test_damaged_weights_do_not_stop_a_card(folder: Path, weights: bytes) -> None:
    (folder / "model.safetensors").write_bytes(weights)
    card = ModelCard.from_dir(folder)
    assert card.parameters in (0, 10**15)
    assert card.task == "object-detection"


@pytest.mark.parametrize(
    "config", [b"[]", b"{", b"[" * 200_000, b"\xff\xfe", b'{"id2label": [1], "architectures": "x"}']
)
def test_damaged_configurations_do_not_stop_a_card(folder: Path, config: bytes) -> None:
    (folder / "config.json").write_bytes(config)
    assert ModelCard.from_dir(folder).task == "object-detection"


def test_a_pipe_in_a_folder_is_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "more.safetensors")
    (folder / "README.md").unlink()
    os.mkfifo(folder / "README.md")
    assert ModelCard.from_dir(folder).parameters == 12


def test_a_folder_without_anything_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CardError) as caught:
        ModelCard.from_dir(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} holds neither a README.md nor a config.json; "
        "pass a model's folder, a README.md, a JSONL file or a Hub id"
    )
