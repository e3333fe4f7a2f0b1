"""What a call costs as a tool, beside the same model's bare transformers pipeline on the same picture.

    OMP_NUM_THREADS=1 python benchmarks/tool_call.py [--calls 300] [--model FOLDER]

The two are called in turns, so that whatever else the machine does hits both alike, and the medians are compared.
Asked: at most 1.05 times the bare call, or 2 ms more. Prints one JSON line; exit code 1 when it is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
DIGITS = Path(__file__).resolve().parents[1] / "zoo" / "models" / "digit-classifier"


def timed(call: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds by the clock, and of this process's own work: the clock runs on while others have the core."""
    started, worked = time.perf_counter(), time.process_time()
    call()
    return 1000 * (time.perf_counter() - started), 1000 * (time.process_time() - worked)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=300, help="calls of each, after 20 that are not counted")
    parser.add_argument("--model", type=Path, default=DIGITS, help="the folder of an image-classification model")
    parser.add_argument("--size", type=int, default=64, help="width and height of the picture in pixels")
    given = parser.parse_args(arguments)

    import numpy as np
    import torch
    from PIL import Image
    from transformers import pipeline

    from prefrontal.tools.card import ModelCard
    from prefrontal.tools.media import Workspace
    from prefrontal.tools.model_tool import ModelTool
    from prefrontal.tools.runners.loading import device

    torch.set_num_threads(1)
    pixels = np.random.default_rng(1).integers(0, 255, (given.size, given.size, 3)).astype(np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(folder)
        media = workspace.add(Image.fromarray(pixels))
        tool = ModelTool(ModelCard.from_dir(given.model), workspace)
        bare = pipeline("image-classification", model=str(given.model), device=device())
        request = {"type": "tool_call", "id": "1", "name": tool.name, "args": {"image": media.handle}}

        def open_and_ask() -> Any:  # what a caller of the bare pipeline does with a file
            return bare(str(media.path))

        def ask() -> Any:
            return tool.invoke(request)

        same = [round(label["score"], 6) for label in open_and_ask()]
        assert [label["score"] for label in ask().artifact["outputs"]["labels"]] == same, "the answers differ"
        times: dict[str, list[tuple[float, float]]] = {"bare": [], "tool": []}
        for _ in range(20 + given.calls):
            times["bare"].append(timed(open_and_ask))
            times["tool"].append(timed(ask))
        bare_ms, tool_ms = (statistics.median(wall for wall, _ in times[name][20:]) for name in ("bare", "tool"))
        bare_cpu, tool_cpu = (statistics.median(cpu for _, cpu in times[name][20:]) for name in ("bare", "tool"))
    reached = tool_ms <= 1.05 * bare_ms or tool_ms <= bare_ms + 2
    report = {
        "benchmark": "tool_call",
        "model": given.model.name,
        "calls": given.calls,
        "bare_ms": round(bare_ms, 3),
        "tool_ms": round(tool_ms, 3),
        "added_ms": round(tool_ms - bare_ms, 3),
        "ratio": round(tool_ms / bare_ms, 3),
        "bare_cpu_ms": round(bare_cpu, 3),
        "tool_cpu_ms": round(tool_cpu, 3),
        "asked": "ratio <= 1.05 or added_ms <= 2",
        "reached": reached,
    }
    print(json.dumps(report))
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
