"""What a search answers: hits that say why they stand where they stand, and that show themselves in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from ..tools.card import ModelCard

LINE = 120  # characters of `Hit.why`
_ROW = "<tr><td>{rank}</td><td><b>{id}</b></td><td>{task}</td><td>{score:.2f}</td><td>{why}</td></tr>"
_TABLE = "<table><tr><th></th><th>model</th><th>task</th><th>score</th><th>why</th></tr>{rows}</table>"


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of a search: the card, a score from 0 to 1, and why it stands at this rank (from 1).

    `variants` are the ids of the same model's other cards: copies, re-uploads, weights stored in another way.
    """

    card: ModelCard
    score: float
    reasons: tuple[str, ...]
    rank: int
    variants: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.card.id

    @property
    def why(self) -> str:
        """One line for people: the strongest of the reasons."""
        return one_line(self.reasons)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, of closed fields only: none of the card's prose."""
        return {
            "rank": self.rank,
            "id": self.card.id,
            "task": self.card.task,
            "score": round(self.score, 4),
            "reasons": list(self.reasons),
            "variants": list(self.variants),
        }

    def __str__(self) -> str:
        return f"{self.rank}. {self.card.id} ({self.card.task or 'no known task'}) {self.score:.2f}: {self.why}"

    def __repr__(self) -> str:
        return f"<Hit {self}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": hits_html([self])}


class Hits(list[Hit]):
    """The answer of a search: a list of hits that shows itself. An empty one says what to try."""

    def __init__(self, hits: Sequence[Hit], query: str = "", advice: str = "") -> None:
        super().__init__(hits)
        self.query = query
        self.advice = advice

    def __str__(self) -> str:
        return "\n".join(map(str, self)) or f"No model fits {self.query!r}: {self.advice}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": hits_html(self) if self else f"<p>{escape(str(self))}</p>"}


def one_line(reasons: Sequence[str]) -> str:
    """The reasons in their order, as many as fit; one that is too long gives way to shorter ones behind it."""
    line = ""
    for reason in reasons:
        longer = f"{line}; {reason}" if line else reason
        line = longer if len(longer) <= LINE or not line else line
    return line or "nothing better was found"


def hits_html(hits: Sequence[Hit]) -> str:
    """A table, one row a hit; everything that comes from a card is escaped."""
    cells = (
        _ROW.format(
            rank=hit.rank,
            id=escape(hit.card.id),
            task=escape(hit.card.task or "not known"),
            score=hit.score,
            why=escape(hit.why),
        )
        for hit in hits
    )
    return _TABLE.format(rows="".join(cells))
