"""What a model needs beyond the default install is known, and said with the command that installs it."""

from __future__ import annotations

import importlib.util

import pytest

from prefrontal.tools.card import ModelCard
from prefrontal.tools.requirements import REQUIREMENTS, TORCHVISION_TYPES, missing, needed
from prefrontal.tools.tasks import rows


@pytest.mark.parametrize(
    ("task", "model_type", "library", "names"),
    [
        ("image-classification", "vit", "transformers", ()),
        ("image-segmentation", "sam2", "transformers", ("torchvision",)),
        ("mask-generation", "sam2", "transformers", ("torchvision",)),
        ("object-detection", "conditional_detr", "transformers", ("timm",)),
        ("image-classification", "", "timm", ("timm",)),
        ("text-to-image", "", "diffusers", ("diffusers",)),
        ("document-question-answering", "layoutlm", "transformers", ("tesseract",)),
        ("document-question-answering", "vision-encoder-decoder", "transformers", ()),
        ("table-question-answering", "tapas", "transformers", ("pandas",)),
        ("", "", "", ()),
    ],
)
def test_needed(task: str, model_type: str, library: str, names: tuple[str, ...]) -> None:
    assert needed(ModelCard("a/b", task=task, model_type=model_type, library=library)) == names


def test_missing_names_the_command() -> None:
    here = {name: row.present() for name, row in REQUIREMENTS.items()}
    card = ModelCard("a/b", task="mask-generation", library="timm")
    absent = [name for name in ("torchvision", "timm") if not here[name]]
    assert missing(card) == (
        f"a/b needs {' and '.join(absent)}, not installed here: {'; '.join(REQUIREMENTS[n].install for n in absent)}"
        if absent
        else ""
    )
    assert missing(ModelCard("a/b", task="text-classification")) == ""


def test_what_is_here_is_found() -> None:
    assert REQUIREMENTS["pandas"].present() == (importlib.util.find_spec("pandas") is not None)


def test_each_need_of_a_row_is_a_requirement() -> None:
    assert {name for row in rows() for name in row.needs} <= set(REQUIREMENTS)


def test_the_types_without_a_pil_backend_are_transformers_own() -> None:
    from transformers.models.auto.image_processing_auto import IMAGE_PROCESSOR_MAPPING_NAMES

    only = {
        model_type
        for model_type, backends in IMAGE_PROCESSOR_MAPPING_NAMES.items()
        if isinstance(backends, dict) and "pil" not in backends and "torchvision" in backends
    }
    assert only == TORCHVISION_TYPES
