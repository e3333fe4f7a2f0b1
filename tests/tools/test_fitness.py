"""Whether a model can run here, from its card alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from prefrontal.tools import hub
from prefrontal.tools.builtin import builtin_cards
from prefrontal.tools.card import ModelCard, human_bytes
from prefrontal.tools.checkpoints import MINILM
from prefrontal.tools.fitness import Fitness, fitness
from prefrontal.tools.residency import machine_memory

HERE = ModelCard("lab/m", task="image-classification", library="transformers", bytes=1_000_000)


def test_a_builtin_always_runs() -> None:
    assert {fitness(card) for card in builtin_cards()} == {Fitness(True, True, "built in, needs no model")}


def test_a_model_of_this_machine(tmp_path: Path) -> None:
    assert fitness(HERE.with_(path=str(tmp_path))) == Fitness(True, True, "on this machine")
    assert fitness(HERE.with_(path="/nowhere/at/all")) == Fitness(False, False, "its folder /nowhere/at/all is gone")
    minilm = ModelCard(MINILM, task="sentence-similarity", library="sentence-transformers")
    assert fitness(minilm) == Fitness(True, True, "on this machine")


def test_a_model_of_the_hub() -> None:
    assert fitness(HERE, offline=False) == Fitness(True, False, "to be downloaded first (1.0 MB)")
    assert fitness(HERE, offline=True) == Fitness(False, False, "not on this machine, and the Hub is out of reach")
    assert fitness(HERE) == fitness(HERE, offline=True)  # tests are offline


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"task": ""}, "its task is not known"),
        ({"library": "spacy"}, "nothing here runs image-classification with spacy yet"),
        ({"task": "robotics"}, "nothing here runs robotics with transformers yet"),
        ({"safetensors": False}, "its weights are pickles, which are not loaded"),
        ({"model_type": "sam2"}, "needs torchvision, not installed here: "
                                 "pip install torchvision of the version that fits your torch"),
        ({"bytes": 10**14}, f"its weights need 100.0 TB, this machine has {human_bytes(machine_memory())}"),
        ({"bytes": 0, "parameters": 10**13},
         f"its weights need 40.0 TB, this machine has {human_bytes(machine_memory())}"),
    ],
)  # fmt: skip
def test_what_stands_in_the_way(changes: dict, reason: str) -> None:
    assert fitness(HERE.with_(**changes), offline=False) == Fitness(False, False, reason)


@pytest.mark.parametrize("name", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_told_offline(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.delenv("TRANSFORMERS_OFFLINE")
    assert not hub.told_offline()
    monkeypatch.setenv(name, "1")
    assert hub.told_offline()
    assert hub.is_offline()
