"""`Run` and `Step`: what happened, as ReAct has it, told from the messages alone.

A run can be shown as text, as HTML and as JSON, and turned into a plain Python script that does it again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage

from ..errors import UsageError
from ..retrieval.index import ModelIndex
from ..tools.home import home
from ..tools.media import Workspace
from .messages import artifact_of, is_goal, keys_of, last_goal
from .middleware.retrieve import SEARCH


@dataclass(frozen=True, slots=True)
class Step:
    """One thought, action and observation.

    Attributes:
        kind: "search" for a look into the index, "call" for a call of a model or a built-in.
        thought: why this step, in the words of the chat model.
        action: {"tool", "arguments"}.
        observation: what came back, in words.
        ok: False when it failed.
        candidates: of a search: the models found, each with its score and why.
        model: of a call: {"id", "revision"} of what ran.
        outputs: of a call: the plain results; media are handles.
        result: of a call: the handle under which the result can be passed on.
        failed_before: what other models said that were tried first.
        seconds: how long it took.
    """

    kind: str
    thought: str
    action: dict[str, Any]
    observation: str
    ok: bool = True
    candidates: tuple[dict[str, Any], ...] = ()
    model: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    result: str = ""
    task: str = ""
    failed_before: tuple[str, ...] = ()
    seconds: float = 0.0

    def __str__(self) -> str:
        from .display import step_lines

        return "\n".join(step_lines(self))


@dataclass(frozen=True)
class Run:
    """A goal, the steps towards it, and the answer.

    `reached` is False when the run ended without its goal; `answer` then says why. `media` are the files that its
    conversation sees, by handle, `seconds` the whole time, `workspace` and `index` the folders ("" for the default
    index). `replanned` are the changes of plan on the way: {"step", "instead_of", "now", "why"}.
    """

    goal: str
    answer: str
    reached: bool
    steps: tuple[Step, ...]
    media: tuple[dict[str, Any], ...] = ()
    reason: str = ""
    seconds: float = 0.0
    workspace: str = ""
    index: str = ""
    replanned: tuple[dict[str, Any], ...] = ()
    messages: tuple[AnyMessage, ...] = field(default=(), repr=False, compare=False)

    @property
    def models(self) -> list[dict[str, str]]:
        """The models that ran, each once, with their revisions."""
        return list({step.model["id"]: step.model for step in self.steps if step.model}.values())

    @property
    def pictures(self) -> list[str]:
        """Handles of the pictures that were made."""
        return [media["handle"] for media in self.media if media["kind"] == "image" and media["made_by"]]

    def path(self, handle: str) -> str:
        """Where the file behind a handle lies.

        Raises:
            UsageError: no file of the run has that handle.
        """
        files = {media["handle"]: media["file"] for media in self.media}
        if handle not in files:
            raise UsageError(f"{handle!r} is no file of this run; there are: {', '.join(files) or 'none'}")
        return f"{self.workspace}/{files[handle]}"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, without the messages."""
        fields = ("goal", "answer", "reached", "reason", "seconds", "workspace", "index")
        own = {name: getattr(self, name) for name in fields}
        steps = [
            {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(step).items()}
            for step in self.steps
        ]
        return {
            **own,
            "steps": steps,
            "media": list(self.media),
            "replanned": list(self.replanned),
            "models": self.models,
        }

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def script(self) -> str:
        """A Python script that makes the same calls again, without a chat model."""
        from .display import script_of

        return script_of(self)

    def __str__(self) -> str:
        from .display import run_text

        return run_text(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from .display import run_html

        return {"text/plain": str(self), "text/html": run_html(self)}


def run_of(state: dict[str, Any], workspace: Workspace, seconds: float = 0.0, index: ModelIndex | None = None) -> Run:
    """The run that a state's messages tell, from the last goal on."""
    messages: Sequence[AnyMessage] = state.get("messages", [])
    start = last_goal(messages)
    own = messages[start:]
    last = own[-1] if own else None
    done = isinstance(last, AIMessage) and not last.tool_calls and bool(last.text.strip())
    noted = last.additional_kwargs.get("prefrontal", {}) if isinstance(last, AIMessage) else {}
    with workspace.conversation(keys_of(state)):
        media = tuple(one.to_dict() for one in workspace)
    usual = (home() / "index").expanduser().absolute()
    return Run(
        goal=str(own[0].text) if own and is_goal(own[0]) else "",
        answer=str(last.text) if done and last is not None else "There was no answer; see the steps for what happened.",
        reached=done and noted.get("reached", True),
        reason=noted.get("reason", "") if done else "no answer",
        steps=tuple(steps_of(own, state.get("searches", []), start)),
        media=media,
        seconds=round(seconds, 3),
        workspace=str(workspace.folder),
        index=str(index.path) if index and index.path != usual else "",
        replanned=tuple(
            note
            for m in own
            if isinstance(m, AIMessage) and (note := m.additional_kwargs.get("prefrontal", {}).get("replanned"))
        ),
        messages=tuple(messages),
    )


def steps_of(messages: Sequence[AnyMessage], searches: Sequence[dict[str, Any]] = (), start: int = 0) -> list[Step]:
    """The steps in order: searches made before a turn, and each call with its result."""
    results = {m.tool_call_id: m for m in messages if isinstance(m, ToolMessage)}
    steps: list[Step] = []
    for place, message in enumerate(messages, start=start):
        steps += [_looked(search) for search in searches if search.get("at") == place]
        if isinstance(message, AIMessage):
            malformed = [{**call, "args": {}} for call in message.invalid_tool_calls]
            for call in (*message.tool_calls, *malformed):
                if answer := results.get(call["id"] or ""):
                    steps.append(step_of(str(message.text), dict(call), answer))
    return steps


def step_of(thought: str, call: dict[str, Any], answer: ToolMessage) -> Step:
    """A call and its result as one step."""
    searched = call["name"] == SEARCH
    found = answer.artifact if searched and isinstance(answer.artifact, dict) else {}
    artifact = artifact_of(answer)
    return Step(
        kind="search" if searched else "call",
        thought=thought,
        action={"tool": call["name"] if searched else answer.name or call["name"], "arguments": call["args"]},
        observation=str(answer.text),
        ok=answer.status != "error",
        candidates=tuple(found.get("candidates", ())),
        model=artifact.get("model", {}),
        outputs=artifact.get("outputs", {}),
        result=artifact.get("result", ""),
        task=artifact.get("task", ""),
        failed_before=tuple(artifact.get("failed_before", ())),
        seconds=artifact.get("seconds", found.get("seconds", 0.0)),
    )


def step_of_event(event: dict[str, Any], calls: dict[str, dict[str, Any]]) -> Step | None:
    """The step that an event completes, or None.

    Args:
        calls: the same dict for all events of a run: it carries each call to its result.
    """
    if event["type"] == "search":
        return replace(_looked(event), thought=event.get("thought", ""))
    if event["type"] == "call":
        calls[event["id"]] = event
    if event["type"] not in ("result", "error"):
        return None
    call = calls.get(event["id"], {})
    return Step(
        kind="call",
        thought=call.get("thought", ""),
        action={"tool": event["tool"], "arguments": call.get("arguments", {})},
        observation=event["text"],
        ok=event["type"] == "result",
        model=event.get("model", {}),
        result=event.get("result", ""),
        task=event.get("task", ""),
        failed_before=tuple(event.get("failed_before", ())),
        seconds=event.get("seconds", 0.0),
    )


def _looked(search: dict[str, Any]) -> Step:
    names = ", ".join(c["id"] for c in search["candidates"]) or "nothing that runs here"
    asked = {"query": search["query"]} | ({"task": search["task"]} if search.get("task") else {})
    action = {"tool": SEARCH, "arguments": asked}
    return Step("search", "", action, f"found {names}", True, tuple(search["candidates"]), seconds=search["seconds"])
