"""Never in circles, and never a silent empty answer."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState, hook_config
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from .budget import unreached

MAX_SAME_CALLS = 3
MAX_CALLS_A_TURN = 64
_CORRECTION = "prefrontal-correction"


class Guard(AgentMiddleware[AgentState[Any]]):
    """Looks at what the model said.

    The same call three times ends the run with what there is. An empty answer or a malformed tool call gets one
    correcting turn, then a named end. A flood of calls in one turn is cut to 64.
    """

    @hook_config(can_jump_to=["end", "model"])
    def after_model(self, state: AgentState[Any], runtime: Any) -> dict[str, Any] | None:
        messages = state["messages"]
        last = messages[-1]
        if not isinstance(last, AIMessage):
            return None
        if repeated := _repeated(messages, last):
            return _stop(messages, f"the same call of {repeated} came {MAX_SAME_CALLS} times", "repeated call")
        if len(last.tool_calls) > MAX_CALLS_A_TURN:
            return {"messages": [last.model_copy(update={"tool_calls": last.tool_calls[:MAX_CALLS_A_TURN]})]}
        if last.tool_calls or (last.text.strip() and not last.invalid_tool_calls):
            return None
        problem = _problem(last)
        if any(message.name == _CORRECTION for message in messages[-3:]):
            return _stop(messages, f"{problem} twice in a row", "empty answer")
        text = (
            f"Your last turn could not be used: {problem}. Call a tool with valid JSON arguments, or answer in words."
        )
        return {"messages": [HumanMessage(text, name=_CORRECTION)], "jump_to": "model"}


def _problem(last: AIMessage) -> str:
    if not last.invalid_tool_calls:
        return "the model gave an empty answer"
    call = last.invalid_tool_calls[0]
    return f"the model's call of {call.get('name') or 'a tool'} was no valid JSON"


def _signature(call: Any) -> str:
    return json.dumps([call["name"], call["args"]], sort_keys=True, default=str)


def _repeated(messages: list[AnyMessage], last: AIMessage) -> str:
    """The name of a tool that was called with the same arguments too often since the user last spoke."""
    said = [m for m in messages if isinstance(m, AIMessage | HumanMessage)]
    start = max((i for i, m in enumerate(said) if isinstance(m, HumanMessage) and m.name != _CORRECTION), default=0)
    counts: Counter[str] = Counter()
    for message in said[start:]:
        if isinstance(message, AIMessage):  # several equal calls in one turn are one decision
            counts.update({_signature(call) for call in message.tool_calls})
    return next((c["name"] for c in last.tool_calls if counts[_signature(c)] >= MAX_SAME_CALLS), "")


def _stop(messages: list[AnyMessage], why: str, reason: str) -> dict[str, Any]:
    """End in words, with the last results, and answer open calls so that the history stays valid."""
    last = messages[-1]
    calls = last.tool_calls if isinstance(last, AIMessage) else []
    closed = [ToolMessage("not run", name=c["name"], tool_call_id=c["id"] or "", status="error") for c in calls]
    done = [m.text for m in messages if isinstance(m, ToolMessage) and m.status != "error" and m.artifact][-3:]
    there = f" What there is so far: {' | '.join(done)}" if done else ""
    return {"messages": [*closed, unreached(f"Stopped: {why}.{there}", reason)], "jump_to": "end"}
