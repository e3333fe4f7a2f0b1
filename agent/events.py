"""What happens in a run, as a stream of small plain records: the lines of `prefrontal run --json`.

search  {"query", "task", "candidates", "seconds", "thought"}   call    {"id", "tool", "arguments", "thought"}
result  {"id", "tool", "model", "text", "result", "seconds"}   error   {"id", "tool", "text"}
answer  {"text", "reached"}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from langchain_core.messages import AIMessage, ToolMessage

from .messages import artifact_of
from .middleware.retrieve import SEARCH


def events_of(update: dict[str, Any], thoughts: dict[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """The events in one update of a LangGraph stream (mode "updates").

    Args:
        thoughts: the same dict for all updates of a run: it carries the thought of a search, by the id of its call,
            to the update that tells what was found.
    """
    thoughts = {} if thoughts is None else thoughts
    for change in update.values():
        if not isinstance(change, dict):
            continue
        for search in change.get("searches", []):
            yield _search(search)
        for message in change.get("messages", []):
            if isinstance(message, AIMessage):
                yield from _said(message, thoughts)
            elif isinstance(message, ToolMessage):
                yield _came_back(message, thoughts)


def _said(message: AIMessage, thoughts: dict[str, str]) -> Iterator[dict[str, Any]]:
    for call in message.tool_calls:
        if call["name"] == SEARCH:
            thoughts[call["id"] or ""] = str(message.text)
        else:
            called = {"id": call["id"], "tool": call["name"], "arguments": call["args"]}
            yield {"type": "call", **called, "thought": str(message.text)}
    if not message.tool_calls and message.text.strip():
        noted = message.additional_kwargs.get("prefrontal", {})
        yield {"type": "answer", "text": str(message.text), "reached": noted.get("reached", True)}


def _came_back(message: ToolMessage, thoughts: dict[str, str]) -> dict[str, Any]:
    if message.status == "error":
        return {"type": "error", "id": message.tool_call_id, "tool": message.name, "text": str(message.text)}
    if message.name == SEARCH and isinstance(message.artifact, dict):
        return {**_search(message.artifact), "thought": thoughts.get(message.tool_call_id, "")}
    kept = ("model", "task", "result", "seconds", "failed_before")
    known = {key: value for key, value in artifact_of(message).items() if key in kept}
    return {"type": "result", "id": message.tool_call_id, "tool": message.name, "text": str(message.text), **known}


def _search(record: dict[str, Any]) -> dict[str, Any]:
    kept = ("id", "task", "score", "why")
    found = [{key: candidate[key] for key in kept} for candidate in record.get("candidates", [])]
    event = {"type": "search", "query": record.get("query", ""), "task": record.get("task"), "candidates": found}
    if "others" in record:
        event["others"] = record["others"]
    return {**event, "seconds": record.get("seconds", 0.0)}
