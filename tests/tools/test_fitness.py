"""Whether a model can run here, from its card alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from model_folders import with_weights
from other_devices import GB, OtherDevices

from prefrontal.errors import ModelUnavailableError
from prefrontal.retrieval.ranking.candidate import Candidate
from prefrontal.retrieval.ranking.signals import reasons_of
from prefrontal.tools.builtin import builtin_cards
from prefrontal.tools.card import ModelCard
from prefrontal.tools.checkpoints import MINILM
from prefrontal.tools.fitness import Fitness, fitness
from prefrontal.tools.placing import Target, needed_bytes
from prefrontal.tools.residency import machine_memory
from prefrontal.tools.runners import get_runner
from prefrontal.tools.units import human_bytes

HERE = ModelCard("lab/m", task="image-classification", library="transformers", bytes=1_000_000)


def here(folder: Path) -> ModelCard:
    """The same model in a folder of this machine."""
    return HERE.with_(path=with_weights(folder))


def test_a_builtin_always_runs() -> None:
    assert {fitness(card) for card in builtin_cards()} == {Fitness(True, True, "built in, needs no model")}


def test_a_model_of_this_machine(tmp_path: Path) -> None:
    assert fitness(here(tmp_path)) == Fitness(True, True, "on this machine")
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
    assert fitness(here(tmp_path / "m").with_(gated=True)) == Fitness(True, True, "on this machine")


# What loading would refuse is known before


def folder_of(tmp_path: Path, *names: str) -> ModelCard:
    """A card of a folder with these files, as the index reads it."""
    for name in ("README.md", *names):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"{}" if name.endswith(".json") else b"x")
    (tmp_path / "README.md").write_text("---\npipeline_tag: image-classification\nlibrary_name: transformers\n---\n# M")
    return ModelCard.from_dir(tmp_path, id="lab/m")


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ((), "it holds no safetensors"),
        (("model.gguf",), "its weights are GGUF, and only safetensors are loaded"),
        (("onnx/model.onnx", "config.json"), "its weights are ONNX, and only safetensors are loaded"),
        (("pytorch_model.bin", "config.json"), "its weights are pickles, which are not loaded"),
        (("model.gguf", "pytorch_model.bin"),
         "its weights are GGUF and pickles (.bin), and only safetensors are loaded"),
        (("model.safetensors",), "its config.json is missing"),
        (("other.safetensors", "config.json"), "its weights are not called model.safetensors"),
        (("model.safetensors", "config.json", "modeling.py"), "it carries Python code (modeling.py)"),
    ],
)  # fmt: skip
def test_a_folder_that_cannot_be_loaded_is_not_offered(tmp_path: Path, names: tuple[str, ...], reason: str) -> None:
    card = folder_of(tmp_path, *names)
    assert fitness(card) == Fitness(False, False, reason)
    assert f"cannot run here: {reason}" in reasons_of(Candidate(card, 0.5, 0, 1, fitness=fitness(card)))


def test_fitness_and_loading_say_the_same(tmp_path: Path, tiny: Callable[[str], Path]) -> None:
    whole = ModelCard.from_dir(tiny("image-classification"))
    assert fitness(whole) == Fitness(True, True, "on this machine")
    get_runner(whole).open(whole)
    for number, names in enumerate([("model.gguf",), ("model.safetensors",), ("other.safetensors", "config.json")]):
        card = folder_of(tmp_path / str(number), *names)
        assert not fitness(card).ok
        with pytest.raises(ModelUnavailableError):
            get_runner(card).open(card)


def test_a_folder_that_changes_is_looked_at_again(tmp_path: Path, tiny: Callable[[str], Path]) -> None:
    folder = shutil.copytree(tiny("image-classification"), tmp_path / "m")
    card = ModelCard.from_dir(folder)
    assert fitness(card).ok
    (folder / "extra.py").write_text("print()")
    assert fitness(card).reason == "it carries Python code (extra.py)"
    (folder / "extra.py").unlink()
    assert fitness(card).ok


def test_a_model_of_the_hub_without_safetensors() -> None:
    tags = ["gguf", "region:us", "text-generation"]
    card = ModelCard.from_row({"id": "a/b-GGUF", "pipeline_tag": "text-generation", "tags": tags})
    assert fitness(card, offline=False).reason == "its weights are GGUF, and only safetensors are loaded"
    both = ModelCard.from_row({"id": "a/b", "pipeline_tag": "text-generation", "tags": [*tags, "safetensors"]})
    assert fitness(both, offline=False).ok
    said = ModelCard.from_row({"id": "a/b", "pipeline_tag": "text-generation", "tags": ["gguf"]})
    assert said.safetensors is None, "its author's word, and not the Hub's"


# Where it goes


def test_a_model_that_fits_the_cpu_alone_says_so() -> None:
    card, needs = HERE.with_(dtypes=("F32:4000000000",)), human_bytes(needed_bytes(16 * GB))
    found = fitness(card, offline=False, devices=OtherDevices({"cuda:0": 8 * GB, "cpu": 64 * GB}))
    assert (found.ok, found.further) == (True, (f"runs on the CPU: it needs {needs}, cuda:0 has 7.2 GB for it",))
    assert found.placement is not None
    assert (found.placement.device, found.placement.dtype) == ("cpu", "float32")
    wanted = fitness(card, offline=False, target=Target("cuda"), devices=OtherDevices())
    assert wanted.placement is not None
    assert wanted.placement.device == "cuda:1"
    assert fitness(card, offline=False, target=Target("cuda:0"), devices=OtherDevices()) == Fitness(
        False, False, "its weights need 16.0 GB, cuda:0 has 8.0 GB"
    )
