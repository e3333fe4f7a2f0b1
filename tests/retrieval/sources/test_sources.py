from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from prefrontal.errors import UsageError
from prefrontal.retrieval.sources import ROWS, Read, find_source
from prefrontal.tools.card import ModelCard

README = "---\npipeline_tag: translation\nlicense: mit\n---\n# A title\n\nTranslates English into French, slowly.\n"


def read(value: Any) -> list[Read]:
    row, plain, _ = find_source(value)
    return list(row.read(plain))


def model(folder: Path, readme: str = README, config: dict[str, Any] | None = None) -> Path:
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(readme)
    if config is not None:
        (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_each_kind_of_value_has_its_row(tmp_path: Path) -> None:
    for name in ("rows.jsonl", "rows.parquet"):
        (tmp_path / name).touch()
    values = {
        "cards": [ModelCard(id="a/b")],
        "jsonl": tmp_path / "rows.jsonl",
        "parquet": tmp_path / "rows.parquet",
        "readme": model(tmp_path / "m") / "README.md",
        "folder": str(tmp_path / "m"),
        "hub": "owner/name",
        "hub-list": "hub:author=owner",
    }
    assert {name: find_source(value)[0].name for name, value in values.items()} == {row.name: row.name for row in ROWS}
    assert find_source("gpt2")[0].name == "hub"


@pytest.mark.parametrize(
    "value", ["no/such/file/here", "rows.jsonl", "rows.parquet", "card.md", "~/missing/", "a b", 7, {"id": "a/b"}]
)
def test_what_nothing_reads_is_refused(value: Any) -> None:
    with pytest.raises(UsageError) as caught:
        find_source(value)
    assert str(caught.value) == (
        f"{str(value)!r} is no source of cards: no such file or folder, and no Hub id; allowed are a README.md, "
        "a model's folder, a folder of those, a JSONL or parquet file, a Hub id such as owner/name, hub: with a filter "
        "such as hub:author=owner, or ModelCards"
    )


def test_a_readme_has_the_id_of_its_header_or_its_folder(tmp_path: Path) -> None:
    folder = model(tmp_path / "slow-translator")
    (card,) = [found.card for found in read(folder / "README.md")]
    assert card
    assert (card.id, card.task, card.license) == ("slow-translator", "translation", "mit")
    (folder / "README.md").write_text(README.replace("license", "model_id: me/other\nlicense"))
    assert read(folder / "README.md")[0].what == "me/other"
    (tmp_path / "lab--fast_1.md").write_text(README)
    assert read(tmp_path / "lab--fast_1.md")[0].what == "lab/fast_1"


def test_a_model_folder_is_one_card_with_its_path(tmp_path: Path) -> None:
    folder = model(tmp_path / "translator", config={"model_type": "marian"})
    model(folder / "onnx")  # a part of the model, no model of its own
    (found,) = read(folder)
    assert found.card
    assert (found.card.id, found.card.path, found.card.model_type) == ("translator", str(folder), "marian")


def test_a_folder_of_models_is_walked_in_order(tmp_path: Path) -> None:
    root = tmp_path / "models"
    model(root / "lab" / "one", config={"model_type": "marian"})
    model(root / "lab" / "two")
    model(root / "three", config={"model_type": "bert"})
    model(root / ".hidden" / "four")
    (root / "README.md").write_text("# My collection")
    (root / "cards").mkdir()
    (root / "cards" / "five.md").write_text(README)
    (root / "cards" / "more.jsonl").write_text('{"id": "lab/six", "task": "asr"}\n')
    assert [found.what for found in read(root)] == ["five", "lab/six", "lab/one", "lab/two", "three"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    model(tmp_path / "outside" / "secret")
    root = tmp_path / "models"
    model(root / "own")
    (root / "linked").symlink_to(tmp_path / "outside")
    assert [found.what for found in read(root)] == ["own"]


def test_an_empty_folder_and_an_interrupted_download_say_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (found,) = read(tmp_path / "empty")
    assert found.reason == "the folder holds no README.md, config.json or JSONL file, here or below"
    half = model(tmp_path / "half", config={})
    (half / "model.safetensors.incomplete").touch()
    (found,) = read(half)
    assert found.card is None
    assert found.reason == ("its download was interrupted (model.safetensors.incomplete); finish it, then add it again")


def test_bad_rows_are_set_aside_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [
        b'\xef\xbb\xbf{"modelId": "lab/one", "pipeline_tag": "translation"}',
        b"not json",
        b'["a", "list"]',
        b"",
        b'{"id": "../../etc/passwd"}',
        b'{"card": "no id"}',
        b'{"id": "lab/two", "downloads": "many", "tags": 7, "likes": -3, "text": ["x"]}',
        b'{"id": "lab/three", "text": "\xff\xfe \\u0000 \\ud800"}\r',
        b"[" * 100_000,
        b'{"api_name": "lab/four", "domain": "Computer Vision Depth Estimation"}',
    ]
    path.write_bytes(b"\n".join(lines))
    found = read(path)
    cards = {item.what: item.card for item in found if item.card}
    assert list(cards) == ["lab/one", "lab/two", "lab/three", "lab/four"]
    assert {card.source for card in cards.values()} == {"jsonl"}
    assert cards["lab/four"].task == "depth-estimation"
    aside = [item for item in found if not item.card]
    lines_aside = [f"rows.jsonl line {n}" for n in (2, 3, 5, 6, 9)]
    assert [item.what for item in aside] == lines_aside
    assert aside[1].reason == "the row is a list, expected a JSON object"
    assert all(item.reason for item in aside)


def test_a_parquet_file_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "cards.parquet").touch()
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "cards.parquet")
    assert str(caught.value) == "cards.parquet is a parquet file, and pyarrow is not installed; pip install pyarrow"


def test_the_hub_out_of_reach_is_set_aside() -> None:
    (found,) = read("owner/name")
    assert found.reason == (
        "owner/name cannot be looked up: the Hub is out of reach; pass a local folder, or connect and try again"
    )


def test_what_is_no_card_is_set_aside() -> None:
    found = read([ModelCard(id="a/b"), "a string"])
    assert found[0].card
    assert found[1].reason == "str is no ModelCard; use ModelCard.from_row first"


def test_fingerprints_change_with_the_files(tmp_path: Path) -> None:
    root = model(tmp_path / "models" / "one").parent
    row, plain, name = find_source(root)
    assert name == str(root)
    before = row.fingerprint(plain)
    assert row.fingerprint(plain) == before
    model(root / "two")
    assert row.fingerprint(plain) != before
