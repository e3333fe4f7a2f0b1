"""When a model fails, the next candidate of the same task gets the same call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState
from langchain_core.messages import ToolMessage
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.types import Command

from ...errors import ModelFailedError, ModelUnavailableError
from ...tools.model_tool import ModelTool
from ..toolbox import Toolbox

_FINAL = (f"{ModelFailedError.label}:", f"{ModelUnavailableError.label}:")


class FailOver(AgentMiddleware[AgentState[Any]]):
    """Tries other models that were found for the task, the newest first, when one fails or cannot be had.

    A call whose arguments are wrong is not repeated: that is the chat model's to mend.

    Args:
        tries: how many other models at most.
    """

    def __init__(self, toolbox: Toolbox, tries: int = 2) -> None:
        super().__init__()
        self.toolbox, self.tries = toolbox, tries

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        answer, failures = handler(request), []
        for tool in self._others(request):
            if not _failed(answer):
                break
            failures.append(answer.text)
            answer = handler(request.override(tool=tool, tool_call={**request.tool_call, "name": tool.name}))
        return _told(answer, failures)

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]]
    ) -> ToolMessage | Command[Any]:
        answer, failures = await handler(request), []
        for tool in self._others(request):
            if not _failed(answer):
                break
            failures.append(answer.text)
            answer = await handler(request.override(tool=tool, tool_call={**request.tool_call, "name": tool.name}))
        return _told(answer, failures)

    def _others(self, request: ToolCallRequest) -> Iterator[ModelTool]:
        """Looked up only once the first one failed."""
        first = request.tool
        if not isinstance(first, ModelTool):
            return
        tried = 0
        for tool in reversed(self.toolbox.bound(request.state.get("found", []))):
            if tried < self.tries and tool.card.task == first.card.task and tool.name != first.name:
                tried += 1
                yield tool


def _failed(answer: Any) -> bool:
    return isinstance(answer, ToolMessage) and answer.status == "error" and answer.text.startswith(_FINAL)


def _told(answer: ToolMessage | Command[Any], failures: list[str]) -> ToolMessage | Command[Any]:
    """The answer, with what failed before it, for the model and for the record."""
    if not failures or not isinstance(answer, ToolMessage):
        return answer
    if _failed(answer):
        return answer.model_copy(update={"content": " | ".join([*failures, answer.text])})
    artifact = {**answer.artifact, "failed_before": failures} if isinstance(answer.artifact, dict) else answer.artifact
    return answer.model_copy(update={"artifact": artifact})
