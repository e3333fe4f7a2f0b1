"""What happens in a run, as a stream of small plain records: the lines of `prefrontal run --json`.

search  {"query", "task", "candidates", "seconds", "thought"}   call    {"id", "tool", "arguments", "thought"}
result  {"id", "tool", "model", "text", "result", "seconds", "notes": how files were read, if any}
error   {"id", "tool", "text"}
answer  {"text", "reached"}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from langchain_core.messages import AIMessage, ToolMessage

from .messages import SEARCH
from .records import SearchRecord
from .step import searched, step_of

Calls = dict[str, tuple[str, dict[str, Any]]]  # by a call's id: its thought, and the call


def events_of(update: dict[str, Any], calls: Calls | None = None) -> Iterator[dict[str, Any]]:
    """The events in one update of a LangGraph stream (mode "updates").

    Args:
        calls: the same dict for all updates of a run: it carries each call to the update with its result.
    """
    calls = {} if calls is None else calls
    for change in update.values():
        if not isinstance(change, dict):
            continue
        for search in change.get("searches", []):
            yield searched(search).to_event()
        for message in change.get("messages", []):
            if isinstance(message, AIMessage):
                yield from _said(message, calls)
            elif isinstance(message, ToolMessage):
                yield _came_back(message, calls)


def _said(message: AIMessage, calls: Calls) -> Iterator[dict[str, Any]]:
    thought = str(message.text)
    for call in message.tool_calls:
        calls[call["id"] or ""] = (thought, {"name": call["name"], "args": call["args"]})
        if call["name"] != SEARCH:
            called = {"id": call["id"], "tool": call["name"], "arguments": call["args"]}
            yield {"type": "call", **called, "thought": thought}
    if not message.tool_calls and message.text.strip():
        noted = message.additional_kwargs.get("prefrontal", {})
        yield {"type": "answer", "text": thought, "reached": noted.get("reached", True)}


def _came_back(message: ToolMessage, calls: Calls) -> dict[str, Any]:
    thought, call = calls.get(message.tool_call_id, ("", {"name": message.name or "", "args": {}}))
    if message.name == SEARCH and isinstance(message.artifact, dict):
        return searched(cast("SearchRecord", message.artifact), thought).to_event()
    return step_of(thought, call, message).to_event(message.tool_call_id)
