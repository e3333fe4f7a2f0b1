"""Which READMEs of the Hub are no model's: data sets and Spaces have headers of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SDKS = ("gradio", "streamlit", "docker", "static")
_OF_DATA_SETS = (
    "dataset_info", "task_categories", "size_categories", "annotations_creators", "source_datasets", "multilinguality",
    "task_ids",
)  # fmt: skip
# What a model's header has, or what the Hub says of one: some authors copy a header of another kind into it.
_OF_MODELS = (
    "pipeline_tag", "pipeline-tag", "library_name", "base_model", "model-index", "model_name", "widget", "inference",
    "model_type", "parameters",
    "bytes", "formats",
)  # fmt: skip


def kind_of(header: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """What a header is of: "model", "data set" or "Space".

    Args:
        header: all that the README.md says.
        known: what is known of it from elsewhere, which decides where it says that it is a model.
    """
    named = {*header, *(name for name, value in known.items() if _says(value))}
    if any(name in named for name in _OF_MODELS) or "task" in named:
        return "model"
    if str(header.get("sdk", "")).lower() in _SDKS:
        return "Space"
    configs = header.get("configs")
    listed = isinstance(configs, list) and any(isinstance(one, Mapping) and "data_files" in one for one in configs)
    return "data set" if listed or any(name in named for name in _OF_DATA_SETS) else "model"


def _says(value: Any) -> bool:
    if isinstance(value, str | list | tuple | Mapping):
        return len(value) > 0
    return value is not None and value is not False and not (isinstance(value, int) and value == 0)
