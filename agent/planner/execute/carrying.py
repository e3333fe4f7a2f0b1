"""Carrying values from step to step: what a plan's references become once results are there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from langchain_core.messages import ToolMessage

from ....retrieval.index import ModelIndex
from ....tools.task import Slot
from ....tools.tasks import get_task
from ..parse.numerals import in_figures
from ..plan import Plan
from ..plan_step import NODE, Formula, nodes_in
from .choosing import label_for

Given = Callable[[int], list[ToolMessage]]


class Stuck(Exception):
    """A step cannot go on; the message says why, for the answer."""


def value_of(answer: ToolMessage) -> Any:
    """The primary output of a call, or its handle when it was too large for a message."""
    artifact = answer.artifact if isinstance(answer.artifact, dict) else {}
    row = get_task(artifact["task"])
    return artifact["outputs"][row.output.name]


def bare_number(outputs: dict[str, Any]) -> float | None:
    """The number itself, of tools that answer in a sentence or a line and give it beside that."""
    found = (outputs.get(name) for name in ("value", "amount"))
    return next((one for one in found if isinstance(one, int | float) and not isinstance(one, bool)), None)


def _counted(answer: ToolMessage) -> Any:
    """What to reckon with of a call's outputs."""
    number = bare_number(answer.artifact["outputs"])
    return value_of(answer) if number is None else number


def calls_of(plan: Plan, place: int, given: Given, index: ModelIndex) -> list[dict[str, Any]]:
    """The arguments of each call of a step: one, or one for each value of the argument that fans out.

    Raises:
        Stuck: an earlier result cannot be used here.
    """
    step, row = plan.steps[place], get_task(plan.steps[place].task)
    fixed: dict[str, Any] = {}
    fanned: list[Any] | None = None
    for name, value in step.arguments.items():
        slot = row.slot(name)
        if slot is None:
            continue
        if isinstance(value, Formula):
            fixed[name] = _expression(value, given)
        elif slot.kind == "text" and not slot.many and isinstance(value, str) and _is_template(value):
            fixed[name] = NODE.sub(lambda found: _number(_counted(given(int(found[1]))[-1])), value)
        elif slot.kind == "number" and slot.many:
            fixed[name] = _numbers(value, given)
        elif name == "label":
            fixed[name] = _label(plan, step.arguments.get("items"), str(value), given, index)
        else:
            if slot.many and step.each == name:
                fanned = [{name: group} for group in _grouped(plan, value, given)]
                continue
            values = _expand(slot, value, given)
            if slot.many:
                fixed[name] = values
            elif step.each == name:
                fanned = [{name: one} for one in values]
            else:
                fixed[name] = values[0] if values else None
    fixed = {name: value for name, value in fixed.items() if value is not None}
    return [fixed] if fanned is None else [{**fixed, **one} for one in fanned]


def _is_template(value: str) -> bool:
    """Words or a sum with results in it; a result alone is passed by its handle."""
    return NODE.search(value) is not None and not NODE.fullmatch(value)


def _numbers(values: Any, given: Given) -> list[float]:
    """Results as numbers, in order."""
    found: list[str] = []
    for value in values if isinstance(values, list) else [values]:
        places = nodes_in(value)
        found += [_number(_counted(answer)) for j in places for answer in given(j)] if places else [_number(value)]
    return [float(one.replace(",", "")) if "." in one else int(one.replace(",", "")) for one in found]


def _expand(slot: Slot, value: Any, given: Given) -> list[Any]:
    """The values that an argument stands for; references become handles of media or of results."""
    expanded: list[Any] = []
    for part in value if isinstance(value, list) else [value]:
        places = nodes_in(part)
        if not places or str(part) != f"<node-{places[0]}>":
            expanded.append(part)
            continue
        for answer in given(places[0]):
            made = value_of(answer)
            if slot.is_media:
                expanded += made if isinstance(made, list) else [made]
            else:
                expanded.append(answer.artifact["result"])
    return expanded


def _grouped(plan: Plan, value: Any, given: Given) -> list[list[str]]:
    """What was made of each picture of a list of lists, by handles: the texts of the lines of the first page, of the
    second, …; a page without a line has an empty group."""
    place = nodes_in(value)[0]
    source = nodes_in(next(iter(plan.steps[place].arguments.values())))[0]
    made: dict[str, list[str]] = {}
    for answer in given(place):
        for part in answer.artifact["inputs"].values():
            if isinstance(part, str):
                made.setdefault(part, []).append(answer.artifact["result"])
    pages = [dict.fromkeys(value_of(answer)) for answer in given(source)]
    return [[text for part in page for text in made.get(part, [])] for page in pages]


def _expression(formula: Formula, given: Given) -> str:
    numbers: list[str] = []
    for part in formula.of:
        places = nodes_in(part)
        numbers += [_number(_counted(answer)) for j in places for answer in given(j)] if places else [part]
    if formula.sign == "mean":
        return f"({' + '.join(numbers)}) / {len(numbers)}"
    if formula.sign in "<>" and len(numbers) != 2:
        raise Stuck(f"A comparison needs two numbers, but there are {len(numbers)}; pass two files.")
    return f" {formula.sign} ".join(numbers)


def _number(value: Any) -> str:
    """A result read as a number: the best label, a text that is one number, in figures or words, or the number."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        value = value[0].get("label", "")
    if isinstance(value, list):
        value = len(value)
    found = re.fullmatch(r"\s*(-?\d[\d,]*(?:\.\d+)?)[\s.]*", in_figures(str(value)))
    if not found:
        raise Stuck(f"A number is needed to reckon with, but an earlier step gave {str(value)[:80]!r}.")
    return found.group(1)


def _label(plan: Plan, items: Any, noun: str, given: Given, index: ModelIndex) -> str | None:
    """The detector's own word for what is counted; None when its only label is meant."""
    for j in nodes_in(items):
        for answer in given(j)[:1]:
            labels = index.get(answer.artifact["model"]["id"]).labels
            return label_for(noun, labels, index) if labels else noun
    return noun
