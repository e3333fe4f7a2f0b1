"""What keeps copies, look-alikes and floods of cards from deciding a search.

Anybody may publish cards. So cards of one and the same model are one hit, for which the original speaks; a card
whose id imitates another one says so and never stands before it; and one owner gets a share of the first places
only, as long as others have something comparable.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import ceil
from statistics import median_low

from ..tools.card import ModelCard
from .likeness import Originals, look_alikes, looks, originality, stands_beside

Scored = tuple[float, ModelCard]  # a candidate as it is seen here; they come best first

_SHARE = 0.4  # of any number of first places, and two in any case
_SMALL_SHARE = 0.2  # for an owner that is hardly used where others are, and for a series
_SERIES = 3  # cards of an owner that nobody uses, with names that differ in their numbers only
_REACH = 0.1  # of the score: others come forward only when they are nearly as good
_USUAL = 100  # an owner that is used this many times less than is usual among the candidates is hardly used
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the answer: the number of the candidate that has it, the value it
    was given for (its best card's score), the ids folded into it, and what is to be said of it."""

    at: int
    value: float
    variants: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Guard:
    """What is known of one search's candidates: which the query names, which pose as others, whose are too many.

    Args:
        query: an id in it is answered with exactly that model, whatever it looks like.
        cards: all candidates; of each only the id and the downloads need be known.
    """

    def __init__(self, query: str, cards: Sequence[ModelCard]) -> None:
        words = (word.strip(".,;:!?\"'()") for word in query.lower().split())
        self._named = {query.strip().lower(), *(word.removesuffix("/") for word in words if "/" in word)}
        self._imitated = look_alikes(cards)
        self._used: dict[str, int] = {}
        for card in cards:
            self._used[_owner(card)] = max(self._used.get(_owner(card), 0), card.downloads)
        self._usual = median_low(self._used.values()) if cards else 0
        self._series = Counter(map(_serial, cards))
        self._others = len(cards) - max(Counter(map(_owner, cards)).values(), default=0)

    def crowded(self, k: int) -> bool:
        """Whether one owner leaves the others fewer than k of the candidates."""
        return 0 < self._others < k

    def shortlist(self, scored: Sequence[Scored], count: int) -> list[int]:
        """The candidates' numbers in a new order: the first `count` places shared, those who pose as others last."""
        last = [at for at, (_, card) in enumerate(scored) if self._is_last(card)]
        waiting = [at for at, (_, card) in enumerate(scored) if not self._is_last(card)]
        first: list[int] = []
        taken: Counter[str] = Counter()
        while waiting and len(first) < count:
            at = self._next(scored, waiting, taken, len(first) + 1)
            waiting.remove(at)
            first.append(at)
            taken[_owner(scored[at][1])] += 1
        return [*first, *waiting, *last]

    def _next(self, scored: Sequence[Scored], waiting: list[int], taken: Counter[str], places: int) -> int:
        """The best that has a place left in its owner's share; the best of all when no such one is within reach."""
        least = scored[waiting[0]][0] - _REACH
        for at in takewhile(lambda at: scored[at][0] >= least, waiting):
            card = scored[at][1]
            if taken[_owner(card)] < self._most(card, places) or self._is_named(card):
                return at
        return waiting[0]

    def _most(self, card: ModelCard, places: int) -> int:
        """How many of the first places the card's owner may have."""
        used = self._used[_owner(card)]
        series = not used and self._series[_serial(card)] >= _SERIES
        if series or (1 + used) * _USUAL < self._usual:
            return ceil(_SMALL_SHARE * places)
        return max(2, ceil(_SHARE * places))

    def places(self, scored: Sequence[Scored], k: int) -> list[Place]:
        """The k first places, or fewer when folding leaves fewer. Here the whole cards are needed."""
        folded = self._folded(scored)
        reached = {scored[place.at][1].id: place.value for place in folded}
        ranked: list[tuple[float, bool, str, Place]] = []
        for place in folded:
            card = scored[place.at][1]
            model = None if self._is_named(card) else self._imitated.get(card.id)
            value = min(place.value, reached.get(model or "", place.value))
            ranked.append((-round(value, 6), model is not None, card.id, place))
        ranked.sort(key=lambda row: row[:3])
        order = self.shortlist([(-value, scored[place.at][1]) for value, _, _, place in ranked], k)
        return [ranked[at][3] for at in order[:k]]

    def _folded(self, scored: Sequence[Scored]) -> list[Place]:
        """Each original with its copies."""
        originals = Originals()
        copies: dict[str, list[Scored]] = {}
        places: dict[str, int] = {}
        cards = [card for _, card in scored]
        order = sorted(range(len(cards)), key=lambda at: originality(cards[at], self._used[_owner(cards[at])]))
        for at in order:
            card = cards[at]
            alone = self._is_named(card) or self._poses(card)
            original = None if alone else originals.of(card)
            if original:
                copies[original.id].append(scored[at])
            else:
                originals.add(card)
                copies[card.id], places[card.id] = [], at
        return [self._place(at, scored[at], copies[id]) for id, at in places.items()]

    def _place(self, at: int, original: Scored, copies: list[Scored]) -> Place:
        """It stands as high as the best of its cards, but for copies that nobody uses: those may say what they like."""
        value, card = original
        heard = [score for score, copy in copies if stands_beside(copy, card)]
        model = self._imitated.get(card.id)
        notes = (f"name looks like {model}, by another owner",) if model else ()
        variants = tuple(copy.id for _, copy in sorted(copies, key=lambda scored: (-scored[0], scored[1].id)))
        return Place(at, max([value, *heard]), variants, notes)

    def _is_named(self, card: ModelCard) -> bool:
        return card.id.lower() in self._named or (card.owner != "" and card.owner.lower() in self._named)

    def _poses(self, card: ModelCard) -> bool:
        """Whether owner and name look like another's: nobody comes by such an id by chance."""
        return card.id in self._imitated and looks(card.id) == looks(self._imitated[card.id])

    def _is_last(self, card: ModelCard) -> bool:
        return self._poses(card) and not self._is_named(card)


def _owner(card: ModelCard) -> str:
    return card.owner.lower() or card.id  # models without an owner have nothing in common


def _serial(card: ModelCard) -> tuple[str, str]:
    return _owner(card), _NUMBERS.sub("#", card.name)
