"""A small index of real models, a picture of a digit, a run over both, and a server that speaks OpenAI's language."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "tiny")]

if TYPE_CHECKING:
    from openai_server import OpenAIServer

    from prefrontal import ModelCard, ModelIndex, Run, Workspace


@pytest.fixture(scope="session")
def zoo() -> list[ModelCard]:
    """The digit classifier and the number translator, out of the package under test: its ids are for its own alone."""
    from prefrontal.zoo import zoo_cards

    cards = {card.id: card for card in zoo_cards()}
    return [cards["prefrontal/digit-classifier"], cards["prefrontal/numbers-en-fr"]]


@pytest.fixture
def small_index(tmp_path: Path, zoo: list[ModelCard]) -> ModelIndex:
    """The built-ins and the two models, found by spelling."""
    from prefrontal import ModelIndex
    from prefrontal.retrieval.embedding.hashing import HashEmbedder
    from prefrontal.tools.builtin import builtin_cards

    index = ModelIndex(tmp_path / "index", HashEmbedder())
    index.add([*builtin_cards(), *zoo])
    return index


@pytest.fixture
def corrupt(tmp_path: Path, zoo: list[ModelCard]) -> ModelCard:
    """A copy of the translator whose weights are damaged."""
    from prefrontal import ModelCard

    folder = tmp_path / "corrupt"
    shutil.copytree(zoo[1].path, folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    return ModelCard.from_dir(folder, id="lab/corrupt-en-fr")


@pytest.fixture(scope="session")
def digit_seven() -> Any:
    """A handwritten seven out of scikit-learn's digits, as a picture."""
    from PIL import Image

    load_digits = pytest.importorskip("sklearn.datasets", reason="the digit is scikit-learn's").load_digits
    pixels = (load_digits().images[7] / 16 * 255).astype("uint8")
    return Image.fromarray(pixels).resize((64, 64), Image.Resampling.NEAREST)


@pytest.fixture
def seven(small_index: ModelIndex, workspace: Workspace, digit_seven: Any) -> Run:
    """A run over both models: a digit is read, and said in French."""
    from prefrontal import Agent
    from prefrontal.agent.scripted import ScriptedChatModel, calling

    model = ScriptedChatModel(
        calling("prefrontal--digit-classifier", thought="I read the digit.", image="image-1"),
        calling("prefrontal--numbers-en-fr", thought="I say it in French.", text="result-1"),
        "It is a seven: sept.",
    )
    run = Agent(model, small_index, workspace).run("recognise the digit; say it in French", digit_seven)
    assert [step.ok for step in run.steps if step.kind == "call"] == [True, True], str(run)
    return run


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    from openai_server import OpenAIServer

    server = OpenAIServer()
    yield server
    server.close()
