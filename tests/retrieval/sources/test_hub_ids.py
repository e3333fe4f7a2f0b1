from __future__ import annotations

from pathlib import Path
from typing import Any

import hub_server
import pytest

from prefrontal.retrieval.sources import hub_ids
from prefrontal.retrieval.sources.base import Read


@pytest.mark.parametrize("value", ["owner/name", "gpt2", "openai/whisper-large-v3.5", "a/_b", "0x/Model.v1"])
def test_ids_match(value: str) -> None:
    assert hub_ids.matches(value)


@pytest.mark.parametrize(
    "value", ["", "a b", "/name", "owner/", "a/b/c", "../name", "hub:author=owner", "owner/card.md", "rows.jsonl", 7]
)
def test_files_folders_and_filters_do_not_match(value: Any) -> None:
    assert not hub_ids.matches(value)


def test_pages_of_models_match_and_those_of_data_sets_say_so() -> None:
    assert hub_ids.matches("https://huggingface.co/owner/name/blob/main/README.md")
    assert hub_ids.matches("hf.co/owner/name")
    page = "https://huggingface.co/datasets/owner/name"
    assert hub_ids.matches(page)
    (found,) = hub_ids.read(page)
    assert found.reason == f"{page!r} is the address of a data set, not of a model; pass a model's page or id"
    (found,) = hub_ids.read("https://huggingface.co/prefrontal/calculate")
    assert found.reason.startswith("'prefrontal/calculate' is reserved")


def test_the_hub_out_of_reach_is_set_aside() -> None:
    (found,) = hub_ids.read("owner/name")
    assert found.reason == (
        "owner/name cannot be looked up: the Hub is out of reach; pass a local folder, or connect and try again"
    )


def test_an_id_of_ours_is_not_looked_up() -> None:
    (found,) = hub_ids.read("prefrontal/calculate")
    assert found == Read(
        "prefrontal/calculate",
        reason="'prefrontal/calculate' is reserved for what comes with prefrontal; give the model another owner",
        hides=False,
    )


def test_a_model_on_the_hub_is_one_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"README.md": b"# Finder\n\nFinds coins.\n", "config.json": b"{}"}
    with hub_server.serve({"lab/finder": files}, {"lab/finder": {"pipeline_tag": "object-detection"}}) as url:
        hub_server.reach(url, tmp_path / "cache", monkeypatch)
        (found,) = hub_ids.read("lab/finder")
        (missing,) = hub_ids.read("lab/none")
    assert found.card
    assert (found.what, found.card.task, found.card.source) == ("lab/finder", "object-detection", "hub")
    assert found.card.text == "# Finder\n\nFinds coins.\n"
    assert missing.reason == (
        "lab/none cannot be read from the Hub (it is private, or there is no such model); "
        "check the id, and HF_TOKEN for private models"
    )
