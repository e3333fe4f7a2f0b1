"""Limits enforced in code: turns, seconds and bytes downloaded."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NotRequired
from uuid import uuid4

from langchain.agents.middleware import AgentMiddleware, AgentState, hook_config

from ...tools.allowance import STANDARD, Allowance
from ...tools.card import ModelCard
from ..messages import unreached

_PROCESS = uuid4().hex  # a run that is taken up again in another process is not charged for the time between


@dataclass
class Budget:
    """What one run may use.

    Attributes:
        turns: calls of the chat model.
        seconds: wall-clock time, looked at before each turn.
        download_bytes: weights fetched from the Hub, over the agent's life; 0 forbids downloading.
        ask: called with a question when a download would go beyond that; True lets it pass. When None it is refused.
    """

    turns: int = 40
    seconds: float = 600.0
    download_bytes: int = STANDARD
    ask: Callable[[str], bool] | None = None
    _allowance: Allowance = field(default_factory=Allowance, repr=False)

    def gate(self, card: ModelCard) -> None:
        """Count a model that has to be downloaded.

        Raises:
            ModelUnavailableError: it would go beyond the budget.
        """
        allowance = self._allowance
        allowance.bytes, allowance.ask = self.download_bytes, self.ask
        allowance.advice = "raise Budget(download_bytes=…) or take a smaller model"
        allowance.gate(card)


class BudgetState(AgentState[Any]):
    """When the run began (seconds since the epoch), in which process, and how many turns it took."""

    began: NotRequired[float]
    process: NotRequired[str]
    turns: NotRequired[int]


class WithinBudget(AgentMiddleware[BudgetState]):
    """Ends a run in words when its turns or seconds are used up."""

    state_schema = BudgetState

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self.budget = budget

    def before_agent(self, state: BudgetState, runtime: Any) -> dict[str, Any]:
        return {"began": time.time(), "process": _PROCESS, "turns": 0}

    @hook_config(can_jump_to=["end"])
    def before_model(self, state: BudgetState, runtime: Any) -> dict[str, Any]:
        turns, now = state.get("turns", 0), time.time()
        began = state.get("began", now) if state.get("process") == _PROCESS else now
        over = ""
        if turns >= self.budget.turns:
            over = f"{self.budget.turns} turns"
        elif now - began > self.budget.seconds:
            over = f"{self.budget.seconds:.0f} seconds"
        if not over:
            return {"began": began, "process": _PROCESS, "turns": turns + 1}
        text = f"Stopped: the budget of {over} is used up; raise Budget(turns=…, seconds=…) or ask for less at once."
        return {"messages": [unreached(text, "budget")], "jump_to": "end"}
