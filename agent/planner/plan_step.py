"""`PlanStep`: one call of a plan, with what it takes from the steps before it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NODE = re.compile(r"<node-(\d+)>")


def node(step: int) -> str:
    """The output of step `step` (from 0), as an argument's value."""
    return f"<node-{step}>"


def nodes_in(value: Any) -> list[int]:
    """The steps whose outputs a value names."""
    if isinstance(value, Formula):
        return [j for part in value.of for j in nodes_in(part)]
    if isinstance(value, list | tuple):
        return [j for part in value for j in nodes_in(part)]
    return [int(j) for j in NODE.findall(value)] if isinstance(value, str) else []


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
        covers: the words of the goal of which the step's tool, or its builder, has seen to it that each has its effect.
        told: the form of its answer, where that is not its task's own (see `answering.py`).
        limits: on the model: {"model", "max_bytes", "licences"}, each only where the goal says so.
    """

    task: str
    arguments: dict[str, Any]
    words: str
    each: str = ""
    noun: str = ""
    asked: bool = True
    confidence: float = 1.0
    why: str = ""
    covers: str = ""
    told: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)

    @property
    def needs(self) -> list[int]:
        """The steps that must run before."""
        return list(dict.fromkeys(j for value in self.arguments.values() for j in nodes_in(value)))


def calculation(expression: str, words: str) -> PlanStep:
    """The step that reckons what stands in the goal itself."""
    return PlanStep("calculate", {"expression": expression}, words, confidence=0.9, why="arithmetic needs no model")
