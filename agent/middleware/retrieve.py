"""Models are found, not listed: candidates are bound at each turn, and the model may search again."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from operator import add
from typing import Annotated, Any, NotRequired

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain.tools import InjectedToolCallId
from langchain_core.messages import AIMessage, AnyMessage, ToolMessage
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.types import Command

from ...errors import PrefrontalError
from ...tools.tasks import find_task, tasks
from ..messages import SEARCH, error_message, is_goal, redact
from ..records import SearchRecord
from ..toolbox import Toolbox

MAX_FOUND = 30  # tools bound at once at most: a language model loses its way among more


def merge_found(old: list[str] | None, new: list[str] | None) -> list[str]:
    """Ids without doubles, the newest last, capped."""
    ids = [*(old or []), *(new or [])]
    return list(dict.fromkeys(reversed(ids)))[:MAX_FOUND][::-1]


class RetrieveState(AgentState[Any]):
    """What retrieval adds to an agent's state: the ids found so far, and what was searched at which message."""

    found: Annotated[NotRequired[list[str]], merge_found]
    searches: Annotated[NotRequired[list[SearchRecord]], add]


class RetrieveModels(AgentMiddleware[RetrieveState]):
    """Offers an agent the models that fit.

    Before each turn the index is asked with the words of the current step (the model's last thought, or the
    goal), and the candidates are bound as tools; `search_models` lets the model ask for itself. Found ids stay in
    the state, so that a tool found once can be called at any later turn.

    Args:
        toolbox: the index and the workspace.
        preload: how many candidates to bind at each turn without being asked; 0 leaves searching to the model.
        k: how many candidates `search_models` gives.
    """

    state_schema = RetrieveState

    def __init__(self, toolbox: Toolbox, preload: int = 5, k: int = 5) -> None:
        super().__init__()
        self.toolbox, self.preload, self.k = toolbox, preload, k
        self.tools: Sequence[BaseTool] = [self._search_tool()]

    def _search_tool(self) -> BaseTool:
        def search_models(
            query: str, tool_call_id: Annotated[str, InjectedToolCallId], task: str | None = None
        ) -> Command[Any]:
            """Find models that can do a step. They can be called as tools from the next turn on.

            Args:
                query: what the step shall do, in a few words, such as "detect coins in a photo".
                task: only models of this task, such as "object-detection"; leave it out when unsure.
            """
            started = time.perf_counter()
            try:
                record = self.toolbox.search(query, self.k, task)
            except PrefrontalError as error:
                call = {"name": SEARCH, "id": tool_call_id}
                return Command(update={"messages": [error_message(redact(f"wrong input: {error}"), call)]})
            record["seconds"] = round(time.perf_counter() - started, 4)
            message = ToolMessage(search_text(record), name=SEARCH, tool_call_id=tool_call_id, artifact=record)
            return Command(update={"messages": [message], "found": [c["id"] for c in record["candidates"]][::-1]})

        return StructuredTool.from_function(search_models, name=SEARCH)

    def before_model(self, state: RetrieveState, runtime: Any) -> dict[str, Any] | None:
        """Search for the current step, once for the same words."""
        words = current_words(state["messages"]) if self.preload else ""
        known = {search["query"] for search in state.get("searches", [])}
        if not words or words in known:
            return None
        started = time.perf_counter()
        record = self.toolbox.search(words, self.preload)
        record["seconds"], record["at"] = round(time.perf_counter() - started, 4), len(state["messages"])
        return {"found": [c["id"] for c in record["candidates"]][::-1], "searches": [record]}

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        return handler(self._with_found(request))

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        return await handler(self._with_found(request))

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        known = self._resolved(request)
        return known if isinstance(known, ToolMessage) else handler(known)

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]]
    ) -> ToolMessage | Command[Any]:
        known = self._resolved(request)
        return known if isinstance(known, ToolMessage) else await handler(known)

    def _with_found(self, request: ModelRequest[Any]) -> ModelRequest[Any]:
        own = {tool.name for tool in request.tools if isinstance(tool, BaseTool)}
        ids = request.state.get("found", [])
        return request.override(tools=[*request.tools, *(t for t in self.toolbox.bound(ids) if t.name not in own)])

    def _resolved(self, request: ToolCallRequest) -> ToolCallRequest | ToolMessage:
        """The request with its tool, or a message that lists what there is."""
        if request.tool is not None:
            return request
        ids = request.state.get("found", [])
        name = request.tool_call["name"]
        if tool := self.toolbox.named(name, ids):
            return request.override(tool=tool)
        own = getattr(request.runtime, "tools", [])
        there = ", ".join(tool.name for tool in (*own, *self.toolbox.bound(ids)))
        text = f"wrong input: there is no tool {name[:80]!r}; there are: {there}; {SEARCH} finds more"
        return error_message(text, request.tool_call)


def current_words(messages: list[AnyMessage]) -> str:
    """The words of the current step: what the model said last, or what the user asked."""
    for message in reversed(messages):
        if (isinstance(message, AIMessage) or is_goal(message)) and message.text.strip():
            return message.text.strip()[:500]
    return ""


def search_text(record: SearchRecord) -> str:
    """What a language model reads of a search."""
    if record["candidates"]:
        lines = [f"- {c['tool']} ({c['task']}): {c['does']}" for c in record["candidates"]]
        return "Found, best first:\n" + "\n".join(lines)
    named = [
        other for other in record.get("others", []) if find_task(other["task"])
    ]  # any other task is a stranger's text
    others = "; ".join(f"{o['id']} ({o['task']}): {redact(o['why'])}" for o in named)
    known = f" of the task {record['task']}" if record["task"] else ""
    near = f" The nearest that do not run here: {others}." if others else ""
    return (
        f"Nothing{known} that runs here fits.{near} Try other words, or one of the tasks: {', '.join(tasks()[:12])}, …"
    )
