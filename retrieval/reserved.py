"""Ids that are the package's own: no other card may stand for a built-in, or for a model of the zoo.

What decides is where a card really came from. A built-in's card comes from its table, and is known word by word; a
model of the zoo lies in the zoo's own folder, and a card's path is where it was read, never what a row says.
"""

from __future__ import annotations

from functools import cache

from ..tools.card import ModelCard
from .ranking.duplicates import looks

OWNER = "prefrontal"


def is_reserved(id: str) -> bool:
    """Whether the owner in an id is ours, in whatever case, or looks like it."""
    owner, slash, _ = id.partition("/")
    return bool(slash) and looks(owner) == looks(OWNER)


def why_reserved(id: str) -> str:
    """What is said of a card under such an id that does not come with the package."""
    like = "" if id.lower().startswith(f"{OWNER}/") else f" looks like {OWNER}/…, which"
    return f"{id!r}{like} is reserved for what comes with prefrontal; give the model another owner"


def own_card(id: str) -> ModelCard | None:
    """What the package has under an id: a built-in, or a model of its zoo."""
    return (_builtins().get(id) or _zoo().get(id)) if is_reserved(id) else None


def own_builtin(id: str) -> ModelCard | None:
    """The built-in under an id. These are there in every index: they need no model."""
    return _builtins().get(id)


def comes_with_us(card: ModelCard) -> bool:
    """Whether the card is what the package has under its id: what would run is the same."""
    own = own_card(card.id)
    if own is None:
        return False
    return _what_runs(card) == _what_runs(own) if own.path else card == own


def settled(card: ModelCard) -> ModelCard:
    """The card; where a stranger's stands under an id of which the package has a card, the package's."""
    own = own_card(card.id)
    return card if own is None or comes_with_us(card) else own


def standing(card: ModelCard) -> ModelCard | None:
    """As `settled`, among cards that were looked for: None where the package's card is one of another task."""
    own = settled(card)
    return own if own.task == card.task else None


def _what_runs(card: ModelCard) -> tuple[str, ...]:
    return (card.path, card.task, card.library, card.model_type)


@cache
def _builtins() -> dict[str, ModelCard]:
    from ..tools.builtin import builtin_cards

    return {card.id: card for card in builtin_cards()}


@cache
def _zoo() -> dict[str, ModelCard]:
    from ..zoo import zoo_cards

    return {card.id: card for card in zoo_cards()}
