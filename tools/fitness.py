"""Can this model run here? Known from the card alone, before it is offered and before a byte is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import hub
from .card import ModelCard
from .checkpoints import locate
from .domains import library_name
from .requirements import missing
from .residency import machine_memory
from .runners import runner_name
from .units import human_bytes


@dataclass(frozen=True, slots=True)
class Fitness:
    """`ok`: it can run here. `local`: its weights are on this machine. `reason`: one clause that says why (not), and
    `further` what else there is to know: other obstacles, or terms that must be accepted. What a clause has behind a
    colon says how to help."""

    ok: bool
    local: bool
    reason: str
    further: tuple[str, ...] = ()


def _no_task(card: ModelCard) -> str:
    return "" if card.row else "its task is not known"


def _no_runner(card: ModelCard) -> str:
    return (
        ""
        if runner_name(card) or not card.row
        else f"nothing here runs {card.task or 'it'} with {library_name(card.library) or 'its library'} yet"
    )


def _pickled(card: ModelCard) -> str:
    return "its weights are pickles, which are not loaded" if card.safetensors is False else ""


def _too_big(card: ModelCard) -> str:
    weights = card.bytes or 4 * card.parameters
    memory = machine_memory()
    return (
        f"its weights need {human_bytes(weights)}, this machine has {human_bytes(memory)}"
        if weights > 0.8 * memory
        else ""
    )


def _lacking(card: ModelCard) -> str:
    return missing(card).removeprefix(f"{card.id} ")  # who reads a reason has the id before it


_TERMS = "gated, its terms must be accepted on the Hub"
_OBSTACLES: tuple[Callable[[ModelCard], str], ...] = (_no_task, _no_runner, _lacking, _pickled, _too_big)


def fitness(card: ModelCard, *, offline: bool | None = None) -> Fitness:
    """Whether the card's model can run on this machine now.

    Args:
        offline: whether the Hub is out of reach; found out when None.
    """
    if card.row and card.row.builtin:
        return Fitness(True, True, "built in, needs no model")
    first, *others = [why for obstacle in _OBSTACLES if (why := obstacle(card))] or [""]
    if first:
        return Fitness(False, False, first, tuple(others))
    if locate(card):
        return Fitness(True, True, "on this machine")
    if card.path:
        return Fitness(False, False, f"its folder {card.path} is gone")
    terms = (_TERMS,) if card.gated else ()
    if hub.is_offline() if offline is None else offline:
        return Fitness(False, False, "not downloaded, and offline", terms)
    if card.gated and not hub.has_token():
        return Fitness(False, False, "gated, and no token is set: accept its terms on the Hub and set HF_TOKEN")
    return Fitness(True, False, f"to be downloaded first ({human_bytes(card.bytes)})", terms)
