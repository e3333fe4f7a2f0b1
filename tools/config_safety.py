"""Fields of a model's configuration that name code, and the closed lists of what they may name.

A JSON file alone can run code. transformers and diffusers follow fields to a repository's own modules and to kernels;
sentence-transformers imports the dotted path that a field names and calls it, takes any attribute of its own modules
for a class, and hands whole dicts of arguments on to `from_pretrained`. What is not on a list here is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Any

# Remote code of transformers, pipelines of diffusers: nothing may stand there.
_CODE_FIELDS = ("auto_map", "auto_mapping", "custom_pipeline", "custom_pipelines", "trust_remote_code",
                "custom_generate")  # fmt: skip
# Kernels of transformers' own have plain names; those of others are fetched and run by "owner/name".
_KERNEL_FIELDS = ("attn_implementation", "_attn_implementation", "_attn_implementation_internal")
# Arguments of from_pretrained, which sentence-transformers takes out of its sentence_*_config.json: what makes it open
# pickles where it is false, and what leads to files or code elsewhere where it is set.
_PICKLE_ARGUMENTS = ("use_safetensors", "weights_only")
_OTHER_ARGUMENTS = ("_configuration_file", "tokenizer_name_or_path", "processor_name", "use_kernels", "kernel_config",
                    "allow_all_kernels")  # fmt: skip

_ACTIVATION_NAMES = """CELU ELU GELU Hardsigmoid Hardswish Hardtanh Identity LeakyReLU LogSigmoid LogSoftmax Mish ReLU
ReLU6 SELU SiLU Sigmoid Softmax Softplus Softsign Tanh""".split()
ACTIVATIONS: dict[str, str] = {
    **{f"torch.nn.{name}": name for name in _ACTIVATION_NAMES},
    **{f"torch.nn.modules.activation.{name}": name for name in _ACTIVATION_NAMES if name != "Identity"},
    "torch.nn.modules.linear.Identity": "Identity",
}
"""Dotted path of an activation, as a configuration spells it -> its name in torch.nn."""

# Part of sentence-transformers -> its modules, each with the file that it lies in. Left out: SparseStaticEmbedding,
# whose configuration may name a file anywhere, and those that no SentenceTransformer and no CrossEncoder is made of.
_BASE = {"Asym": "router", "Dense": "dense", "Router": "router", "Transformer": "transformer"}
_MODULE_FILES: dict[str, dict[str, str]] = {
    "base": {**_BASE, "Normalize": "normalize"},
    "sentence_transformer": {
        **_BASE, "BoW": "bow", "CLIPModel": "clip_model", "CNN": "cnn", "Dropout": "dropout", "LSTM": "lstm",
        "LayerNorm": "layer_norm", "Normalize": "normalize", "Pooling": "pooling",
        "StaticEmbedding": "static_embedding", "WeightedLayerPooling": "weighted_layer_pooling",
        "WordEmbeddings": "word_embeddings", "WordWeights": "word_weights",
    },
    "cross_encoder": {**_BASE, "LogitScore": "logit_score"},
    "sparse_encoder": {
        **_BASE, "MLMTransformer": "mlm_transformer", "SparseAutoEncoder": "sparse_auto_encoder",
        "SpladePooling": "splade_pooling",
    },
}  # fmt: skip
_TOKENIZER_FILES = {"PhraseTokenizer": "phrase", "WhitespaceTokenizer": "whitespace"}


def _spelled(old: str, new: str, files: dict[str, str]) -> Iterator[str]:
    """Every path to these classes: before version 5.4 each lay in a file of its own name, in `old`."""
    for name, file in files.items():
        yield from (f"{old}.{name}", f"{old}.{name}.{name}", f"{new}.{name}", f"{new}.{file}.{name}")


MODULES: frozenset[str] = frozenset(
    f"sentence_transformers.{path}"
    for part, files in _MODULE_FILES.items()
    for path in _spelled("sparse_encoder.models" if part == "sparse_encoder" else "models", f"{part}.modules", files)
)
"""The classes that a modules.json or a router may name, in the spelling of every version."""

TOKENIZERS: frozenset[str] = frozenset(
    f"sentence_transformers.{path}"
    for path in _spelled("models.tokenizer", "sentence_transformer.modules.tokenizer", _TOKENIZER_FILES)
)
"""The tokenizers of word vectors."""

METHODS = frozenset(
    ["forward", *(f"get_{kind}_features" for kind in ("audio", "image", "multimodal", "text", "video", "vision"))]
)
"""The methods of a model that make vectors."""

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9_.][\w.-]{0,95})?", re.ASCII)
"""What a model of the Hub is called: owner/name, or a name alone. Everything else may be a path."""

_PLAIN = re.compile(r"[^.]*|v?[\d.]+", re.DOTALL)  # a word, or a version


def _named(value: Any) -> list[str]:
    """A name, or those of a list or of a dict such as a router's, from its folders to their classes."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return [name for name in inner if isinstance(name, str)]


def _methods(value: Any) -> list[str]:
    kinds = value.values() if isinstance(value, dict) else ()
    return [str(kind["method"]) for kind in kinds if isinstance(kind, dict) and "method" in kind]


@dataclass(frozen=True, slots=True)
class Field:
    """What a field may name: `allowed`, and where `plain` is true words without a dot, which nobody imports:
    transformers looks them up in closed tables of its own (`activation_function: gelu_new`)."""

    kind: str
    allowed: frozenset[str]
    plain: bool = True
    names: Callable[[Any], list[str]] = _named

    def why_not(self, name: str) -> str:
        """Why a name may not stand there, or ""."""
        if name in self.allowed or (self.plain and _PLAIN.fullmatch(name)):
            return ""
        short = sorted({path.rpartition(".")[2] for path in self.allowed}, key=str.lower)
        return f"which is none of the {self.kind} allowed there ({', '.join(short)})"


_ACTIVATION = Field("activations of torch.nn", frozenset(ACTIVATIONS))
_MODULE = Field("modules of sentence-transformers", MODULES)
FIELDS: dict[str, Field] = {
    "activation_fn": _ACTIVATION,  # of a cross-encoder
    "sbert_ce_default_activation_function": _ACTIVATION,  # the same before version 4
    "activation_function": _ACTIVATION,  # of a Dense module
    "type": _MODULE,
    "types": _MODULE,  # of a router
    "module": _MODULE,
    "tokenizer_class": Field("tokenizers of sentence-transformers", TOKENIZERS),
    "modality_config": Field("methods for vectors", METHODS, plain=False, names=_methods),
}
"""The fields that name something to import or to call, wherever in a file they stand."""
# In a modules.json, whatever stands there is imported.
_MODULES_JSON = Field(_MODULE.kind, MODULES, plain=False, names=lambda value: [str(value)])


def why_unsafe(file: str, config: Any) -> str:
    """What in a configuration could run code, open a pickle or lead out of the folder, as one clause; "" for nothing.

    Args:
        file: the name of the file; some fields count in one kind of file only.
        config: what it holds, parsed.
    """
    found = (_why(file, key, value) for key, value in _fields(config))
    return next((f"{file} {why}" for why in found if why), "")


def _fields(config: Any) -> Iterator[tuple[str, Any]]:
    """Every field however deep, without recursion: a file may nest as deep as its parser allows."""
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from value.items()
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _why(file: str, key: str, value: Any) -> str:
    if key in _CODE_FIELDS and value:
        return f"asks for code of its own ({key})"
    if key in _KERNEL_FIELDS and "/" in str(value):  # a name, or one for each part of the model
        return f"asks for a kernel from elsewhere ({key}: {str(value)[:60]})"
    if file.startswith("sentence_"):
        if key in _PICKLE_ARGUMENTS and value is not None and not value:
            return f"asks for pickles ({key}: {str(value)[:60]})"
        if key in _OTHER_ARGUMENTS and value:
            return f"asks for files or code from elsewhere ({key}: {str(value)[:60]})"
    if file == "adapter_config.json" and key == "base_model_name_or_path" and value and not _is_hub_id(value):
        return f"names its base by the path {str(value)[:80]!r}, where the owner/name of the Hub belongs"
    if key == "types" and (folder := next((name for name in _folders(value) if _leads_out(name)), None)):
        return f"names the folder {folder[:80]!r}"
    field = _MODULES_JSON if file == "modules.json" and key == "type" else FIELDS.get(key)
    wrong = ((name, why) for name in field.names(value) if (why := field.why_not(name))) if field else ()
    return next((f"names {name[:100]!r} ({key}), {why}" for name, why in wrong), "")


def _is_hub_id(value: Any) -> bool:
    return isinstance(value, str) and HUB_ID.fullmatch(value) is not None and ".." not in value


def _folders(value: Any) -> list[str]:
    return list(value) if isinstance(value, dict) else []


def _leads_out(path: str) -> bool:
    parsed = PureWindowsPath(path)  # reads both kinds of slash
    return bool(parsed.anchor) or ".." in parsed.parts
