"""What is asked of the assistant itself is answered out of the index."""

from __future__ import annotations

from pathlib import Path

import pytest
from benches import MEMO, PHOTO

from prefrontal import ModelCard, ModelIndex
from prefrontal.agent.planner.compose.talking import answer
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.tools.builtin import builtin_cards


@pytest.fixture
def index(tmp_path: Path) -> ModelIndex:
    made = ModelIndex(tmp_path / "index", HashEmbedder())
    coins = ModelCard(
        id="lab/coin-finder", task="object-detection", summary="Finds coins in photos", library="transformers",
        license="mit", bytes=3_900_000, labels=("coin",),
    )  # fmt: skip
    made.add([*builtin_cards(), coins])
    return made


def test_what_one_model_is(index: ModelIndex) -> None:
    assert answer("about_model", "What is lab/coin-finder?", index) == (
        "lab/coin-finder: Finds coins in photos. (object-detection; mit; 3.9 MB; not gated; labels: coin.)"
    )
    assert answer("about_model", "coin-finder", index).startswith("lab/coin-finder: Finds coins in photos.")


def test_a_model_that_is_not_there(index: ModelIndex) -> None:
    said = answer("about_model", "Tell me about lab/word-finder", index)
    assert said.startswith("lab/word-finder is not in this index, so I cannot tell. The nearest here: ")
    assert said.endswith(" Add it with prefrontal index add lab/word-finder.")


def test_which_model_would_be_taken(index: ModelIndex) -> None:
    said = answer("which_model", "sort the lines", index)
    assert said.startswith("I would use prefrontal/sort-lines (sort-lines, built in): Sorts the lines of a text.")
    assert " Why: " in said
    assert answer("which_model", "which one?", index) == ""  # nothing to look for


def test_several_models(index: ModelIndex) -> None:
    first, *rest = answer("search_models", "Which models can sort lines?", index).splitlines()
    assert first == "What fits, and runs here:"
    assert 0 < len(rest) <= 5
    assert all(line.startswith("- prefrontal/") for line in rest)  # lab/coin-finder has no weights here


def test_the_files_that_came_along(index: ModelIndex) -> None:
    assert answer("list_files", "", index, [PHOTO, MEMO]) == "2 files:\n- desk.png (image)\n- memo.wav (audio)"
    assert answer("list_files", "", index, [PHOTO]) == "1 file:\n- desk.png (image)"
    assert answer("list_files", "", index) == (
        "No file came along; pass some with --file, or as arguments behind the goal."
    )


def test_courtesy(index: ModelIndex) -> None:
    assert answer("thanks", "", index) == "You are welcome."
    assert all(answer(op, "", index) for op in ("greet", "help", "who_are_you"))
