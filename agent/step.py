"""`Step`: one thought, action and observation, told once from the messages, and once more as an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage

from .display import step_lines
from .messages import SEARCH, artifact_of, folded, taking_over
from .records import FoundModel, OtherModel, SearchRecord


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
        others: of a search without candidates: the nearest models, and why they do not run.
        model: of a call: {"id", "revision"} of what ran.
        outputs: of a call: the plain results; media are handles.
        result: of a call: the handle under which the result can be passed on.
        failed_before: what other models said that were tried first.
        seconds: how long it took.
        notes: of a call: what was assumed when its files were read, in a sentence each, such as "orders.csv: Read as
            semicolon-separated, UTF-8, decimal comma."
    """

    kind: str
    thought: str
    action: dict[str, Any]
    observation: str
    ok: bool = True
    candidates: tuple[FoundModel, ...] = ()
    others: tuple[OtherModel, ...] = ()
    model: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    result: str = ""
    task: str = ""
    failed_before: tuple[str, ...] = ()
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    def to_event(self, id: str = "") -> dict[str, Any]:
        """The step as a small plain record, one of the lines of `prefrontal run --json` (see `events`).

        Args:
            id: of the call.
        """
        if self.kind == "search" and self.ok:
            kept = ("id", "task", "score", "why")
            found = [{key: candidate[key] for key in kept} for candidate in self.candidates]
            asked = self.action["arguments"]
            event = {"type": "search", "query": asked["query"], "task": asked.get("task"), "candidates": found}
            others = {"others": list(self.others)} if self.others else {}
            return {**event, **others, "seconds": self.seconds, "thought": self.thought}
        known = {name: getattr(self, name) for name in ("model", "task", "result", "seconds") if getattr(self, name)}
        failed = {"failed_before": list(self.failed_before)} if self.failed_before else {}
        event = {"type": "result" if self.ok else "error", "id": id, "tool": self.action["tool"]}
        notes = {"notes": list(self.notes)} if self.notes else {}
        return {**event, "text": self.observation, **(known if self.ok else {}), **failed, **notes}

    @classmethod
    def from_event(cls, event: Mapping[str, Any], call: Mapping[str, Any]) -> Step:
        """The way back, as far as an event tells.

        Args:
            call: the "call" event before a "result" or an "error".
        """
        if event["type"] == "search":
            return searched(cast("SearchRecord", event), event.get("thought", ""))
        return cls(
            kind="search" if event["tool"] == SEARCH else "call",
            thought=call.get("thought", ""),
            action={"tool": event["tool"], "arguments": call.get("arguments", {})},
            observation=event["text"],
            ok=event["type"] == "result",
            model=event.get("model", {}),
            result=event.get("result", ""),
            task=event.get("task", ""),
            failed_before=tuple(event.get("failed_before", ())),
            seconds=event.get("seconds", 0.0),
            notes=tuple(event.get("notes", ())),
        )

    def __str__(self) -> str:
        return "\n".join(step_lines(self))


def steps_of(messages: Sequence[AnyMessage], searches: Sequence[SearchRecord] = (), start: int = 0) -> list[Step]:
    """The steps in order: searches made before a turn, and each call with its result; who took over a call that failed
    stands in the place of who failed."""
    results = {m.tool_call_id: m for m in folded(messages) if isinstance(m, ToolMessage)}
    steps: list[Step] = []
    for place, message in enumerate(messages, start=start):
        steps += [searched(search) for search in searches if search.get("at") == place]
        if isinstance(message, AIMessage) and not taking_over(message):
            malformed = [{**call, "args": {}} for call in message.invalid_tool_calls]
            for call in (*message.tool_calls, *malformed):
                if answer := results.get(call["id"] or ""):
                    steps.append(step_of(str(message.text), dict(call), answer))
    return steps


def step_of(thought: str, call: dict[str, Any], answer: ToolMessage) -> Step:
    """A call and its result as one step."""
    looked = call["name"] == SEARCH
    found = answer.artifact if looked and isinstance(answer.artifact, dict) else {}
    artifact = artifact_of(answer)
    return Step(
        kind="search" if looked else "call",
        thought=thought,
        action={"tool": call["name"] if looked else answer.name or call["name"], "arguments": call["args"]},
        observation=str(answer.text),
        ok=answer.status != "error",
        candidates=tuple(found.get("candidates", ())),
        others=tuple(found.get("others", ())),
        model=artifact.get("model", {}),
        outputs=artifact.get("outputs", {}),
        result=artifact.get("result", ""),
        task=artifact.get("task", ""),
        failed_before=tuple(artifact.get("failed_before", ())),
        seconds=artifact.get("seconds", found.get("seconds", 0.0)),
        notes=tuple(artifact.get("notes", ())),
    )


def searched(search: SearchRecord, thought: str = "") -> Step:
    """A look into the index as one step."""
    names = ", ".join(c["id"] for c in search["candidates"]) or "nothing that runs here"
    asked = {"query": search["query"]} | ({"task": search["task"]} if search.get("task") else {})
    return Step(
        kind="search",
        thought=thought,
        action={"tool": SEARCH, "arguments": asked},
        observation=f"found {names}",
        candidates=tuple(search["candidates"]),
        others=tuple(search.get("others", ())),
        seconds=search.get("seconds", 0.0),
    )
