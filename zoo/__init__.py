"""Small models of our own: the checkpoints lie in `models/`, how each was trained in `training/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..tools.card import ModelCard


def zoo_cards() -> list[ModelCard]:
    """The cards of the models that this package carries, as "prefrontal/NAME"; a folder without weights is left out."""
    from pathlib import Path

    from ..tools.card import ModelCard

    folders = sorted({weights.parent for weights in (Path(__file__).parent / "models").glob("*/*model.safetensors")})
    return [ModelCard.from_dir(folder, id=f"prefrontal/{folder.name}") for folder in folders]
