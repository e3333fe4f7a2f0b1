"""What a model may need beyond the default install, known before anything is loaded."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

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

# Model types whose image processor exists for torchvision alone (a test compares this with transformers' own table).
TORCHVISION_TYPES = frozenset(
    [
        "chmv2",
        "cohere2_vision",
        "depth_pro",
        "dinov3_vit",
        "edgetam",
        "gemma4_unified",
        "inkling2",
        "inkling_mm_model",
        "kimi_k25",
        "lfm2_vl",
        "llama4",
        "minicpm_ocr",
        "minimax_m3_vl",
        "molmo2",
        "muse_glimmer",
        "muse_spark",
        "nemotron_h_omni",
        "neomme",
        "perception_lm",
        "phi4_multimodal",
        "pi0",
        "pp_doclayout_v2",
        "pp_doclayout_v3",
        "pp_doclayout_v4",
        "pp_formulanet",
        "pp_lcnet",
        "pp_ocrv5_mobile_det",
        "pp_ocrv5_mobile_rec",
        "pp_ocrv5_server_det",
        "pp_ocrv5_server_rec",
        "pp_ocrv6_medium_det",
        "pp_ocrv6_small_det",
        "pp_ocrv6_small_rec",
        "pp_ocrv6_tiny_rec",
        "rf_detr",
        "sam2",
        "sam2_video",
        "sam3",
        "sam3_lite_text",
        "sam3_tracker",
        "sam3_tracker_video",
        "sam3_video",
        "sapiens2",
        "slanet",
        "slanext",
        "step3p7",
        "tipsv2",
        "tipsv2_dpt",
        "ultravbert",
        "unlimited_ocr",
        "uvdoc",
        "vivit",
    ]
)
# Document models that read the picture themselves (Donut).
OCR_FREE_TYPES = frozenset({"vision-encoder-decoder"})
TIMM_TYPES = frozenset({"timm_wrapper", "timm_backbone", "conditional_detr", "table-transformer", "deformable_detr"})


@cache
def _present(name: str) -> bool:
    return REQUIREMENTS[name].present()


def needed(card: ModelCard) -> tuple[str, ...]:
    """The names of what the card's task and model type need."""
    row = card.row
    names = list(row.needs) if row else []
    if card.model_type in OCR_FREE_TYPES:
        names = [name for name in names if name != "tesseract"]
    if card.model_type in TORCHVISION_TYPES:
        names.append("torchvision")
    if card.model_type in TIMM_TYPES or card.library == "timm":
        names.append("timm")
    return tuple(dict.fromkeys(names))


def missing(card: ModelCard) -> str:
    """One sentence about what is missing here, with the command that installs it; "" when nothing is."""
    absent = [REQUIREMENTS[name] for name in needed(card) if not _present(name)]
    if not absent:
        return ""
    names, commands = " and ".join(r.name for r in absent), "; ".join(r.install for r in absent)
    return f"{card.id} needs {names}, not installed here: {commands}"
