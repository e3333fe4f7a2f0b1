"""Plain JSON and handles of whatever a model returned, so that any checkpointer can store it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from .media import Workspace

ROUND = 6  # digits behind the point: more is noise in a score


def normalise(value: Any, workspace: Workspace, made_by: dict[str, Any]) -> Any:
    """Numbers, strings, lists and dicts stay; arrays become lists; pictures, sound, tables and files become handles."""
    module = type(value).__module__.partition(".")[0]
    if module in ("numpy", "torch"):  # first: np.float64 and np.str_ pass for float and str, but not in a checkpointer
        return normalise(value.tolist(), workspace, made_by)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, float):
        return round(float(value), ROUND) if math.isfinite(value) else None
    if isinstance(value, dict):
        if "sampling_rate" in value:
            return workspace.add(value, made_by=made_by).handle
        return {str(key): normalise(item, workspace, made_by) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [normalise(item, workspace, made_by) for item in value]
    if module in ("PIL", "pandas") or isinstance(value, Path):
        return workspace.add(value, made_by=made_by).handle
    return str(value)
