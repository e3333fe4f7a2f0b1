"""Runs the built-ins: no weights, nothing to load."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...errors import ModelUnavailableError
from ..builtin import FUNCTIONS
from ..card import ModelCard
from .base import Fitness


class BuiltinRunner:
    """The adapter for task rows that need no model."""

    weights = False

    def fitness(self, card: ModelCard, offline: bool | None = None) -> Fitness:
        return Fitness(True, True, "built in, needs no model")

    def open(self, card: ModelCard) -> BuiltinSession:
        if card.row is None or card.task not in FUNCTIONS:
            raise ModelUnavailableError(f"{card.task} is not built in; built in are {', '.join(FUNCTIONS)}")
        return BuiltinSession(FUNCTIONS[card.task], tuple(slot.name for slot in card.row.outputs))


@dataclass(frozen=True)
class BuiltinSession:
    """A function, and the names of what it gives: one value, or a dict where there are several."""

    function: Callable[..., Any]
    outputs: tuple[str, ...]
    bytes: int = 0

    def run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        given = self.function(**inputs)
        return {self.outputs[0]: given} if len(self.outputs) == 1 else given

    def close(self) -> None:
        pass
