"""What lies in a folder of weights, by names and headers alone."""

from __future__ import annotations

import json
from pathlib import Path

from prefrontal.tools.weights import count_numbers, formats_of, loaded_files, read_said, said


def safetensors(tensors: dict[str, tuple[str, list[int]]]) -> bytes:
    """The header of a file of safetensors, with nothing behind it."""
    entries = {name: {"dtype": kind, "shape": shape, "data_offsets": [0, 0]} for name, (kind, shape) in tensors.items()}
    header = json.dumps({"__metadata__": {"format": "pt"}, **entries}).encode()
    return len(header).to_bytes(8, "little") + header


def names(folder: Path) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in loaded_files(folder)]


def put(folder: Path, *files: str) -> None:
    for name in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(safetensors({"w": ("F32", [2, 3])}))


def test_the_formats_of_a_repository() -> None:
    files = ["a/model.gguf", "model.onnx", "pytorch_model.bin", "training_args.bin", "README.md", "x.safetensors"]
    assert formats_of(files) == ("GGUF", "ONNX", "pickles (.bin)", "safetensors")
    assert formats_of(["README.md", "training_args.bin"]) == ()


def test_the_files_that_a_loader_takes(tmp_path: Path) -> None:
    put(tmp_path, "model.safetensors", "consolidated.safetensors", "model.fp16.safetensors")
    assert names(tmp_path) == ["model.safetensors"]
    index = {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors", "c": "../x/model-3.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    put(tmp_path, "model-1.safetensors", "model-2.safetensors")
    assert names(tmp_path) == ["model-1.safetensors", "model-2.safetensors"]


def test_modules_and_parts_in_folders_of_their_own(tmp_path: Path) -> None:
    encoder, pipe = tmp_path / "encoder", tmp_path / "pipe"
    put(encoder, "model.safetensors", "2_Dense/model.safetensors", "other/model.safetensors")
    (encoder / "modules.json").write_text(json.dumps([{"path": ""}, {"path": "2_Dense"}, {"path": "../pipe"}]))
    assert names(encoder) == ["model.safetensors", "2_Dense/model.safetensors"]
    put(
        pipe,
        "unet/diffusion.safetensors",
        "unet/diffusion.fp16.safetensors",
        "vae/diffusion.safetensors",
        "all.safetensors",
    )
    (pipe / "model_index.json").write_text("{}")
    assert names(pipe) == ["unet/diffusion.safetensors", "vae/diffusion.safetensors"]


def test_links_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/model.safetensors")
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "model.safetensors").symlink_to(tmp_path / "elsewhere" / "model.safetensors")
    assert names(tmp_path / "m") == []


def test_numbers_are_counted_by_type(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(safetensors({"a": ("F32", [2, 3]), "b": ("F32", []), "c": ("I64", [5]), "d": ("BF16", [0, 4])}))
    counts = count_numbers([file])
    assert counts == {"F32": 7, "I64": 5, "BF16": 0}
    assert read_said(said(counts)) == {"F32": 7, "I64": 5}
    file.write_bytes(b"\xff" * 8 + b"no header")
    assert count_numbers([file]) == {}
