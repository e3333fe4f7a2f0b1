"""`Run` and `Step`: what happened, as ReAct has it, told from the messages alone.

A run can be shown as text, as HTML and as JSON, and turned into a plain Python script that does it again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage

from ..errors import UsageError
from ..retrieval.index import ModelIndex
from ..tools.home import home
from ..tools.media import Workspace
from .display import run_html, run_text
from .messages import is_goal, keys_of, last_goal
from .script import script_of
from .step import Step, steps_of


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
        """A Python script that makes the same calls again, without a chat model, and says the answer with what came out
        this time."""
        return script_of(self)

    def __str__(self) -> str:
        return run_text(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
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
