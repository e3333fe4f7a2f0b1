"""The embedded default: a chat model without a language model.

It reads the goal into a typed plan and speaks the plan as tool calls, one turn at a time: search for the step's
models, call the one that fits, look at what came back, go on. Everything it knows between turns stands in the
messages, so the same graph runs it as runs any language model, and a checkpointer can take it up again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict, PrivateAttr

from ...errors import CardNotFoundError
from ...retrieval.index import ModelIndex
from ...tools.media import Workspace
from ..messages import MEDIA_KEY, SEARCH, artifact_of, last_goal, unreached
from ..records import NOTHING_FOUND, FoundModel
from .accounting import own_words, refusal, unplaced
from .answering import compose
from .carrying import Stuck, calls_of, value_of
from .choosing import choose, misfit
from .compose.bench import NOTHING_BEFORE, Before, Bench
from .compose.composer import plan_of
from .compose.talking import answer
from .foreign import foreign, sentence
from .linking import File, make_plan
from .matching import Matcher
from .parse.wishes import Understanding
from .remembering import before_of, file_of, understand
from .plan import Plan
from .plan_step import PlanStep, calculation
from .reading import read
from .routes import is_rubbish, shortcoming, ways
from .small_talk import reply
from .sums import ambiguity_of, comparison_of, expressions_of

ENOUGH = 0.2  # a plan that is less sure than this is told, and run only when somebody says so (benchmarks/goals.py)
MAX_ATTEMPTS = 3  # models tried for one step
SURE = 0.12  # below this, what the reader understood is not acted on (benchmarks/reader.py)


class EmbeddedPlanner(BaseChatModel):
    """Plans over the tasks that retrieval offers, with no key, no network and no cost.

    Args:
        index: where models are searched; its embedder also measures how close a clause is to a task.
        workspace: where the files lie that a goal may speak of.
        confirm: asked, with the plan, whether one that is not sure enough shall be run; True always says yes. Without
            it such a plan is told and not run.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    plans_anew: ClassVar[bool] = True  # `FailOver` leaves it to the planner which model comes next

    index: Any
    workspace: Any
    confirm: Any = None
    _plans: dict[tuple[str, tuple[str, ...], str], Plan] = PrivateAttr(default_factory=dict)

    def __init__(
        self,
        index: ModelIndex,
        workspace: Workspace,
        confirm: Callable[[Plan], bool] | bool | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**{"index": index, "workspace": workspace, "confirm": confirm, **options})

    @property
    def _llm_type(self) -> str:
        return "prefrontal-embedded-planner"

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **kwargs)

    def plan(self, goal: str, media: Sequence[str] = (), before: Before = NOTHING_BEFORE) -> Plan:
        """The plan for a goal over files of the workspace, by their handles in the order they were passed.

        Args:
            before: what the turns before left.
        """
        key = (goal, tuple(media), repr(before))
        if key not in self._plans:
            self.index.check()  # cues need no embedder, but the searches that follow do
            self._plans[key] = self._made(goal, media, before)
        return self._plans[key]

    def _made(self, goal: str, media: Sequence[str], before: Before) -> Plan:
        files = [file_of(self.workspace, handle) for handle in media]
        if not media and (said := reply(goal, self.index)):
            return Plan(goal, replies=(said,))
        if not media and (plan := _reckoned(goal)):
            return plan
        reading = read(goal)
        if language := foreign(own_words(reading)):
            return Plan(goal, problem=sentence(language))
        understood = understand(goal, files, before)
        if understood.sure >= SURE:
            plan = replace(plan_of(self._bench(understood, files, before)), sure=understood.sure)
            return replace(plan, unplaced=unplaced(reading, plan, files, understood)) if plan.steps else plan
        plan = make_plan(goal, files, Matcher(self.index.task_scores, closeness=self.index.similarities))
        return replace(plan, unplaced=unplaced(reading, plan, files)) if plan.steps else plan

    def _bench(self, understood: Understanding, files: Sequence[File], before: Before) -> Bench:
        return Bench(
            understood,
            files,
            before,
            look=self.workspace.open,
            labels=lambda: _labels_of(self.index),
            knows=lambda id: _is_in(self.index, id),
            has=lambda task: bool(self.index.search("", 1, task=task, runnable_only=True)),
            reply=lambda op, words: answer(op, words, self.index, files),
        )

    def _is_confirmed(self, plan: Plan) -> bool:
        return self.confirm(plan) if callable(self.confirm) else bool(self.confirm)

    def plan_for(self, messages: Sequence[AnyMessage | BaseMessage]) -> Plan:
        """The plan for the last goal of a conversation, over the files that came with it and what came before."""
        place = last_goal(messages)
        goal = messages[place]
        return self.plan(goal.text, _media_of(goal, self.workspace), before_of(messages[:place], self.workspace))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        said = self._next_turn(messages, {tool["function"]["name"] for tool in kwargs.get("tools", [])})
        return ChatResult(generations=[ChatGeneration(message=said)])

    def _next_turn(self, messages: Sequence[BaseMessage], tools: set[str]) -> AIMessage:
        place = max((i for i, m in enumerate(messages) if isinstance(m, HumanMessage)), default=None)
        if place is None:
            return unreached("There is no goal; say what shall be done.", "no goal")
        goal = messages[place]
        turn = sum(isinstance(m, HumanMessage) for m in messages)
        plan = self.plan_for(messages[: place + 1])
        if plan.problem:
            return unreached(plan.problem, "not understood")
        if plan.replies and not plan.steps:
            return _finished(plan, " ".join(plan.replies))
        if plan.unplaced:
            return unreached(refusal(plan.unplaced, plan), "not all understood")
        if plan.sure < ENOUGH and not self._is_confirmed(plan):
            return unreached(_unconfirmed(plan), "not sure")
        if SEARCH not in tools:
            return unreached(
                f"I need the tool {SEARCH} to find models; add the RetrieveModels middleware.", "no search"
            )
        return _Progress(self, plan, f"g{turn}", list(messages[place + 1 :])).next_turn()


class _Progress:
    """Where a plan stands, told from the messages since the goal; call ids say which step a result is of."""

    def __init__(self, planner: EmbeddedPlanner, plan: Plan, mark: str, messages: list[BaseMessage]) -> None:
        self.planner, self.plan, self.mark = planner, plan, mark
        self.answers: dict[str, ToolMessage] = {m.tool_call_id: m for m in messages if isinstance(m, ToolMessage)}

    def next_turn(self) -> AIMessage:
        """The next step that can be done; what does not need a step that failed is done all the same."""
        failed: dict[int, str] = {}
        for place, step in enumerate(self.plan.steps):
            if not failed.keys().isdisjoint(step.needs):
                failed[place] = ""
                continue
            try:
                turn = self._step(place)
            except Stuck as stuck:
                failed[place] = str(stuck)
                continue
            if turn is not None:
                return turn
        if failed:
            whys = " ".join(dict.fromkeys([*filter(None, failed.values()), *self.plan.left_out]))
            return unreached(f"{whys}{self._so_far(failed)}", "step failed")
        values = [[value_of(answer) for answer in self.given(place)] for place in range(len(self.plan.steps))]
        plan = replace(self.plan, steps=tuple(self._spelled(i) for i in range(len(self.plan.steps))))
        return _finished(plan, " ".join([*plan.replies, compose(plan, values, self.planner.workspace)]))

    def _so_far(self, failed: Container[int]) -> str:
        """What the other steps gave, so that a run that does not reach its goal is not for nothing."""
        done = [i for i in range(len(self.plan.steps)) if i not in failed]
        values = [[value_of(answer) for answer in self.given(i)] for i in done]
        steps = tuple(self._spelled(i) for i in done)
        told = compose(replace(self.plan, steps=steps), values, self.planner.workspace) if done else ""
        said = " ".join(filter(None, [*self.plan.replies, told]))
        return f" Found so far: {said}" if said else ""

    def _step(self, place: int) -> AIMessage | None:
        """The next turn for a step; None when it is done. When a model fails, or gives nothing of use, the next one is
        tried, and when all of a task's models did, another task that can do the same.

        Raises:
            Stuck: no way is left.
        """
        step, attempts = self.plan.steps[place], self._attempts(place)
        if attempts and _is_good(attempts[-1]):
            return None
        thought = (
            f"Step {place + 1} of {len(self.plan.steps)}, {step.task}: {step.why[0].lower()}{step.why[1:].rstrip('.')}."
        )
        due, before = len(attempts), ""
        for number, way in enumerate(ways(step)):
            id = f"{self.mark}-{place}-search" + (f"-{number}" if number else "")
            search = self.answers.get(id)
            if search is None:
                note = self._note(place, attempts, before, f"as {way.task}") if number else {}
                query = way.limits.get("model") or way.words
                return _calling(thought, [(SEARCH, {"query": query, "task": way.task}, id)], note)
            candidates = choose(way, (search.artifact or {}).get("candidates", []), self.planner.index)[:MAX_ATTEMPTS]
            if due < len(candidates):
                before = candidates[due - 1]["id"] if due else before
                note = self._note(place, attempts, before, f"with {candidates[due]['id']}") if attempts else {}
                failed = _failed(attempts[-1]) if due else []
                return self._call(place, way, candidates[due], failed, thought, note)
            due -= len(candidates)
            before = candidates[-1]["id"] if candidates else f"no model of {way.task}"
        if any(_is_done(attempt) for attempt in attempts):
            return None  # a poor result is better than none
        first = self.answers[f"{self.mark}-{place}-search"]
        raise Stuck(self._failure(place, attempts[-1]) if attempts else misfit(step, first.artifact or NOTHING_FOUND))

    def _call(
        self,
        place: int,
        way: PlanStep,
        candidate: FoundModel,
        failed: list[int],
        thought: str,
        note: dict[str, Any],
    ) -> AIMessage:
        """A turn that calls the candidate; where only some calls of the model before it failed, for these alone."""
        steps = tuple(way if i == place else step for i, step in enumerate(self.plan.steps))
        calls = calls_of(replace(self.plan, steps=steps), place, self.given, self.planner.index)
        if not calls:
            raise Stuck(f"Step {place + 1}, {way.task}, got nothing to work on: the step before gave nothing.")
        rounds = list(self._rounds(place))
        attempt, again = (rounds[-1][0], rounds[-1][1] + 1) if rounds else (-1, 0)
        if 0 < len(failed) < len(calls):
            due = {f"{self.mark}-{place}-{attempt}-{k}-{again}": calls[k] for k in failed}
        else:
            due = {f"{self.mark}-{place}-{attempt + 1}-{k}": call for k, call in enumerate(calls)}
        return _calling(thought, [(candidate["tool"], args, id) for id, args in due.items()], note)

    def _note(self, place: int, attempts: list[list[ToolMessage]], before: str, now: str) -> dict[str, Any]:
        """What is planned anew, for the run's record."""
        why = f"{before} could not do it ({_shortfall(attempts[-1])})" if attempts else f"{before} runs here"
        return {"step": place + 1, "instead_of": before, "now": now, "why": why}

    def _attempts(self, place: int) -> list[list[ToolMessage]]:
        """The results after each model that was called for a step, in order; who made up for failed calls alone has
        the others' results beside its own."""
        attempts: list[list[ToolMessage]] = []
        for (_, again), answers in self._rounds(place).items():
            before = dict(enumerate(attempts[-1])) if again else {}
            attempts.append([answer for _, answer in sorted({**before, **answers}.items())])
        return attempts

    def _rounds(self, place: int) -> dict[tuple[int, int], dict[int, ToolMessage]]:
        """The results of each model that was called for a step, in order, by the number of the call. A round has the
        number of its attempt, and says how many made up for failed calls of the same attempt before."""
        form = re.compile(rf"{re.escape(self.mark)}-{place}-(\d+)-(\d+)(?:-(\d+))?")
        rounds: dict[tuple[int, int], dict[int, ToolMessage]] = {}
        for id, answer in self.answers.items():
            if found := form.fullmatch(id):
                attempt, number, again = (int(part or 0) for part in found.groups())
                rounds.setdefault((attempt, again), {})[number] = answer
        return dict(sorted(rounds.items()))

    def given(self, place: int) -> list[ToolMessage]:
        """The results of a step's calls: of the attempt that went well, else of the first that gave anything."""
        attempts = self._attempts(place)
        return next((a for a in attempts if _is_good(a)), next((a for a in attempts if _is_done(a)), []))

    def _spelled(self, place: int) -> Any:
        """The step with the arguments that were really sent, so that the answer can quote them."""
        step, given = self.plan.steps[place], self.given(place)
        sent = given[0].artifact.get("inputs", {}) if given and isinstance(given[0].artifact, dict) else {}
        return replace(step, arguments={**step.arguments, **{k: v for k, v in sent.items() if k == "expression"}})

    def _failure(self, place: int, tried: list[ToolMessage]) -> str:
        return f"Step {place + 1}, {self.plan.steps[place].task}, could not be done: {_shortfall(tried)}"


def _finished(plan: Plan, said: str) -> AIMessage:
    """The answer; where a part of the goal was left out, it says so, and the goal is not reached."""
    if not plan.left_out:
        return AIMessage(said)
    return unreached(f"{said} Not done: {' '.join(plan.left_out)}", "only in part")


def _unconfirmed(plan: Plan) -> str:
    steps = ", then ".join(step.task for step in plan.steps if step.asked)
    return (
        f"I am not sure that I understood (only {plan.sure:.0%}). I would do this: {steps}. Say it in other words, or let me: "
        "--yes on the command line, Agent(confirm=True) in Python."
    )


def _reckoned(goal: str) -> Plan | None:
    """A goal that is nothing but arithmetic in words, or numbers to compare; what reads two ways says which one it is."""
    said = tuple(filter(None, (ambiguity_of(goal),)))
    if found := expressions_of(goal):
        several = len(found) > 1
        steps = (
            replace(calculation(expression, goal), told=f"named {what}" if several else "")
            for what, expression in found
        )
        return Plan(goal, tuple(steps), replies=said)
    return Plan(goal, replies=(*said, told)) if (told := comparison_of(goal)) else None


def _is_in(index: ModelIndex, id: str) -> bool:
    try:
        return bool(index.get(id))
    except CardNotFoundError:
        return False


def _labels_of(index: ModelIndex) -> list[str]:
    """What the detectors that run here can find."""
    hits = index.search("", 5, task="object-detection", runnable_only=True)
    return [label for hit in hits for label in hit.card.labels]


def _is_done(attempt: list[ToolMessage]) -> bool:
    return not _failed(attempt)


def _failed(attempt: list[ToolMessage]) -> list[int]:
    """The numbers of the calls that failed, or gave what is no answer."""
    return [number for number, answer in enumerate(attempt) if answer.status == "error" or _is_rubbish(answer)]


def _is_rubbish(answer: ToolMessage) -> bool:
    return is_rubbish(value_of(answer), artifact_of(answer).get("task", ""))


def _is_good(attempt: list[ToolMessage]) -> bool:
    """True when every call of an attempt gave something to go on with."""
    return _is_done(attempt) and not all(_shortcoming(answer) for answer in attempt)


def _shortcoming(answer: ToolMessage) -> str:
    return shortcoming(value_of(answer), artifact_of(answer).get("task", ""))


def _shortfall(attempt: list[ToolMessage]) -> str:
    """What was wrong with an attempt, in words."""
    for answer in reversed(attempt):
        if answer.status == "error":
            return re.sub(r"^(?:wrong input|failed|unavailable): ", "", answer.text)
    return next((why for answer in attempt if (why := _shortcoming(answer))), "it gave nothing of use")


def _calling(
    thought: str, calls: list[tuple[str, dict[str, Any], str]], note: dict[str, Any] | None = None
) -> AIMessage:
    if note:
        thought = f"{thought} Planned anew: {note['why']}; now {note['now']}."
    kwargs = {"prefrontal": {"replanned": note}} if note else {}
    tool_calls = [ToolCall(name=name, args=args, id=id) for name, args, id in calls]
    return AIMessage(thought, tool_calls=tool_calls, additional_kwargs=kwargs)


def _media_of(goal: AnyMessage | BaseMessage, workspace: Workspace) -> list[str]:
    """The handles passed with a goal: as the agent notes them, else those in the text, else all there are."""
    noted = goal.additional_kwargs.get(MEDIA_KEY)
    if isinstance(noted, list):
        return [handle for handle in noted if handle in workspace]
    named = [
        handle for handle in re.findall(r"\b(?:image|audio|video|table|text)-\d+\b", goal.text) if handle in workspace
    ]
    return named or [media.handle for media in workspace if not media.made_by]
