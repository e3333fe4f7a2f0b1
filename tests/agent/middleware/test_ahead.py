"""The next step's model is loaded while the current one runs."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from prefrontal import Agent, ModelIndex, Workspace
from prefrontal.tools.devices import CPU
from prefrontal.tools.model_tool import ModelTool
from prefrontal.tools.residency import Residency

GOAL = "Count the coins in this photo and say the number in French"


class Watched(Residency):
    """Notes, at each load, which other models were in use at that moment."""

    def __init__(self) -> None:
        super().__init__()
        self.beside: dict[str, list[str]] = {}

    def use(self, key: Any, open: Any, size: int, device: str = CPU) -> Any:
        def opened() -> Any:
            self.beside[key[0]] = [other[0] for other, r in self._residents.items() if r.users and other != key]
            return open()

        return super().use(key, opened, size, device)


def test_the_translator_is_loaded_while_the_detector_runs(
    tmp_path: Path, coins_png: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    residency, begun = Watched(), threading.Event()
    run_model = ModelTool._run_model

    def slow(self: ModelTool, inputs: dict[str, Any], notes: list[str]) -> dict[str, Any]:
        """The detector is not done before the next model is being loaded."""
        outputs = run_model(self, inputs, notes)
        if self.card.id == "prefrontal/coin-detector":
            until = time.monotonic() + 60
            while "prefrontal/numbers-en-fr" not in residency.beside and time.monotonic() < until:
                time.sleep(0.02)
            begun.set()
        return outputs

    monkeypatch.setattr(ModelTool, "_run_model", slow)
    run = Agent(index=ModelIndex(), workspace=Workspace(tmp_path / "workspace"), residency=residency).run(
        GOAL, coins_png
    )
    assert run.answer == "There are 24 coins. In French: vingt-quatre."
    assert begun.is_set()
    assert "prefrontal/numbers-en-fr" in residency.beside


def test_nothing_is_downloaded_ahead(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from prefrontal import ModelCard

    residency = Residency()
    monkeypatch.setattr("prefrontal.tools.hub.fetch", lambda *asked: pytest.fail("it was downloaded"))
    ModelTool(ModelCard("lab/far", task="fill-mask"), workspace, residency).load_ahead()
    assert not residency._residents
