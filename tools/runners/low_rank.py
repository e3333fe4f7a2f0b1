"""Puts a LoRA adapter into the weights of its base: W + scale * B A, once, so that a call costs what the base costs."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from ...errors import ModelUnavailableError
from ..adapters import MERGE, Adapter

_PREFIX = "base_model.model."
_SAVED = re.compile(r"\.modules_to_save(\.default)?(?=\.)")  # how old versions spell a weight that is kept whole
_MATRIX = re.compile(r"(?P<module>.+)\.lora_(?P<side>[AB])(\.default)?\.weight")
# The last layer of the heads that say a label: it has a row for each.
_LABELS = re.compile(
    r"(classifier|score|classification_head|classifier\.out_proj|classification_head\.out_proj)\.weight"
)

Weights = dict[str, Any]
Pairs = dict[str, dict[str, Any]]


def read_weights(adapter: Adapter) -> tuple[Weights, Pairs]:
    """Weights that take the place of the base's, by name, and the two matrices (A and B) of each module.

    Raises:
        ModelUnavailableError: a name that is no plain LoRA's, or a matrix without the other.
    """
    from safetensors.torch import load_file

    whole: Weights = {}
    pairs: Pairs = defaultdict(dict)
    for key, value in load_file(adapter.weights).items():
        name = _SAVED.sub("", key.removeprefix(_PREFIX))
        if found := _MATRIX.fullmatch(name):
            pairs[found["module"]][found["side"]] = value
        elif ".lora_" in name or not key.startswith(_PREFIX):
            raise _refusal(adapter, f"its weights hold {key[:90]}, which is no plain LoRA's")
        else:
            whole[name] = value
    if half := next((module for module, pair in pairs.items() if len(pair) < 2), ""):
        raise _refusal(adapter, f"its weights hold one of the two matrices of {half[:90]} alone")
    return whole, pairs


def fit_labels(config: Any, whole: Weights) -> None:
    """Give a base's configuration as many labels as the adapter's head has; what they are called, nobody says."""
    rows = next((weight.shape[0] for name, weight in whole.items() if _LABELS.fullmatch(name) and weight.ndim == 2), 0)
    if rows and rows != config.num_labels:
        config.num_labels = rows


def add(adapter: Adapter, model: Any, whole: Weights, pairs: Pairs) -> set[str]:
    """Change the weights of a model in place, and give the names of those that the adapter had whole.

    Raises:
        ModelUnavailableError: a name or a shape that fits no weight of the base, or a weight with two places.
    """
    import torch

    state, tied = model.state_dict(), _tied(model)
    modules = dict(model.named_modules())
    with torch.no_grad():
        for name, value in whole.items():
            _fitting(adapter, model, state, tied, name, tuple(value.shape)).copy_(value)
        for module, pair in pairs.items():
            rank, scale = adapter.scale(module)
            down, up = pair["A"], pair["B"]
            if (down.ndim, up.ndim, down.shape[0], up.shape[-1]) != (2, 2, rank, rank):
                shapes = f"{tuple(up.shape)} and {tuple(down.shape)}"
                raise _refusal(adapter, f"the matrices of {module[:90]}, {shapes}, are not of rank {rank}")
            kind = type(modules.get(module)).__name__
            product = (up.float() @ down.float()) * scale
            if kind == "Conv1D":  # GPT-2's own layer keeps its weight (in, out); peft calls that fan_in_fan_out
                product = product.T
            elif kind == "Embedding":
                raise _refusal(adapter, f"it changes the embeddings {module[:90]}")
            weight = _fitting(adapter, model, state, tied, f"{module}.weight", tuple(product.shape))
            weight.copy_(weight.float() + product)
    return set(whole)


def _fitting(adapter: Adapter, model: Any, state: Weights, tied: set[str], name: str, shape: tuple[int, ...]) -> Any:
    base, kind = adapter.base.id, type(model).__name__
    if name not in state:
        raise _refusal(adapter, f"its weights hold {name[:90]}, which {base} has not as a {kind}")
    if (has := tuple(state[name].shape)) != shape:
        raise _refusal(adapter, f"its {name[:90]} is of shape {shape}, that of {base} of {has}")
    if name in tied:
        raise _refusal(adapter, f"it changes {name[:90]}, which is another weight of {base}, too")
    return state[name]


def _tied(model: Any) -> set[str]:
    """The names of the parameters that have several: to change one would change the other."""
    places = defaultdict(list)
    for name, weight in model.named_parameters(remove_duplicate=False):
        places[id(weight)].append(name)
    return {name for names in places.values() if len(names) > 1 for name in names}


def _refusal(adapter: Adapter, why: str) -> ModelUnavailableError:
    return ModelUnavailableError(f"{adapter.id} is not loaded: {why}; {MERGE}")
