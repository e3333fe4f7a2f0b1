"""Tiny LoRA adapters in peft's format, written by hand, and the models that they make."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

BASE = "lab/tiny-base"
PREFIX = "base_model.model."


def adapter(folder: Path, weights: dict[str, Any], **config: Any) -> Path:
    """Write an adapter of `BASE`; without weights, one with a file that holds a single number."""
    import torch
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "base_model_name_or_path": BASE, "peft_type": "LORA", "task_type": "SEQ_CLS", "r": 4, "lora_alpha": 8,
        "bias": "none", "use_dora": False, "use_rslora": False, "fan_in_fan_out": False, "init_lora_weights": True,
        "modules_to_save": ["classifier"], "target_modules": ["query", "value"], "inference_mode": True, **config,
    }  # fmt: skip
    (folder / "adapter_config.json").write_text(json.dumps(told))
    save_file(weights or {f"{PREFIX}x": torch.zeros(1)}, folder / "adapter_model.safetensors")
    return folder


def matrices(model: Any, modules: list[str], rank: int = 4) -> dict[str, Any]:
    """Random A (rank, in) and B (out, rank) for some modules of a model, by peft's names."""
    import torch

    made = {}
    for name in modules:
        module = model.get_submodule(name)
        rows, columns = module.weight.shape
        if type(module).__name__ == "Conv1D":
            rows, columns = columns, rows
        made[f"{PREFIX}{name}.lora_A.weight"] = torch.randn(rank, columns)
        made[f"{PREFIX}{name}.lora_B.weight"] = torch.randn(rows, rank)
    return made
