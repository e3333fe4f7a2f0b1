"""Whether a model can run here, from its card alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from prefrontal.tools import residency
from prefrontal.tools.builtin import builtin_cards
from prefrontal.tools.card import ModelCard
from prefrontal.tools.checkpoints import MINILM
from prefrontal.tools.fitness import Fitness, fitness
from prefrontal.tools.residency import machine_memory
from prefrontal.tools.units import human_bytes

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
    assert fitness(HERE, offline=True) == Fitness(False, False, "not downloaded, and offline")
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
def test_what_stands_in_the_way(changes: dict, reason: str, lacking: Callable[..., None]) -> None:
    lacking("torchvision")
    assert fitness(HERE.with_(**changes), offline=False) == Fitness(False, False, reason)


def test_every_obstacle_is_named(lacking: Callable[..., None]) -> None:
    lacking("torchvision")
    card = HERE.with_(model_type="sam2", safetensors=False, bytes=10**14)
    found = fitness(card, offline=False)
    assert found.reason.startswith("needs torchvision, not installed here: pip install ")
    assert found.further == (
        "its weights are pickles, which are not loaded",
        f"its weights need 100.0 TB, this machine has {human_bytes(machine_memory())}",
    )


def test_a_gated_model_needs_a_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gated, terms = HERE.with_(gated=True), ("gated, its terms must be accepted on the Hub",)
    monkeypatch.setenv("HF_TOKEN_PATH", str(tmp_path / "none"))
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "none"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    assert fitness(gated, offline=False) == Fitness(
        False, False, "gated, and no token is set: accept its terms on the Hub and set HF_TOKEN"
    )
    assert fitness(gated, offline=True) == Fitness(False, False, "not downloaded, and offline", terms)
    monkeypatch.setenv("HF_TOKEN", "hf_x")
    assert fitness(gated, offline=False) == Fitness(True, False, "to be downloaded first (1.0 MB)", terms)
    assert fitness(gated.with_(path=str(tmp_path))) == Fitness(True, True, "on this machine")


def test_the_limit_of_a_container_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "limit").write_text("5000000\n")
    (tmp_path / "none").write_text("max\n")
    monkeypatch.setattr("prefrontal.tools.residency._LIMITS", [str(tmp_path / name) for name in ("limit", "none", "x")])
    residency._limits.cache_clear()
    try:
        assert machine_memory() == 5_000_000
        assert fitness(HERE.with_(bytes=4_500_000), offline=False).reason == (
            "its weights need 4.5 MB, this machine has 5.0 MB"
        )
    finally:
        residency._limits.cache_clear()
