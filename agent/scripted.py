"""A chat model that says what it is told to: for tests of agents, with no key, no network and no chance in it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, ToolCall
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import PrivateAttr

from ..errors import UsageError

Reply = str | AIMessage | Exception | Callable[[list[BaseMessage]], "str | AIMessage | Exception"]
_ids = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Sent:
    """One request to the model: the messages, and the tools that were bound, by name, as OpenAI's schemas."""

    messages: list[BaseMessage]
    tools: dict[str, dict[str, Any]]


class ScriptedChatModel(BaseChatModel):
    """Gives the replies of a script, one a turn, and keeps what it was sent.

    A reply is text (an answer), an AIMessage, an exception (raised), or a function that gets the messages and gives
    one of those. `calling` makes a message of tool calls.

        model = ScriptedChatModel(calling("count", items=[1, 2, 3]), "There are 3.")
        Agent(model).run("How many?")
        model.sent[0].tools  # what was bound at the first turn

    Raises:
        UsageError: a turn is asked for after the last reply.
    """

    _replies: list[Reply] = PrivateAttr()
    _sent: list[Sent] = PrivateAttr(default_factory=list)
    _lock: Any = PrivateAttr(default_factory=threading.Lock)

    def __init__(self, *replies: Reply, **options: Any) -> None:
        super().__init__(**options)
        self._replies = list(replies)

    @property
    def sent(self) -> list[Sent]:
        """The requests so far, in order."""
        return self._sent

    @property
    def _llm_type(self) -> str:
        return "prefrontal-scripted"

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        with self._lock:
            place = len(self._sent)
            tools: Iterable[dict[str, Any]] = kwargs.get("tools", [])
            self._sent.append(Sent(messages, {tool["function"]["name"]: tool["function"] for tool in tools}))
        if place >= len(self._replies):
            raise UsageError(
                f"the script has {len(self._replies)} replies, and turn {place + 1} was asked for; add one"
            )
        reply = self._replies[place]
        said = reply(messages) if callable(reply) else reply
        if isinstance(said, Exception):
            raise said
        # A copy: LangGraph gives messages their ids in place, and a reply may stand in the script twice.
        message = AIMessage(said) if isinstance(said, str) else said.model_copy()
        return ChatResult(generations=[ChatGeneration(message=message)])


def calling(tool: str, /, *, thought: str = "", **arguments: Any) -> AIMessage:
    """A turn that calls one tool."""
    return calls((tool, arguments), thought=thought)


def calls(*wanted: tuple[str, dict[str, Any]], thought: str = "") -> AIMessage:
    """A turn that calls several tools: (name, arguments) each."""
    made = [ToolCall(name=name, args=arguments, id=f"scripted-{next(_ids)}") for name, arguments in wanted]
    return AIMessage(thought, tool_calls=made)
