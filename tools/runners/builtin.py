"""Runs the built-ins: no weights, nothing to load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...errors import ModelUnavailableError
from ..builtin import FUNCTIONS
from ..card import ModelCard


class BuiltinRunner:
    """The adapter for task rows that need no model."""

    def load(self, card: ModelCard, folder: Path) -> Any:
        if card.task not in FUNCTIONS:
            raise ModelUnavailableError(f"{card.task} is not built in; built in are {', '.join(FUNCTIONS)}")
        return FUNCTIONS[card.task]

    def run(self, model: Any, card: ModelCard, inputs: dict[str, Any]) -> dict[str, Any]:
        row = card.row
        assert row is not None  # load would have refused
        return {row.output.name: model(**inputs)}
