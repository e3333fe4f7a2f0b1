"""What a model needs beyond the default install is known, and said with the command that installs it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from prefrontal.tools import requirements
from prefrontal.tools.card import ModelCard
from prefrontal.tools.requirements import REQUIREMENTS, missing, needed, torchvision_types
from prefrontal.tools.tasks import rows


@pytest.mark.parametrize(
    ("task", "model_type", "library", "names"),
    [
        ("image-classification", "vit", "transformers", ()),
        ("image-segmentation", "sam2", "transformers", ("torchvision",)),
        ("image-text-to-text", "llama4", "transformers", ("torchvision",)),
        ("text-generation", "llama4", "transformers", ()),  # what only writes loads no image processor
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


@pytest.mark.parametrize("absent", [("torchvision", "timm"), ("timm",), ()])
def test_missing_names_the_command(absent: tuple[str, ...], lacking: Callable[..., None]) -> None:
    lacking(*absent)
    commands = "; ".join(REQUIREMENTS[name].install for name in absent)
    sentence = f"a/b needs {' and '.join(absent)}, not installed here: {commands}"
    assert missing(ModelCard("a/b", task="mask-generation", library="timm")) == (sentence if absent else "")
    assert missing(ModelCard("a/b", task="text-classification")) == ""


def test_what_is_here_is_found() -> None:
    assert REQUIREMENTS["pandas"].present() == (importlib.util.find_spec("pandas") is not None)


def test_each_need_of_a_row_is_a_requirement() -> None:
    assert {name for row in rows() for name in row.needs} <= set(REQUIREMENTS)


def test_the_types_without_a_pil_backend_are_transformers_own() -> None:
    """What was read from the source is what the imported module holds, in whatever version is installed."""
    from transformers.models.auto.image_processing_auto import IMAGE_PROCESSOR_MAPPING_NAMES

    without = {kind for kind, backends in IMAGE_PROCESSOR_MAPPING_NAMES.items() if "pil" not in backends}
    assert torchvision_types() == without
    assert "sam2" in without


def test_asking_imports_no_transformers() -> None:
    code = (
        "import sys; from prefrontal.tools.requirements import torchvision_types; "
        "print('sam2' in torchvision_types(), 'vit' in torchvision_types()); "
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["True False", "[]"]


@pytest.mark.parametrize("source", ["", "IMAGE_PROCESSOR_MAPPING_NAMES = OrderedDict(\n    [(broken\n)\n", None])
def test_a_table_that_cannot_be_read_makes_nothing_unfit(
    source: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another transformers may keep it elsewhere, or write it otherwise."""
    (tmp_path / "models" / "auto").mkdir(parents=True)
    if source is not None:
        (tmp_path / "models" / "auto" / "image_processing_auto.py").write_text(source)
    found = SimpleNamespace(submodule_search_locations=[str(tmp_path)])
    monkeypatch.setattr(requirements, "find_spec", lambda name: found)
    assert torchvision_types.__wrapped__() == frozenset()
