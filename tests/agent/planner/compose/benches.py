"""Goals as if the reader had read them: wishes made by hand, their words found where they stand in the goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prefrontal.agent.planner.compose.bench import Bench
from prefrontal.agent.planner.compose.composer import plan_of
from prefrontal.agent.planner.compose.draft import File
from prefrontal.agent.planner.parse.wishes import Piece, Understanding, Wish
from prefrontal.agent.planner.plan import Plan

PHOTO = File("image-1", "image", "desk.png", 1.3)
SHELF = File("image-2", "image", "shelf.png", 1.3)
PAGE = File("image-1", "image", "page.png", 0.7)
LINE = File("image-1", "image", "line.png", 9.0)
MEMO = File("audio-1", "audio", "memo.wav")
SECOND_MEMO = File("audio-2", "audio", "answer.wav")
NOTES = File("text-1", "text", "notes.txt")
TABLE = File("table-1", "table", "sales.csv")

Said = str | Sequence[str]


@dataclass(frozen=True)
class Asked:
    op: str
    words: tuple[str, ...]
    source: str = "file"
    arguments: Mapping[str, Said] = field(default_factory=dict)
    limits: Mapping[str, Said] = field(default_factory=dict)


def asked(
    op: str, *words: str, source: str = "file", limits: Mapping[str, Said] | None = None, **arguments: Said
) -> Asked:
    """A wish by its op and the words that ask for it; what is said of it by kind."""
    return Asked(op, words, source, arguments, limits or {})


def pieces(goal: str, kind: str, said: Said) -> tuple[Piece, ...]:
    """Words of the goal, one after the other."""
    found: list[Piece] = []
    for text in [said] if isinstance(said, str) else said:
        start = goal.index(text, found[-1].end if found else 0)
        found.append(Piece(text, start, start + len(text), kind))
    return tuple(found)


def understood(goal: str, *wishes: Asked, negated: Said = ()) -> Understanding:
    def all_of(said: Mapping[str, Said]) -> tuple[Piece, ...]:
        return tuple(piece for kind, texts in said.items() for piece in pieces(goal, kind, texts))

    made = [Wish(w.op, w.source, 0.9, pieces(goal, "", w.words), all_of(w.arguments), all_of(w.limits)) for w in wishes]
    return Understanding(goal, tuple(made), pieces(goal, "negated", negated), sure=0.9)


def bench(goal: str, *wishes: Asked, files: Sequence[File] = (), negated: Said = (), **more: Any) -> Bench:
    return Bench(understood(goal, *wishes, negated=negated), files, **more)


def planned(goal: str, *wishes: Asked, files: Sequence[File] = (), negated: Said = (), **more: Any) -> Plan:
    return plan_of(bench(goal, *wishes, files=files, negated=negated, **more))


def calls(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    """What a plan would call, with what."""
    return [(step.task, step.arguments) for step in plan.steps]
