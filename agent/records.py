"""What a search leaves in a conversation: plain JSON of known shape, so that any checkpointer can store it."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class FoundModel(TypedDict):
    """What the agent and its planner see of a hit: closed fields, its labels, and why it was found."""

    id: str
    tool: str
    task: str
    score: float
    why: str
    does: str
    labels: list[str]
    languages: list[str]
    bytes: int


class OtherModel(TypedDict):
    """A near model that does not run here, with the reason."""

    id: str
    task: str
    why: str


class SearchRecord(TypedDict):
    """One look into the index. `others` stand in when there are no candidates; `at` is the number of messages that
    there were before, for a search that no message tells of."""

    query: str
    task: str | None
    candidates: list[FoundModel]
    others: NotRequired[list[OtherModel]]
    seconds: NotRequired[float]
    at: NotRequired[int]


NOTHING_FOUND: SearchRecord = {"query": "", "task": None, "candidates": []}
