"""Limits on the model of a step: a model that is named, its size, its licence."""

from __future__ import annotations

import re
from typing import Any

from ..parse.wishes import Wish
from .bench import Bench, Lacking

_MODEL = re.compile(r"\b([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*[A-Za-z0-9])\b")
_SIZE = re.compile(
    r"\b(?:under|below|less than|smaller than|at most|up to|within|max(?:imum)?|no (?:more|bigger|larger) than)\s+(\d+(?:[.,]\d+)?)\s*([kMG])B\b",
    re.IGNORECASE,
)
_SCALE = {"k": 1_000, "m": 1_000_000, "g": 1_000_000_000}
_LICENCES = {
    "mit": ("mit",), "apache": ("apache-2.0",), "apache-2.0": ("apache-2.0",), "bsd": ("bsd", "bsd-3-clause", "bsd-2-clause"),
    "permissive": ("apache-2.0", "mit", "bsd", "bsd-3-clause", "bsd-2-clause", "isc", "cc0-1.0", "unlicense"),
    "commercial": ("apache-2.0", "mit", "bsd", "bsd-3-clause", "bsd-2-clause", "cc0-1.0", "cc-by-4.0"),
    "open source": ("apache-2.0", "mit", "bsd", "bsd-3-clause", "gpl-3.0", "agpl-3.0", "mpl-2.0"),
}  # fmt: skip


def limits_of(bench: Bench, wish: Wish) -> dict[str, Any]:
    """What the goal says about the model: {"model", "max_bytes", "licences"}, each only where it is said.

    Raises:
        Lacking: a limit that cannot be read.
    """
    text = bench.goal
    limits: dict[str, Any] = {}
    if model := named_model(text):
        limits["model"] = model
    if size := _SIZE.search(text):
        limits["max_bytes"] = int(float(size[1].replace(",", ".")) * _SCALE[size[2].lower()])
    if said := wish.limit("license"):
        words = next((known for known in _LICENCES if known in said.lower()), "")
        if not words:
            raise Lacking(f"Which licences does “{said}” allow? I know {', '.join(_LICENCES)}.")
        limits["licences"] = _LICENCES[words]
    return limits


def named_model(text: str) -> str:
    """The id of a model that shall be used; "" when none is named."""
    named = _MODEL.search(re.sub(r"https?://\S+", " ", text))
    return named[1] if named and re.search(r"[A-Za-z]", named[1].partition("/")[2]) and _is_model(text, named) else ""


def _is_model(text: str, named: re.Match[str]) -> bool:
    """ "and/or" and "km/h" are no models: one is used, or has a dash or a figure in its name."""
    before = text[: named.start()].lower()
    return bool(re.search(r"\b(?:with|using|use|by|via|through|model)\s+(?:the\s+)?(?:model\s+)?$", before)) and bool(
        re.search(r"[-\d.]", named[1]) or "model" in before
    )
