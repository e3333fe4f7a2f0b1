"""`Chat`: a conversation with an agent, in which a goal may speak of the files and results of the turns before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any, Protocol

from langchain_core.messages import AnyMessage, HumanMessage

from .run import Run


class Speaker(Protocol):
    """What a chat needs of its agent."""

    def message(self, goal: str, media: Any = ()) -> HumanMessage: ...

    def stream(self, input: Any) -> Iterator[dict[str, Any]]: ...


class Chat:
    """Turn after turn with one agent; made by `Agent.chat()`.

    The embedded planner resolves "that number", "it", "the other picture", "and in French?" and "do the same for this
    one" from the turns before; a language model gets their messages. Nothing is kept beside these messages.

    Attributes:
        history: the runs so far, the oldest first.
        messages: the conversation as LangChain messages.
    """

    def __init__(self, agent: Speaker) -> None:
        self.agent = agent
        self.history: list[Run] = []
        self.messages: tuple[AnyMessage, ...] = ()

    def run(self, goal: str, *media: Any, on_event: Callable[[dict[str, Any]], None] | None = None) -> Run:
        """Reach a goal that may speak of what came before.

        Args:
            media: files that come with this turn; those of earlier turns are still there.
            on_event: called with each event as it happens.

        Raises:
            UsageError: the goal is empty.
            MediaError: a file is missing, is not what it says, or is too large.
        """
        for event in self.stream(goal, *media):
            if on_event:
                on_event(event)
        return self.history[-1]

    def stream(self, goal: str, *media: Any) -> Iterator[dict[str, Any]]:
        """The events of a turn as they happen, as those of `Agent.stream`; the last one holds the `Run`."""
        said = self.agent.message(goal, media)
        for event in self.agent.stream({"messages": [*self.messages, said]}):
            if "run" in event:
                run: Run = event["run"]
                self.history.append(run)
                self.messages = run.messages
            yield event

    def __len__(self) -> int:
        return len(self.history)

    def __str__(self) -> str:
        return "\n".join(f"> {run.goal}\n{run.answer}" for run in self.history) or "nothing was said yet"

    def __repr__(self) -> str:
        return f"Chat({len(self.history)} turns)"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        turns = "".join(
            f"<div style='margin:0.4em 0'><b>{escape(run.goal)}</b>{run._repr_mimebundle_()['text/html']}</div>"
            for run in self.history
        )
        return {"text/plain": str(self), "text/html": turns or "<p>nothing was said yet</p>"}
