"""Where a plan stands, told from the messages since its goal: which step is next, with which model."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, ToolCall, ToolMessage

from ....retrieval.index import ModelIndex
from ....tools.media import Workspace
from ...messages import SEARCH, artifact_of, unreached
from ...records import NOTHING_FOUND, FoundModel
from ..plan import Plan
from ..plan_step import PlanStep
from .answering import compose
from .carrying import Stuck, calls_of, value_of
from .choosing import choose, misfit
from .routes import no_answer, shortcoming, ways

MAX_ATTEMPTS = 3  # models tried for one step


class Progress:
    """Where a plan stands, told from the messages since the goal; call ids say which step a result is of."""

    def __init__(
        self, index: ModelIndex, workspace: Workspace, plan: Plan, mark: str, messages: Sequence[BaseMessage]
    ) -> None:
        self.index, self.workspace, self.plan, self.mark = index, workspace, plan, mark
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
        return finished(plan, " ".join([*plan.replies, compose(plan, values, self.workspace)]))

    def _so_far(self, failed: Container[int]) -> str:
        """What the other steps gave, so that a run that does not reach its goal is not for nothing."""
        done = [i for i in range(len(self.plan.steps)) if i not in failed]
        values = [[value_of(answer) for answer in self.given(i)] for i in done]
        steps = tuple(self._spelled(i) for i in done)
        told = compose(replace(self.plan, steps=steps), values, self.workspace) if done else ""
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
            search = self.answers.get(id) or self._searched(place, way)
            if search is None:
                note = self._note(place, attempts, before, f"as {way.task}") if number else {}
                query = way.limits.get("model") or way.words
                return _calling(thought, [(SEARCH, {"query": query, "task": way.task}, id)], note)
            candidates = choose(way, (search.artifact or {}).get("candidates", []), self.index)[:MAX_ATTEMPTS]
            if due < len(candidates):
                before = candidates[due - 1]["id"] if due else before
                note = self._note(place, attempts, before, f"with {candidates[due]['id']}") if attempts else {}
                failed = _failed(attempts[-1]) if due else []
                return self._call(place, way, candidates[due], failed, thought, note)
            due -= len(candidates)
            before = candidates[-1]["id"] if candidates else f"no model of {way.task}"
        if any(_is_done(attempt) for attempt in attempts):
            return None  # a poor result is better than none
        first = self.answers.get(f"{self.mark}-{place}-search") or self._searched(place, step)
        assert first is not None  # every way was searched for
        raise Stuck(self._failure(place, attempts[-1]) if attempts else misfit(step, first.artifact or NOTHING_FOUND))

    def _searched(self, place: int, way: PlanStep) -> ToolMessage | None:
        """The same search, made for a step before: two parts of a picture are looked at by the same model."""
        same = (i for i, step in enumerate(self.plan.steps[:place]) if (step.task, step.words) == (way.task, way.words))
        return next((found for i in same if (found := self.answers.get(f"{self.mark}-{i}-search"))), None)

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
        calls = calls_of(replace(self.plan, steps=steps), place, self.given, self.index)
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


def finished(plan: Plan, said: str) -> AIMessage:
    """The answer; where a part of the goal was left out, it says so, and the goal is not reached."""
    if not plan.left_out:
        return AIMessage(said)
    return unreached(f"{said} Not done: {' '.join(plan.left_out)}", "only in part")


def _is_done(attempt: list[ToolMessage]) -> bool:
    return not _failed(attempt)


def _failed(attempt: list[ToolMessage]) -> list[int]:
    """The numbers of the calls that failed, or gave what is no answer."""
    return [i for i, answer in enumerate(attempt) if answer.status == "error" or _no_answer(answer, attempt)]


def _no_answer(answer: ToolMessage, attempt: list[ToolMessage]) -> str:
    alone = len(attempt) == 1 or not any(str(value_of(one)).strip() for one in attempt)
    return no_answer(value_of(answer), artifact_of(answer).get("task", ""), alone)


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
        if why := _no_answer(answer, attempt):
            return why
    return next((why for answer in attempt if (why := _shortcoming(answer))), "it gave nothing of use")


def _calling(
    thought: str, calls: list[tuple[str, dict[str, Any], str]], note: dict[str, Any] | None = None
) -> AIMessage:
    if note:
        thought = f"{thought} Planned anew: {note['why']}; now {note['now']}."
    kwargs = {"prefrontal": {"replanned": note}} if note else {}
    tool_calls = [ToolCall(name=name, args=args, id=id) for name, args, id in calls]
    return AIMessage(thought, tool_calls=tool_calls, additional_kwargs=kwargs)
