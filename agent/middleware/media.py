"""Media by reference: files that come inside messages go into the workspace, and the model reads handles."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.messages import HumanMessage, SystemMessage

from ...errors import MediaError
from ...tools.media import Workspace

_MEDIA_BLOCKS = ("image", "audio", "video", "file", "image_url", "input_audio")


class MediaByReference(AgentMiddleware[AgentState[Any]]):
    """Keeps bytes out of the conversation.

    Pictures and sound that a message carries (base64) are put into the workspace and replaced by their handles;
    URLs are never fetched. Each model call is told which files there are.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace

    def before_agent(self, state: AgentState[Any], runtime: Any) -> dict[str, Any] | None:
        fresh = [
            message.model_copy(update={"content": [self._by_reference(block) for block in message.content]})
            for message in state["messages"]
            if isinstance(message, HumanMessage)
            and isinstance(message.content, list)
            and any(map(_is_media, message.content))
        ]
        return {"messages": fresh} if fresh else None

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        return handler(self._with_files(request))

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        return await handler(self._with_files(request))

    def _with_files(self, request: ModelRequest[Any]) -> ModelRequest[Any]:
        if not len(self.workspace):
            return request
        files = "Files, passed to tools by their handles: " + "; ".join(map(str, self.workspace))
        said = request.system_message.text if request.system_message else ""
        return request.override(system_message=SystemMessage(f"{said}\n\n{files}".strip()))

    def _by_reference(self, block: Any) -> Any:
        if not _is_media(block):
            return block
        data = _data_of(block)
        if data is None:
            return {
                "type": "text",
                "text": "(a link to a file was passed; links are not fetched: pass the file itself)",
            }
        try:
            media = self.workspace.add(base64.b64decode(data, validate=True))
        except (binascii.Error, MediaError) as error:
            return {"type": "text", "text": f"(a file was passed that cannot be read: {error})"}
        return {"type": "text", "text": f"[{media}]"}


def _is_media(block: Any) -> bool:
    return isinstance(block, dict) and block.get("type") in _MEDIA_BLOCKS


def _data_of(block: dict[str, Any]) -> str | None:
    """The base64 text of a block, in the forms that LangChain and OpenAI write it; None for links."""
    inner = block.get("image_url") or block.get("input_audio") or block.get("source") or block
    text = inner if isinstance(inner, str) else inner.get("url") or inner.get("base64") or inner.get("data") or ""
    if text.startswith("data:"):
        return text.partition(",")[2]
    return None if "://" in text[:12] or not text else text
