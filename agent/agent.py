"""`Agent`: a goal goes in, models are found by their cards and called one after another, the answer comes out."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.tools import BaseTool, StructuredTool

from ..errors import PrefrontalError, UsageError
from ..retrieval.index import ModelIndex
from ..tools.media import Workspace
from ..tools.residency import Residency
from .events import events_of
from .middleware import Budget, FailOver, Guard, MediaByReference, RetrieveModels, WithinBudget
from .planner.chat import MEDIA_KEY, EmbeddedPlanner
from .planner.plan import Plan
from .run import Run, run_of
from .toolbox import Toolbox

AgentInput = str | dict[str, Any]
_SECRET = re.compile(r"\b(?:sk-|hf_|Bearer\s+)[A-Za-z0-9_.-]{8,}")


class Agent(Runnable[AgentInput, Run]):
    """An agent over the models of an index.

    Args:
        model: anything that LangChain's `init_chat_model` takes (such as "openai:gpt-5"), a chat model, or None for
            the embedded planner, which needs no key and no network.
        index: where models are searched: a `ModelIndex`, a folder, or None for the default one.
        workspace: where files lie: a `Workspace`, a folder, or None for a fresh one.
        budget: turns, seconds and bytes to download.
        tools: further LangChain tools that are always bound.
        middleware: further LangChain middleware, around the agent's own.
        checkpointer: of LangGraph; runs can then be taken up again by thread id.
        residency: which models stay in memory; the process's own when None.
        model_options: passed to `init_chat_model`, such as base_url.

    Raises:
        UsageError: the chat model cannot be made.
    """

    def __init__(
        self,
        model: str | BaseChatModel | None = None,
        index: ModelIndex | str | Path | None = None,
        workspace: Workspace | str | Path | None = None,
        *,
        budget: Budget | None = None,
        tools: Sequence[BaseTool] = (),
        middleware: Sequence[Any] = (),
        checkpointer: Any = None,
        residency: Residency | None = None,
        **model_options: Any,
    ) -> None:
        self.index = index if isinstance(index, ModelIndex) else ModelIndex(index)
        self.workspace = workspace if isinstance(workspace, Workspace) else Workspace(workspace)
        self.budget = budget or Budget()
        self.toolbox = Toolbox(self.index, self.workspace, residency, self.budget.gate)
        self.model = _chat_model(model, model_options) if model else EmbeddedPlanner(self.index, self.workspace)
        self._tools, self._middleware, self._checkpointer = list(tools), list(middleware), checkpointer

    @property
    def embedded(self) -> bool:
        """True when no language model is used."""
        return isinstance(self.model, EmbeddedPlanner)

    @cached_property
    def graph(self) -> Any:
        """The compiled LangGraph graph: LangChain's `create_agent` with prefrontal's middleware."""
        from langchain.agents import create_agent

        own = [
            MediaByReference(self.workspace),
            WithinBudget(self.budget),
            # The embedded planner searches for each step itself; a language model gets candidates at each turn.
            RetrieveModels(self.toolbox, preload=0 if self.embedded else 5),
            Guard(),
            FailOver(self.toolbox),
        ]
        prompt = (Path(__file__).parent / "prompt.md").read_text(encoding="utf-8")
        return create_agent(
            self.model,
            self._tools,
            system_prompt=prompt,
            middleware=[*self._middleware, *own],
            checkpointer=self._checkpointer,
        )

    # Running

    def run(self, goal: str, *media: Any, on_event: Callable[[dict[str, Any]], None] | None = None) -> Run:
        """Reach a goal.

        Args:
            media: files that the goal speaks of: paths, PIL images, numpy arrays, (samples, rate), tables.
            on_event: called with each event as it happens (see `events_of`).

        Raises:
            UsageError: the goal is empty.
            MediaError: a file is missing, is not what it says, or is too large.
        """
        last: dict[str, Any] = {}
        for last in self.stream({"goal": goal, "media": list(media)}):
            if on_event:
                on_event(last)
        return last["run"]

    def invoke(self, input: AgentInput, config: RunnableConfig | None = None, **kwargs: Any) -> Run:
        """As `run`: `input` is a goal, {"goal", "media"}, or {"messages"}; gives the `Run`."""
        return list(self.stream(input, config, **kwargs))[-1]["run"]

    async def ainvoke(self, input: AgentInput, config: RunnableConfig | None = None, **kwargs: Any) -> Run:
        return [event async for event in self.astream(input, config, **kwargs)][-1]["run"]

    def stream(
        self, input: AgentInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[dict[str, Any]]:
        """Events as they happen (search, call, result, error, answer), and last {"type": "run", "run": Run}."""
        began, state = time.perf_counter(), self._state(input)
        try:
            for mode, chunk in self.graph.stream(
                state, self._config(config), stream_mode=["updates", "values"], **kwargs
            ):
                if mode == "values":
                    state = chunk
                else:
                    yield from events_of(chunk)
        except Exception as error:
            state = _ended(state, error)
            yield from events_of({"agent": {"messages": state["messages"][-1:]}})
        yield {"type": "run", "run": self._finish(state, began)}

    async def astream(
        self, input: AgentInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[dict[str, Any]]:
        began, state = time.perf_counter(), self._state(input)
        try:
            async for mode, chunk in self.graph.astream(
                state, self._config(config), stream_mode=["updates", "values"], **kwargs
            ):
                if mode == "values":
                    state = chunk
                else:
                    for event in events_of(chunk):
                        yield event
        except Exception as error:
            state = _ended(state, error)
            for event in events_of({"agent": {"messages": state["messages"][-1:]}}):
                yield event
        yield {"type": "run", "run": self._finish(state, began)}

    def plan(self, goal: str, *media: Any) -> Plan:
        """What the embedded planner would do, before anything is loaded."""
        planner = self.model if isinstance(self.model, EmbeddedPlanner) else EmbeddedPlanner(self.index, self.workspace)
        return planner.plan(_goal(goal), [self.workspace.add(value).handle for value in media])

    def as_tool(
        self, args_schema: Any = None, *, name: str | None = None, description: str | None = None, arg_types: Any = None
    ) -> BaseTool:
        """This agent as a tool for another agent: a goal and handles of files in, the answer out."""

        def reach(goal: str, files: list[str] | None = None) -> tuple[str, dict[str, Any]]:
            """Reach a goal with Hugging Face models.

            Args:
                goal: what shall be done, in words.
                files: handles of files of the workspace, such as image-1.
            """
            run = self.run(goal, *(self.workspace.get(handle) for handle in files or []))
            return run.answer, run.to_dict()

        about = (
            description
            or "Reaches a goal with Hugging Face models: reading, counting, recognising, translating, making."
        )
        return StructuredTool.from_function(
            reach,
            name=name or "prefrontal",
            description=about,
            args_schema=args_schema,
            response_format="content_and_artifact",
        )

    # Inside

    def _state(self, input: AgentInput) -> dict[str, Any]:
        given = {"goal": input} if isinstance(input, str) else dict(input)
        if "messages" in given:
            return given
        goal = _goal(given.get("goal", ""))
        media = [self.workspace.add(value) for value in given.get("media", [])]
        text = goal if not media or self.embedded else f"{goal}\n\nFiles: {', '.join(str(m) for m in media)}"
        return {"messages": [HumanMessage(text, additional_kwargs={MEDIA_KEY: [m.handle for m in media]})]}

    def _config(self, config: RunnableConfig | None) -> RunnableConfig:
        # Each turn takes a handful of graph steps; our own budget of turns ends a run long before this does.
        return {"recursion_limit": 12 * self.budget.turns + 50, **(config or {})}

    def _finish(self, state: dict[str, Any], began: float) -> Run:
        illustrate(state["messages"], self.workspace)
        return run_of(state, self.workspace, time.perf_counter() - began)


def illustrate(messages: Sequence[AnyMessage], workspace: Workspace) -> None:
    """Draw the boxes that detectors found into their pictures, so that a person can check the number."""
    from ..tools.builtin import draw_boxes

    for message in messages:
        artifact = getattr(message, "artifact", None)
        boxes = artifact.get("outputs", {}).get("boxes") if isinstance(artifact, dict) else None
        if isinstance(boxes, list) and boxes and artifact is not None:
            image = artifact["inputs"].get("image", "")
            if image in workspace:
                made_by = {"tool": "draw-boxes", "inputs": {"image": image, "boxes": artifact["result"]}}
                workspace.add(draw_boxes(workspace.open(image), boxes), made_by=made_by)


def redact(text: str) -> str:
    """Text without what looks like a key."""
    return _SECRET.sub("(a secret)", text)


def _goal(goal: Any) -> str:
    if not isinstance(goal, str) or not goal.strip():
        raise UsageError('the goal is empty; say what shall be done, such as "Count the coins in this photo"')
    return goal.strip()


def _chat_model(model: str | BaseChatModel, options: dict[str, Any]) -> BaseChatModel:
    if not isinstance(model, str):
        return model
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(model, **options)
    except Exception as error:  # providers raise their own classes for a missing key, package or name
        raise UsageError(
            f"the chat model {model!r} cannot be used ({redact(' '.join(str(error).split())[:200])}); "
            "pass provider:name, such as openai:gpt-5, with its key set, or leave it out for the embedded planner"
        ) from error


def _ended(state: dict[str, Any], error: Exception) -> dict[str, Any]:
    """The state with an answer that names what broke: a run never ends in a traceback, or silently."""
    if isinstance(error, UsageError):
        raise error
    said = str(error) if isinstance(error, PrefrontalError) else f"{type(error).__name__}: {error}"
    text = f"The run broke off: {redact(' '.join(said.split())[:300])}; what was found so far stands in the steps."
    last = AIMessage(text, additional_kwargs={"prefrontal": {"reached": False, "reason": "broken off"}})
    return {**state, "messages": [*state["messages"], last]}
