"""Reads and describes pictures: image-to-text, which transformers no longer has a pipeline for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..card import ModelCard
from .inputs import options
from .line_reading import read_line
from .loading import load_model, load_part, loading, running, writing
from .local import LocalRunner


@dataclass(frozen=True, slots=True)
class Captioner:
    """A loaded model with what prepares its pictures and writes out its tokens."""

    model: Any
    image_processor: Any
    tokenizer: Any


class CaptioningRunner(LocalRunner):
    """VisionEncoderDecoder (TrOCR, Donut, ViT-GPT2), BLIP, BLIP-2, GIT, Pix2Struct: one picture a call.

    It writes as the model's generation_config says; greedily, and 256 tokens at most, where that says nothing. A model
    that reads print (tag "ocr") gives "" for what it cannot read, for it would write something down all the same, and
    ends a line that it is not sure of with "[?]".
    """

    def load(self, card: ModelCard, folder: Path) -> Captioner:
        with loading(card, folder):
            from transformers import AutoModelForImageTextToText

            return Captioner(
                load_model(card, folder, [AutoModelForImageTextToText]),
                load_part("AutoImageProcessor", folder, card.id),
                load_part("AutoTokenizer", folder, card.id),
            )

    def run(self, model: Captioner, card: ModelCard, inputs: dict[str, Any]) -> dict[str, Any]:
        settings = writing(model.model, options(inputs))
        with running(card):
            if "ocr" in card.tags:
                return {"text": read_line(model, inputs["image"], settings)}
            pixels = model.image_processor(images=inputs["image"], return_tensors="pt")
            given = {key: value for key, value in pixels.to(model.model.device).items() if key in _TAKEN}
            tokens = model.model.generate(**given, **settings)
            return {"text": model.tokenizer.decode(tokens[0], skip_special_tokens=True).strip()}


# What processors make and models take; the rest that some processors add (masks, original sizes) is for other tasks.
_TAKEN = ("pixel_values", "flattened_patches", "attention_mask")
