"""`Plan` and `PlanStep`: what shall be done, before anything is loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

_NODE = re.compile(r"<node-(\d+)>")


def node(step: int) -> str:
    """The output of step `step` (from 0), as an argument's value."""
    return f"<node-{step}>"


def nodes_in(value: Any) -> list[int]:
    """The steps whose outputs a value names."""
    if isinstance(value, Formula):
        return [j for part in value.of for j in nodes_in(part)]
    if isinstance(value, list | tuple):
        return [j for part in value for j in nodes_in(part)]
    return [int(j) for j in _NODE.findall(value)] if isinstance(value, str) else []


@dataclass(frozen=True, slots=True)
class Formula:
    """Arithmetic over results that are not known yet: `Formula("+", ("<node-0>",))` adds up what step 0 gave."""

    sign: str
    of: tuple[str, ...]

    def __str__(self) -> str:
        return f" {self.sign} ".join(self.of) if len(self.of) != 1 else f"{self.sign} over {''.join(self.of)}"


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One call, or one call for each value of the argument named by `each`.

    Attributes:
        task: a task's id.
        arguments: by input name: plain values, handles such as "image-1", "<node-j>" for what step j gives,
            lists of these, or a `Formula`.
        words: the goal's own words for this step; retrieval gets them.
        each: the argument of which every value gets a call of its own, or "".
        noun: the thing to count or find, such as "coins": a model that has labels must know it.
        asked: False for steps that only make what another step takes.
        confidence: from 0 to 1, how sure the reading is.
        why: the thought behind it, for people.
    """

    task: str
    arguments: dict[str, Any]
    words: str
    each: str = ""
    noun: str = ""
    asked: bool = True
    confidence: float = 1.0
    why: str = ""

    @property
    def needs(self) -> list[int]:
        """The steps that must run before."""
        return list(dict.fromkeys(j for value in self.arguments.values() for j in nodes_in(value)))


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in an order that can run. `problem` says, in a sentence, what could not be placed; then nothing runs."""

    goal: str
    steps: tuple[PlanStep, ...] = ()
    problem: str = ""
    models: tuple[dict[str, Any], ...] = field(default=())

    def with_models(self, models: list[dict[str, Any]]) -> Plan:
        return replace(self, models=tuple(models))

    def to_dict(self) -> dict[str, Any]:
        """TaskBench's form: nodes with their arguments, and links from each producer to each consumer."""
        return {
            "task_nodes": [{"task": step.task, "arguments": _spelled(step.arguments)} for step in self.steps],
            "task_links": [
                {"source": self.steps[j].task, "target": step.task} for step in self.steps for j in step.needs
            ],
        }

    def __str__(self) -> str:
        if not self.steps:
            return self.problem or "nothing to do"
        lines = []
        for number, step in enumerate(self.steps, start=1):
            given = ", ".join(f"{name}={_readable(value)}" for name, value in step.arguments.items())
            each = f", once for each {step.each}" if step.each else ""
            model = self.models[number - 1] if number <= len(self.models) else None
            by = f" with {model['id']} ({model['size']})" if model and "id" in model else ""
            lines.append(f"{number}. {step.task}({given}){each}{by} [{step.confidence:.0%} sure: {step.why}]")
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from .drawing import svg_of  # here, because it reads plans

        listed = escape(str(self))
        if not self.steps:
            return {"text/plain": str(self), "text/html": f"<p>{listed}</p>"}
        html = (
            f"<div style='overflow-x:auto'>{svg_of(self)}</div><details><summary>the steps</summary>"
            f"<pre style='white-space:pre-wrap'>{listed}</pre></details>"
        )
        return {"text/plain": str(self), "text/html": html}


def _readable(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_readable, value)) + "]"
    text = _NODE.sub(lambda m: f"what step {int(m.group(1)) + 1} gives", str(value))
    return (
        text if text != str(value) or not isinstance(value, str) else repr(text if len(text) < 60 else text[:57] + "…")
    )


def _spelled(arguments: dict[str, Any]) -> list[str]:
    spelled: list[str] = []
    for value in arguments.values():
        spelled += [str(v) for v in (value if isinstance(value, list) else [value])]
    return spelled
