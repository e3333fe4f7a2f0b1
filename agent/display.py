"""A run for people: lines of text and a page of HTML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, Protocol

from ..tools.media import Workspace
from ..tools.show import media_html
from .records import FoundModel

_SHOWN_CANDIDATES = 3
_TEXT = 300  # characters of an observation in a log


class ShownStep(Protocol):
    """What is shown of a `Step`."""

    @property
    def kind(self) -> str: ...
    @property
    def thought(self) -> str: ...
    @property
    def action(self) -> dict[str, Any]: ...
    @property
    def observation(self) -> str: ...
    @property
    def ok(self) -> bool: ...
    @property
    def candidates(self) -> tuple[FoundModel, ...]: ...
    @property
    def model(self) -> dict[str, str]: ...
    @property
    def result(self) -> str: ...
    @property
    def failed_before(self) -> tuple[str, ...]: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def seconds(self) -> float: ...


class ShownRun(Protocol):
    """What is shown of a `Run`."""

    @property
    def goal(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def reached(self) -> bool: ...
    @property
    def steps(self) -> Sequence[ShownStep]: ...
    @property
    def media(self) -> tuple[dict[str, Any], ...]: ...
    @property
    def models(self) -> list[dict[str, str]]: ...
    @property
    def seconds(self) -> float: ...
    @property
    def workspace(self) -> str: ...
    @property
    def index(self) -> str: ...
    def path(self, handle: str) -> str: ...


def step_lines(step: ShownStep) -> Iterator[str]:
    """One step as lines for a terminal."""
    if step.thought:
        yield f"Thought  {step.thought}"
    if step.kind == "search":
        asked = step.action["arguments"]
        among = f" among {asked['task']}" if asked.get("task") else ""
        yield f"Search   “{asked.get('query', '')}”{among} ({_took(step)})"
        for place, found in enumerate(step.candidates[:_SHOWN_CANDIDATES], start=1):
            yield f"         {place}. {found['id']} {found['score']:.2f}: {found['why']}"
        if not step.candidates:
            yield f"         {_short(step.observation)}"
        return
    given = ", ".join(
        f"{name}={_short(json.dumps(value, ensure_ascii=False), 80)}"
        for name, value in step.action["arguments"].items()
    )
    for failure in step.failed_before:
        yield f"Failed   {_short(failure)}"
    yield f"Action   {step.model.get('id') or step.action['tool']}({given})"
    for note in step.notes:
        yield f"Note     {_short(note)}"
    yield f"{'Result' if step.ok else 'Error '}   {_short(step.observation)} ({_took(step)})"


def run_text(run: ShownRun) -> str:
    lines, thought = [f"Goal     {run.goal}"], ""
    for step in run.steps:
        # Several steps of one turn share its thought: it is told once.
        lines += [line for line in step_lines(step) if line != f"Thought  {thought}"]
        thought = step.thought
    return "\n".join([*lines, *closing_lines(run)])


def closing_lines(run: ShownRun) -> list[str]:
    """The answer, where the pictures lie that were made, and the totals."""
    answer = run.answer.split("\n")
    steps, tools = _counted(len(run.steps), "step"), _counted(len(run.models), "tool")
    return [
        f"{'Answer' if run.reached else 'Ended '}   {answer[0]}",
        *(f"         {line}" for line in answer[1:]),
        *(f"         {handle}: {run.path(handle)}" for handle in shown_pictures(run)),
        f"         {steps}, {tools} ran, {run.seconds:.1f} s in all",
    ]


def shown_pictures(run: ShownRun) -> list[str]:
    """The drawn pictures; lines cut out of a page and other parts on the way are left out."""
    drawn = [
        m["handle"] for m in run.media if m["kind"] == "image" and m["made_by"].get("tool") not in (None, "split-lines")
    ]
    return drawn[-3:]


def run_html(run: ShownRun) -> str:
    """The goal, the steps folded, the answer, and the pictures and sounds that were made."""
    workspace = Workspace(run.workspace)
    steps = "".join(_step_html(step) for step in run.steps)
    shown = [handle for handle in shown_pictures(run) if handle in workspace]
    shown += [m["handle"] for m in run.media if m["kind"] == "audio" and m["made_by"] and m["handle"] in workspace]
    pictures = "".join(media_html(workspace.get(handle)) for handle in shown)
    colour = "#1a7f37" if run.reached else "#b35900"
    answer = escape(run.answer).replace("\n", "<br>")
    return (
        f"<div><p><b>{escape(run.goal)}</b></p><ol>{steps}</ol>"
        f"<p style='color:{colour}'><b>{answer}</b></p>{pictures}"
        f"<p><small>{_counted(len(run.models), 'tool')} ran, {run.seconds:.1f} s in all</small></p></div>"
    )


def _step_html(step: ShownStep) -> str:
    lines = "".join(f"<pre style='margin:0;white-space:pre-wrap'>{escape(line)}</pre>" for line in step_lines(step))
    if step.kind == "search":
        title = f"searched “{escape(str(step.action['arguments'].get('query', '')))}”, found {len(step.candidates)}"
    else:
        title = f"{escape(step.model.get('id') or step.action['tool'])}: {escape(_short(step.observation, 100))}"
    return f"<li><details><summary>{title} <small>({_took(step)})</small></summary>{lines}</details></li>"


def _took(step: ShownStep) -> str:
    return f"{step.seconds:.2f} s"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _short(text: str, limit: int = _TEXT) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[:limit]}…"
