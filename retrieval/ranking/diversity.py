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
from functools import lru_cache
from itertools import takewhile
from math import ceil
from statistics import median_low

from ...tools.card import ModelCard
from .duplicates import Originals, look_alikes, looks, originality, stands_beside

Scored = tuple[float, ModelCard]  # a candidate as it is seen here; they come best first

_SHARE = 0.4  # of any number of first places, and two in any case
_SMALL_SHARE = 0.2  # for an owner that is hardly used where others are, and for a series
_SERIES = 4  # cards of an owner that nobody uses, with names that differ in their numbers only
_REACH = 0.05  # of the score: others come forward only when they are nearly as good
_LONG_REACH = 0.25  # the same before a card that counts against the small share: its words may be made to fit
_USUAL = 100  # an owner that is used this many times less than is usual among the candidates is hardly used
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the answer: the number of the candidate that has it, the best score among its cards, the ids that
    are folded into it, and what is to be said of it."""

    at: int
    score: float
    variants: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Diversifier:
    """What is known of one search's candidates: which the query names, which pose as others, whose are too many.

    Args:
        query: an id in it is answered with exactly that model, whatever it looks like.
        cards: all candidates; of each only the id and the downloads need be known.
    """

    def __init__(self, query: str, cards: Sequence[ModelCard]) -> None:
        words = (word.strip(".,;:!?\"'()") for word in query.lower().split())
        named = {query.strip().lower(), *(word.removesuffix("/") for word in words if "/" in word)} - {""}
        self._named = {card.id for card in cards if card.id.lower() in named or card.owner.lower() in named}
        self._imitated = look_alikes(cards)
        # Nobody comes by chance by an id of which owner and name look like another's.
        self._posing = {id for id, model in self._imitated.items() if looks(id) == looks(model)}
        owners = Counter(_owner(card.id) for card in cards)
        self._others = len(cards) - max(owners.values(), default=0)
        self._used = dict.fromkeys(owners, 0)
        for card in cards:
            self._used[_owner(card.id)] = max(self._used[_owner(card.id)], card.downloads)
        self._unproven = _unproven([card.id for card in cards], owners, self._used)

    def crowded(self, k: int) -> bool:
        """Whether one owner leaves the others fewer than k of the candidates."""
        return self._others < k

    def shortlist(self, scored: Sequence[Scored], count: int) -> list[int]:
        """The candidates' numbers in a new order: the first `count` places shared, those who pose as others last."""
        last = [at for at, (_, card) in enumerate(scored) if card.id in self._posing - self._named]
        waiting = [at for at in range(len(scored)) if at not in last]
        first: list[int] = []
        taken: Counter[str] = Counter()
        while waiting and len(first) < count:
            at = self._next(scored, waiting, taken, len(first) + 1)
            waiting.remove(at)
            first.append(at)
            taken[_owner(scored[at][1].id)] += 1
        return [*first, *waiting, *last]

    def _next(self, scored: Sequence[Scored], waiting: list[int], taken: Counter[str], places: int) -> int:
        """The best that has a place left in its owner's share; the best of all when no such one is within reach."""
        score, best = scored[waiting[0]]
        least = score - (_LONG_REACH if best.id in self._unproven else _REACH)
        most, few = max(2, ceil(_SHARE * places)), ceil(_SMALL_SHARE * places)
        for at in takewhile(lambda at: scored[at][0] >= least, waiting):
            card = scored[at][1]
            had = taken[_owner(card.id)]
            if had < few or (had < most and card.id not in self._unproven) or card.id in self._named:
                return at
        return waiting[0]

    def places(self, scored: Sequence[Scored], k: int, runs: Sequence[bool] | None = None) -> list[Place]:
        """The k first places, or fewer when folding leaves fewer. Here the whole cards are needed.

        Args:
            runs: which of them can run here; all alike when None. One that cannot takes in none that can.
        """
        folded = sorted(
            self._folded(scored, runs or [True] * len(scored)),
            key=lambda place: (-round(place.score, 6), scored[place.at][1].id),
        )
        ranked = [(place.score, scored[place.at][1]) for place in folded]
        order = self.shortlist(ranked, k)
        stands = {ranked[at][1].id: rank for rank, at in enumerate(order)}

        def rank(at: int) -> float:
            """Where it stands; right behind the one that it imitates, when that came later."""
            id = ranked[at][1].id
            model = "" if id in self._named else self._imitated.get(id, "")
            return max(stands[id], stands.get(model, -1) + 0.5)

        return [folded[at] for at in sorted(order, key=rank)[:k]]

    def _folded(self, scored: Sequence[Scored], runs: Sequence[bool]) -> list[Place]:
        """Each original with its copies; a copy that runs, of an original that does not, stands for itself."""
        originals, running = Originals(), Originals()
        copies: dict[str, list[Scored]] = {}
        places: dict[str, int] = {}
        cards = [card for _, card in scored]
        order = sorted(range(len(cards)), key=lambda at: originality(cards[at], self._used[_owner(cards[at].id)]))
        for at in order:
            card = cards[at]
            original = None if card.id in self._named | self._posing else (running if runs[at] else originals).of(card)
            if original:
                copies[original.id].append(scored[at])
            else:
                originals.add(card)
                if runs[at]:
                    running.add(card)
                copies[card.id], places[card.id] = [], at
        return [self._place(at, scored[at], copies[id]) for id, at in places.items()]

    def _place(self, at: int, original: Scored, copies: list[Scored]) -> Place:
        """It stands as high as the best of its cards, but for copies that nobody uses: those may say what they like."""
        score, card = original
        heard = [said for said, copy in copies if stands_beside(copy, card)]
        model = self._imitated.get(card.id)
        notes = (f"name looks like {model}, by another owner",) if model else ()
        variants = tuple(copy.id for _, copy in sorted(copies, key=lambda scored: (-scored[0], scored[1].id)))
        return Place(at, max([score, *heard]), variants, notes)


@lru_cache(20_000)
def _owner(id: str) -> str:
    """Models without an owner have nothing in common: each stands for itself."""
    owner, slash, _ = id.lower().partition("/")
    return owner if slash else id


def _unproven(ids: Sequence[str], owners: Counter[str], used: dict[str, int]) -> set[str]:
    """The ids that count against the small share."""
    usual = median_low(used.values()) if used else 0
    hardly = {owner for owner, downloads in used.items() if (1 + downloads) * _USUAL < usual}
    suspects = [id for id in ids if not used[_owner(id)] and owners[_owner(id)] >= _SERIES]
    series = Counter(_NUMBERS.sub("#", id) for id in suspects)
    found = {id for id in suspects if series[_NUMBERS.sub("#", id)] >= _SERIES}
    return found | {id for id in ids if _owner(id) in hardly}
