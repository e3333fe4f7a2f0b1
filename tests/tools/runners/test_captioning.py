"""Text out of pictures."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from tiny_media import picture
from transformers import GenerationConfig, T5Config

from prefrontal.tools.runners.loading import device, writing


@pytest.mark.parametrize("name", ["image-to-text", "image-to-text/blip", "image-to-text/git", "image-to-text/donut"])
def test_the_text_is_what_the_model_writes(name: str, load: Any):
    loaded = load(name)
    pixels = loaded.model.image_processor(images=picture(), return_tensors="pt")["pixel_values"].to(device())
    with torch.inference_mode():
        ids = loaded.model.model.generate(pixel_values=pixels, max_new_tokens=5)[0]

    out = loaded.run(image=picture(), max_new_tokens=5.0)

    assert out == {"text": loaded.model.tokenizer.decode(ids, skip_special_tokens=True).strip()}
    assert out["text"]


@pytest.mark.parametrize(
    ("name", "asked", "settings"),
    [
        ("image-to-text", {}, {}),  # its generation_config says 6 tokens: that holds
        ("image-to-text", {"max_new_tokens": 2}, {"max_new_tokens": 2}),
        ("image-to-text", {"max_new_tokens": 10_000}, {"max_new_tokens": 63}),  # as many as its decoder has room for
        ("image-to-text/blip", {}, {"max_new_tokens": 63}),  # says nothing: 20 would be transformers' default
    ],
)
def test_the_length_is_the_callers_or_the_models(name: str, asked: Any, settings: Any, load: Any):
    assert writing(load(name).model.model, asked) == settings


def test_a_chosen_length_replaces_those_of_the_config():
    """max_length counts otherwise than max_new_tokens, and min_length may be larger: both would contradict it."""
    model = SimpleNamespace(generation_config=GenerationConfig(), config=T5Config())
    fixed = {"max_length": 200, "min_length": 30, "num_beams": 4}

    assert writing(model, {"max_new_tokens": 5}, fixed) == {"num_beams": 4, "max_new_tokens": 5}
    assert writing(model, {}, fixed) == fixed
