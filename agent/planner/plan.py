"""`Plan`: what shall be done, before anything is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from .graph.drawing import svg_of
from .plan_step import NODE, PlanStep


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in an order that can run.

    Attributes:
        problem: says in a sentence what is missing; then there are no steps.
        models: of each step, as far as they were looked for.
        unplaced: words of the goal that matter and have no effect in the steps; then nothing runs.
        replies: what is answered at once, without a step.
        sure: from 0 to 1, that this is what is wanted.
        left_out: what of the goal cannot be done, a sentence each; the steps do the rest.
    """

    goal: str
    steps: tuple[PlanStep, ...] = ()
    problem: str = ""
    models: tuple[dict[str, Any], ...] = field(default=())
    unplaced: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    sure: float = 1.0

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
            return "\n".join(self.replies) or self.problem or "nothing to do"
        lines = list(self.replies)
        for number, step in enumerate(self.steps, start=1):
            given = ", ".join(f"{name}={_readable(value)}" for name, value in step.arguments.items())
            each = f", once for each {step.each}" if step.each else ""
            model = self.models[number - 1] if number <= len(self.models) else None
            by = f" with {model['id']} ({model['size']})" if model and "id" in model else ""
            lines.append(f"{number}. {step.task}({given}){each}{by} [{step.confidence:.0%} sure: {step.why}]")
        if self.unplaced:
            lines.append(f"Not placed: {'; '.join(f'“{words}”' for words in self.unplaced)}. It will not be run.")
        lines += [f"Left out: {sentence}" for sentence in self.left_out]
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        listed = escape(str(self))
        if not self.steps:
            return {"text/plain": str(self), "text/html": f"<p>{listed}</p>"}
        drawn = svg_of(self.goal, self.steps, self.models, self.problem)
        html = (
            f"<div style='overflow-x:auto'>{drawn}</div><details><summary>the steps</summary>"
            f"<pre style='white-space:pre-wrap'>{listed}</pre></details>"
        )
        return {"text/plain": str(self), "text/html": html}


def _readable(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_readable, value)) + "]"
    text = NODE.sub(lambda m: f"what step {int(m.group(1)) + 1} gives", str(value))
    return (
        text if text != str(value) or not isinstance(value, str) else repr(text if len(text) < 60 else text[:57] + "…")
    )


def _spelled(arguments: dict[str, Any]) -> list[str]:
    spelled: list[str] = []
    for value in arguments.values():
        spelled += [str(v) for v in (value if isinstance(value, list) else [value])]
    return spelled
