"""What the messages of a conversation tell, and how our own are marked: shared by agent, middleware and `Run`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

SEARCH = "search_models"  # the tool that an agent searches with
MEDIA_KEY = "media"  # where a HumanMessage names the handles that were passed with it
FILE_KEYS = "file_keys"  # where a message, and an agent's state, holds the keys of the files and results it brought
_CORRECTION = "prefrontal-correction"
_SECRET = re.compile(r"\b(?:sk-|hf_|Bearer\s+)[A-Za-z0-9_.-]{8,}")
# Absolute paths of two parts or more; a URL's path is none, because something stands before its first slash.
_PATH = re.compile(r"(?<![\w.:/])(?:~?/(?:[\w.@+ -]*[\w.@+-]/)+|[A-Za-z]:\\(?:[^\\\s:*?\"<>|]+\\)+)(?=[\w.@+-]*)")


def redact(text: str, secrets: Sequence[str] = ()) -> str:
    """Text without what looks like a key, without the given secrets, and with paths cut down to their last part."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "(a secret)")
    return _PATH.sub("…/", _SECRET.sub("(a secret)", text))


def unreached(text: str, reason: str) -> AIMessage:
    """An answer that says that the goal was not reached, and why, in a form that `Run` reads."""
    return AIMessage(text, additional_kwargs={"prefrontal": {"reached": False, "reason": reason}})


def correction(text: str) -> HumanMessage:
    """A turn of ours that asks the model to mend its last one; it is no new goal."""
    return HumanMessage(text, name=_CORRECTION)


def is_goal(message: AnyMessage) -> bool:
    """Whether a message is something that the user said."""
    return isinstance(message, HumanMessage) and message.name != _CORRECTION


def last_goal(messages: Sequence[AnyMessage]) -> int:
    """The place of the user's last message; 0 when there is none."""
    return max((place for place, message in enumerate(messages) if is_goal(message)), default=0)


def artifact_of(message: AnyMessage) -> dict[str, Any]:
    """The record of a `ModelTool`'s call; {} for the results of other tools, whose artifacts may be anything."""
    artifact = message.artifact if isinstance(message, ToolMessage) else None
    if not isinstance(artifact, dict) or not isinstance(artifact.get("model"), dict):
        return {}
    return artifact if isinstance(artifact.get("outputs"), dict) and artifact.get("task") else {}


def taking_over(message: AnyMessage) -> dict[str, str]:
    """Of a turn in which other models take over calls that failed (see `FailOver`): for the id of each of its calls,
    the id of the call that failed. {} for any other message."""
    noted = message.additional_kwargs.get("prefrontal", {}) if isinstance(message, AIMessage) else {}
    return noted.get("taking_over", {})


def folded(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The history as the chat model had it: a call that another model took over is answered by what that model said."""
    whole: list[AnyMessage] = []
    places: dict[str, int] = {}  # where the answer to a call stands, by the call's id
    moved: dict[str, int] = {}  # the same for the calls of those that took over: the place of the answer that failed
    for message in messages:
        taken = taking_over(message)
        if taken and all(failed in places for failed in taken.values()):
            moved |= {id: places[failed] for id, failed in taken.items()}
            continue
        if isinstance(message, ToolMessage):
            if (place := moved.get(message.tool_call_id)) is not None:
                whole[place] = _instead(whole[place], message)
                places[message.tool_call_id] = place
                continue
            places[message.tool_call_id] = len(whole)
        whole.append(message)
    return whole


def _instead(before: Any, answer: ToolMessage) -> ToolMessage:
    """The answer in the place of the one before; when it is no better, both say why."""
    failed = {"content": f"{redact(before.text)} | {redact(answer.text)}"} if answer.status == "error" else {}
    return answer.model_copy(update={"tool_call_id": before.tool_call_id, **failed})


def keys_in(message: AnyMessage) -> list[str]:
    """The keys that came with a goal or a tool's result; what a provider writes into an answer opens nothing."""
    noted = message.additional_kwargs.get(FILE_KEYS) if isinstance(message, HumanMessage | ToolMessage) else None
    return [key for key in noted if isinstance(key, str)] if isinstance(noted, list) else []


def keys_of(state: Mapping[str, Any]) -> list[str]:
    """The keys that a conversation holds: those noted in its state, for old messages may be summed up or cut, and
    those that its messages brought since."""
    brought = (key for message in state.get("messages", []) for key in keys_in(message))
    return list(dict.fromkeys([*state.get(FILE_KEYS, []), *brought]))


def error_message(text: str, call: Any) -> ToolMessage:
    """The answer to a call that did not work."""
    return ToolMessage(text, name=call["name"] or "", tool_call_id=call["id"] or "", status="error")
