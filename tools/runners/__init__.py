"""What runs a card: one narrow port (`base.Runner`), adapters of one small file each, chosen by this table."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from ...errors import ModelUnavailableError
from ..domains import library_name

if TYPE_CHECKING:
    from ..card import ModelCard
    from .base import Runner

# Name -> where it lives; imported at first use.
RUNNERS: dict[str, str] = {
    "builtin": "builtin:BuiltinRunner",
    "pipeline": "pipeline:PipelineRunner",
    "seq2seq": "seq2seq:Seq2SeqRunner",
    "extractive-qa": "extractive_qa:ExtractiveQARunner",
    "vqa": "vqa:VisualQARunner",
    "captioning": "captioning:CaptioningRunner",
    "embedding": "embedding:EmbeddingRunner",
    "diffusers": "diffusion:DiffusersRunner",
}
# Libraries whose models are run by their own adapter, whatever the task's row says.
_BY_LIBRARY = {"sentence-transformers": "embedding", "diffusers": "diffusers"}
_EMBEDDING_TASKS = ("sentence-similarity", "feature-extraction", "text-ranking")
# Adapters of peft's format, which those runners put into their bases that load a plain model of transformers.
_ADAPTED = ("pipeline", "seq2seq", "extractive-qa", "vqa", "captioning")
# What transformers' adapters can load; a card that names no library is taken for a transformers model.
_TRANSFORMERS = ("", "transformers", "transformers.js", "pytorch", "safetensors", "timm", "prefrontal")


def runner_name(card: ModelCard) -> str:
    """The name of the runner for a card, or "" when nothing here runs it."""
    row = card.row
    if row is None or not row.runner:
        return ""
    if row.builtin:
        return "builtin"
    if card.library in _BY_LIBRARY:
        own = _BY_LIBRARY[card.library]
        return own if own == row.runner or (own == "embedding" and row.id in _EMBEDDING_TASKS) else ""
    if card.library == "peft":
        return row.runner if row.runner in _ADAPTED else "pipeline" if row.id == "feature-extraction" else ""
    if row.id == "feature-extraction":  # a plain encoder: token vectors through its pipeline
        return "pipeline" if card.library in _TRANSFORMERS else ""
    return row.runner if card.library in _TRANSFORMERS or row.runner == "diffusers" else ""


@cache
def _instance(name: str) -> Runner:
    module, _, cls = RUNNERS[name].partition(":")
    return getattr(import_module(f".{module}", __name__), cls)()


def find_runner(card: ModelCard) -> Runner | None:
    """The runner for a card; None when nothing here runs it."""
    name = runner_name(card)
    return _instance(name) if name else None


def why_no_runner(card: ModelCard) -> str:
    """One clause about a card that nothing here runs."""
    if not card.row:
        return "its task is not known"
    return f"nothing here runs {card.task} with {library_name(card.library) or 'its library'} yet"


def get_runner(card: ModelCard) -> Runner:
    """The runner for a card.

    Raises:
        ModelUnavailableError: nothing here runs the card's task with its library.
    """
    if runner := find_runner(card):
        return runner
    raise ModelUnavailableError(
        f"nothing here runs {card.id} (task {card.task or 'unknown'}, library {card.library or 'unknown'}); "
        f"runners: {', '.join(RUNNERS)}"
    )
