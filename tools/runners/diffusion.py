"""Makes pictures and videos with diffusers, an optional library."""

from __future__ import annotations

import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from ...errors import ModelUnavailableError
from ..card import ModelCard
from ..placing import AUTO
from .inputs import options
from .loading import LOCAL, device, dtype, loading, running
from .local import LocalRunner

# Task -> the class that opens it, and the task's output.
_TASKS = {
    "text-to-image": ("AutoPipelineForText2Image", "image"),
    "image-to-image": ("AutoPipelineForImage2Image", "image"),
    "unconditional-image-generation": ("DiffusionPipeline", "image"),
    "text-to-video": ("DiffusionPipeline", "video"),
    "image-to-video": ("DiffusionPipeline", "video"),
}
_PASSED = ("prompt", "negative_prompt", "image", "num_inference_steps")


class DiffusersRunner(LocalRunner):
    """`DiffusionPipeline` of a local folder: safetensors only, no pipeline code of the repository's own."""

    def load(self, card: ModelCard, folder: Path) -> Any:
        with loading(card, folder):
            if card.task not in _TASKS:
                raise ModelUnavailableError(
                    f"nothing here runs {card.task} with diffusers; allowed: {', '.join(_TASKS)}"
                )
            kind = getattr(import_module("diffusers"), _TASKS[card.task][0])
            kept = {} if dtype() == AUTO else {"torch_dtype": dtype()}
            pipe = kind.from_pretrained(str(folder), use_safetensors=True, **kept, **LOCAL).to(device())
            pipe.set_progress_bar_config(disable=True)
            return pipe

    def lacks(self, folder: Path) -> str:
        return "" if (folder / "model_index.json").is_file() else "its model_index.json is missing"

    def run(self, model: Any, card: ModelCard, inputs: dict[str, Any]) -> dict[str, Any]:
        seed = int(inputs.get("seed", 0))
        steps = card.said.get("num_inference_steps")
        given = ({"num_inference_steps": int(steps)} if steps else {}) | arguments(inputs)
        with running(card, seed):
            import torch

            out = model(**given, generator=torch.Generator(model.device).manual_seed(seed))
            name = _TASKS[card.task][1]
            return {name: out.images[0] if name == "image" else _video(out.frames[0])}


def arguments(inputs: dict[str, Any]) -> dict[str, Any]:
    """The row's inputs as a diffusers call takes them: counts as ints, no seed (it goes into the generator)."""
    values = {**inputs, **options(inputs)}
    return {name: values[name] for name in _PASSED if name in values}


def _video(frames: Any) -> Path:
    """Frames as an mp4 file; whoever gets it owns it."""
    with tempfile.NamedTemporaryFile(suffix=".mp4", delete=False) as file:
        return Path(import_module("diffusers.utils").export_to_video(frames, file.name))
