"""Folders that look like a model's to whoever asks whether it could be loaded."""

from __future__ import annotations

from pathlib import Path


def with_weights(folder: Path) -> str:
    """Write what loading asks for first into a folder; gives its path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    return str(folder)
