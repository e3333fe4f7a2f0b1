"""`prefrontal run` and `prefrontal plan`: a goal in words, and the files that it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...errors import UsageError
from .console import (
    AllowPickle,
    Device,
    DType,
    Files,
    IndexDir,
    Json,
    Prefer,
    answered,
    begun,
    note,
    open_index,
    print_json,
    read_lines,
    show,
    waiting,
)

if TYPE_CHECKING:
    from ...agent.agent import Agent


def run(
    goal: Annotated[str, typer.Argument(metavar="GOAL", help="What shall be done, in words.", show_default=False)],
    file: Files = [],  # noqa: B006 (typer reads the default and never changes it)
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            metavar="PROVIDER:NAME",
            help="A chat model, such as openai:gpt-5; the embedded planner if left out.",
        ),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option("--base-url", metavar="URL", help="Where the chat model is served.")
    ] = None,
    index: IndexDir = None,
    workspace: Annotated[
        Path | None, typer.Option("--workspace", metavar="DIR", help="Where files lie; a fresh folder if left out.")
    ] = None,
    turns: Annotated[int, typer.Option("--turns", metavar="N", min=1, help="Turns of the chat model at most.")] = 40,
    seconds: Annotated[float, typer.Option("--seconds", metavar="S", min=0, help="Seconds at most.")] = 600,
    script: Annotated[
        Path | None,
        typer.Option("--script", metavar="FILE", help="Write a Python script that makes the same calls again."),
    ] = None,
    prefer: Prefer = "balanced",
    device: Device = "auto",
    dtype: DType = "auto",
    yes: Annotated[
        bool, typer.Option("--yes", help="Run a plan also when it is not sure that it is what is meant.")
    ] = False,
    allow_urls: Annotated[
        bool, typer.Option("--allow-urls", help="Fetch files that --file names by an address on the web.")
    ] = False,
    download_bytes: Annotated[
        int,
        typer.Option("--download-bytes", metavar="N", min=0, help="Ask, or refuse, beyond so many bytes to download."),
    ] = 4_000_000_000,
    allow_pickle: AllowPickle = None,
    json: Json = False,
) -> int:
    """Reach a goal: find models, call them, answer."""
    if base_url and not model:
        raise UsageError(
            "--base-url says where a chat model is served, but no --model is named; add --model openai:NAME"
        )
    options = {
        "model": model,
        "base_url": base_url,
        "turns": turns,
        "seconds": seconds,
        "prefer": prefer,
        "confirm": yes,
        "allow_urls": allow_urls,
        "device": device,
        "dtype": dtype,
        "download_bytes": download_bytes,
        "ask": answered(json),
        "allow_pickle": allow_pickle,
    }
    agent, media = _agent(goal, file, index, workspace, **options)
    reached = (_run_as_json if json else _run_for_people)(agent, {"goal": goal, "media": media}, script)
    return 0 if reached else 1


def _run_as_json(agent: Agent, given: dict[str, Any], script: Path | None) -> bool:
    from ...tools.downloads import watched

    run = None
    with watched(begun()):
        for event in agent.stream(given):
            run = event.get("run")
            print_json(event if run is None else {"type": "run", **run.to_dict()})
    return _kept(run, script)


def _run_for_people(agent: Agent, given: dict[str, Any], script: Path | None) -> bool:
    from ...agent.display import closing_lines, step_lines
    from ...agent.step import Step

    run, calls, thought = None, {}, ""
    for event in waiting(agent.stream(given), "reading the goal …", _doing):
        run = event.get("run")
        if event["type"] == "call":
            calls[event["id"]] = event
        if event["type"] in ("search", "result", "error"):
            step = Step.from_event(event, calls.get(event.get("id"), {}))
            lines = list(step_lines(step))
            show(lines[1:] if step.thought and step.thought == thought else lines)
            thought = step.thought or thought
    if run:
        show(closing_lines(run))
    return _kept(run, script)


def _doing(event: dict[str, Any]) -> str:
    return f"running {event['tool']} …" if event["type"] == "call" else "thinking …"


def _kept(run: Any, script: Path | None) -> bool:
    """Write the script when one is asked for; gives whether the goal was reached."""
    if run and script:
        try:
            script.write_text(run.script(), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{script} cannot be written ({error}); name a file in a folder that is there") from error
        note(f"the same calls as a script: {script}")
    return bool(run and run.reached)


def _agent(
    goal: str, files: Sequence[str], index: Path | None, workspace: Path | None, **options: Any
) -> tuple[Agent, list[Any]]:
    """The agent and the files in its workspace. Files are looked at first: a wrong path costs no import."""
    from ...retrieval.ranking.preferences import BALANCED, preference
    from ...tools.media import Workspace
    from ...tools.placing import Target

    preference(options.get("prefer", BALANCED))  # what is wrong costs no import
    allow_urls = options.pop("allow_urls", False)
    hardware = {name: options.pop(name, "auto") for name in ("device", "dtype")}
    Target.of(**hardware)
    space = Workspace(workspace)
    with space.conversation():  # a later run in the same folder does not see them
        media = [space.add(path, allow_urls=allow_urls) for path in files] if goal.strip() else []
    from ...agent.agent import Agent
    from ...agent.middleware import Budget

    model, base_url = options.pop("model", None), options.pop("base_url", None)
    served = {"base_url": base_url} if base_url else {}
    prefer, confirm = options.pop("prefer", BALANCED), options.pop("confirm", False)
    found = open_index(index, allow_pickle=options.pop("allow_pickle", None))
    agent = Agent(model, found, space, budget=Budget(**options), prefer=prefer, confirm=confirm, **hardware, **served)
    return agent, media


def plan(
    goal: Annotated[
        str | None, typer.Argument(metavar="GOAL", help="What shall be done, in words.", show_default=False)
    ] = None,
    file: Files = [],  # noqa: B006 (typer reads the default and never changes it)
    requests: Annotated[
        Path | None,
        typer.Option(
            "--requests", metavar="FILE.jsonl", help='Lines {"id", "user_request"}; prints one plan a line as JSON.'
        ),
    ] = None,
    tools: Annotated[
        Path | None,
        typer.Option(
            "--tools", metavar="FILE.json", help="TaskBench's tool_desc.json: only these tools, by their own names."
        ),
    ] = None,
    index: IndexDir = None,
    json: Json = False,
) -> int:
    """What would be done, before anything is loaded."""
    if (goal is None) == (requests is None):
        raise UsageError("pass either a GOAL or --requests FILE.jsonl")
    if tools and requests is None:
        raise UsageError("--tools goes with --requests FILE.jsonl; pass both")
    if requests:
        return _plan_requests(requests, tools, index)
    agent, media = _agent(goal or "", file, index, None)
    planned = agent.plan(goal or "", *media)
    if json:
        print_json(
            {
                "goal": planned.goal,
                **planned.to_dict(),
                "models": list(planned.models),
                "problem": planned.problem,
                "unplaced": list(planned.unplaced),
            }
        )
    else:
        show(str(planned).split("\n"))
    for model in planned.models:
        if "misfit" in model:
            note(model["misfit"])
    return 1 if planned.problem or planned.unplaced else 0


def _plan_requests(requests: Path, tools: Path | None, index: Path | None) -> int:
    rows = read_lines(requests, "user_request")
    from ...agent.planner.compose.taskbench import RequestPlanner, read_tools

    planner = RequestPlanner(open_index(index), read_tools(tools) if tools else None)
    for row in rows:
        print_json({"id": row.get("id"), **planner.plan(row["user_request"])})
    return 0
