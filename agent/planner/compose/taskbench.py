"""Plans in TaskBench's form: requests that only name their files, over all tasks or a given set of tools."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ....errors import UsageError
from ....retrieval.index import ModelIndex
from ..parse.clauses import FILE_NAME, file_kind
from ..plan import Plan
from ..plan_step import Formula, PlanStep, node, nodes_in
from .linking import File, make_plan
from .matching import Matcher, Tool, described_tool, table_tools


def read_tools(path: Path) -> list[Tool]:
    """The tools of a TaskBench tool_desc.json: {"id", "desc", "input-type", "output-type"} each.

    A tool named like a task is that task; any other is known by its description alone.

    Raises:
        UsageError: the file cannot be read, or is not of that form.
    """
    try:
        nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"]
        tools = [
            described_tool(
                str(tool["id"]), str(tool.get("desc", "")), tool.get("input-type", ()), tool.get("output-type", ())
            )
            for tool in nodes
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path} cannot be read as tools ({type(error).__name__}: {error}); "
            'pass a JSON file of the form {"nodes": [{"id", "desc"}, …]}'
        ) from error
    if not tools:
        raise UsageError(f'{path} names no tool; pass a JSON file of the form {{"nodes": [{{"id", "desc"}}, …]}}')
    return tools


class RequestPlanner:
    """Plans requests without their files: what a request speaks of is taken to be there.

    Args:
        index: whose embedder measures how close words are to a task.
        tools: of `read_tools`: only these are used, by their own names; None for the whole task table.
    """

    def __init__(self, index: ModelIndex, tools: Sequence[Tool] | None = None) -> None:
        self.tools = list(tools) if tools is not None else table_tools()
        self.matcher = Matcher(index.task_scores, self.tools, index.similarities)

    def plan(self, request: str) -> dict[str, Any]:
        """{"task_nodes", "task_links"}, and "problem" when a part of the request could not be placed."""
        plan = make_plan(request, named_files(request), self.matcher, assume=True)
        plan = only(plan, {tool.name for tool in self.tools})
        return plan.to_dict() | ({"problem": plan.problem} if plan.problem else {})


def named_files(request: str) -> list[File]:
    """The files that a request names, such as example.jpg; a file's name is its handle."""
    names = dict.fromkeys(found.group() for found in FILE_NAME.finditer(request))
    return [File(name, file_kind(name), name) for name in names]


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
