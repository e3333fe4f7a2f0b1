"""`Ranker`: what meaning and words find becomes one order, and each hit says why it stands where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Protocol

import numpy as np

from ...tools.card import ModelCard
from ...tools.fitness import fitness
from ...tools.model_ids import named_ids
from ..embedding.encoder import Encoder
from ..filters import Filters
from ..hits import Hit
from ..reserved import standing
from ..words import query_words
from .candidate import Candidate
from .card_languages import SILENT, agreement, stand
from .claims import asked_claim, by_claims, claim_note, read_claim
from .diversity import Diversifier
from .preferences import BALANCED, Preference, preference, preferred
from .query import Query
from .request_languages import RequestLanguages, request_languages
from .signals import SIGNALS, Signal, reasons_of, score
from .task_match import TaskMatch

_POOL = 100  # candidates from each of meaning and words: the best ones are far inside
_LARGEST_POOL = 16 * _POOL  # when one owner fills the pool, it grows up to here to find others
_AT_ONCE = 50  # whole cards that are read at once, at most
# A task may be the one asked for when it is at least so likely, and at least this part of the likeliest one.
_LIKELY, _NEARLY = 0.3, 0.8
_CHECKED = 10  # candidates, beyond those asked for, whose fitness is looked up: it costs a look at the disk
_NAMED_AMONG = 5  # when none of so many hits names a language that is asked for, it is asked without it


class Cards(Protocol):
    """What a ranker needs of an index: cards by their rowids, found by meaning and by words."""

    def __len__(self) -> int: ...

    def near(self, query: Query, count: int, filters: Filters) -> dict[int, float]:
        """The cosines of the closest cards that pass, by rowid."""
        ...

    def closeness(self, rowids: Sequence[int], query: Query) -> dict[int, float]:
        """The cosines of these cards, by rowid."""
        ...

    def matching(self, words: Sequence[str], count: int, filters: Filters) -> dict[int, float]:
        """The BM25 of the cards that hold the words best and pass, by rowid."""
        ...

    def outlines(self, rowids: Sequence[int]) -> dict[int, ModelCard]:
        """These cards with id, task, languages, sizes and downloads."""
        ...

    def cards(self, rowids: Sequence[int]) -> dict[int, ModelCard]:
        """These cards, whole."""
        ...


@dataclass(frozen=True)
class Ranker:
    """Understands a request, and orders the cards of an index for it.

    Attributes:
        signals: what counts, with its weight; `SIGNALS` with another row, another weight or one row less.
        task_match: how the tasks that a request may ask for are told.
        diversifier: keeps copies, look-alikes and one owner's flood from the first places.
    """

    signals: tuple[Signal, ...] = SIGNALS
    task_match: TaskMatch = field(default_factory=TaskMatch)
    diversifier: Callable[[str, Sequence[ModelCard]], Diversifier] = Diversifier

    def understand(self, text: str, encoder: Encoder, task_rows: np.ndarray, filters: Filters) -> Query:
        """The one place where a request becomes a `Query`.

        Args:
            encoder: that of the index.
            task_rows: the vectors of the task table's phrases, in the table's order.
        """
        text = named_ids(text)
        claim = read_claim(filters.best_by) if filters.best_by else None
        if claim is None:
            claim, text = asked_claim(text)
        vector, said = encoder.query(text), request_languages(text)
        tasks = self.task_match.evidence(text, vector, task_rows, encoder.signature, filters.takes)
        whole = Query(text, tuple(query_words(text)), vector, tasks, shown=said.shown | set(said.codes), claim=claim)
        if not said.codes or not filters.spoken or filters.language:
            return whole
        return replace(
            whole,
            words=tuple(query_words(said.rest)),
            vector=_between(vector, encoder.query(said.rest)) if said.rest != text else vector,
            languages=said,
            shown=said.shown,
            unfiltered=whole,
        )

    def rank(self, query: Query, cards: Cards, filters: Filters, k: int) -> list[Hit]:
        """The k best cards, fewer when fewer pass the filters. A language that the query names in words counts as a
        filter, as long as one of the first hits names it; else the query is asked without it, and the hits say so."""
        asked = query.languages
        if not asked.codes:
            return self._rank(query, cards, filters, k)
        hits = self._rank(query, cards, filters, max(k, _NAMED_AMONG))
        if any((said := stand(hit.card, asked)) and said.value > SILENT for hit in hits[:_NAMED_AMONG]):
            return hits[:k]
        note = f"no model names {asked}: shown without it"
        others = self._rank(query.without_languages(), cards, filters, k)
        return [replace(hit, reasons=(note, *hit.reasons)) for hit in others]

    def _score(self, found: Candidate) -> float:
        return score(found, self.signals)

    def _rank(self, query: Query, cards: Cards, filters: Filters, k: int) -> list[Hit]:
        liked, asked = preference(filters.prefer), bool(query.languages.codes)
        pool, wanted = max(_POOL, 2 * k), k + (3 * _CHECKED if asked or filters.prefer != BALANCED else _CHECKED)
        while True:
            candidates = self._candidates(query, cards, filters, pool)
            diversifier = self.diversifier(query.rest, [found.card for _, _, found in candidates])
            whole = len(candidates) < pool or pool >= len(cards)  # there are no other candidates
            if not whole and pool < _LARGEST_POOL and diversifier.crowded(k):
                pool *= 4
                continue
            if query.claim:
                wanted = max(wanted, pool)  # figures stand in whole cards
            first = diversifier.shortlist([(value, found.card) for value, _, found in candidates], wanted)
            checked = _checked([candidates[at][1:] for at in first], query, cards, filters, min(wanted, _AT_ONCE))
            kept = sorted(islice(checked, wanted), key=lambda found: _order(self._score(found), found.card))
            order = self._preferred(kept, liked)
            if query.claim:
                right = lambda found: found.fits or bool(filters.task)  # noqa: E731
                order = by_claims(order, query.claim, lambda found: found.card, right)
            # Who is brought forward takes the place of another, with the score that goes with it.
            scored = [(self._score(at), found.card) for at, found in zip(kept, order, strict=True)]
            runs = [found.fitness is not None and found.fitness.ok for found in order]
            places = diversifier.places(scored, k, runs)
            if len(places) >= k or (whole and len(kept) < wanted) or (asked and pool >= _LARGEST_POOL):
                break
            pool, wanted = 4 * pool, 4 * pool  # a picky filter, or many copies of few models
        before = {found.card.id: at for at, found in enumerate(kept)}
        ahead = {found.card.id for at, found in enumerate(order) if before[found.card.id] > at}
        hits = []
        for number, place in enumerate(places, 1):
            found = order[place.at]
            claimed = claim_note(query.claim, found.card) if query.claim else ""
            told = [claimed] if claimed else [liked.note] if found.card.id in ahead and liked.note else []
            notes = (*place.notes, *told)
            reasons = reasons_of(found, self.signals, notes)
            hits.append(Hit(found.card, self._score(found), reasons, number, place.variants))
        return hits

    def _preferred(self, kept: list[Candidate], liked: Preference) -> list[Candidate]:
        """What is liked goes first among those of one task that fit about equally."""
        if not liked.weights:
            return kept
        return preferred(
            kept, self._score, lambda found: score(found, self.signals, liked.weights), lambda found: found.card.task
        )

    def _candidates(
        self, query: Query, cards: Cards, filters: Filters, pool: int
    ) -> list[tuple[float, int, Candidate]]:
        """What meaning finds and what words find, best first, each with its score and its rowid: outlines of cards, no
        look at the machine."""
        meaning = cards.near(query, pool, filters)
        matches = cards.matching(query.words, pool, filters)
        meaning |= cards.closeness([rowid for rowid in matches if rowid not in meaning], query)
        top = max(matches.values(), default=0.0) or 1.0
        named = query.rest.strip().lower()
        outlines = cards.outlines(list(meaning))
        asks = query.tasks.likely({card.task for card in outlines.values()})
        # Where a task is named, that a model has it is no news.
        right = 2.0 if filters.task else max(_LIKELY, _NEARLY * max(asks.values(), default=0.0))
        found = []
        for rowid, card in outlines.items():
            exact = card.id.lower() == named  # who names a model asks for nothing else
            task = 1.0 if exact else asks.get(card.task, 0.0)
            candidate = Candidate(
                card=card,
                meaning=meaning[rowid],
                words=1.0 if exact else matches.get(rowid, 0.0) / top,
                task=task,
                shown=agreement(query.shown, card.id, card.languages),
                fits=task >= right,
            )
            found.append((self._score(candidate), rowid, candidate))
        return sorted(found, key=lambda scored: _order(scored[0], scored[2].card))


def _between(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The unit vector half way between two. A query whose language is a filter is drawn half way to what it is without
    the language's name: the name alone makes many cards alike, but a model made for the language is still nearer."""
    between = one + other
    return between / max(float(between @ between) ** 0.5, 1e-9)


def _order(value: float, card: ModelCard) -> tuple[float, str]:
    return (-round(value, 6), card.id)


def _checked(
    candidates: list[tuple[int, Candidate]], query: Query, cards: Cards, filters: Filters, at_once: int
) -> Iterator[Candidate]:
    """Those that pass what SQL cannot test, with their whole card, their shared words and their fitness.

    Args:
        at_once: so many whole cards are read: parsing one costs more than ranking it.
    """
    asked: RequestLanguages | None = query.languages if query.languages.codes else None
    for start in range(0, len(candidates), at_once):
        chunk = candidates[start : start + at_once]
        whole = cards.cards([rowid for rowid, _ in chunk])
        for rowid, candidate in chunk:
            card = standing(whole[rowid])
            said = stand(card, asked) if asked and card else None
            if not card or (asked and not said) or (filters.where and not filters.where(card)):
                continue
            found = fitness(card, offline=filters.offline, target=filters.target)
            if found.ok or not filters.runnable_only:
                shared = _shared(query.words, card) if candidate.words else ()
                yield replace(candidate, card=card, fitness=found, shared=shared, language=said)


def _shared(wanted: Sequence[str], card: ModelCard) -> tuple[str, ...]:
    text = f"{card.id} {card.search_text}".lower()
    return tuple(word for word in wanted if len(word) > 2 and word[: max(3, len(word) - 2)] in text)
