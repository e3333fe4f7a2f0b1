"""What a model may need beyond the default install, known before anything is loaded."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from .card import ModelCard


@dataclass(frozen=True, slots=True)
class Requirement:
    """A library or program: how to tell that it is here, and what to say when it is not."""

    name: str
    present: Callable[[], bool]
    install: str


def _library(name: str) -> Callable[[], bool]:
    return lambda: find_spec(name) is not None


REQUIREMENTS = {
    row.name: row
    for row in (
        Requirement(
            "torchvision", _library("torchvision"), "pip install torchvision of the version that fits your torch"
        ),
        Requirement("timm", _library("timm"), "pip install timm (it needs torchvision)"),
        Requirement("diffusers", _library("diffusers"), "pip install 'prefrontal[diffusers]'"),
        Requirement("pandas", _library("pandas"), "pip install 'prefrontal[tables]'"),
        Requirement("av", _library("av"), "pip install av"),
        Requirement(
            "tesseract",
            lambda: shutil.which("tesseract") is not None and find_spec("pytesseract") is not None,
            "install the program tesseract-ocr and pip install 'prefrontal[documents]'",
        ),
        Requirement("sacremoses", _library("sacremoses"), "pip install sacremoses"),
    )
}

# Document models that read the picture themselves (Donut).
OCR_FREE_TYPES = frozenset({"vision-encoder-decoder"})
# No table of transformers says this: whether a detector's backbone is timm's stands in each config.json, which a card
# of the Hub does not hold. These are the types whose published checkpoints have one.
TIMM_TYPES = frozenset({"timm_wrapper", "timm_backbone", "conditional_detr", "table-transformer", "deformable_detr"})


# Where transformers keeps its table of image processors, and what the table looks like there.
_TABLE_FILES = ("auto_mappings.py", "image_processing_auto.py")  # the second adds to the first
_TABLE = re.compile(r"^( *)\w*IMAGE_PROCESSOR_MAPPING_NAMES = OrderedDict\(\n(.*?)^\1\)$", re.MULTILINE | re.DOTALL)


@cache
def is_present(name: str) -> bool:
    """Whether a requirement, by its name, is met on this machine."""
    return REQUIREMENTS[name].present()


@cache
def torchvision_types() -> frozenset[str]:
    """The model types whose image processor exists for torchvision alone, in the transformers installed here.

    The table is read out of the source of transformers: a search asks for this, and importing transformers would take
    it 5 s where reading takes 10 ms, once a process. A table that cannot be found makes no model unfit: loading
    it says the same later (a test compares what is read with the table of the imported module).
    """
    return frozenset(
        kind for kind, backends in _image_processors() if "torchvision" in backends and "pil" not in backends
    )


def _image_processors() -> Iterator[tuple[str, dict[str, str]]]:
    """Each model type with the names of its image processors, by backend."""
    found = find_spec("transformers")
    table: dict[str, dict[str, str]] = {}
    for folder in (found.submodule_search_locations if found else None) or ():
        for name in _TABLE_FILES:
            with suppress(OSError, SyntaxError, ValueError):  # another version may keep it elsewhere
                source = Path(folder, "models", "auto", name).read_text(encoding="utf-8")
                for _, rows in _TABLE.findall(source):
                    table.update(ast.literal_eval(rows.strip()))
    yield from table.items()


def needed(card: ModelCard) -> tuple[str, ...]:
    """The names of what the card's task and model type need."""
    row = card.row
    names = list(row.needs) if row else []
    if card.model_type in OCR_FREE_TYPES:
        names = [name for name in names if name != "tesseract"]
    if card.model_type and _sees(card) and card.model_type in torchvision_types():
        names.append("torchvision")
    if card.model_type in TIMM_TYPES or card.library == "timm":
        names.append("timm")
    return tuple(dict.fromkeys(names))


def _sees(card: ModelCard) -> bool:
    """Whether the task looks at pictures; a model that only writes needs no image processor, whatever its type."""
    return any(slot.kind in ("image", "video") for slot in (card.row.inputs if card.row else ()))


def missing(card: ModelCard) -> str:
    """One sentence about what is missing here, with the command that installs it; "" when nothing is."""
    absent = [REQUIREMENTS[name] for name in needed(card) if not is_present(name)]
    if not absent:
        return ""
    names, commands = " and ".join(r.name for r in absent), "; ".join(r.install for r in absent)
    return f"{card.id} needs {names}, not installed here: {commands}"
