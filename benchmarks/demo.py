"""How long the main job takes from a cold start: a new process and an empty home folder (asked: 40 s at most).

usage: python benchmarks/demo.py [--runs 3]

Prints one JSON line. Beside it stands the bare start of what the job cannot do without, in the same run: importing
torch, transformers and sentence-transformers in a new process.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import skimage

GOAL = "Count the coins in this photo and say the number in French"
COINS = Path(skimage.__file__).parent / "data" / "coins.png"
IMPORTS = "import torch, transformers, sentence_transformers; from transformers import pipeline"


def seconds(command: list[str]) -> float:
    """Wall-clock time of a command in a home folder of its own."""
    with tempfile.TemporaryDirectory() as home:
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PREFRONTAL_HOME": home})
        return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    job = [sys.executable, "-m", "prefrontal", "run", GOAL, "--file", str(COINS)]
    bare = [sys.executable, "-c", IMPORTS]
    pairs = [(seconds(job), seconds(bare)) for _ in range(runs)]
    demo, imports = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(
        json.dumps(
            {
                "benchmark": "demo",
                "asked_seconds": 40,
                "cold_seconds": round(demo, 1),
                "bare_imports_seconds": round(imports, 1),
                "ratio": round(demo / imports, 2),
            }
        )
    )


if __name__ == "__main__":
    main()
