"""Reads and describes pictures: image-to-text, which transformers no longer has a pipeline for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..card import ModelCard
from ..page_lines import trimmed_line
from ..text import UNSURE
from .inputs import options
from .loading import LOCAL, load_model, loading, running, writing
from .local import LocalRunner

# Of a character: below the first nothing was read, below the others it is not sure. Set on drawn pages, signs, receipts
# and on pictures without text: what is no text gets up to 0.7, where one or two characters are read up to 0.9, and
# lines that are read right get 0.83 at least.
READ, READ_SHORT, SURE_MEAN, SURE_LEAST = 0.68, 0.92, 0.85, 0.6
_SHORT = 2  # characters


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
            from transformers import AutoImageProcessor, AutoModelForImageTextToText, AutoTokenizer

            return Captioner(
                load_model(card, folder, [AutoModelForImageTextToText]),
                AutoImageProcessor.from_pretrained(folder, **LOCAL),
                AutoTokenizer.from_pretrained(folder, **LOCAL),
            )

    def run(self, model: Captioner, card: ModelCard, inputs: dict[str, Any]) -> dict[str, Any]:
        settings = writing(model.model, options(inputs))
        with running(card):
            reads = "ocr" in card.tags
            image = trimmed_line(inputs["image"]) if reads else inputs["image"]
            pixels = model.image_processor(images=image, return_tensors="pt")
            given = {key: value for key, value in pixels.to(model.model.device).items() if key in _TAKEN}
            if not reads:
                tokens = model.model.generate(**given, **settings)
                return {"text": model.tokenizer.decode(tokens[0], skip_special_tokens=True).strip()}
            written = model.model.generate(**given, **settings, return_dict_in_generate=True, output_scores=True)
            text = model.tokenizer.decode(written.sequences[0], skip_special_tokens=True).strip()
            return {"text": marked(text, *_confidence(model.model, written))}


def marked(text: str, mean: float, least: float) -> str:
    """What was read: with a mark where it is not sure, "" where it is no reading at all.

    Args:
        mean, least: what the model gave its characters, from 0 to 1: the geometric mean, and the least sure one.
    """
    if mean < (READ_SHORT if len(text.replace(" ", "")) <= _SHORT else READ):
        return ""
    return text if mean >= SURE_MEAN and least >= SURE_LEAST else f"{text} {UNSURE}"


def _confidence(model: Any, written: Any) -> tuple[float, float]:
    """What the model gave the characters that it wrote: the geometric mean, and the least."""
    import torch

    beams = getattr(written, "beam_indices", None)
    chances = model.compute_transition_scores(written.sequences, written.scores, beams, normalize_logits=True)[0]
    chances = chances[torch.isfinite(chances)]
    return (float(chances.mean().exp()), float(chances.min().exp())) if len(chances) else (0.0, 0.0)


# What processors make and models take; the rest that some processors add (masks, original sizes) is for other tasks.
_TAKEN = ("pixel_values", "flattened_patches", "attention_mask")
