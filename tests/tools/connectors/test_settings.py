"""Arguments out of the documentation: known names, values within bounds, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from prefrontal.tools.connectors.blocks import code_blocks
from prefrontal.tools.connectors.calls import calls
from prefrontal.tools.connectors.settings import arguments


def read(text: str, config: Any = None) -> dict[str, Any]:
    blocks = list(code_blocks(text))
    return arguments(calls(blocks), blocks, text, config)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("out = model.generate(ids, max_length=60, num_beams=4, do_sample=True)", {"max_length": 60, "num_beams": 4, "do_sample": True}),
        ("t = tokenizer(x, max_length=512, truncation=True)", {}),
        ("m.generate(x, max_length=10**9, num_beams=0, temperature=9.5)", {}),
        ("m.generate(x, max_new_tokens='many', evil=3)", {}),
        ("text = f'summarize: {article}'\nm.generate(text)", {"prefix": "summarize: "}),
        ("text = 'grammar: ' + sentence", {}),
        ("e = m.encode(['query: where is it', 'passage: it is here'])", {"query_prefix": "query: ", "document_prefix": "passage: "}),
        ("print('Output: ' + x)\nprint(f'score: {y}')", {}),
        ("p('photo', num_inference_steps=25, guidance_scale=7.5).images", {"num_inference_steps": 25, "guidance_scale": 7.5}),
        ("f = extractor(x, sampling_rate=16_000)", {"sampling_rate": 16000}),
        ("f = extractor(x, sampling_rate=7)", {}),
        ("c('a', candidate_labels=['x', 'y'])", {"candidate_labels": ["x", "y"]}),
    ],
)  # fmt: skip
def test_settings_of_code(code: str, found: dict[str, Any]) -> None:
    assert read(f"```python\n{code}\n```") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Make sure that your speech is sampled at 16 kHz.", {"sampling_rate": 16000}),
        ("Images are resized to a resolution of 384x384.", {"image_size": [384, 384]}),
        ("LABEL_0: negative\nLABEL_1: positive\n", {"labels": ["negative", "positive"]}),
        ("| LABEL_0 | sad |\n| LABEL_1 | glad |\n", {"labels": ["sad", "glad"]}),
        ("LABEL_0: negative\nLABEL_7: positive\n", {}),
        ("It has 24 layers.", {}),
    ],
)
def test_settings_of_prose(text: str, found: dict[str, Any]) -> None:
    assert read(text) == found


def test_settings_of_the_config() -> None:
    assert read("", {"image_size": 224, "id2label": {"0": "a", "1": "b"}}) == {
        "image_size": [224, 224],
        "labels": ["a", "b"],
    }
    assert read("", {"image_size": True, "id2label": {"0": "LABEL_0"}}) == {}
