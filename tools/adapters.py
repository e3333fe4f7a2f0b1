"""LoRA adapters in the format of the library peft: what their files say, and which base they belong to.

A folder holds adapter_config.json and adapter_model.safetensors; the base is a model of the Hub, found by its id as any
other is. peft itself is not needed: `runners/low_rank.py` adds what was learnt to the base's weights. Whatever is more
than plain LoRA would give wrong answers that way, and is refused with the field that says so. (Hu et al. 2021,
arXiv:2106.09685; rank-stabilised scale: Kalajdzievski 2023, arXiv:2312.03732.)
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import CardError, ModelUnavailableError
from .card import ModelCard
from .checkpoints import checkpoint, locate
from .config_safety import HUB_ID

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
MERGE = "merge it into its base with the peft library (merge_and_unload) and pass that folder, or pick another model"
# The tag by which the Hub says whose adapter a model is.
TAG = "base_model:adapter:"
_MAX_BYTES = 5_000_000
# Ids that the Hub still knows without their owner; adapters that were trained years ago name them so.
_OWNERS = {
    "google-bert": "bert-base-uncased bert-base-cased bert-large-uncased bert-large-cased bert-base-multilingual-cased",
    "FacebookAI": "roberta-base roberta-large xlm-roberta-base xlm-roberta-large",
    "distilbert": "distilbert-base-uncased distilbert-base-cased distilroberta-base distilgpt2",
    "openai-community": "gpt2 gpt2-medium gpt2-large gpt2-xl",
    "google-t5": "t5-small t5-base t5-large t5-3b",
    "albert": "albert-base-v2 albert-large-v2",
}
_FULL_IDS = {name: f"{owner}/{name}" for owner, names in _OWNERS.items() for name in names.split()}
# Field -> whether plain LoRA may have this value there. The ways to begin that are named leave the base as it was.
_PLAIN: dict[str, Callable[[Any], bool]] = {
    "peft_type": lambda value: str(value).upper() == "LORA",
    "bias": lambda value: value in (None, "none"),
    "init_lora_weights": lambda value: value in (None, True, False, "gaussian", "eva", "orthogonal"),
    **{
        field: lambda value: not value
        for field in ("lora_bias", "layer_replication", "target_parameters", "trainable_token_indices",
                      "alora_invocation_tokens", "ensure_weight_tying")
    },
}  # fmt: skip


# Every other switch, and the settings of every other kind: peft has a new one with each version.
_VARIANT = re.compile(r"use_(?!rslora$).*|(?!eva|runtime).*_config")


@dataclass(frozen=True)
class Adapter:
    """An adapter's folder and what its adapter_config.json says."""

    id: str
    folder: Path
    config: dict[str, Any]

    @property
    def base(self) -> ModelCard:
        """The model that it belongs to, by its id; what else is known of it lies with its files."""
        named = str(self.config["base_model_name_or_path"])
        return ModelCard(_FULL_IDS.get(named, named), revision=str(self.config.get("revision") or ""))

    @property
    def weights(self) -> Path:
        return self.folder / WEIGHTS

    def base_folder(self) -> Path:
        """Where the base lies, downloaded when it is not here, and checked as every model is.

        Raises:
            ModelUnavailableError: it cannot be had, is not safe to load, or is an adapter, too.
        """
        try:
            folder = checkpoint(self.base)
        except ModelUnavailableError as error:
            raise ModelUnavailableError(f"{self.id} needs its base: {error}") from error
        if (folder / CONFIG).is_file():
            raise _refusal(self.id, f"its base {self.base.id} is an adapter, too")
        return folder

    def holding(self, *files: str) -> Path:
        """The folder to read something from: the adapter's own where it has one of these files, else its base's."""
        return self.folder if any((self.folder / name).is_file() for name in files) else self.base_folder()

    def scale(self, module: str) -> tuple[int, float]:
        """The rank of a module's adapter, and by what the product of its two matrices is multiplied."""
        rank = _of_pattern(self.config.get("rank_pattern"), module, self.config.get("r"))
        alpha = _of_pattern(self.config.get("alpha_pattern"), module, self.config.get("lora_alpha"))
        return int(rank), float(alpha) / (rank**0.5 if self.config.get("use_rslora") else rank)


def _of_pattern(pattern: Any, module: str, otherwise: Any) -> Any:
    """The value of the first key that ends the module's name at a dot. A key may be a regular expression for peft; here
    one that is none of the plain names is refused when the file is read."""
    keys = pattern if isinstance(pattern, dict) else {}
    return next((keys[key] for key in keys if f".{module}".endswith(f".{key.removeprefix('^')}")), otherwise)


def read_adapter(folder: Path, id: str) -> Adapter | None:
    """The adapter in a folder; None when it holds another kind of model.

    Raises:
        ModelUnavailableError: it is more than plain LoRA, or says nothing of its base or of its size.
    """
    file = folder / CONFIG
    if not file.is_file() or (not (folder / WEIGHTS).is_file() and (folder / "model.safetensors").is_file()):
        return None
    try:
        config = json.loads(file.read_bytes()) if file.stat().st_size < _MAX_BYTES else None
    except (ValueError, OSError, RecursionError):
        config = None
    if not isinstance(config, dict):
        raise ModelUnavailableError(f"{CONFIG} of {id} is damaged; download or copy the model again")
    if why := _why_not(config, folder):
        raise _refusal(id, why)
    return Adapter(id, folder, config)


def _why_not(config: dict[str, Any], folder: Path) -> str:
    """Why an adapter cannot be added to its base here, in a clause; "" when it can."""
    base = config.get("base_model_name_or_path")
    if not isinstance(base, str) or not base:
        return f"its {CONFIG} names no base (base_model_name_or_path); write the base's owner/name there"
    if not HUB_ID.fullmatch(base) or ("/" not in base and base not in _FULL_IDS):
        return f"its {CONFIG} names the base {base[:80]!r}, which is no owner/name; write the id of the Hub there"
    if not (folder / WEIGHTS).is_file():
        return f"it holds no {WEIGHTS}"
    odd = [field for field, plain in _PLAIN.items() if not plain(config.get(field))]
    odd += [field for field, value in config.items() if value and _VARIANT.fullmatch(field)]
    if odd:
        said = ", ".join(f"{field}: {str(config.get(field))[:40]}" for field in odd[:2])
        return f"its {CONFIG} says {said}, and only plain LoRA is added to a base here"
    return _odd_numbers(config)


def _odd_numbers(config: dict[str, Any]) -> str:
    ranks, alphas = (config.get(name) or {} for name in ("rank_pattern", "alpha_pattern"))
    for name, pattern, own in (("r", ranks, config.get("r")), ("lora_alpha", alphas, config.get("lora_alpha"))):
        values = [own, *(pattern.values() if isinstance(pattern, dict) else [None])]
        if any(isinstance(value, bool) or not isinstance(value, int | float) or value <= 0 for value in values):
            return f"its {CONFIG} has no usable {name}"
        if name == "r" and any(value != int(value) for value in values):
            return f"its {CONFIG} has no usable {name}"
    keys = [key for pattern in (ranks, alphas) for key in pattern]
    odd = [key for key in keys if not all(part.isidentifier() or part.isdigit() for part in key.strip("^").split("."))]
    return f"its {CONFIG} has the pattern {odd[0][:60]!r}, which is no plain name" if odd else ""


def _refusal(id: str, why: str) -> ModelUnavailableError:
    do = "" if ";" in why else f"; {MERGE}"
    return ModelUnavailableError(f"{id} is not loaded: {why}{do}")


# What is known of a card before anything is loaded


def adapter_of(card: ModelCard) -> Adapter | None:
    """The adapter of a card whose files lie on this machine.

    Raises:
        ModelUnavailableError: it cannot be added to a base here.
    """
    folder = locate(card) if card.path or card.library == "peft" else None  # the Hub names the library of each adapter
    return read_adapter(folder, card.id) if folder else None


def base_of(card: ModelCard) -> ModelCard | None:
    """The base of an adapter, by its files or by what the Hub says; None when it is none, or says nothing usable."""
    try:
        if adapter := adapter_of(card):
            return adapter.base
    except ModelUnavailableError:
        return None
    told = next((tag.removeprefix(TAG) for tag in card.tags if tag.startswith(TAG)), "")
    return ModelCard(_FULL_IDS.get(told, told)) if card.library == "peft" and HUB_ID.fullmatch(told) else None


def obstacle(card: ModelCard) -> str:
    """Why an adapter that lies here cannot be used, in a clause; "" when it can, or when it is none."""
    try:
        adapter_of(card)
    except ModelUnavailableError as error:
        return str(error).removeprefix(f"{card.id} is not loaded: ").replace("; ", ": ", 1)
    return ""


def base_bytes(card: ModelCard) -> int:
    """The size of the base's weights; 0 when it is not here, or when the card is no adapter."""
    base = base_of(card)
    folder = locate(base) if base else None
    return sum(file.stat().st_size for file in folder.glob("*.safetensors")) if folder else 0


def to_download(card: ModelCard) -> list[ModelCard]:
    """What is not on this machine of a model: itself, the base of an adapter, both, or nothing. A base is looked up on
    the Hub, where that answers: only it knows how large it is."""
    parts = [card] if locate(card) is None else []
    base = base_of(card)
    if base and locate(base) is None:
        with suppress(CardError):  # fetching it will say why
            base = ModelCard.from_hub(base.id, base.revision or None)
        parts.append(base)
    return parts
