"""What lies in a model's folder of weights, read from the headers of its safetensors: which files, how many numbers of
which type. No weight is loaded for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from math import prod
from pathlib import Path, PurePosixPath
from typing import Any

MAX_HEADER = 100_000_000  # bytes, as the format has it
# Bytes of a number, by the names that safetensors gives to types.
SIZES = {
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "F8_E8M0": 1, "I64": 8, "U64": 8, "I32": 4,
    "U32": 4, "I16": 2, "U16": 2, "I8": 1, "U8": 1, "BOOL": 1,
}  # fmt: skip
# Endings of files of weights -> what they are called.
FORMATS = {
    ".safetensors": "safetensors", ".gguf": "GGUF", ".ggml": "GGML", ".onnx": "ONNX", ".bin": "pickles (.bin)",
    ".pt": "pickles (.pt)", ".pth": "pickles (.pth)", ".ckpt": "pickles (.ckpt)", ".pkl": "pickles (.pkl)",
    ".joblib": "pickles (.joblib)", ".h5": "Keras", ".keras": "Keras", ".msgpack": "Flax", ".tflite": "TFLite",
    ".mlmodel": "Core ML", ".mlpackage": "Core ML", ".nemo": "NeMo", ".ot": "Rust", ".npz": "NumPy",
}  # fmt: skip
SAFETENSORS = "safetensors"
_VARIANTS = (".fp16.", ".bf16.", ".non_ema.", ".int8.")  # of one and the same weights, stored beside them
_INDEX = "model.safetensors.index.json"


def formats_of(names: Iterable[str]) -> tuple[str, ...]:
    """The formats of the weights among a repository's files, by their names."""
    found = (FORMATS.get(PurePosixPath(name).suffix.lower(), "") for name in names if "training_args" not in name)
    return tuple(sorted({name for name in found if name}))


def loaded_files(folder: Path) -> list[Path]:
    """The safetensors of a folder that a loader takes: the whole model once, in whatever parts; links are left out."""
    parts = [folder, *_module_folders(folder)]
    if (folder / "model_index.json").is_file():  # of diffusers: each part in a folder of its own
        parts = sorted(path for path in folder.glob("*") if path.is_dir() and not path.is_symlink())
    files = [file for part in parts for file in _of_one(part)]
    return [file for file in dict.fromkeys(files) if file.is_file() and not file.is_symlink()]


def _of_one(folder: Path) -> list[Path]:
    shards = _json(folder / _INDEX).get("weight_map")
    if isinstance(shards, Mapping):
        return [folder / name for name in sorted({str(value) for value in shards.values()}) if "/" not in name]
    if (whole := folder / "model.safetensors").is_file():
        return [whole]
    found = sorted(folder.glob("*.safetensors"))
    return [file for file in found if not any(mark in file.name for mark in _VARIANTS)] or found[:1]


def _module_folders(folder: Path) -> list[Path]:
    """Those of sentence-transformers' modules that lie below the folder."""
    file = folder / "modules.json"
    try:
        modules = json.loads(file.read_bytes()) if file.is_file() and file.stat().st_size < 1_000_000 else []
    except (ValueError, OSError, RecursionError):
        return []
    names = [str(row.get("path", "")) for row in modules if isinstance(row, dict)] if isinstance(modules, list) else []
    return [folder / name for name in names if name and ".." not in name and not name.startswith("/")]


def count_numbers(files: Iterable[Path]) -> dict[str, int]:
    """How many numbers of which type these safetensors hold; none when a file is damaged."""
    found: dict[str, int] = {}
    for file in files:
        try:
            with file.open("rb") as data:
                length = int.from_bytes(data.read(8), "little")
                header = json.loads(data.read(length)) if length < MAX_HEADER else {}
            for name, entry in header.items():
                if name != "__metadata__":
                    kind = str(entry["dtype"])[:12]
                    found[kind] = found.get(kind, 0) + prod(entry["shape"])
        except (ValueError, OSError, KeyError, TypeError, AttributeError, RecursionError):
            return {}
    return found


def said(counts: Mapping[str, int]) -> tuple[str, ...]:
    """The counts as a card keeps them: "F32:22713216"."""
    return tuple(f"{kind}:{count}" for kind, count in sorted(counts.items()) if count > 0)


def read_said(dtypes: Iterable[str]) -> dict[str, int]:
    """The way back; what is no such text is left out."""
    pairs = (text.partition(":") for text in dtypes)
    return {kind: int(count) for kind, _, count in pairs if kind in SIZES and count.isdecimal() and len(count) < 16}


def _json(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_bytes()) if file.is_file() and file.stat().st_size < 50_000_000 else {}
    except (ValueError, OSError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
