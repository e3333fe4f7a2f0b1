"""ModelCards that are handed over: one, or any iterable of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from typing import Any

from ...tools.card import ModelCard
from .base import Read


def matches(value: Any) -> bool:
    return isinstance(value, ModelCard) or (isinstance(value, Iterable) and not isinstance(value, str | bytes | dict))


def read(value: ModelCard | Iterable[Any]) -> Iterator[Read]:
    for card in [value] if isinstance(value, ModelCard) else value:
        if isinstance(card, ModelCard):
            yield Read(card.id, card)
        else:
            yield Read(repr(card)[:80], reason=f"{type(card).__name__} is no ModelCard; use ModelCard.from_row first")


def count(value: ModelCard | Iterable[Any]) -> int:
    """How many there are; 0 when only going through them would tell."""
    return 1 if isinstance(value, ModelCard) else len(value) if isinstance(value, Sized) else 0
