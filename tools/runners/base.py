"""The port between a card and what runs it.

A runner gets opened values and gives plain ones; it knows nothing of agents, handles or workspaces. Opened values:

    text, number, labels, boxes, …   as in `tools/tasks.py`
    image      PIL.Image in RGB            audio   {"array": float32 (n,), "sampling_rate": Hz}
    video      pathlib.Path                table   pandas.DataFrame

It returns a dict with the names of the task row's outputs; pictures as PIL images, sound as the same audio dict.
numpy scalars and tensors may be left in: `tools/normalise.py` makes plain JSON and handles of everything.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from ..card import ModelCard


class Runner(Protocol):
    """Loads a card's model and calls it."""

    def load(self, card: ModelCard, folder: Path) -> Any:
        """Load from a local, checked folder; the result is what `run` gets. No network, no code of the model's own.

        Raises:
            ModelUnavailableError: a library is missing, or the weights are damaged.
        """
        ...

    def run(self, model: Any, card: ModelCard, inputs: dict[str, Any]) -> dict[str, Any]:
        """Call the loaded model. Slots that were not given are absent from `inputs`.

        Raises:
            ToolInputError: the inputs do not fit this model.
            ModelFailedError: the model broke.
        """
        ...
