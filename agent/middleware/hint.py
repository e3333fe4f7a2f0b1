"""The embedded planner's plan as a hint for a language model."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.messages import SystemMessage

from ...tools.media import Workspace
from ...tools.tasks import find_task
from ..planner.chat import EmbeddedPlanner
from ..planner.plan import Plan
from ..planner.plan_step import nodes_in


class PlanHint(AgentMiddleware[AgentState[Any]]):
    """Adds the plan that rules read out of the goal to a language model's instructions.

    Only closed fields go in: tasks of our table, handles, and which step feeds which; no word of the goal, of a file
    or of a card. When the planner cannot place the goal, nothing is added.
    """

    def __init__(self, planner: EmbeddedPlanner, workspace: Workspace) -> None:
        super().__init__()
        self.planner, self.workspace = planner, workspace

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        return handler(self._hinted(request))

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        return await handler(self._hinted(request))

    def _hinted(self, request: ModelRequest[Any]) -> ModelRequest[Any]:
        if not request.messages:
            return request
        plan = self.planner.plan_for(request.messages)
        if plan.problem or not plan.steps:
            return request
        before = request.system_message.text if request.system_message else ""
        hint = hint_of(plan, {media.handle for media in self.workspace})
        return request.override(system_message=SystemMessage(f"{before}\n\n{hint}".strip()))


def hint_of(plan: Plan, handles: set[str]) -> str:
    """A plan in closed fields: "2. count(items=what step 1 gives)"."""
    lines = ["A plan that simple rules read out of the goal; it may be wrong, the goal decides:"]
    for number, step in enumerate(plan.steps, start=1):
        row = find_task(step.task)
        slots = row.inputs if row else ()
        given = [f"{s.name}={_closed(step.arguments[s.name], handles)}" for s in slots if s.name in step.arguments]
        each = f", once for each {step.each}" if step.each else ""
        lines.append(f"{number}. {step.task}({', '.join(given)}){each}")
    return "\n".join(lines)


def _closed(value: Any, handles: set[str]) -> str:
    """A handle, what a step gives, or only that the goal says it."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_closed(part, handles) for part in value) + "]"
    if places := nodes_in(value):
        return " and ".join(f"what step {place + 1} gives" for place in places)
    return value if isinstance(value, str) and value in handles else "as the goal says"
