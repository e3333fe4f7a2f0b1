"""Media by reference: files that come inside messages go into the workspace, and the model reads handles."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any, NotRequired, TypeVar

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.types import Command

from ...errors import MediaError
from ...tools.conversation import Conversation
from ...tools.media import Media, Workspace
from ...tools.media_types import KIND_OF_SUFFIX
from ..messages import FILE_KEYS, MEDIA_KEY, keys_of, last_goal

M = TypeVar("M", bound=BaseMessage)
_MEDIA_BLOCKS = ("image", "audio", "video", "file", "document", "image_url", "input_audio", "input_image", "media")
_SAID = {"image_url": "image", "input_image": "image", "input_audio": "audio"} | {
    k: k for k in ("image", "audio", "video")
}
_INNER = ("image_url", "input_audio", "source", "file")  # where providers put what a block holds
_DATA = ("url", "base64", "data", "file_data")
_NAMES = ("filename", "name", "title")
_MIMES = ("mime_type", "media_type")
# Tables and texts cannot be told apart by their bytes: a block says it by its file's name, or by its type.
_NAME_OF_MIME = {
    "text/csv": "table.csv",
    "text/tab-separated-values": "table.tsv",
    "application/json": "table.json",
    "text/html": "page.html",
}
_BY_NAME = ("table", "text")
_MAX_NAME = 60  # characters of a file's name that a model reads


def merge_keys(old: list[str] | None, new: list[str] | None) -> list[str]:
    """Keys without doubles, the oldest first."""
    return list(dict.fromkeys([*(old or []), *(new or [])]))


class MediaState(AgentState[Any]):
    """What media by reference add to an agent's state: the keys of the conversation's own files and results."""

    file_keys: Annotated[NotRequired[list[str]], merge_keys]


class MediaByReference(AgentMiddleware[MediaState]):
    """Keeps bytes out of the conversation, and each conversation to its own files.

    Pictures and sound that the user's messages and the results of tools carry (base64) are put into the workspace
    and replaced by their handles; URLs are never fetched. Each model call is told which files there are: those
    that came with the conversation's messages, those that its tool calls made, and those that somebody put into the
    workspace for all. Models and tools called inside of this middleware find no others.
    """

    state_schema = MediaState

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace

    def before_agent(self, state: MediaState, runtime: Any) -> dict[str, Any]:
        keys, changed = keys_of(state), []
        for message in state["messages"]:
            if isinstance(message, HumanMessage) and _has_media(message):
                with self.workspace.conversation(keys) as own:
                    changed.append(_marked(self._by_reference(message), own))
                keys += own.made
        return {FILE_KEYS: keys} | ({"messages": changed} if changed else {})

    def before_model(self, state: MediaState, runtime: Any) -> dict[str, Any] | None:
        """Note what tools made, before the messages that tell of it may be cut or summed up."""
        noted = state.get(FILE_KEYS, [])
        made = [key for key in keys_of(state) if key not in noted]
        return {FILE_KEYS: made} if made else None

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        with self.workspace.conversation(keys_of(request.state)):
            return handler(self._with_files(request))

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        with self.workspace.conversation(keys_of(request.state)):
            return await handler(self._with_files(request))

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        with self.workspace.conversation(keys_of(request.state)) as own:
            return self._result(handler(request), own)

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]]
    ) -> ToolMessage | Command[Any]:
        with self.workspace.conversation(keys_of(request.state)) as own:
            return self._result(await handler(request), own)

    def _with_files(self, request: ModelRequest[Any]) -> ModelRequest[Any]:
        if not len(self.workspace):
            return request
        said = request.system_message.text if request.system_message else ""
        there = [media for media in self.workspace if not media.first_of] or list(self.workspace)
        files = f"Files, passed to tools by their handles: {'; '.join(map(_named, there))}."
        if any(media.kind == "text" for media in self.workspace):
            files += " The handle of a text file stands for its words wherever a text is taken."
        asked = request.messages[last_goal(request.messages)].additional_kwargs if request.messages else {}
        if passed := [handle for handle in asked.get(MEDIA_KEY, []) if handle in self.workspace]:
            files += f" With the last message of the user came: {', '.join(passed)}."
        return request.override(system_message=SystemMessage(f"{said}\n\n{files}".strip()))

    def _result(self, answer: ToolMessage | Command[Any], own: Conversation) -> ToolMessage | Command[Any]:
        """The answer of a tool with handles for bytes, and with the keys of what it made."""
        if isinstance(answer, ToolMessage):
            return _marked(self._by_reference(answer), own)
        if own.made and isinstance(answer.update, dict) and not answer.graph:
            return replace(answer, update={**answer.update, FILE_KEYS: own.made})
        return answer

    def _by_reference(self, message: M) -> M:
        if not _has_media(message):
            return message
        return message.model_copy(update={"content": [self._block(block) for block in message.content]})

    def _block(self, block: Any) -> Any:
        return {"type": "text", "text": self._note(block)} if _is_media(block) else block

    def _note(self, block: dict[str, Any]) -> str:
        data = _data_of(block)
        if data is None:
            return "(a link to a file was passed; links are not fetched: pass the file itself)"
        try:
            content = data.encode() if _is_plain(block) else base64.b64decode(data, validate=True)
            taken = self.workspace.add(content, kind=_SAID.get(block["type"]), name=_name_of(block))
            return f"[{'; '.join(map(_named, self.workspace.add_all(taken)))}]"
        except (binascii.Error, MediaError) as error:
            return f"(a file was passed that cannot be read: {error})"


def _named(media: Media) -> str:
    """A file in one short line: its name is the user's, or a stranger's, and must not write paragraphs."""
    name = " ".join(media.name.split())
    return str(media).replace(media.name, name if len(name) <= _MAX_NAME else f"{name[:_MAX_NAME]}…", 1)


def _marked(message: M, own: Conversation) -> M:
    """The message with the keys of what came in with it: a handle alone, which anybody can write, opens nothing."""
    if not own.made:
        return message
    keys = merge_keys(message.additional_kwargs.get(FILE_KEYS), own.made)
    return message.model_copy(update={"additional_kwargs": {**message.additional_kwargs, FILE_KEYS: keys}})


def _has_media(message: BaseMessage) -> bool:
    return isinstance(message.content, list) and any(map(_is_media, message.content))


def _is_media(block: Any) -> bool:
    return isinstance(block, dict) and block.get("type") in _MEDIA_BLOCKS


def _data_of(block: dict[str, Any]) -> str | None:
    """The base64 text of a block, in the forms that LangChain, OpenAI and Anthropic write it; None for links."""
    inner = _inner(block)
    text = inner if isinstance(inner, str) else next((inner[key] for key in _DATA if inner.get(key)), "")
    if text.startswith("data:"):
        return text.partition(",")[2]
    return None if not text or "://" in text[:12] else text


def _inner(block: dict[str, Any]) -> Any:
    return next((block[key] for key in _INNER if block.get(key)), block)


def _is_plain(block: dict[str, Any]) -> bool:
    """Anthropic's documents may hold their text as it is."""
    inner = _inner(block)
    return isinstance(inner, dict) and inner.get("type") == "text"


def _name_of(block: dict[str, Any]) -> str | None:
    """What a table's or a text's block calls it; None for other files, which their bytes tell."""
    fields = [part for part in (_inner(block), block) if isinstance(part, dict)]
    said = [str(part[key]) for key in _NAMES for part in fields if part.get(key)]
    said += [_NAME_OF_MIME.get(str(part[key]), "") for key in _MIMES for part in fields if part.get(key)]
    return next((name for name in said if KIND_OF_SUFFIX.get(name.rpartition(".")[2].lower()) in _BY_NAME), None)
