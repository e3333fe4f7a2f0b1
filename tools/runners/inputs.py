"""Checks and conversions of values that several adapters share."""

from __future__ import annotations

from collections.abc import Callable
from math import gcd
from typing import Any

from ...errors import ToolInputError
from ..card import ModelCard


def _positive(name: str, value: Any) -> int:
    number = int(value)
    if number < 1:
        raise ToolInputError(f"{name} is {value}; allowed is 1 or more: leave it out for the model's own default")
    return number


def _share(name: str, value: Any) -> float:
    number = float(value)
    if not 0 <= number <= 1:
        raise ToolInputError(f"{name} is {value}; allowed is a number from 0 to 1")
    return number


def _labels(name: str, value: Any) -> list[str]:
    labels = [str(label).strip() for label in value]
    if not labels or not all(labels):
        raise ToolInputError(f"{name} is {value!r}; give at least one label, and none that is empty")
    return labels


_OPTIONS: dict[str, Callable[[str, Any], Any]] = {
    "top_k": _positive,
    "max_new_tokens": _positive,
    "num_inference_steps": _positive,
    "threshold": _share,
    "candidate_labels": _labels,
    "multi_label": lambda _, value: str(value).lower() in ("true", "1", "yes"),
}


def options(inputs: dict[str, Any]) -> dict[str, Any]:
    """The slots that are settings of a call, in the types that libraries want.

    Raises:
        ToolInputError: a setting is out of its range.
    """
    return {name: convert(name, inputs[name]) for name, convert in _OPTIONS.items() if name in inputs}


# Peaks, of a full swing of 1: below the first there is nothing but the noise of 16 bits; below the second a recording
# is raised to the third, for models have heard speech that is as loud as people record it.
_SILENT, _QUIET, _RAISED = 5e-5, 0.05, 0.3


def waveform(audio: dict[str, Any], rate: int) -> Any:
    """A fresh float32 array (n,) of a recording, at `rate` Hz."""
    import numpy as np
    from scipy.signal import resample_poly

    array = np.array(audio["array"], dtype=np.float32)  # a copy: some pipelines change what they get
    if array.ndim > 1:
        array = array.mean(axis=int(array.shape[0] > array.shape[-1]))
    source = int(audio["sampling_rate"])
    if not array.size:
        raise ToolInputError("the recording is empty; pass one with sound in it")
    peak = float(np.abs(array - array.mean()).max())
    if peak < _SILENT:
        raise ToolInputError("the recording is silent: nothing in it can be heard; pass one with sound in it")
    if peak < _QUIET:
        array = (array - array.mean()) * (_RAISED / peak)
    if source == rate:
        return array
    shared = gcd(source, rate)
    return resample_poly(array, rate // shared, source // shared).astype(np.float32)


def token_limit(tokenizer: Any, config: Any) -> int:
    """The most tokens a model takes, or a very large number when it does not say."""
    said = (tokenizer.model_max_length, getattr(config, "max_position_embeddings", None))
    return min((int(n) for n in said if isinstance(n, int | float) and 0 < n < 1e9), default=10**9)


def check_length(card: ModelCard, tokenizer: Any, config: Any, text: str, name: str = "text") -> None:
    """Refuse a text that is longer than the model can read.

    Raises:
        ToolInputError: with the number of tokens, and how many are allowed.
    """
    limit = token_limit(tokenizer, config)
    if len(text.encode()) + 8 <= limit:  # a token is a byte at least: most texts need not be counted
        return
    got = len(tokenizer(text, truncation=False, verbose=False)["input_ids"])
    if got > limit:
        raise ToolInputError(
            f"{name} has {got} tokens, {card.id} reads {limit} at most; shorten it, or call once for each part"
        )
