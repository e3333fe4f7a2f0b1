"""Among the candidates, a model must know what is asked for; where none does, the sentence says what to do."""

from __future__ import annotations

from typing import Any

import pytest

from prefrontal import ModelIndex, Workspace
from prefrontal.agent.planner.execute.choosing import choose, label_for, misfit, model_for
from prefrontal.agent.planner.plan_step import PlanStep
from prefrontal.agent.toolbox import Toolbox

ADVICE = "Connect to the Hub, or add a model that is here (prefrontal index add FOLDER)."
COINS = PlanStep("object-detection", {"image": "image-1"}, "count the coins", noun="coins")
DOGS = PlanStep("object-detection", {"image": "image-1"}, "count the dogs", noun="dogs")


def candidate(id: str = "prefrontal/coin-detector", **more: Any) -> Any:
    return {"id": id, "task": "object-detection", "labels": ["coin"], "languages": [], "bytes": 7, **more}


def into(language: str) -> PlanStep:
    return PlanStep("translation", {"text": "24", "target_language": language}, "say 24")


def search(index: ModelIndex, workspace: Workspace) -> Any:
    return Toolbox(index, workspace).search


@pytest.mark.parametrize(
    ("noun", "label"),
    [
        ("coins", "coin"),
        ("coin", "coin"),
        ("old Coins", "coin"),
        ("cherries", "red cherry"),
        ("glasses", "glasses"),
        ("zebras", None),
        ("things", None),
    ],
)
def test_the_label_that_a_noun_means(small_index: ModelIndex, noun: str, label: str | None) -> None:
    assert label_for(noun, ["coin", "red cherry", "glasses"], small_index) == label


def test_any_thing_is_the_one_thing_that_a_model_knows(small_index: ModelIndex) -> None:
    assert label_for("objects", ["coin"], small_index) == "coin"
    assert label_for("objects", [], small_index) is None


def test_a_model_must_know_the_thing_by_its_labels_or_its_card(small_index: ModelIndex) -> None:
    digits = candidate("prefrontal/digit-classifier", labels=["0", "1"])
    asked = [PlanStep("image-classification", {}, "which is it", noun=noun) for noun in ("digits", "dogs", "")]
    assert [bool(choose(step, [digits], small_index)) for step in asked] == [True, False, False]
    said = PlanStep("image-classification", {}, "which number is it")
    assert choose(said, [digits], small_index), "who is in a photo is no 7, but a number may be"
    unlabelled = candidate("prefrontal/digit-classifier", labels=[])
    assert choose(asked[1], [unlabelled], small_index) == [unlabelled], "without labels it may know anything"


def test_a_model_must_write_the_language(small_index: ModelIndex) -> None:
    french, unknown = candidate(languages=["en", "fr"]), candidate(languages=[])
    assert choose(into("fr"), [french, unknown], small_index) == [french, unknown]
    assert choose(into("de"), [french, unknown], small_index) == [unknown], "who tells no language may know it"


def test_the_model_that_would_run(small_index: ModelIndex, workspace: Workspace) -> None:
    found = search(small_index, workspace)
    model = model_for(into("fr"), found, small_index)
    assert model == {"id": "prefrontal/numbers-en-fr", "task": "translation", "size": "3.2 MB"}
    count = PlanStep("count", {"items": "<node-0>"}, "count them")
    assert model_for(count, found, small_index) == {"id": "prefrontal/count", "task": "count", "size": "built in"}
    german = model_for(into("de"), found, small_index)
    assert german == {
        "task": "translation",
        "misfit": "No model that runs here writes the language 'de': prefrontal/numbers-en-fr knows en, fr. " + ADVICE,
    }


def test_a_thing_that_no_model_knows() -> None:
    assert misfit(DOGS, {"query": "q", "task": None, "candidates": [candidate()]}) == (
        "No model that runs here can do object-detection for 'dogs': prefrontal/coin-detector knows coin. " + ADVICE
    )


def test_a_task_without_a_model_names_the_nearest() -> None:
    far: Any = {"id": "lab/far", "task": "object-detection", "why": "its folder is gone"}
    assert misfit(COINS, {"query": "q", "task": None, "candidates": [], "others": [far]}) == (
        "No model that runs here can do object-detection for 'count the coins'. "
        "The nearest: lab/far: its folder is gone. " + ADVICE
    )
    assert misfit(COINS, {"query": "q", "task": None, "candidates": []}) == (
        "No model that runs here can do object-detection for 'count the coins'. " + ADVICE
    )
