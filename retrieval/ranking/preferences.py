"""What counts among models that fit about equally: `prefer="fast"`, "balanced" or "best"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ...errors import UsageError

T = TypeVar("T")
BALANCED = "balanced"
_NEAR = 0.05  # of the score: so close, two models fit about equally


@dataclass(frozen=True, slots=True)
class Preference:
    """A row: the signals' weights that it changes (below 0 what counts the other way round), and what is said of a
    hit that it brought forward."""

    name: str
    weights: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


PREFERENCES = {
    row.name: row
    for row in (
        Preference("fast", {"cost": 0.5, "fitness": 0.2}, "costs less than others that fit as well"),
        Preference(BALANCED),
        # What a model costs and how much it is used are hints of how good it is.
        Preference("best", {"cost": -0.3, "popularity": 0.2}, "likely better than others that fit as well"),
    )
}


def preference(name: str) -> Preference:
    """The row of that name.

    Raises:
        UsageError: there is none.
    """
    if found := PREFERENCES.get(name):
        return found
    raise UsageError(f"prefer is {name!r}; allowed are {', '.join(PREFERENCES)}")


def preferred(
    found: Sequence[T], score: Callable[[T], float], wish: Callable[[T], float], group: Callable[[T], str]
) -> list[T]:
    """The same in a new order: of one group, the one that is wished most goes first among those nearly as good as the
    best that waits. Each place keeps its group, so nothing passes a model of another task; what has no group stays.

    Args:
        found: best first.
        score: how well it fits.
        wish: how well it fits with the preference's weights.
    """
    waiting: dict[str, list[T]] = {}
    for one in found:
        waiting.setdefault(group(one), []).append(one)
    order = []
    for place in found:
        rest = waiting[group(place)]
        near = [place] if not group(place) else [one for one in rest if score(one) >= score(rest[0]) - _NEAR]
        best = max(near, key=wish)  # the first of equals
        rest.remove(best)
        order.append(best)
    return order
