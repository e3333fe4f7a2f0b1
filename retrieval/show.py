"""Search results for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .ranking import Hit

_ROW = "<tr><td>{rank}</td><td><b>{id}</b></td><td>{task}</td><td>{score:.2f}</td><td>{why}</td></tr>"
_TABLE = "<table><tr><th></th><th>model</th><th>task</th><th>score</th><th>why</th></tr>{rows}</table>"


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
