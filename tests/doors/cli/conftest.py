"""The command line in this process, over an index that is found by spelling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_line import Cli

from prefrontal import ModelCard, ModelIndex
from prefrontal.doors.cli import main
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.tools.builtin import builtin_cards

ZOO = Path(__file__).parents[3] / "zoo" / "models"


@pytest.fixture(scope="session")
def spelling_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-ins, two models of the zoo and one that is not here, found by spelling."""
    path = tmp_path_factory.mktemp("cli") / "index"
    zoo = [ModelCard.from_dir(ZOO / name, id=f"prefrontal/{name}") for name in ("digit-classifier", "numbers-en-fr")]
    row = {
        "id": "far/shortener",
        "task": "summarization",
        "library": "transformers",
        "bytes": 9_000_000,
        "license": "mit",
    }
    far = ModelCard.from_row(row)
    ModelIndex(path, HashEmbedder()).add([*builtin_cards(), *zoo, far])
    return path


@pytest.fixture
def cli(
    tmp_path: Path, spelling_index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Cli:
    """Runs a command over `spelling_index`; gives the exit code, standard output and standard error."""
    monkeypatch.setattr("prefrontal.retrieval.index.default_embedder", HashEmbedder)
    monkeypatch.setenv("PREFRONTAL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    def call(*arguments: Any, index: Path | None = spelling_index) -> tuple[int, str, str]:
        given = [str(argument) for argument in arguments]
        code = main([*given, "--index", str(index)] if index else given)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def digit(tmp_path: Path) -> Path:
    pytest.importorskip("sklearn", reason="the pictures of digits are scikit-learn's")
    from PIL import Image
    from sklearn.datasets import load_digits

    path = tmp_path / "digit.png"
    Image.fromarray((load_digits().images[5] * 15.9).astype("uint8")).resize((64, 64)).save(path)
    return path
