"""Limits enforced in code: turns, seconds and bytes downloaded."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any, NotRequired

from langchain.agents.middleware import AgentMiddleware, AgentState, hook_config
from langchain_core.messages import AIMessage

from ...errors import ModelUnavailableError
from ...tools.card import ModelCard, human_bytes
from ...tools.checkpoints import locate


@dataclass
class Budget:
    """What one run may use.

    Attributes:
        turns: calls of the chat model.
        seconds: wall-clock time, looked at before each turn.
        download_bytes: weights fetched from the Hub, over the agent's life; 0 forbids downloading.
    """

    turns: int = 40
    seconds: float = 600.0
    download_bytes: int = 4_000_000_000
    _downloaded: int = field(default=0, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def gate(self, card: ModelCard) -> None:
        """Count a model that has to be downloaded.

        Raises:
            ModelUnavailableError: it would go beyond the budget.
        """
        if locate(card) is not None:
            return
        with self._lock:
            if self._downloaded + card.bytes > self.download_bytes:
                raise ModelUnavailableError(
                    f"{card.id} needs {human_bytes(card.bytes)} downloaded, "
                    f"{human_bytes(self.download_bytes)} are allowed in all; "
                    "raise Budget(download_bytes=…) or take a smaller model"
                )
            self._downloaded += card.bytes


class BudgetState(AgentState[Any]):
    """When the run began (seconds since the epoch) and how many turns it took."""

    began: NotRequired[float]
    turns: NotRequired[int]


class WithinBudget(AgentMiddleware[BudgetState]):
    """Ends a run in words when its turns or seconds are used up."""

    state_schema = BudgetState

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self.budget = budget

    def before_agent(self, state: BudgetState, runtime: Any) -> dict[str, Any]:
        return {"began": time.time(), "turns": 0}

    @hook_config(can_jump_to=["end"])
    def before_model(self, state: BudgetState, runtime: Any) -> dict[str, Any]:
        turns, took = state.get("turns", 0), time.time() - state.get("began", time.time())
        over = ""
        if turns >= self.budget.turns:
            over = f"{self.budget.turns} turns"
        elif took > self.budget.seconds:
            over = f"{self.budget.seconds:.0f} seconds"
        if not over:
            return {"turns": turns + 1}
        text = f"Stopped: the budget of {over} is used up; raise Budget(turns=…, seconds=…) or ask for less at once."
        return {"messages": [unreached(text, "budget")], "jump_to": "end"}


def unreached(text: str, reason: str) -> AIMessage:
    """An answer that says that the goal was not reached, and why, in a form that `Run` reads."""
    return AIMessage(text, additional_kwargs={"prefrontal": {"reached": False, "reason": reason}})
