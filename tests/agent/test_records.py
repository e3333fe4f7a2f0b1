"""What a search leaves in a conversation keeps its shape, and any checkpointer can store it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_type_hints

from prefrontal import ModelCard, ModelIndex, Workspace
from prefrontal.agent.records import NOTHING_FOUND, FoundModel, OtherModel, SearchRecord
from prefrontal.agent.toolbox import Toolbox
from prefrontal.retrieval.embedding.hashing import HashEmbedder


def test_a_search_that_found_models(small_index: ModelIndex, workspace: Workspace) -> None:
    record = Toolbox(small_index, workspace).search("numbers en fr", 3, "translation")
    assert set(record) == {"query", "task", "candidates"} < set(get_type_hints(SearchRecord))
    (found,) = record["candidates"]
    assert set(found) == set(get_type_hints(FoundModel))
    assert (found["id"], found["tool"]) == ("prefrontal/numbers-en-fr", "prefrontal--numbers-en-fr")
    assert (found["task"], found["languages"]) == ("translation", ["en", "fr"])
    assert json.loads(json.dumps(record)) == record


def test_a_search_that_found_none_names_the_nearest(tmp_path: Path, workspace: Workspace) -> None:
    index = ModelIndex(tmp_path / "index", HashEmbedder())
    index.add([ModelCard(id="lab/gone", task="translation", path=str(tmp_path / "gone"))])
    record = Toolbox(index, workspace).search("translate", 3, "translation")
    (other,) = record.get("others", [])
    assert set(other) == set(get_type_hints(OtherModel))
    assert (other["id"], record["candidates"]) == ("lab/gone", [])
    assert json.loads(json.dumps(record)) == record


def test_nothing_found_is_a_record_of_its_own() -> None:
    assert NOTHING_FOUND == {"query": "", "task": None, "candidates": []}
