"""The best by what authors report: only where it is asked for, and told as their own claim.

"the best sentiment model by reported accuracy on sst2" asks for models of sentiment, those first of which the card
claims the most; so does `search(…, best_by="accuracy on sst2")`. Nobody checked these figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from ...errors import UsageError
from ...tools.card import ModelCard
from ...tools.reported import METRICS, Metric, Reported, best_of, find_metric, metric_names

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Claim:
    """What is asked for: a metric, and the words of a data set's name ("" for any)."""

    metric: Metric
    dataset: str = ""

    def of(self, card: ModelCard) -> Reported | None:
        """The best figure that a card claims."""
        return best_of(card.reported, self.metric.name, self.dataset)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    names = "|".join(re.escape(name).replace(r"\ ", r"[\s-]?") for name in metric_names())
    metric, claimed = rf"(?P<metric>{names})", r"(?:reported|claimed|published|stated|declared)"
    word = r"(?!(?:to|and|for|of|that)\b)[\w.()/-]+"
    dataset = rf"(?:\s+(?:on|for|in)\s+(?:the\s+)?(?P<dataset>{word}(?:\s+{word}){{0,3}}))?"
    whose = rf"(?:(?:its|their)\s+(?:authors?'?s?\s+)?)?(?:the\s+)?(?:{claimed}\s+)?"
    most = r"(?:the\s+)?(?:best|highest|lowest)"
    return (
        re.compile(rf"[\s,]*\b(?:judged\s+|ranked\s+|sorted\s+)?by\s+{whose}{metric}\b{dataset}\s*$", re.IGNORECASE),
        re.compile(rf"[\s,]*\bwith\s+{most}\s+{claimed}\s+{metric}\b{dataset}\s*$", re.IGNORECASE),
    )


_BEST = re.compile(r"\b(?:the\s+)?(?:best|highest|lowest|most\s+accurate|top)\b\s*", re.IGNORECASE)


def asked_claim(text: str) -> tuple[Claim | None, str]:
    """What a request asks for by reported figures (None when nothing), and the request without that."""
    for number, pattern in enumerate(_patterns()):
        found = pattern.search(text.rstrip(" .!?"))
        if found and (number or _BEST.search(text[: found.start()])):
            rest = _BEST.sub("", text[: found.start()], count=1).strip(" ,") or text
            metric = find_metric(found["metric"])
            return (Claim(metric, (found["dataset"] or "").strip()), rest) if metric else (None, text)
    return None, text


def read_claim(text: str) -> Claim:
    """A claim of "accuracy", or "accuracy on imagenet".

    Raises:
        UsageError: there is no such metric.
    """
    name, _, dataset = re.sub(r"^\s*reported\s+", "", text).partition(" on ")
    if metric := find_metric(name):
        return Claim(metric, dataset.strip())
    raise UsageError(f"best_by is {text!r}; allowed are {', '.join(METRICS)}, also of one data set: accuracy on sst2")


def by_claims(found: Sequence[T], claim: Claim, card: Callable[[T], ModelCard], fits: Callable[[T], bool]) -> list[T]:
    """The same in a new order: those first that fit and claim such a figure, the best figure before the others."""
    any_fits = any(map(fits, found))
    claims = {
        number: figure.value
        for number, one in enumerate(found)
        if (fits(one) or not any_fits) and (figure := claim.of(card(one)))
    }
    worth = 1 if claim.metric.less else -1
    first = sorted(claims, key=lambda number: worth * claims[number])
    return [found[number] for number in [*first, *(n for n in range(len(found)) if n not in claims)]]


def claim_note(claim: Claim, card: ModelCard) -> str:
    """What is said of a hit that claims such a figure."""
    figure = claim.of(card)
    return f"claims {figure} (its author's own figure)" if figure else ""
