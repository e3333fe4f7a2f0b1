"""Plans in TaskBench's form: requests that only name their files, over all tasks or a given set of tools."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...errors import UsageError
from ...retrieval.index import ModelIndex
from ...tools.media_types import KIND_OF_SUFFIX
from ...tools.tasks import find_task
from .linking import File, make_plan
from .matching import Matcher
from .plan import Formula, Plan, PlanStep, node, nodes_in

_NAMED_FILE = re.compile(rf"[\w-]+\.(?:{'|'.join(sorted(KIND_OF_SUFFIX, key=len, reverse=True))})\b", re.IGNORECASE)


def read_tools(path: Path) -> list[dict[str, str]]:
    """The tools of a TaskBench tool_desc.json: {"id", "desc"} each.

    Raises:
        UsageError: the file cannot be read, is not of that form, or names no task that the table knows.
    """
    try:
        nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"]
        tools = [{"id": str(tool["id"]), "desc": str(tool.get("desc", ""))} for tool in nodes]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path} cannot be read as tools ({type(error).__name__}: {error}); "
            'pass a JSON file of the form {"nodes": [{"id", "desc"}, …]}'
        ) from error
    if not any(find_task(tool["id"]) for tool in tools):
        raise UsageError(f"{path} names no task that is known here; see prefrontal.tasks() for those that are")
    return tools


class RequestPlanner:
    """Plans requests without their files.

    Args:
        index: whose embedder measures how close words are to a task.
        tools: of `read_tools`: only tasks named there are used, by the names given there; None for the whole table.
    """

    def __init__(self, index: ModelIndex, tools: Sequence[dict[str, str]] | None = None) -> None:
        self.index = index
        self.tools: dict[str, list[dict[str, str]]] | None = None
        if tools is not None:
            self.tools = {}
            for tool in tools:
                if row := find_task(tool["id"]):
                    self.tools.setdefault(row.id, []).append(tool)
        self.matcher = Matcher(index.task_scores, self.tools)

    def plan(self, request: str) -> dict[str, Any]:
        """{"task_nodes", "task_links"}; both empty when a part of the request could not be placed."""
        plan = make_plan(request, named_files(request), self.matcher)
        if self.tools is not None:
            plan = only(plan, self.tools)
        return replace(plan, steps=tuple(replace(s, task=self._name(s)) for s in plan.steps)).to_dict()

    def _name(self, step: PlanStep) -> str:
        """The tool's own name. Of two tools that are one task here, the one described closest to the words."""
        if self.tools is None:
            return step.task
        names = self.tools[step.task]
        if len(names) == 1:
            return names[0]["id"]
        close = self.index.similarities(step.words, [f"{tool['id']}: {tool['desc'][:200]}" for tool in names])
        return names[max(range(len(names)), key=lambda i: close[i])]["id"]


def named_files(request: str) -> list[File]:
    """The files that a request names, such as example.jpg; a file's name is its handle."""
    names = dict.fromkeys(_NAMED_FILE.findall(request))
    kinds = {name: KIND_OF_SUFFIX[name.rpartition(".")[2].lower()] for name in names}
    return [File(name, kind, name) for name, kind in kinds.items()]


def only(plan: Plan, allowed: Any) -> Plan:
    """The plan without the steps of other tasks; what took their output takes what they took first."""
    steps: list[PlanStep] = []
    stands_for: dict[int, Any] = {}
    for place, step in enumerate(plan.steps):
        arguments = {name: _rewired(value, stands_for) for name, value in step.arguments.items()}
        if step.task in allowed:
            stands_for[place] = node(len(steps))
            steps.append(replace(step, arguments=arguments))
        else:
            first = next(iter(arguments.values()), "")
            stands_for[place] = str(first) if isinstance(first, Formula) else first
    return replace(plan, steps=tuple(steps))


def _rewired(value: Any, stands_for: dict[int, Any]) -> Any:
    if isinstance(value, Formula):
        return Formula(value.sign, tuple(str(_rewired(part, stands_for)) for part in value.of))
    if isinstance(value, list | tuple):
        return [_rewired(part, stands_for) for part in value]
    places = nodes_in(value)
    return stands_for[places[0]] if places and value == node(places[0]) else value
