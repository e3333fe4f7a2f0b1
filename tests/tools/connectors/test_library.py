"""The library and class of a model whose card shows no code."""

from __future__ import annotations

import pytest

from prefrontal.tools.connectors.library import usual_class, usual_library


@pytest.mark.parametrize(
    ("task", "text", "header", "library"),
    [
        ("text-to-image", "", {}, "diffusers"),
        ("translation", "", {"library_name": " Fairseq "}, "fairseq"),
        ("token-classification", "Trained with Flair.", {}, "flair"),
        ("image-classification", "", {}, "transformers"),
        ("", "", {"library_name": ["odd"]}, ""),
    ],
)
def test_the_usual_library(task: str, text: str, header: dict[str, object], library: str) -> None:
    assert usual_library(task, text, header) == library


@pytest.mark.parametrize(
    ("task", "library", "config", "cls"),
    [
        ("text-to-image", "diffusers", {}, "StableDiffusionPipeline"),
        ("text-ranking", "sentence-transformers", {}, "CrossEncoder"),
        ("fill-mask", "transformers", {"architectures": ["BertForMaskedLM"]}, "BertForMaskedLM"),
        ("fill-mask", "transformers", {"architectures": "odd"}, "pipeline"),
        ("question-answering", "", {}, "AutoModelForQuestionAnswering"),
        ("x", "nobody-knows", {}, ""),
    ],
)
def test_the_usual_class(task: str, library: str, config: dict[str, object], cls: str) -> None:
    assert usual_class(task, library, config) == cls
