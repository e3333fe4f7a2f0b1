"""`Agent`: a goal goes in, models are found by their cards and called one after another, the answer comes out."""

from __future__ import annotations

import copy
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext, suppress
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage, convert_to_messages
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.tools import BaseTool, StructuredTool, ToolException
from langgraph.errors import EmptyInputError
from langgraph.prebuilt import InjectedState
from langgraph.types import Command
from pydantic import SecretStr

from ..errors import MediaError, PrefrontalError, UsageError
from ..retrieval.index import ModelIndex
from ..retrieval.ranking.preferences import BALANCED
from ..tools.conversation import conversation_in
from ..tools.media import Media, Workspace
from ..tools.pickles import checked
from ..tools.placing import AUTO, Target
from ..tools.residency import Residency, shared
from .chat import Chat
from .events import Calls, events_of
from .messages import FILE_KEYS, MEDIA_KEY, artifact_of, keys_in, keys_of, last_goal, redact, unreached
from .middleware import Budget, FailOver, Guard, LoadAhead, MediaByReference, PlanHint, RetrieveModels, WithinBudget
from .planner.chat import EmbeddedPlanner
from .planner.execute.choosing import model_for
from .planner.plan import Plan
from .run import Run, run_of
from .toolbox import Toolbox

AgentInput = str | dict[str, Any] | Command[Any] | None


class Agent(Runnable[AgentInput, Run]):
    """An agent over the models of an index.

    Args:
        model: anything that LangChain's `init_chat_model` takes (such as "openai:gpt-5"), a chat model, or None for
            the embedded planner, which needs no key and no network.
        index: where models are searched: a `ModelIndex`, a folder, or None for the default one.
        workspace: where files lie: a `Workspace`, a folder, or None for a fresh one. A run sees the files of its own
            conversation (a thread of the checkpointer, or the messages passed in), and those that you added yourself.
        budget: turns, seconds and bytes to download.
        tools: further LangChain tools that are always bound.
        middleware: further LangChain middleware, around the agent's own. What asks a person for some models, such as
            `HumanInTheLoopMiddleware`, is passed by every call of them, also when one takes over from another.
        checkpointer: of LangGraph; runs can then be taken up again by thread id.
        hint: tell a language model the embedded planner's plan, in closed fields only (see `PlanHint`).
        confirm: asked by the embedded planner, with the plan, whether one that it is not sure of shall be run; True
            runs it. Without it such a plan is told and not run.
        residency: which models stay in memory; the process's own when None.
        prefer: among models that fit a step about equally, "fast" takes those that cost less and are here already,
            "best" the larger and more used ones; "balanced" is neither.
        device: where models run: "auto" (a GPU where a model has room there, else the CPU), "cuda", "cuda:1", "xpu",
            "mps" or "cpu".
        dtype: their numbers: "auto" (as they are stored, where the device can), "float32", "bfloat16" or "float16".
        allow_pickle: "convert" lets models run that hold nothing but pickled weights: these are read once, by a process
            of their own, and kept as safetensors. None refuses them.
        allow_urls: fetch files that are passed as http or https addresses, from public addresses only.
        model_options: passed to `init_chat_model`, such as base_url.

    Raises:
        UsageError: the chat model cannot be made, or there is no such preference or device.
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
        hint: bool = False,
        confirm: Callable[[Plan], bool] | bool | None = None,
        residency: Residency | None = None,
        prefer: str = BALANCED,
        device: str = AUTO,
        dtype: str = AUTO,
        allow_urls: bool = False,
        allow_pickle: str | None = None,
        **model_options: Any,
    ) -> None:
        self.index = index if isinstance(index, ModelIndex) else ModelIndex(index)
        if allow_pickle != self.index.allow_pickle and checked(allow_pickle):
            self.index = copy.copy(self.index)  # somebody else's is left as it is
            self.index.allow_pickle = checked(allow_pickle)
        self.workspace = workspace if isinstance(workspace, Workspace) else Workspace(workspace)
        self.budget = budget or Budget()
        target = Target.of(device, dtype, (residency or shared).devices)
        self.toolbox = Toolbox(self.index, self.workspace, residency, self.budget.gate, prefer, target)
        planner = EmbeddedPlanner(self.index, self.workspace, confirm)
        self.model = _chat_model(model, model_options) if model else planner
        self._tools, self._middleware, self._checkpointer = list(tools), list(middleware), checkpointer
        self._allow_urls = allow_urls
        self._hint = hint and not self.embedded

    @property
    def embedded(self) -> bool:
        """True when no language model is used."""
        return isinstance(self.model, EmbeddedPlanner)

    @cached_property
    def graph(self) -> Any:
        """The compiled LangGraph graph: LangChain's `create_agent` with prefrontal's middleware."""
        from langchain.agents import create_agent
        from langchain.agents.middleware import ToolErrorMiddleware

        own = [
            MediaByReference(self.workspace),
            WithinBudget(self.budget),
            # The embedded planner searches for each step itself; a language model gets candidates at each turn.
            RetrieveModels(self.toolbox, preload=0 if self.embedded else 5),
            Guard(),
            # Tools of the user's own may raise anything: the model reads what, and goes on.
            ToolErrorMiddleware(
                lambda error, request: f"failed: {type(error).__name__}: {' '.join(str(error).split())[:300]}"
            ),
            FailOver(self.toolbox),
            *([LoadAhead(self.model, self.toolbox)] if isinstance(self.model, EmbeddedPlanner) else []),
            *([PlanHint(EmbeddedPlanner(self.index, self.workspace), self.workspace)] if self._hint else []),
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
            media: files that the goal speaks of: paths, bytes, open files, PIL images, arrays and tensors,
                (samples, rate), tables, lists of these. Of a file of several pages each is a picture of its own.
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
        """As `run`: `input` is a goal, {"goal", "media"}, or {"messages"}; gives the `Run`.

        With a checkpointer, None takes up the run that was cut off under the config's thread_id.
        """
        return list(self.stream(input, config, **kwargs))[-1]["run"]

    async def ainvoke(self, input: AgentInput, config: RunnableConfig | None = None, **kwargs: Any) -> Run:
        return [event async for event in self.astream(input, config, **kwargs)][-1]["run"]

    def stream(  # pyright: ignore[reportIncompatibleMethodOverride]  # what streams is events; the last holds the Run
        self, input: AgentInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[dict[str, Any]]:
        """Events as they happen (search, call, result, error, answer), and last {"type": "run", "run": Run}."""
        watch = _Watch(self, self._state(input))
        try:
            for mode, chunk in self.graph.stream(watch.state, **self._options(config, kwargs)):
                yield from watch.saw(mode, chunk)
        except Exception as error:
            yield from watch.broke(error)
        yield watch.run()

    async def astream(  # pyright: ignore[reportIncompatibleMethodOverride]  # as stream
        self, input: AgentInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[dict[str, Any]]:
        watch = _Watch(self, self._state(input))
        try:
            async for mode, chunk in self.graph.astream(watch.state, **self._options(config, kwargs)):
                for event in watch.saw(mode, chunk):
                    yield event
        except Exception as error:
            for event in watch.broke(error):
                yield event
        yield watch.run()

    # In a chain, the next link gets the Run and not its events.

    def transform(self, input: Iterator[Any], config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Run]:
        for event in super().transform(input, config, **kwargs):
            if "run" in (event := cast("dict[str, Any]", event)):
                yield event["run"]

    async def atransform(
        self, input: AsyncIterator[Any], config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[Run]:
        async for event in super().atransform(input, config, **kwargs):
            if "run" in (event := cast("dict[str, Any]", event)):
                yield event["run"]

    def chat(self) -> Chat:
        """A conversation that remembers its files and results."""
        return Chat(self)

    def plan(self, goal: str, *media: Any) -> Plan:
        """What the embedded planner would do, with which models, before anything is loaded."""
        planner = self.model if isinstance(self.model, EmbeddedPlanner) else EmbeddedPlanner(self.index, self.workspace)
        plan = planner.plan(_goal(goal), [file.handle for file in self._taken_in(media)])
        return plan.with_models([model_for(step, self.toolbox.search, self.index) for step in plan.steps])

    def as_tool(
        self, args_schema: Any = None, *, name: str | None = None, description: str | None = None, arg_types: Any = None
    ) -> BaseTool:
        """This agent as a tool for another agent: a goal and handles of files in, the answer out.

        The other agent can pass what its own conversation sees: what earlier calls of this tool made, what you added to
        the workspace yourself, and, when it has a `MediaByReference` over the same workspace, what came in there.
        """
        known = name or "prefrontal"

        def reach(
            goal: str, files: list[str] | None = None, conversation: Annotated[Any, InjectedState] = None
        ) -> tuple[str, dict[str, Any]]:
            """Reach a goal with Hugging Face models.

            Args:
                goal: what shall be done, in words.
                files: handles of files of the workspace, such as image-1.
            """
            entered = conversation_in(self.workspace.folder)
            try:
                with nullcontext() if entered else self.workspace.conversation(_keys_beside(conversation, known)):
                    media = [self.workspace.get(handle) for handle in files or []]
                run = self.run(goal, *media)
            except PrefrontalError as error:  # the other agent can mend its call
                raise ToolException(f"wrong input: {redact(str(error))}") from error
            return run.answer, run.to_dict()

        about = (
            description
            or "Reaches a goal with Hugging Face models: reading, counting, recognising, translating, making."
        )
        return StructuredTool.from_function(
            reach,
            name=known,
            description=about,
            args_schema=args_schema,
            response_format="content_and_artifact",
            handle_tool_error=True,
        )

    # Inside

    def _state(self, input: Any) -> Any:
        """What the graph starts from; None and LangGraph's `Command` take up a thread, and pass as they are."""
        if input is None or isinstance(input, Command):
            if not self._checkpointer:
                raise UsageError("there is nothing to take up without a checkpointer; pass Agent(checkpointer=…)")
            return input
        given = {"goal": input} if isinstance(input, str) else input
        if isinstance(given, dict) and "messages" in given:
            said = given["messages"]
            return {**given, "messages": convert_to_messages([said] if isinstance(said, str) else said)}
        if not isinstance(given, dict):
            raise UsageError(f'a {type(given).__name__} is no goal; pass words, {{"goal", "media"}} or {{"messages"}}')
        return {"messages": [self.message(given.get("goal", ""), given.get("media", []))]}

    def message(self, goal: str, media: Iterable[Any] = ()) -> HumanMessage:
        """A goal with its files as a message of a conversation.

        Raises:
            UsageError: the goal is empty.
            MediaError: a file is missing, is not what it says, or is too large.
        """
        goal = _goal(goal)
        files = self._taken_in(media)
        passed = {MEDIA_KEY: [file.handle for file in files], FILE_KEYS: [file.key for file in files]}
        return HumanMessage(goal, additional_kwargs=passed)

    def _taken_in(self, media: Iterable[Any]) -> list[Media]:
        """Files that come with a goal: they are their conversation's, and no other run of this agent sees them."""
        with self.workspace.conversation():
            return [one for value in media for one in self.workspace.add_all(value, allow_urls=self._allow_urls)]

    def _options(self, config: RunnableConfig | None, given: dict[str, Any]) -> dict[str, Any]:
        """How the graph is run: what was passed, and what a run of ours needs."""
        # Each turn takes a handful of graph steps, and chains pass a limit of 25 along that nobody asked for: our own
        # budget of turns ends a run long before this does.
        limit = max(12 * self.budget.turns + 50, (config or {}).get("recursion_limit", 0))
        # What a step did is on the disk before the next one starts: a run that is killed does nothing twice.
        kept = {"durability": "sync"} if self._checkpointer else {}
        return {
            **kept,
            **given,
            "config": {**(config or {}), "recursion_limit": limit},
            "stream_mode": ["updates", "values"],
        }


class _Watch:
    """Follows one run of the graph: what it streams becomes events, what it leaves becomes the `Run`."""

    def __init__(self, agent: Agent, state: Any) -> None:
        self.agent, self.state, self._began = agent, state, time.perf_counter()
        self._calls: Calls = {}
        self._left: dict[str, Any] = state if isinstance(state, dict) else {"messages": []}

    def saw(self, mode: str, chunk: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if mode == "values":
            self._left = chunk
        else:
            yield from events_of(chunk, self._calls)

    def broke(self, error: Exception) -> Iterator[dict[str, Any]]:
        """The state gets an answer that names what broke: a run never ends in a traceback, or silently.

        Raises:
            UsageError: the error itself, when the caller made a mistake.
        """
        if isinstance(error, UsageError):
            raise error
        if isinstance(error, EmptyInputError):
            raise UsageError("this thread_id has no run to take up; pass a goal") from error
        said = str(error) if isinstance(error, PrefrontalError) else f"{type(error).__name__}: {error}"
        said = redact(" ".join(said.split())[:300], _secrets(self.agent.model))
        # LangGraph notes in which node an exception came up.
        by_model = any("'model'" in note for note in getattr(error, "__notes__", ()))
        why = f"The chat model failed ({said})" if by_model else f"The run broke off ({said})"
        last = unreached(f"{why}; what was found so far stands in the steps.", "broken off")
        self._left = {**self._left, "messages": [*self._left.get("messages", []), last]}
        yield from events_of({"agent": {"messages": [last]}})

    def run(self) -> dict[str, Any]:
        messages, workspace = self._left.get("messages", []), self.agent.workspace
        with workspace.conversation(keys := keys_of(self._left)) as own:
            illustrate(messages[last_goal(messages) :], workspace)
        left = {**self._left, FILE_KEYS: [*keys, *own.made]}
        return {"type": "run", "run": run_of(left, workspace, time.perf_counter() - self._began, self.agent.index)}


def illustrate(messages: Sequence[AnyMessage], workspace: Workspace) -> None:
    """Draw the boxes that detectors found into their pictures, so that a person can check the number.

    That is after the last message: a later turn of the conversation sees the drawing with the result that it shows.
    """
    from ..tools.builtin import draw_boxes

    for message in messages:
        artifact = artifact_of(message)
        boxes, image = artifact.get("outputs", {}).get("boxes"), artifact.get("inputs", {}).get("image", "")
        if isinstance(boxes, list) and boxes and image in workspace:
            result = artifact["result"]
            key = next((key for key in keys_in(message) if key.startswith(f"{result}:")), "")
            made_by = {"tool": "draw-boxes", "inputs": {"image": image, "boxes": result}}
            with suppress(MediaError):  # a picture that is gone since is no reason to lose the run
                workspace.add(draw_boxes(workspace.open(image), boxes), made_by=made_by, seen_with=key)


def _keys_beside(state: Any, tool: str) -> list[str]:
    """What another agent's conversation holds: its keys, and those of the files that its calls of the tool told of."""
    told = state if isinstance(state, dict) else {}
    runs = [m.artifact for m in told.get("messages", []) if isinstance(m, ToolMessage) and m.name == tool]
    rows = [row for run in runs if isinstance(run, dict) for row in run.get("media", [])]
    return [*keys_of(told), *(Media(**row).key for row in rows)]


def _secrets(model: Any) -> list[str]:
    """The keys that a chat model holds."""
    return [value.get_secret_value() for value in vars(model).values() if isinstance(value, SecretStr)]


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
