"""The embedded default: a chat model without a language model.

It reads the goal into a typed plan and speaks the plan as tool calls, one turn at a time: search for the step's
models, call the one that fits, look at what came back, go on. Everything it knows between turns stands in the
messages, so the same graph runs it as runs any language model, and a checkpointer can take it up again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict, PrivateAttr

from ...errors import CardNotFoundError
from ...retrieval.index import ModelIndex
from ...tools.media import Workspace
from ..messages import MEDIA_KEY, SEARCH, last_goal, unreached
from .compose.accounting import own_words, refusal, told_apart, unplaced
from .compose.bench import NOTHING_BEFORE, Before, Bench
from .compose.composer import plan_of
from .compose.deciding import said_if
from .compose.known_numbers import known_sum
from .compose.likeness import written_alike
from .compose.linking import File, make_plan
from .compose.matching import Matcher
from .compose.receipts import receipt_asked
from .compose.small_talk import reply
from .compose.sorts import sorts_of
from .compose.storied import told_story
from .compose.tabular import follow_up
from .compose.talking import answer
from .compose.told_lines import told_line
from .execute.progress import Progress, finished
from .execute.remembering import before_of, file_of, understand
from .parse.abbreviations import spelled_out
from .parse.arithmetic.sums import ambiguity_of, comparison_of, expressions_of
from .parse.conditional import conditional
from .parse.foreign import foreign, sentence
from .parse.reading import Reading, read
from .parse.revising import revised
from .parse.wishes import Understanding
from .plan import Plan
from .plan_step import calculation

ENOUGH = 0.2  # a plan that is less sure than this is told, and run only when somebody says so (benchmarks/goals.py)
# What a goal may be that was not understood in full, where what it is about settles it.
_OTHERWISE = (written_alike, follow_up, receipt_asked, told_line, told_story, known_sum)
TALK = 0.3  # a goal that is taken for talk with the assistant with less is none
FOLLOWED = 0.5  # a question about the table that was asked before is sure when all of its words are placed
_INSTEAD = re.compile(
    r"\binstead\b(?! of)"
    r"|^\W*(?:\w+\W+){0,3}?make (?:it|that) \d+ (?!times|more|less|per|percent|bigger|smaller)[a-z]{3,}\W*$",
    re.IGNORECASE,
)  # something of the turn before shall be otherwise
AGREED = 0.5  # of each wish, where the cues see the same sorts of models due (benchmarks/goals.py)
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
        goal = spelled_out(goal)
        if not media and (said := reply(goal, self.index)):
            return Plan(goal, replies=(said,))
        if not media and (plan := _reckoned(goal)):
            return plan
        if not media and (again := revised(before.goal, goal)):
            plan = self._made(again, (), NOTHING_BEFORE)
            if plan.steps and not plan.unplaced and not plan.left_out and plan.sure >= ENOUGH:
                return replace(plan, goal=goal)
        if before.goal and not media and _INSTEAD.search(goal):
            return Plan(goal, problem=f"What “{goal[:60]}” takes the place of could not be told; say it in full.")
        if rule := conditional(goal):
            return said_if(self._made(rule.goal, media, before), rule, goal)
        reading = read(goal)
        if language := foreign(own_words(reading)):
            return Plan(goal, problem=sentence(language))
        understood = understand(goal, files, before)
        plan = self._by_reader(reading, understood, files, before)
        if plan is None or plan.problem or plan.unplaced or plan.sure < ENOUGH:
            for way in _OTHERWISE:
                if found := way(self._bench(understood, files, before)):
                    return found
            return plan or self._lost(reading, files, before)
        return plan

    def _lost(self, reading: Reading, files: Sequence[File], before: Before) -> Plan:
        """Where the reader is not sure of anything: by cues, which know nothing of the turns before."""
        if before.goal:
            said = f"I did not understand {reading.goal[:80]!r} after what came before; say it in full."
            return Plan(reading.goal, problem=said)
        return self._cued(reading, files)

    def _by_reader(
        self, reading: Reading, understood: Understanding, files: Sequence[File], before: Before
    ) -> Plan | None:
        if understood.sure < ENOUGH and (agreed := self._agreed(reading, understood, files, before)):
            return agreed
        if understood.sure >= SURE:
            plan = replace(plan_of(self._bench(understood, files, before)), sure=understood.sure)
            if plan.replies and not plan.steps and understood.sure < TALK:
                return None  # what is said to the assistant itself is said plainly
            plan = told_apart(plan, unplaced(reading, plan, files, understood)) if plan.steps else plan
            if before.asked and not files and set(_tasks(plan)) == {"table-query"}:
                plan = replace(plan, sure=max(plan.sure, FOLLOWED))
            if not plan.steps or (plan.sure >= ENOUGH and not plan.unplaced and not plan.left_out):
                return plan
            if before.goal:  # cues know nothing of the turns before
                return plan
            cued = self._cued(reading, files)  # what both ways of reading see, and the second one in full, is meant
            return cued if not cued.unplaced and _does_all(cued, plan) else plan
        return None

    def _agreed(
        self, reading: Reading, understood: Understanding, files: Sequence[File], before: Before
    ) -> Plan | None:
        """The plan of a goal that is not read surely as a whole, where each wish is and the cues see the same sorts of
        models due: two ways of reading rarely err alike."""
        if before.goal or not understood.wishes or min(wish.sure for wish in understood.wishes) < AGREED:
            return None
        plan = plan_of(self._bench(understood, files, before))
        if not plan.steps or plan.problem or plan.left_out or unplaced(reading, plan, files, understood):
            return None
        if files and not any(file.handle in str(step.arguments) for file in files for step in plan.steps):
            return None
        seen = sorts_of(make_plan(reading.goal, files, self._matcher()))
        return replace(plan, sure=ENOUGH) if seen and seen <= sorts_of(plan) else None

    def _matcher(self) -> Matcher:
        return Matcher(self.index.task_scores, closeness=self.index.similarities)

    def _cued(self, reading: Reading, files: Sequence[File]) -> Plan:
        """The plan by cues and by what comes closest, in which every word of the goal that matters has its effect."""
        plan = make_plan(reading.goal, files, self._matcher())
        return replace(plan, unplaced=unplaced(reading, plan, files)) if plan.steps else plan

    def _bench(self, understood: Understanding, files: Sequence[File], before: Before) -> Bench:
        return Bench(
            understood,
            files,
            before,
            look=lambda handle: self._look(handle, understood.goal, "" if files else before.sheet),
            labels=lambda: _labels_of(self.index),
            closeness=lambda text, others: self.index.similarities(text, others),
            knows=lambda id: _is_in(self.index, id),
            has=lambda task: bool(self.index.search("", 1, task=task, runnable_only=True)),
            reply=lambda op, words: answer(op, words, self.index, files),
        )

    def _look(self, handle: str, goal: str, sheet: str) -> Any:
        """What is in a file; of a workbook, the sheet that the goal names, or else the one of the question before."""
        seen = self.workspace.open(handle, about=goal)
        if sheet and getattr(seen, "attrs", {}).get("sheet") == "":
            return self.workspace.open(handle, about=f"sheet {sheet}")
        return seen

    def _is_confirmed(self, plan: Plan) -> bool:
        return bool(self.confirm(plan) if callable(self.confirm) else self.confirm)

    def plan_for(self, messages: Sequence[Any]) -> Plan:
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
        turn = sum(isinstance(m, HumanMessage) for m in messages)
        plan = self.plan_for(messages[: place + 1])
        if plan.problem:
            return unreached(plan.problem, "not understood")
        if plan.replies and not plan.steps:
            return finished(plan, " ".join(plan.replies))
        if plan.unplaced:
            return unreached(refusal(plan.unplaced, plan), "not all understood")
        if plan.sure < ENOUGH and not self._is_confirmed(plan):
            return unreached(_unconfirmed(plan), "not sure")
        if SEARCH not in tools:
            return unreached(
                f"I need the tool {SEARCH} to find models; add the RetrieveModels middleware.", "no search"
            )
        return Progress(self.index, self.workspace, plan, f"g{turn}", messages[place + 1 :]).next_turn()


def _does_all(cued: Plan, plan: Plan) -> bool:
    """Whether a plan has all the steps of another, and one for each wish that the other left out."""
    enough = sum(step.asked for step in cued.steps) >= sum(step.asked for step in plan.steps) + len(plan.left_out)
    return enough and Counter(_tasks(plan)) <= Counter(_tasks(cued))


def _tasks(plan: Plan) -> list[str]:
    return [step.task for step in plan.steps]


def _unconfirmed(plan: Plan) -> str:
    steps = ", then ".join(step.task for step in plan.steps if step.asked)
    return (
        f"I am not sure that I understood (only {plan.sure:.0%}). I would do this: {steps}. "
        "Say it in other words, or let me: --yes on the command line, Agent(confirm=True) in Python."
    )


def _reckoned(goal: str) -> Plan | None:
    """A goal that is nothing but arithmetic, or numbers to compare; what reads two ways says which one it is."""
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


def _media_of(goal: AnyMessage | BaseMessage, workspace: Workspace) -> list[str]:
    """The handles passed with a goal: as the agent notes them, else those in the text, else all there are."""
    noted = goal.additional_kwargs.get(MEDIA_KEY)
    if isinstance(noted, list):
        return [handle for handle in noted if handle in workspace]
    named = [
        handle for handle in re.findall(r"\b(?:image|audio|video|table|text)-\d+\b", goal.text) if handle in workspace
    ]
    return named or [media.handle for media in workspace if not media.made_by and not media.first_of]
