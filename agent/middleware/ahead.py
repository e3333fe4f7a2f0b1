"""The next step's model is loaded while the current one runs."""

from __future__ import annotations

import re
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import copy_context
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState
from langchain_core.messages import ToolMessage
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.types import Command

from ...tools.model_tool import ModelTool
from ...tools.tasks import get_task
from ..planner.chat import EmbeddedPlanner
from ..planner.execute.choosing import choose
from ..planner.plan_step import PlanStep
from ..toolbox import Toolbox

Answer = ToolMessage | Command[Any]
_CALL = re.compile(r"g\d+-(\d+)-\d+-0(?:-\d+)?")  # how the embedded planner marks the first call of a step


class LoadAhead(AgentMiddleware[AgentState[Any]]):
    """Loads, beside a call of the embedded planner's, the model that its next step will call.

    Only weights that lie on this machine are loaded, and only where they fit beside what is used: nothing is downloaded
    before its turn, nobody is asked, and nothing runs. A plan that changes its mind has loaded a model in vain.
    """

    def __init__(self, planner: EmbeddedPlanner, toolbox: Toolbox) -> None:
        super().__init__()
        self.planner, self.toolbox = planner, toolbox

    def wrap_tool_call(self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Answer]) -> Answer:
        self._begin(request)
        return handler(request)

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Answer]]
    ) -> Answer:
        self._begin(request)
        return await handler(request)

    def _begin(self, request: ToolCallRequest) -> None:
        call = _CALL.fullmatch(request.tool_call["id"] or "")
        if call is None or not isinstance(request.tool, ModelTool):
            return
        coming = self._next(request.state["messages"], int(call[1]))
        if coming is None:
            return

        def load() -> None:
            with suppress(Exception):  # the step itself will tell what is wrong
                if tool := self._tool_of(coming):
                    tool.load_ahead()

        threading.Thread(target=copy_context().run, args=(load,), daemon=True, name="look-ahead").start()

    def _next(self, messages: Any, place: int) -> PlanStep | None:
        """The first step after this one that a model does; None when that is probably the one in use."""
        steps = self.planner.plan_for(messages).steps
        coming = next((step for step in steps[place + 1 :] if not get_task(step.task).builtin), None)
        return coming if coming and coming.task != steps[place].task else None

    def _tool_of(self, step: PlanStep) -> ModelTool | None:
        found = self.toolbox.search(step.limits.get("model") or step.words, 5, step.task)
        best = next(iter(choose(step, found["candidates"], self.toolbox.index)), None)
        return self.toolbox.tool(best["id"]) if best else None
