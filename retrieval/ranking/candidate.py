"""What a search knows of a card while it ranks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...tools.card import ModelCard
from .card_languages import NEUTRAL, Stand

if TYPE_CHECKING:
    from ...tools.fitness import Fitness


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card with what the search found out about it.

    Attributes:
        meaning: the cosine of the query and the card's text, from -1 to 1.
        words: its BM25 as a part of the best one's, from 0 to 1.
        task: how likely the query asks for its task, from 0 to 1.
        shown: how well its languages go with those that the query shows, from 0 to 1.
        shared: words of the query that the card has.
        fitness: None as long as nobody looked.
        language: what it says of the languages that the query asks for; None when it asks for none.
        fits: its task is the one that is asked for, or hardly less likely.
    """

    card: ModelCard
    meaning: float
    words: float
    task: float
    shown: float = NEUTRAL
    shared: tuple[str, ...] = ()
    fitness: Fitness | None = None
    language: Stand | None = None
    fits: bool = False
