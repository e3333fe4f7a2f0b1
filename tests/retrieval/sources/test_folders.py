from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from prefrontal.retrieval.sources.base import Read
from prefrontal.retrieval.sources.folders import fingerprint, matches_folder, matches_readme, read_folder, read_readme

README = "---\npipeline_tag: translation\nlicense: mit\n---\n# A title\n\nTranslates English into French, slowly.\n"


def read(path: Path) -> list[Read]:
    return list(read_folder(path) if matches_folder(path) else read_readme(path))


def model(folder: Path, readme: str = README, config: dict[str, Any] | None = None) -> Path:
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(readme)
    if config is not None:
        (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_a_readme_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    folder = model(tmp_path / "one")
    assert (matches_readme(folder / "README.md"), matches_folder(folder / "README.md")) == (True, False)
    assert (matches_readme(folder), matches_folder(folder)) == (False, True)
    for other in (folder / "missing.md", str(folder / "README.md"), 7):
        assert (matches_readme(other), matches_folder(other)) == (False, False)


def test_a_readme_has_the_id_of_its_header_or_its_folder(tmp_path: Path) -> None:
    folder = model(tmp_path / "slow-translator")
    (card,) = [found.card for found in read(folder / "README.md")]
    assert card
    assert (card.id, card.task, card.license) == ("slow-translator", "translation", "mit")
    (folder / "README.md").write_text(README.replace("license", "model_id: me/other\nlicense"))
    assert read(folder / "README.md")[0].what == "me/other"
    (tmp_path / "lab--fast_1.md").write_text(README)
    assert read(tmp_path / "lab--fast_1.md")[0].what == "lab/fast_1"


def test_the_readme_of_a_model_is_the_model(tmp_path: Path) -> None:
    folder = model(tmp_path / "translator", config={"model_type": "marian"})
    assert read(folder / "README.md") == read(folder)
    assert read(folder)[0].card


def test_a_model_folder_is_one_card_with_its_path(tmp_path: Path) -> None:
    folder = model(tmp_path / "translator", config={"model_type": "marian"})
    model(folder / "onnx")  # a part of the model, no model of its own
    (found,) = read(folder)
    assert found.card
    assert (found.card.id, found.card.path, found.card.model_type) == ("translator", str(folder), "marian")


def test_a_folder_with_an_adapter_is_a_model(tmp_path: Path) -> None:
    folder = model(tmp_path / "models" / "adapter")
    (folder / "adapter_config.json").write_text('{"base_model_name_or_path": "lab/base", "task_type": "SEQ_CLS"}')
    (found,) = read(folder.parent)
    assert found.card
    assert (found.card.id, found.card.path, found.card.library) == ("adapter", str(folder), "peft")
    assert read(folder / "README.md") == read(folder)


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


def test_folders_that_lie_very_deep_are_not_looked_into(tmp_path: Path) -> None:
    model(tmp_path / "1" / "2" / "3" / "4" / "5" / "here")
    model(tmp_path / "1" / "2" / "3" / "4" / "5" / "6" / "deeper")
    assert [found.what for found in read(tmp_path)] == ["5/here"]


def test_an_empty_folder_and_an_interrupted_download_say_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (found,) = read(tmp_path / "empty")
    assert found.reason == "the folder holds no README.md, config.json or JSONL file, here or below"
    half = model(tmp_path / "half", config={})
    (half / "model.safetensors.incomplete").touch()
    (found,) = read(half)
    assert found.card is None
    assert found.reason == ("its download was interrupted (model.safetensors.incomplete); finish it, then add it again")


def test_a_card_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    model(tmp_path / "bad", "---\na: &x 1\nb: *x\n---\n# Bad")
    model(tmp_path / "good")
    bad, good = read(tmp_path)
    assert (bad.what, bad.card, bad.hides) == (str(tmp_path / "bad"), None, True)
    assert "the card's header uses YAML anchors and aliases" in bad.reason
    assert good.what == "good"


def test_fingerprints_change_with_the_files(tmp_path: Path) -> None:
    root = model(tmp_path / "models" / "one").parent
    before = fingerprint(root)
    (root / "one" / "notes.txt").write_text("no part of the card")
    assert fingerprint(root) == before
    model(root / "two")
    assert fingerprint(root) != before
