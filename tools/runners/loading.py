"""What every adapter to transformers shares: loading from a folder, checked, and errors in one sentence."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...errors import ModelFailedError, ModelUnavailableError, PrefrontalError
from ..adapters import read_adapter
from ..card import ModelCard
from ..placing import AUTO, device_name, dtype_name
from ..requirements import REQUIREMENTS, is_present, missing
from ..text import error_line
from . import low_rank
from .quiet import quiet

LOCAL: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
"""Passed to every from_pretrained: nothing is fetched, no code of the model's own is run."""

LOADS = threading.RLock()
"""Held around every load in the process, whatever loads: one model at a time.

While it loads, transformers swaps functions of the whole process (`PreTrainedModel.tie_weights`, those of
`torch.nn.init`) and puts back what it had found. Of two loads that overlap, the second finds the first one's empty
stand-ins, and puts them back for good: from then on no model has its tied weights. Downloads stay outside.
"""

# What tells that an adapter brings one of its own.
_PART_FILES = {
    "tokenizer": ("tokenizer_config.json", "tokenizer.json"),
    "processor": ("processor_config.json", "preprocessor_config.json", "video_preprocessor_config.json"),
}
_AGAIN = "download or copy the model again"
# What a library's exception says -> the requirement that is missing, unless it is here and the exception about more.
_LIBRARIES = ((r"\btimm\b", "timm"), (r"[Tt]orchvision", "torchvision"), (r"sacremoses", "sacremoses"))
# What it says -> why the model cannot be loaded, and what to do.
_BROKEN = (
    r"torchvision::nms|partially initialized module 'torchvision'",
    "the torchvision installed here does not fit torch: pip uninstall torchvision, or install the one that fits",
)
_CAUSES = (
    (r"requires the (\w+) library", r"it needs \1, not installed here: pip install \1"),
    (r"HeaderTooLarge|InvalidHeader|MetadataIncompleteBuffer|header", f"its weights are damaged; {_AGAIN}"),
    (r"no file named .*(safetensors|model)", f"its weights are missing; {_AGAIN}"),
    (r"processor|feature extractor", f"its processor files are missing or damaged; {_AGAIN}"),
    (r"[Tt]okenizer|vocab|spiece|sentencepiece", f"its tokenizer files are missing or damaged; {_AGAIN}"),
    (
        r"ignore_mismatched_sizes|size mismatch",
        "its weights have other shapes than its config.json; pick another model",
    ),
)
# Weights that no answer depends on: they serve training, or a head that is not used.
_UNUSED = re.compile(r"masked_spec_embed|mask_token|position_ids")
_POOLER = re.compile(r"(^|\.)pooler\.")
# Heads that were trained for one thing; some of them share their weights' names, so the names alone tell nothing.
_TRAINED_HEAD = re.compile(
    r"\w{1,40}For\w{0,40}(Classification|QuestionAnswering|MultipleChoice|Detection|Segmentation)"
)


def device() -> str:
    """Where the model goes that is being loaded: what was chosen for it, else the first of this machine's devices."""
    return device_name()


def dtype() -> Any:
    """The type of numbers in which its weights are loaded: torch's, or "auto"."""
    import torch

    name = dtype_name()
    return name if name == AUTO else getattr(torch, name)


@contextmanager
def loading(card: ModelCard, folder: Path) -> Iterator[None]:
    """Around the loading of a model: what is missing said first, then alone, quiet, what breaks said in one sentence.

    Raises:
        ModelUnavailableError: for anything that goes wrong inside.
    """
    if absent := missing(card):
        raise ModelUnavailableError(absent)
    try:
        with LOADS, quiet():
            yield
    except PrefrontalError:
        raise
    except Exception as error:  # whatever breaks below, this model cannot be had
        why = _cause(str(error)) or f"{error_line(error, 200).replace(str(folder), card.id)}; pick another model"
        raise ModelUnavailableError(f"{card.id} cannot be loaded: {why}") from error


def _cause(text: str) -> str:
    """What an exception's text means for somebody who wants to use the model; "" when we do not know it."""
    needs = [
        (pattern, f"it needs {name}, not installed here: {REQUIREMENTS[name].install}")
        for pattern, name in _LIBRARIES
        if not is_present(name)
    ]
    found = ((re.search(pattern, text), why) for pattern, why in (_BROKEN, *needs, *_CAUSES))
    return next((match.expand(why) for match, why in found if match), "")


@contextmanager
def running(card: ModelCard, seed: int = 0) -> Iterator[None]:
    """Around a call: quiet, without gradients, and with the same random numbers each time.

    Sampling models draw from torch's one generator: calls to two of them at the same moment share its numbers.

    Raises:
        ModelFailedError: for anything that is not already one of our errors.
    """
    import torch

    try:
        with quiet(), torch.inference_mode(), _same_numbers(seed):
            yield
    except PrefrontalError:
        raise
    except Exception as error:
        raise ModelFailedError(
            f"{card.id} failed: {error_line(error, 200)}; try other inputs or another model"
        ) from error


@contextmanager
def _same_numbers(seed: int) -> Iterator[None]:
    """The random numbers of a seed, and the caller's own afterwards; torch.random.fork_rng takes 0.5 ms for it."""
    import torch

    on_gpu = torch.cuda.is_initialized()
    before, before_gpu = torch.get_rng_state(), torch.cuda.get_rng_state_all() if on_gpu else []
    torch.default_generator.manual_seed(seed)
    if on_gpu:
        torch.cuda.manual_seed_all(seed)
    try:
        yield
    finally:
        torch.set_rng_state(before)
        if on_gpu:
            torch.cuda.set_rng_state_all(before_gpu)


def load_model(card: ModelCard, folder: Path, classes: Sequence[Any]) -> Any:
    """A model of the first of these Auto classes that knows the folder's config.json, ready to be called.

    Of an adapter, its base with the adapter in it; a config.json beside the adapter comes before that of the base.

    Raises:
        ModelUnavailableError: another kind of model, or weights that do not fill it: what is missing would be
            random numbers, and the answers with it.
    """
    from transformers import AutoConfig

    adapter = read_adapter(folder, card.id)
    source = adapter.base_folder() if adapter else folder
    described = adapter.holding("config.json") if adapter else folder
    config = AutoConfig.from_pretrained(described, **LOCAL)
    whole, pairs = low_rank.read_weights(adapter) if adapter else ({}, {})
    if described != folder:
        low_rank.fit_labels(config, whole)
    auto = _choose(card, config, classes)
    model, info = auto.from_pretrained(
        source,
        config=config,
        dtype=dtype(),
        use_safetensors=True,
        output_loading_info=True,
        ignore_mismatched_sizes=adapter is not None,  # a head of the base's own, in whose place the adapter's comes
        **LOCAL,
    )
    if adapter:
        filled = low_rank.add(adapter, model, whole, pairs)
        info = {
            "missing_keys": [key for key in info["missing_keys"] if key not in filled],
            "mismatched_keys": [key for key in info["mismatched_keys"] if str(key[0]) not in filled],
        }
    check_filled(card, model, info, headless=auto.__name__ == "AutoModel")
    return model.to(device()).eval()


def load_part(name: str, folder: Path, id: str) -> Any:
    """A tokenizer or processor by the name of its Auto class; where an adapter has none, that of its base."""
    import transformers

    adapter = read_adapter(folder, id)
    files = _PART_FILES["tokenizer" if name == "AutoTokenizer" else "processor"]
    return getattr(transformers, name).from_pretrained(adapter.holding(*files) if adapter else folder, **LOCAL)


def check_filled(card: ModelCard, model: Any, info: dict[str, Any], headless: bool) -> None:
    """Refuse a model with weights that were not in its files; `info` is what from_pretrained says of loading.

    Raises:
        ModelUnavailableError: with the names of some of them.
    """
    lost = sorted(key for key in info["missing_keys"] if not _UNUSED.search(key))
    if headless:  # the pooler is a head, too: nothing of it goes into a mean over tokens
        lost = [key for key in lost if not _POOLER.search(key)]
    if lost or info["mismatched_keys"]:
        names = ", ".join([*lost, *(str(key[0]) for key in info["mismatched_keys"])][:3])
        raise ModelUnavailableError(
            f"{card.id} is not usable for {card.task}: its weights lack {names} of {type(model).__name__}; "
            "pick a model that was trained for this task"
        )


def _choose(card: ModelCard, config: Any, classes: Sequence[Any]) -> Any:
    declared = set(config.architectures or ())
    fits = {auto: names for auto in classes if (names := _mapped(auto, config))}
    if not fits:
        raise ModelUnavailableError(
            f"{card.id} is a {config.model_type} model, which cannot do {card.task}; pick another model"
        )
    for auto, names in fits.items():
        if declared & names:
            return auto
    chosen = next(iter(fits))
    other = sorted(name for name in declared if _TRAINED_HEAD.fullmatch(name))
    if other and chosen.__name__ != "AutoModel":
        raise ModelUnavailableError(
            f"{card.id} is not usable for {card.task}: its config.json says {', '.join(other)}; "
            "pick a model that was trained for this task"
        )
    return chosen


def _mapped(auto: Any, config: Any) -> set[str]:
    """The classes that an Auto class has for a config; none where it does not know its type.

    transformers has no public name for this. Its own models and those of others register themselves here.
    """
    classes = auto._model_mapping.get(type(config), ())
    return {cls.__name__ for cls in (classes if isinstance(classes, tuple) else (classes,))}


def writing(model: Any, chosen: dict[str, Any], fixed: dict[str, Any] | None = None) -> dict[str, Any]:
    """The settings of `generate`: the model's own, then `fixed`, then what the caller chose.

    A model that says nothing about length would stop after 20 tokens: it gets 256, or what its decoder has room for.
    """
    settings = dict(fixed or {})
    said = {**model.generation_config.to_diff_dict(), **settings}
    if "max_new_tokens" in chosen:
        settings = {key: value for key, value in settings.items() if key not in ("max_length", "min_length")}
        settings["max_new_tokens"] = min(chosen["max_new_tokens"], _room(model))
    elif "max_new_tokens" not in said and "max_length" not in said:
        settings["max_new_tokens"] = min(256, _room(model))
    return settings


def _room(model: Any) -> int:
    """How many tokens the decoder can hold beside the one that it begins with."""
    decoder = model.config.get_text_config(decoder=True)
    places = getattr(decoder, "max_position_embeddings", None)
    return places - 1 if isinstance(places, int) and places > 1 else 10**6
