"""When a model fails, the next candidate of the same task gets the same call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterator
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState
from langchain_core.messages import ToolMessage
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.types import Command

from ...errors import ModelFailedError, ModelUnavailableError
from ...tools.model_tool import ModelTool
from ..messages import redact
from ..toolbox import Toolbox

Answer = ToolMessage | Command[Any]
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

    def wrap_tool_call(self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Answer]) -> Answer:
        attempts = self._attempts(request)
        attempt = next(attempts)
        while True:
            try:
                attempt = attempts.send(handler(attempt))
            except StopIteration as end:
                return end.value

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Answer]]
    ) -> Answer:
        attempts = self._attempts(request)
        attempt = next(attempts)
        while True:
            try:
                attempt = attempts.send(await handler(attempt))
            except StopIteration as end:
                return end.value

    def _attempts(self, request: ToolCallRequest) -> Generator[ToolCallRequest, Answer, Answer]:
        """Gives each request to make, takes its answer, and returns the one that stands: sync and async drive it."""
        answer, failures = (yield request), []
        for tool in self._others(request):
            if not _failed(answer):
                break
            failures.append(redact(_text(answer)))
            answer = yield request.override(tool=tool, tool_call={**request.tool_call, "name": tool.name})
        return _told(answer, failures)

    def _others(self, request: ToolCallRequest) -> Iterator[ModelTool]:
        """Looked up only once the first one failed."""
        first = request.tool
        if not isinstance(first, ModelTool):
            return
        others = reversed(self.toolbox.bound(request.state.get("found", [])))
        same = [tool for tool in others if tool.card.task == first.card.task and tool.name != first.name]
        yield from same[: self.tries]


def _text(answer: Answer) -> str:
    return str(answer.text) if isinstance(answer, ToolMessage) else ""


def _failed(answer: Answer) -> bool:
    return isinstance(answer, ToolMessage) and answer.status == "error" and answer.text.startswith(_FINAL)


def _told(answer: Answer, failures: list[str]) -> Answer:
    """The answer, with what failed before it, for the model and for the record."""
    if not failures or not isinstance(answer, ToolMessage):
        return answer
    if _failed(answer):
        return answer.model_copy(update={"content": " | ".join([*failures, answer.text])})
    artifact = {**answer.artifact, "failed_before": failures} if isinstance(answer.artifact, dict) else answer.artifact
    return answer.model_copy(update={"artifact": artifact})
