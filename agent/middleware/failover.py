"""When a model fails, the next candidate of the same task makes the same call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import uuid4

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.types import Command

from ...errors import ModelFailedError, ModelUnavailableError
from ...tools.model_tool import ModelTool
from ..messages import folded, redact, taking_over
from ..toolbox import Toolbox

Answer = ToolMessage | Command[Any]
_FINAL = (f"{ModelFailedError.label}:", f"{ModelUnavailableError.label}:")


class FailOver(AgentMiddleware[AgentState[Any]]):
    """Lets other models that were found for the task make the call, the newest found first, when one fails or cannot
    be had.

    Who takes over does so in a turn of its own, as if the chat model had called it. So it passes whatever any call of
    this agent passes: the person that `HumanInTheLoopMiddleware` asks, in either of its modes and wherever it stands
    in the list; a limit of calls; a graph's own interrupt before its tools. Somebody who approved one model has not
    approved another: a model that a person has to be asked for never runs unasked, and there is nothing to configure.

    The chat model is not asked in between, and afterwards reads the answer as that to its own call: providers that
    sign what their model said do not accept turns that it did not say.

    A call whose arguments are wrong is not repeated: that is the chat model's to mend. Nor is one of a chat model that
    plans anew by itself (`plans_anew`), such as the embedded planner: it knows better which model comes next.

    Args:
        tries: how many other models at most.
    """

    def __init__(self, toolbox: Toolbox, tries: int = 2) -> None:
        super().__init__()
        self.toolbox, self.tries = toolbox, tries

    def wrap_tool_call(self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Answer]) -> Answer:
        return self._noted(request, handler(request))

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Answer]]
    ) -> Answer:
        return self._noted(request, await handler(request))

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        return handler(self._next(request))

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        return await handler(self._next(request))

    def _noted(self, request: ToolCallRequest, answer: Answer) -> Answer:
        """The answer, with what failed before it; a failure also with what the next model needs."""
        if not isinstance(answer, ToolMessage):
            return answer
        call, before = request.tool_call, _failure_behind(request)
        tool = request.tool or self.toolbox.named(call["name"], request.state.get("found", []))
        if isinstance(tool, ModelTool) and answer.status == "error" and answer.text.startswith(_FINAL):
            failure = {
                "task": tool.card.task,
                "arguments": call["args"],
                "tools": [*before.get("tools", []), tool.name],
                "said": [*before.get("said", []), redact(answer.text)],
            }
            noted = {**answer.additional_kwargs, "prefrontal": {"failure": failure}}
            return answer.model_copy(update={"additional_kwargs": noted})
        if before and isinstance(answer.artifact, dict):
            return answer.model_copy(update={"artifact": {**answer.artifact, "failed_before": before["said"]}})
        return answer

    def _next(self, request: ModelRequest[Any]) -> ModelRequest[Any]:
        """The request; after a failure that another model can make up for, one that is answered by its call."""
        if getattr(request.model, "plans_anew", False):
            return request
        turn = self._turn(request.state["messages"], request.state.get("found", []))
        if turn is None:
            return request.override(messages=folded(request.messages))
        # The request goes on through the other middleware, which may have a say: only who speaks is another.
        return request.override(model=_Saying(turn=turn))

    def _turn(self, messages: Sequence[AnyMessage], found: list[str]) -> AIMessage | None:
        """The calls of the models that come next; None when nothing failed, or none is left."""
        calls: dict[str, ToolCall] = {}  # by the id of the call that failed
        for result in _last_results(messages):
            failure = _failure(result)
            if failure and (tool := self._other(failure, found)):
                id = f"call_{uuid4().hex[:24]}"
                calls[result.tool_call_id] = ToolCall(name=tool.name, args=failure["arguments"], id=id)
        if not calls:
            return None
        noted = {"taking_over": {call["id"]: failed for failed, call in calls.items()}}
        return AIMessage("", tool_calls=list(calls.values()), additional_kwargs={"prefrontal": noted})

    def _other(self, failure: dict[str, Any], found: list[str]) -> ModelTool | None:
        """The model that takes over, the newest found first."""
        if len(failure["tools"]) > self.tries:
            return None
        others = (tool for tool in reversed(self.toolbox.bound(found)) if tool.card.task == failure["task"])
        return next((tool for tool in others if tool.name not in failure["tools"]), None)


class _Saying(BaseChatModel):
    """Speaks one turn in the place of a chat model."""

    turn: AIMessage
    cache: Any = False  # equal conversations fail over with calls of their own

    @property
    def _llm_type(self) -> str:
        return "prefrontal-fail-over"

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self.turn.model_copy())])


def _last_results(messages: Sequence[AnyMessage]) -> list[ToolMessage]:
    """What the calls of the last turn gave; [] when something was said since."""
    turn = max((place for place, message in enumerate(messages) if isinstance(message, AIMessage)), default=-1)
    since = messages[turn + 1 :]
    results = [message for message in since if isinstance(message, ToolMessage)]
    return results if turn >= 0 and len(results) == len(since) else []


def _failure(answer: AnyMessage) -> dict[str, Any]:
    """What was noted with a failed call: its task, its arguments, the tools that were tried, and what each said."""
    return answer.additional_kwargs.get("prefrontal", {}).get("failure", {}) if isinstance(answer, ToolMessage) else {}


def _failure_behind(request: ToolCallRequest) -> dict[str, Any]:
    """The failure for which a call takes over; {} for a call of the chat model's own."""
    messages, id = request.state["messages"], request.tool_call["id"]
    failed = next((taken[id] for message in reversed(messages) if id in (taken := taking_over(message))), None)
    return next((_failure(m) for m in reversed(messages) if failed and getattr(m, "tool_call_id", "") == failed), {})
