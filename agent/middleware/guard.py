"""Never in circles, never a silent empty answer, and nothing half executed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse, hook_config
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, ToolMessage
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.types import Command

from ..messages import SEARCH, correction, error_message, last_goal, redact, unreached

MAX_SAME_CALLS = 3
MAX_CALLS_A_TURN = 64
_CUT_OFF = ("length", "max_tokens", "MAX_TOKENS", "incomplete")


class Guard(AgentMiddleware[AgentState[Any]]):
    """Looks at what the model said, and at what it is sent.

    The same call three times ends the run with what there is. An empty answer or a malformed tool call gets one
    correcting turn, then a named end. A flood of calls in one turn is cut to 64, and each call gets an id of its
    own. Calls of an answer that was cut off are not run. A history with open calls (a run that broke off) is sent
    closed, as providers demand. Keys and paths in the errors of tools do not reach the model.
    """

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        return _tidied(handler(request.override(messages=closed(request.messages))), request)

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        return _tidied(await handler(request.override(messages=closed(request.messages))), request)

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        return _redacted(handler(request))

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]]
    ) -> ToolMessage | Command[Any]:
        return _redacted(await handler(request))

    @hook_config(can_jump_to=["end", "model"])
    def after_model(self, state: AgentState[Any], runtime: Any) -> dict[str, Any] | None:
        messages = state["messages"]
        own = [message for message in messages[last_goal(messages) :] if isinstance(message, AIMessage)]
        if not own or own[-1] is not messages[-1]:
            return None
        last = own[-1]
        if repeated := _repeated(own):
            return _stop(messages, f"the same call of {repeated} came {MAX_SAME_CALLS} times", "repeated call")
        refused = [error_message(f"wrong input: {_malformed(call)}", call) for call in last.invalid_tool_calls]
        if last.tool_calls or not _unusable(last):
            return {"messages": refused} if refused else None
        if len(own) > 1 and _unusable(own[-2]):
            return _stop(messages, f"{_unusable(last)} twice in a row", "empty answer")
        asked = f"Your last turn could not be used: {_unusable(last)}. Call a tool, or answer in words."
        return {"messages": refused or [correction(asked)], "jump_to": "model"}


def closed(messages: list[AnyMessage]) -> list[AnyMessage]:
    """The history as providers accept it: each call has its answer right behind it, and no turn is empty."""
    answered = {message.tool_call_id for message in messages if isinstance(message, ToolMessage)}
    whole: list[AnyMessage] = []
    for message in messages:
        calls = [*message.tool_calls, *message.invalid_tool_calls] if isinstance(message, AIMessage) else []
        if isinstance(message, AIMessage) and not message.content and not calls:
            continue
        whole.append(message)
        whole += [error_message("not run: the run was cut off", call) for call in calls if call["id"] not in answered]
    return whole


def _tidied(response: ModelResponse[Any], request: ModelRequest[Any]) -> ModelResponse[Any]:
    """The response with calls that can be run and told apart, before the rest of the graph sees them."""
    taken = {call["id"] for m in request.messages if isinstance(m, AIMessage) for call in m.tool_calls}
    return replace(response, result=[_tidy(message, taken) for message in response.result])


def _tidy(message: BaseMessage, taken: set[Any]) -> BaseMessage:
    if not isinstance(message, AIMessage) or not (message.tool_calls or message.invalid_tool_calls):
        return message
    calls, invalid = message.tool_calls[:MAX_CALLS_A_TURN], message.invalid_tool_calls[:MAX_CALLS_A_TURN]
    if _cut_off(message):  # a parser may have closed the half-written JSON: what came last is not what was meant
        half = [{**call, "args": json.dumps(call["args"]), "error": "cut off", "type": "invalid_tool_call"}
                for call in calls]  # fmt: skip
        calls, invalid = [], [*half, *invalid]
    for call in (named := [{**call} for call in (*calls, *invalid)]):
        if not call["id"] or call["id"] in taken:
            call["id"] = f"call_{uuid4().hex[:24]}"
        taken.add(call["id"])
    return message.model_copy(update={"tool_calls": named[: len(calls)], "invalid_tool_calls": named[len(calls) :]})


def _cut_off(message: AIMessage) -> bool:
    """Whether the answer ends too early: by the provider's own word, or because a stream stopped without one."""
    told = message.response_metadata
    reason = told.get("finish_reason") or told.get("stop_reason") or told.get("status")
    return reason in _CUT_OFF or (not reason and told.get("model_provider") == "openai")


def _redacted(answer: ToolMessage | Command[Any]) -> ToolMessage | Command[Any]:
    if isinstance(answer, ToolMessage) and answer.status == "error" and redact(answer.text) != answer.text:
        return answer.model_copy(update={"content": redact(answer.text)})
    return answer


def _unusable(message: AIMessage) -> str:
    """What is wrong with a turn that neither calls a tool nor answers; "" when it does."""
    if message.tool_calls or (message.text.strip() and not message.invalid_tool_calls):
        return ""
    return _malformed(message.invalid_tool_calls[0]) if message.invalid_tool_calls else "the model gave an empty answer"


def _malformed(call: Any) -> str:
    what = "was cut off" if call.get("error") == "cut off" else "was no valid JSON"
    return f"the model's call of {call.get('name') or 'a tool'} {what}"


def _repeated(own: list[AIMessage]) -> str:
    """The name of a tool that was called with the same arguments too often; equal calls in one turn count once."""
    counts = Counter(signature for message in own for signature in {_signature(call) for call in message.tool_calls})
    return next((call["name"] for call in own[-1].tool_calls if counts[_signature(call)] >= MAX_SAME_CALLS), "")


def _signature(call: Any) -> str:
    return json.dumps([call["name"], call["args"]], sort_keys=True, default=str)


def _stop(messages: list[AnyMessage], why: str, reason: str) -> dict[str, Any]:
    """End in words, with the last results, and answer open calls so that the history stays valid."""
    last = messages[-1]
    calls = [*last.tool_calls, *last.invalid_tool_calls] if isinstance(last, AIMessage) else []
    own = messages[last_goal(messages) :]
    done = [m.text for m in own if isinstance(m, ToolMessage) and m.status != "error" and m.name != SEARCH][-3:]
    there = f" What there is so far: {' | '.join(done)}" if done else ""
    ended = [error_message("not run", call) for call in calls]
    return {"messages": [*ended, unreached(f"Stopped: {why}.{there}", reason)], "jump_to": "end"}
